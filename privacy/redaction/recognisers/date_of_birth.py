"""Dates of birth: a date, and words that say somebody was born on it."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from presidio_analyzer import Pattern

from privacy.redaction.entities import Label
from privacy.redaction.recognisers.form import FormRecogniser

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:r?uary|uary)?|mar(?:ch)?|apr(?:il)?|may|jun[e]?|jul[y]?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_SPELT = (
    r"(?:(?:twenty|thirty)[ -]?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_DAY = rf"(?:0?[1-9]|[12]\d|3[01])(?: ?(?:st|nd|rd|th))?|{_SPELT}"
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d(?![\d:])|nineteen [a-z]+(?:[ -][a-z]+)?|two thousand(?: and [a-z]+)?)"
_NUMERIC = (
    r"(?:(?:0?[1-9]|[12]\d|3[01])(?P<s>[ ]?[./\-\\ ][ ]?)(?:0?[1-9]|1[0-2])(?P=s)(?:(?:19|20)\d\d"
    r"|\d\d)|(?:19|20)\d\d(?P<t>[./-])\d\d?(?P=t)\d\d?)"
)
_LONG_AGO: Final = re.compile(r"(?:19\d\d|200\d|201[0-6])")


class DateOfBirthRecogniser(FormRecogniser):
    """Any way of writing a date, near a word for birth; and a full date that is one field of a list of details."""

    LABEL = Label.DATE_OF_BIRTH
    PATTERNS: ClassVar[list[Pattern]] = [
        Pattern("numeric", rf"(?<![\w/.£-]){_NUMERIC}(?![\w/]|\.\d)", 0.3),
        Pattern(
            "day month",
            rf"(?<!\w)(?:{_DAY})(?: day)?(?: of)?[ ,/.-]*{_MONTH}(?:[ ,./-]+(?:of )?{_YEAR})?(?!\w)",
            0.3,
        ),
        Pattern("month day", rf"(?<!\w){_MONTH}[ ,.-]*(?:the )?(?:{_DAY})(?:[ ,./-]+{_YEAR})?(?!\w)", 0.3),
        Pattern(
            "run together",
            r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)\d\d|\d\d)(?!\d)",
            0.3,
        ),
        Pattern(
            "a field",
            rf"(?:^|[,;\n|])[ ]*(?P<found>{_NUMERIC}"
            rf"|(?:{_DAY})(?: of)?[ /.-]*{_MONTH}[ ,./-]+{_YEAR})[ ]*(?=$|[,;\n|])",
            0.5,
        ),
    ]
    CONTEXT: ClassVar[list[str]] = [
        r"d\.? ?o\.? ?b\.?",
        "date of birth",
        "birth ?date",
        "born",
        "birth ?day",
        "b-?day",
        "bday",
        "birth",
        r"turn(?:ed|ing)? \d\d",
        r"i was \d\d on",
    ]
    BEFORE: ClassVar[int] = 28
    AFTER: ClassVar[int] = 28

    def accepts(self, found: str, folded: str, start: int, end: int) -> bool:
        """A field of a list must be old enough to be somebody's birth; nobody was born "before my birthday"."""
        before = folded[max(start - 3, 0) : start].strip(" ")
        if before and before[-1] in ",;\n|" and not self._near(folded, start, end):
            return _LONG_AGO.search(found) is not None
        return True
