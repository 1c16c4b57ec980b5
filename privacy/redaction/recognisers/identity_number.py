"""Other numbers that name one person: a student's, a case's, a patient's, an account's, a car's."""

from __future__ import annotations

import re
from typing import ClassVar

from presidio_analyzer import Pattern

from privacy.redaction.entities import Label
from privacy.redaction.recognisers.form import FormRecogniser, has_digit

_KIND = (
    r"(?:student|case|hospital|patient|crime|incident|police|court|policy|passport"
    r"|driving licen[cs]e|licen[cs]e|account|acc|acct"
    r"|bank|staff|employee|payroll|member(?:ship)?|ucas|candidate|prison(?:er)?|nomis|badge"
    r"|warrant|claim|benefit|pip|uc|dwp|rio|emis|mrn"
    r"|booking|appointment|application|home office|brp|visa|tenancy|rent|customer|service|army"
    r"|military|nmc|gmc|pin|library|universal credit)"
)
_NUMBER = r"(?:id|no|num|number|nr|ref|reference|code)"
_VALUE = r"(?P<found>(?=[a-z/ -]*\d)(?:[a-z]{1,4}[/-]?)?\d[\da-z]*(?:[ /-](?=[a-z]*\d)[\da-z]+)*)"
_IS = r"(?:\.? ?(?:is|was|:|#|=|-|'s|of)+)?[ :#]*"


class IdentityNumberRecogniser(FormRecogniser):
    """Numbers that are said to be somebody's, UK number plates and driving licences, and any very long number."""

    LABEL = Label.ID
    PATTERNS: ClassVar[list[Pattern]] = [
        Pattern("kind number", rf"(?<!\w){_KIND} ?{_NUMBER}{_IS}{_VALUE}(?!\w)", 0.85),
        Pattern(
            "kind",
            rf"(?<!\w)(?:passport|mrn|nomis|rio|ucas|sort code|account|ref|reference|ref no|urn"
            rf"|badge|collar){_IS}{_VALUE}(?!\w)",
            0.8,
        ),
        Pattern("id", rf"(?<!\w)(?:my|his|her|their) (?:id|number|no|ref|k number){_IS}{_VALUE}(?!\w)", 0.7),
        Pattern("sort code", r"(?<![\w/.-])\d\d-\d\d-\d\d(?![\w/-])", 0.3),
        Pattern("plate", r"(?<![a-z0-9])[a-z]{2}[0-9]{2} ?[a-hj-pr-z]{3}(?![a-z0-9])", 0.4),
        Pattern("old plate", r"(?<![a-z0-9])[a-hj-npr-tv-y]\d{1,3} ?[a-hj-pr-z]{3}(?![a-z0-9])", 0.2),
        Pattern("irish plate", r"(?<![a-z0-9])[a-z]{1,3} ?\d{3,4}(?![a-z0-9])", 0.15),
        Pattern("driving licence", r"(?<![a-z0-9])[a-z9]{5} ?\d{6} ?[a-z9]{2}\d[a-z]{2}(?![a-z0-9])", 0.95),
        Pattern("prison number", r"(?<![a-z0-9])a\d{4}[a-z]{2}(?![a-z0-9])", 0.6),
        Pattern("long number", r"(?<![\w+.£$@-])\d{8,}(?![\w%@]|\.\d)", 0.5),
    ]
    CONTEXT: ClassVar[list[str]] = [
        "reg(?:istration)?",
        "number ?plate",
        "plates?",
        "his car",
        "her car",
        "my car",
        "drives?",
        "van",
        "sort(?: code)?",
        "acc(?:ount)?",
    ]
    BEFORE: ClassVar[int] = 25

    def may_hold(self, folded: str) -> bool:
        """Every one has a digit."""
        return has_digit(folded)

    def accepts(self, found: str, folded: str, start: int, end: int) -> bool:
        """Four characters or more, and no measure, dose or time."""
        joined = re.sub(r"[ /-]", "", found)
        if re.fullmatch(
            r"\d+(?:mg|ml|mcg|am|pm|k|kg|lbs?|st|nd|rd|th|hrs?|mins?|years?|yrs?|weeks?|days?|months?|times)",
            joined,
        ):
            return False
        if re.fullmatch(r"0\d{9,10}|0800\d+|0808\d+", joined):
            return False  # a telephone number, or a helpline's
        return len(joined) >= 4 and sum(character.isdigit() for character in joined) >= 2

    def score(self, base: float, found: str, near: bool) -> float:
        """A new-style plate typed in one piece needs no context."""
        if base == 0.4 and " " not in found:
            return 0.6
        return super().score(base, found, near)
