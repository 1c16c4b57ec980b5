"""Payment cards (ISO/IEC 7812: 12 to 19 digits, the last a Luhn check digit) and bank accounts."""

from __future__ import annotations

import re
from typing import ClassVar

from presidio_analyzer import Pattern

from privacy.redaction.entities import Label
from privacy.redaction.recognisers.form import FormRecogniser, has_digit


class CardRecogniser(FormRecogniser):
    """A number that passes the check, or any of its length that is called a card's."""

    LABEL = Label.CARD
    PATTERNS: ClassVar[list[Pattern]] = [
        Pattern("card", r"(?<![\w+@])[2-6]\d{3}(?:[ .-]?\d{4}){2}[ .-]?\d{1,7}(?!\d)", 0.3),
        Pattern("amex", r"(?<![\w+@])3[47]\d{2}[ .-]?\d{6}[ .-]?\d{5}(?!\d)", 0.3),
        Pattern("loose", r"(?<![\w+@])\d(?:[ .-]{0,2}\d){14,15}(?!\d)", 0.2),
    ]
    CONTEXT: ClassVar[list[str]] = [
        r"(?:debit|credit|bank)? ?card",
        "visa",
        "mastercard",
        "amex",
        "long number",
    ]

    def may_hold(self, folded: str) -> bool:
        """Thirteen digits at least."""
        return has_digit(folded)

    def score(self, base: float, found: str, near: bool) -> float:
        """The check digit alone is enough."""
        checked = 0.6 if passes_luhn(re.sub(r"\D", "", found)) else 0.0
        return min(super().score(base, found, near) + checked, 1.0)


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is right (ISO/IEC 7812-1 annex B)."""
    if not 12 <= len(digits) <= 19:
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
