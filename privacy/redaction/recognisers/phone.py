"""Telephone numbers, in the ways people in Britain type and say them; helplines' numbers are nobody's."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from presidio_analyzer import Pattern

from privacy.redaction.entities import Label
from privacy.redaction.recognisers.form import FormRecogniser

# National helplines, from the organisations' own pages; freephone (080) and 030 numbers reach organisations only
# (Ofcom, National Telephone Numbering Plan).
HELPLINES: Final = frozenset(
    {"116123", "116000", "116111", "999", "112", "111", "101", "119", "85258", "18000", "18001"}
)
_ORGANISATIONS: Final = ("080", "0300", "0303", "0330", "0333", "0343", "0344", "0345", "0370", "0371")
_GAP = r"[ .\-/()_,*]{0,3}"
_SPOKEN: Final = {
    "oh": "0",
    "o": "0",
    "zero": "0",
    "nought": "0",
    "naught": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "hundred": "00",
    "double": "",
    "triple": "",
    "treble": "",
}
_WORDS = "|".join(_SPOKEN)


class PhoneRecogniser(FormRecogniser):
    """UK numbers with or without spaces, +44, numbers abroad, local numbers in context, and spoken digits."""

    LABEL = Label.PHONE
    PATTERNS: ClassVar[list[Pattern]] = [
        Pattern(
            "national", rf"(?<![\d@.])(?:(?<![a-z])o|\(?0)(?:{_GAP}(?:\d|o(?![a-z]))){{9,10}}(?!\d)", 0.85
        ),
        Pattern(
            "+44",
            rf"(?<![\d@])\(?(?:\+{_GAP}44|0{_GAP}0{_GAP}44|44(?=[ -]?7))\)?(?:{_GAP}\d){{9,11}}(?!\d)",
            0.95,
        ),
        Pattern("abroad", rf"(?<![\w@])(?:\+|00)[1-9]\d{{0,2}}(?:{_GAP}\d){{7,12}}(?!\d)", 0.85),
        Pattern("no zero", r"(?<![\d@.])7\d{3}[ -]?\d{3}[ -]?\d{3}(?!\d)", 0.5),
        Pattern("local", r"(?<![\w@.£$/-])[2-9]\d{2}[ -]?\d{3,5}(?![\w.%/-])", 0.2),
        Pattern("spoken", rf"(?<![a-z])(?:(?:{_WORDS}|\d+)[ ,.-]+){{5,}}(?:{_WORDS}|\d+)(?![a-z\d])", 0.8),
    ]
    CONTEXT: ClassVar[list[str]] = [
        r"(?:tele)?phone(?: number| no| num)?",
        "fone",
        "tel",
        "mob(?:ile)?",
        "landline",
        "whats ?app",
        r"(?:my|his|her) (?:number|num|no)",
        "call (?:me|him|her) (?:on|at)",
        "ring (?:me|him|her) (?:on|at)",
        "text (?:me|him|her) (?:on|at)",
        "cell",
        "reach me (?:on|at)",
    ]
    BEFORE: ClassVar[int] = 25

    def accepts(self, found: str, folded: str, start: int, end: int) -> bool:
        """Not a helpline's, and as long as a number is."""
        digits = (
            spoken_digits(found)
            if re.search("[a-z]{2}", found)
            else re.sub("[^0-9]", "", found.replace("o", "0"))
        )
        national = re.sub("^(?:00)?44(?:0)?(?=[1-9])", "0", digits) if len(digits) > 10 else digits
        if national in HELPLINES or national.startswith(_ORGANISATIONS):
            return False
        return len(national) >= (9 if re.search("[a-z]{2}", found) else 6)


def spoken_digits(found: str) -> str:
    """The digits of "oh seven double seven": "0777"."""
    digits, times = "", 1
    for word in re.findall(r"[a-z]+|\d", found):
        digit = _SPOKEN.get(word, word)
        digits += digit * times
        times = {"double": 2, "triple": 3, "treble": 3}.get(word, 1)
    return digits
