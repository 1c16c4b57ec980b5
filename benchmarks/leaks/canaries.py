"""Identifiers that nobody has: each is planted once, and is known again wherever it turns up."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

WORDS = "their own words"
"""No identifier: what is left of a message is kept as it was typed, and may stand nowhere else."""

_ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "qu",
    "r",
    "s",
    "sh",
    "sk",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
    "y",
    "z",
]
_MIDDLES = ["a", "e", "i", "o", "u", "ai", "ea", "oo"]
_ENDS = [
    "b",
    "ck",
    "d",
    "ff",
    "g",
    "lm",
    "lp",
    "m",
    "mb",
    "n",
    "nd",
    "nt",
    "p",
    "rd",
    "rk",
    "rn",
    "sk",
    "sp",
    "st",
    "th",
    "x",
    "zz",
]
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"
_AREAS = ["LS", "SW", "SE", "BS", "NE", "CF", "EH", "BN", "PL", "EX", "NG", "LE"]
_COMMON = [
    (first, last)
    for first in ("Sarah", "James", "Aisha", "Priya", "Tom", "Chloe")
    for last in ("Collins", "Ahmed", "Wright", "Patel", "Murphy", "Okafor")
]
_LANDLINES = ("020 7946 0", "0113 496 0", "0121 496 0", "0161 496 0", "0191 498 0", "029 2018 0")
"""Ofcom keeps the thousand numbers behind each of these, and 07700 900, free for stories."""


@dataclass(frozen=True)
class Canary:
    """One identifier. Its `cores` are what is looked for, in small letters and digits alone.

    A core of letters may stand inside other letters; one with digits is looked for as a whole number or code,
    however it is spaced. With `before`, it only counts where that stands shortly before it.
    """

    number: int
    kind: str
    written: str
    cores: tuple[str, ...]
    before: str = ""

    def __repr__(self) -> str:
        return f"{self.kind} {self.number}"


class _Made(NamedTuple):
    written: str
    cores: tuple[str, ...]
    before: str = ""


class Canaries:
    """Makes canaries, no two alike."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - not for secrets
        self._used: set[str] = set()
        self.made: list[Canary] = []

    def one(self, kind: str) -> Canary:
        """A new one of a kind in `KINDS`, or `WORDS`."""
        made = self._unused(_MAKE[kind])
        canary = Canary(len(self.made), kind, made.written, made.cores, made.before)
        self.made.append(canary)
        return canary

    def _unused(self, make: Callable[[random.Random], _Made]) -> _Made:
        for _ in range(1000):
            made = make(self._random)
            if self._used.isdisjoint(made.cores):
                self._used.update(made.cores)
                return made
        raise LookupError("There are no more of these: plant fewer conversations.")


def _word(dice: random.Random, least: int = 10) -> str:
    word = ""
    while len(word) < least:
        word += dice.choice(_ONSETS) + dice.choice(_MIDDLES) + dice.choice(_ENDS)
    return word


def _with_word(pattern: str) -> Callable[[random.Random], _Made]:
    def make(dice: random.Random) -> _Made:
        word = _word(dice)
        shown = word.title() if pattern[0].isupper() or "{} " in pattern else word
        return _Made(pattern.replace("{}", shown).replace("NN", str(dice.randint(2, 199))), (word,))

    return make


def _name(dice: random.Random) -> _Made:
    first, last = _word(dice, 9), _word(dice, 9)
    written = dice.choice([f"{first.title()} {last.title()}", f"{first} {last}"])
    return _Made(written, (first, last))


def _common_name(dice: random.Random) -> _Made:
    first, last = dice.choice(_COMMON)
    rare = _word(dice) + "ing"
    return _Made(f"{first} {last} was {rare}", (rare,), f"{first} {last}".lower())


def _phone(dice: random.Random) -> _Made:
    last = f"{dice.randrange(1000):03}"
    line = dice.choice(_LANDLINES) if dice.random() < 0.85 else "07700 900"
    spaced = line + last
    digits = spaced.replace(" ", "")
    forms = [
        spaced,
        digits,
        "+44 " + spaced[1:],
        "+44" + digits[1:],
        spaced.replace(" ", "-"),
        f"({spaced[:5]}) {spaced[5:]}",
    ]
    return _Made(dice.choice(forms), (digits, "44" + digits[1:], digits[1:]))


def _postcode(dice: random.Random) -> _Made:
    outward = f"{dice.choice(_AREAS)}{dice.randint(1, 98)}"
    inward = f"{dice.randint(1, 9)}{dice.choice(_INWARD)}{dice.choice(_INWARD)}"
    written = dice.choice([f"{outward} {inward}", outward + inward, f"{outward} {inward}".lower()])
    return _Made(written, ((outward + inward).lower(),))


def _nhs_number(dice: random.Random) -> _Made:
    check = 10
    digits = ""
    while check == 10:
        digits = "9" + "".join(str(dice.randrange(10)) for _ in range(8))
        check = -sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
    digits += str(check)
    spaced = f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    return _Made(dice.choice([digits, spaced, spaced.replace(" ", "-")]), (digits,))


def _card(dice: random.Random) -> _Made:
    digits = "400000" + "".join(str(dice.randrange(10)) for _ in range(9))
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(digits)]
    digits += str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)
    spaced = " ".join(digits[start : start + 4] for start in range(0, 16, 4))
    return _Made(dice.choice([digits, spaced, spaced.replace(" ", "-")]), (digits,))


def _ni_number(dice: random.Random) -> _Made:
    pairs = [f"{dice.randrange(100):02}" for _ in range(3)]
    suffix = dice.choice("ABCD")
    written = dice.choice([f"TN{''.join(pairs)}{suffix}", f"TN {' '.join(pairs)} {suffix}"])
    return _Made(written, (f"tn{''.join(pairs)}{suffix.lower()}",))


def _born(dice: random.Random) -> _Made:
    day = date(1931, 1, 1) + timedelta(days=dice.randrange(28_000))
    written = dice.choice([f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", f"{day:%d %B %Y}"])
    return _Made(written, (f"{day:%d%m%Y}", f"{day:%d%B%Y}".lower()))


def _student_id(dice: random.Random) -> _Made:
    digits = "".join(str(dice.randrange(10)) for _ in range(8))
    return _Made(f"S{digits}", (f"s{digits}", digits))


def _ip_address(dice: random.Random) -> _Made:
    groups = [f"{dice.randint(1, 9)}{dice.randrange(4096):03x}" for _ in range(4)]
    return _Made(f"2001:db8:{':'.join(groups)}::1", ("".join(groups),))


_MAKE: dict[str, Callable[[random.Random], _Made]] = {
    "name": _name,
    "common name": _common_name,
    "phone": _phone,
    "email": _with_word("{}@example.org"),
    "postcode": _postcode,
    "address": _with_word("NN {} Street"),
    "nhs number": _nhs_number,
    "ni number": _ni_number,
    "date of birth": _born,
    "url": _with_word("https://{}.example/about"),
    "handle": _with_word("@{}NN"),
    "school": _with_word("{} Academy"),
    "employer": _with_word("{} Logistics Ltd"),
    "practice": _with_word("{} Surgery"),
    "student id": _student_id,
    "card": _card,
    "ip address": _ip_address,
    WORDS: _with_word("{}ly"),
}

KINDS = tuple(kind for kind in _MAKE if kind != WORDS)
"""The kinds of identifiers."""
