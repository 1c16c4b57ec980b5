"""Measure what the screen makes of the same danger typed otherwise, and how well it hears each kind of danger.

    python -m benchmarks.screen_changes

Both on the held-out messages (benchmarks/messages/screen_*.txt). Each dangerous message is typed again in capitals,
with other apostrophes, with a slip of the thumb, with chat before and after it, and cut over two messages; the table
says how often the response is lower than before, and how often by more than one step. After that, for each category,
how many messages are answered at their level or above, and how many with any response. All shares have 95% Wilson
intervals.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.intervals import shown
from bot.safety.screen import Screen
from bot.safety.screening import ResponseNeeded
from bot.safety.training import corpus
from bot.safety.training.corpus import Said

MESSAGES: Final = Path(__file__).resolve().parent / "messages"
FILES: Final = ("screen_everyday.txt", "screen_test.txt")
_SEED: Final = 20250401

Change = Callable[[str, random.Random], tuple[str, ...]]
"""The message typed otherwise, in the parts in which it is sent."""


def _slip(text: str, chance: random.Random) -> tuple[str, ...]:
    """Two neighbouring letters of one longer word change places."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not long:
        return (text,)
    place = chance.choice(long)
    word = words[place]
    at = chance.randrange(1, len(word) - 2)
    words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return (" ".join(words),)


def _cut(text: str, _: random.Random) -> tuple[str, ...]:
    """Sent in two, cut in the middle."""
    words = text.split()
    middle = len(words) // 2
    return (" ".join(words[:middle]), " ".join(words[middle:])) if middle else (text,)


CHANGES: Final[dict[str, Change]] = {
    "capitals": lambda text, _: (text.upper(),),
    "typographic apostrophes": lambda text, _: (text.replace("'", "\u2019"),),
    "no apostrophes": lambda text, _: (text.replace("'", "").replace("\u2019", ""),),
    "a slip of the thumb": _slip,
    "chat before": lambda text, _: (f"hiya, back again. hope you had a nice weekend. {text}",),
    "chat after": lambda text, _: (f"{text}. anyway the football is on soon and i need to put the tea on",),
    "cut over two messages": _cut,
}


def heard(screen: Screen, parts: Sequence[str], said: Said) -> ResponseNeeded:
    """The most urgent response to a message that comes in parts."""
    return max(
        screen.screen(part, earlier=parts[:place], asked=said.asked).response
        for place, part in enumerate(parts)
    )


def print_changes(screen: Screen, dangers: Sequence[Said]) -> None:
    """The share of dangerous messages that are answered lower when typed otherwise."""
    plain = [heard(screen, said.parts, said) for said in dangers]
    print(f"\n{'typed otherwise':28}{'n':>6}  {'answered lower':22}{'lower by two or more':22}")
    for name, change in CHANGES.items():
        chance = random.Random(_SEED)  # noqa: S311 - slips are no secret
        changed = [heard(screen, change(said.text, chance), said) for said in dangers]
        steps = [before.urgency - after.urgency for before, after in zip(plain, changed, strict=True)]
        cells = [shown(sum(step >= least for step in steps), len(steps)) for least in (1, 2)]
        print(f"{name:28}{len(steps):6}  " + "".join(f"{cell:22}" for cell in cells))


def print_categories(screen: Screen, dangers: Sequence[Said]) -> None:
    """For each category, the share answered at its level or above, and with any response."""
    kinds: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for said in dangers:
        response = heard(screen, said.parts, said)
        kinds[said.category].append((response >= said.response, response > ResponseNeeded.NONE))
    print(f"\n{'category':28}{'n':>6}  {'at its level or above':22}{'any response':22}")
    for category, outcomes in sorted(kinds.items()):
        cells = [shown(sum(each[column] for each in outcomes), len(outcomes)) for column in (0, 1)]
        print(f"{category:28}{len(outcomes):6}  " + "".join(f"{cell:22}" for cell in cells))


def main() -> None:
    """Print both tables."""
    screen = Screen.load()
    said = [each for name in FILES for each in corpus.read(MESSAGES / name)]
    dangers = [each for each in said if each.response is not ResponseNeeded.NONE]
    print(f"{len(dangers)} held-out messages of danger ({', '.join(FILES)})")
    print_changes(screen, [each for each in dangers if len(each.parts) == 1 and each.asked is None])
    print_categories(screen, dangers)


if __name__ == "__main__":
    main()
