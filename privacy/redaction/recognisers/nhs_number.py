"""NHS numbers: ten digits, the last a check digit (NHS Data Dictionary, modulus 11)."""

from __future__ import annotations

import re
from typing import ClassVar

from presidio_analyzer import Pattern

from privacy.redaction.entities import Label
from privacy.redaction.recognisers.form import FormRecogniser, has_digit


class NhsNumberRecogniser(FormRecogniser):
    """Ten digits that pass the check, or that are called an NHS number: people mistype, and one number in eleven
    passes by chance, so context counts both ways."""

    LABEL = Label.NHS_NUMBER
    PATTERNS: ClassVar[list[Pattern]] = [
        Pattern("3-3-4", r"(?<![\d+@.-])\d{3}[ .-]\d{3}[ .-]\d{4}(?![\d@])", 0.6),
        Pattern("ten digits", r"(?<![\w+@.-])\d(?:[ -]?\d){9}(?![ -]?\d|[\w@])", 0.4),
        Pattern("nearly", r"(?<![\d+@])\d(?:[ .-]?\d){8,10}(?!\d|@)", 0.1),
    ]
    CONTEXT: ClassVar[list[str]] = [
        r"nhs(?: no| num| number| nr|#|:)?",
        "health service number",
        "health number",
        "chi(?: number)?",
        "patient number",
    ]
    BEFORE: ClassVar[int] = 25
    BOOST: ClassVar[float] = 0.55

    def may_hold(self, folded: str) -> bool:
        """Nine digits at least."""
        return has_digit(folded)

    def score(self, base: float, found: str, near: bool) -> float:
        """The check digit is worth as much as half the context."""
        checked = 0.25 if passes_check(re.sub(r"\D", "", found)) else 0.0
        return min(super().score(base, found, near) + checked, 1.0)


def passes_check(digits: str) -> bool:
    """Whether ten digits carry the right check digit: weights 10 to 2, 11 minus the remainder of 11."""
    if len(digits) != 10:
        return False
    remainder = (
        11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    )
    return remainder % 11 == int(digits[9]) and remainder != 10
