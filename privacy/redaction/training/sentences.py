"""Makes messages from frames: short sentences of ours with slots, with names and slips of the thumb put in."""

from __future__ import annotations

import random
import re
import string
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import lexicon
from privacy.redaction.training.corpus import Sample, Span

_FOLDER: Final = Path(__file__).parent
_SLOT: Final = re.compile(r"\{(\w+)\}")
_MARKED_SLOTS: Final = {"p": Label.PERSON, "f": Label.PERSON, "s": Label.PERSON, "town": Label.LOCATION}
_SYLLABLES: Final = (_FOLDER / "syllables.txt").read_text(encoding="utf-8").split()

_Message = tuple[str, list[Span]]


def framed(seed: int, named: int, unnamed: int) -> Iterator[Sample]:
    """`named` messages that name people, and `unnamed` that name nobody."""
    for text, spans in _messages(seed, named, unnamed):
        yield Sample(text, tuple(spans))


def _messages(seed: int, named: int, unnamed: int) -> Iterator[_Message]:
    chance = random.Random(seed)  # noqa: S311 - sentences are no secret
    kinds = [True] * named + [False] * unnamed
    chance.shuffle(kinds)
    for is_named in kinds:
        text, spans = _filled(chance, chance.choice(_lines("named" if is_named else "unnamed")))
        while chance.random() < 0.4:
            text, spans = _joined(chance, (text, spans), _filled(chance, chance.choice(_lines("unnamed"))))
        yield text, spans


def _joined(chance: random.Random, first: _Message, second: _Message) -> _Message:
    if chance.random() < 0.5:
        first, second = second, first
    between = chance.choice([" ", ". ", ", ", " and ", " but ", " cos ", "\n", " so ", "... "])
    shift = len(first[0]) + len(between)
    return first[0] + between + second[0], first[1] + [
        (start + shift, end + shift, label) for start, end, label in second[1]
    ]


def _filled(chance: random.Random, line: str) -> _Message:
    """`line` with its slots filled and its words sometimes mistyped."""
    out, spans, reached = "", list[Span](), 0
    bare = len(_SLOT.sub("", line).split()) < 2  # too little around the name to tell a name from a word
    for slot in _SLOT.finditer(line):
        out += mistyped(chance, line[reached : slot.start()])
        filling = _filling(chance, slot[1], bare)
        if slot[1] in _MARKED_SLOTS:
            spans.append((len(out), len(out) + len(filling), _MARKED_SLOTS[slot[1]]))
        else:
            filling = mistyped(chance, filling)
        out += filling
        reached = slot.end()
    out += mistyped(chance, line[reached:])
    return out.lower() + chance.choice(["", "", "", "", ".", "!", "?", "..", " x", " tho"]), spans


def _filling(chance: random.Random, slot: str, bare: bool) -> str:
    if slot == "p":
        return given_name(chance, bare)
    if slot == "f":
        return f"{given_name(chance, True)} {surname(chance)}"
    if slot == "s":
        return surname(chance)
    if slot == "oov":
        return _unknown(chance)
    if slot == "word":
        return chance.choice(_words())
    return chance.choice(_fillers()[slot])


def given_name(chance: random.Random, bare: bool = False) -> str:
    """Mostly a listed name; often a word-like one, a mistyped one or one that is in no list."""
    draw = chance.random()
    if draw < 0.2 and not bare:
        return chance.choice(_sorted("person_abstract" if draw < 0.07 else "given_names_that_are_words"))
    if draw < 0.52:
        return _made_up(chance)
    name = chance.choice(_sorted("given_names"))
    return _slipped(chance, name) if draw < 0.58 and len(name) > 3 else name


def place(chance: random.Random) -> str:
    """Mostly a town that is nothing else, sometimes one that is a word too."""
    return chance.choice(_sorted("places_that_are_words" if chance.random() < 0.15 else "places"))


_LONGEST_NAME: Final = 12


def _made_up(chance: random.Random, kind: str = "given_names") -> str:
    """A name that nobody has heard, spelt as the listed ones are: each letter drawn by the three before it."""
    following = _spelling(kind)
    name = "^^^"
    while len(name) < _LONGEST_NAME + 3:
        letter = chance.choice(following[name[-3:]])
        if letter == "$":
            break
        name += letter
    return name.lstrip("^")


@cache
def _spelling(kind: str) -> dict[str, str]:
    """For each three letters, those that follow them in the listed names, as often as they do; ``$`` ends a name."""
    following: dict[str, list[str]] = defaultdict(list)
    for name in _sorted(kind):
        if name.isalpha():
            spelt = f"^^^{name}$"
            for place in range(3, len(spelt)):
                following[spelt[place - 3 : place]].append(spelt[place])
    return {before: "".join(letters) for before, letters in following.items()}


def _unknown(chance: random.Random) -> str:
    """A word in no list that is no name: a made-up one, a mistyped one, a run-together one or initials."""
    kind = chance.randrange(4)
    if kind == 0:
        return "".join(chance.choice(string.ascii_lowercase) for _ in range(chance.choice([2, 3, 3, 4])))
    if kind == 1:
        return chance.choice(_words())[:5] + chance.choice(_words())[-4:]
    if kind == 2:
        return "".join(chance.choice(_SYLLABLES) for _ in range(chance.choice([2, 3, 4]))) + chance.choice(
            ["in", "ol", "ine", "x", ""]
        )
    return _slipped(chance, chance.choice([word for word in chance.sample(_words(), 9) if len(word) > 3]))


def surname(chance: random.Random) -> str:
    """Mostly a listed surname, sometimes a mistyped or a made-up one."""
    if chance.random() < 0.35:
        return _made_up(chance, "surnames")
    name = chance.choice(_sorted("surnames"))
    return _slipped(chance, name) if chance.random() < 0.15 and len(name) > 3 else name


def mistyped(chance: random.Random, text: str) -> str:
    """`text` with a slip of the thumb in one long word of sixteen."""
    return " ".join(
        _slipped(chance, word) if len(word) > 3 and word.isalpha() and chance.random() < 0.06 else word
        for word in text.split(" ")
    )


def _slipped(chance: random.Random, word: str) -> str:
    """`word` with one letter dropped, doubled, swapped with its neighbour or mistaken."""
    place = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place] + word[place:]
    if kind == 2:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + chance.choice(string.ascii_lowercase) + word[place + 1 :]


@cache
def _lines(name: str) -> tuple[str, ...]:
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def _fillers() -> dict[str, list[str]]:
    slots = (line.partition(": ") for line in _lines("fillers"))
    return {slot: [choice.strip() for choice in choices.split(" | ")] for slot, _, choices in slots}


@cache
def _sorted(name: str) -> tuple[str, ...]:
    return tuple(sorted(lexicon(name)))


@cache
def _words() -> tuple[str, ...]:
    """Ordinary words that are no names: the model must have seen them where names stand."""
    names = lexicon("given_names_that_are_words") | lexicon("person_abstract")
    return tuple(word for word in _sorted("words") if word not in names and len(word) > 2)
