"""Measure the safety screen on labelled messages, beside a naive keyword list, in the same run.

    python benchmarks/screen.py FOLDER

FOLDER holds JSON lines files of {"text", "label"} (1: danger is expressed). For each file and label it prints the
share of messages at each level or above with 95% Wilson intervals, the keyword list's share, and the time a message
takes. After that, how the messages in benchmarks/messages are answered, which nobody who wrote sentences or rules for
the screen has read: everyday ones as a service would see them, and ones written to tempt and to hide; and how many of
our own messages it answers rightly, known misses among them: many shaped the lexicon, so that share is only for
comparing one version with the next.
The texts are for measuring only: never learn from them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time
from typing import Final

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.intervals import shown
from bot.safety.screen import Screen
from bot.safety.screening import ResponseNeeded
from bot.safety.training import corpus

MESSAGES: Final = Path(__file__).resolve().parent / "messages"
HELD_OUT: Final = ("screen_everyday.txt", "screen_test.txt")
OWN: Final = Path(__file__).resolve().parents[1] / "tests" / "bot" / "safety"
FILES: Final = ("cssrs_short", "openai_moderation", "safety_prompts", "negatives_chat", "negatives_distress")
KEYWORDS: Final = ("suicide", "suicidal", "kill myself", "killing myself", "end my life", "want to die", "self harm",
                   "self-harm", "overdose", "hurt myself", "cut myself", "abuse", "rape")  # fmt: skip
LEVELS: Final = (ResponseNeeded.ASK, ResponseNeeded.RESPOND_TODAY, ResponseNeeded.RESPOND_NOW)


def measure(name: str, rows: Sequence[tuple[str, str]], screen: Screen, times: list[float]) -> None:
    """Print one line for each group of `rows` (group, text)."""
    for group in sorted({row[0] for row in rows}):
        texts = [text for of, text in rows if of == group]
        responses = []
        for text in texts:
            start = perf_counter()
            responses.append(screen.screen(text).response)
            times.append((perf_counter() - start) * 1000)
        naive = sum(any(word in text.lower() for word in KEYWORDS) for text in texts)
        cells = [shown(sum(r >= level for r in responses), len(texts)) for level in LEVELS]
        cells.append(shown(naive, len(texts)))
        print(f"{name:20}{group:>12}{len(texts):6}  " + "  ".join(f"{cell:22}" for cell in cells))


def rows_of(path: Path) -> list[tuple[str, str]]:
    """(group, text) for each line: by label, and by severity where the file has it and the label is 1."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        label = "danger" if row["label"] else "no danger"
        rows.append((label, row["text"]))
        if row["label"] and "severity" in row:
            rows.append((f"severity {row['severity']}", row["text"]))
    return rows


def print_held_out(screen: Screen) -> None:
    """Print, for each response needed, how the held-out messages are answered; a split one by its most urgent part."""
    for name in HELD_OUT:
        answered: dict[ResponseNeeded, list[ResponseNeeded]] = {response: [] for response in ResponseNeeded}
        for said in corpus.read(MESSAGES / name):
            responses = [
                screen.screen(part, earlier=said.parts[:place], asked=said.asked).response
                for place, part in enumerate(said.parts)
            ]
            answered[said.response].append(max(responses))
        for needed, responses in answered.items():
            cells = [shown(sum(r >= level for r in responses), len(responses)) for level in LEVELS]
            print(
                f"{name.removesuffix('.txt'):18}{needed.value:>14}{len(responses):6}  "
                + "  ".join(f"{cell:22}" for cell in cells)
            )


def print_own(screen: Screen) -> None:
    """Print, for each response needed, how many of our own messages are answered at it or above (`none`: at it)."""
    right: Counter[ResponseNeeded] = Counter()
    count: Counter[ResponseNeeded] = Counter()
    for path in [*sorted((OWN / "messages").glob("*.yml")), OWN / "known_misses.yml"]:
        levels = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        for needed, text in (
            (ResponseNeeded(level), text) for level, texts in levels.items() for text in texts
        ):
            response = screen.screen(text).response
            count[needed] += 1
            right[needed] += response is needed if needed is ResponseNeeded.NONE else response >= needed
    for needed, of in count.items():
        print(f"our own messages, {needed.value:14}{of:6}  {shown(right[needed], of)}")


def main(folder: Path) -> None:
    """Print the table and the times."""
    screen = Screen.load()
    times: list[float] = []
    columns = ["ask or above", "today or above", "now", "keyword list"]
    print(f"{'file':20}{'label':>12}{'n':>6}  " + "  ".join(f"{column:22}" for column in columns))
    for name in FILES:
        measure(name, rows_of(folder / f"{name}.jsonl"), screen, times)
    cuts = quantiles(times, n=100)
    print(
        f"\nms a message: p50 {cuts[49]:.2f}, p95 {cuts[94]:.2f}, p99 {cuts[98]:.2f} over {len(times)} messages"
    )
    print_held_out(screen)
    print_own(screen)
    start = process_time()
    screen.screen(("i took all of my tablets and i want to die. " * 250)[:10_000])
    print(f"10,000 characters of danger: {(process_time() - start) * 1000:.0f} ms of processor time")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
