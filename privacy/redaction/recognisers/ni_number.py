"""National Insurance numbers (HMRC National Insurance Manual NIM39110)."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from presidio_analyzer import Pattern

from privacy.redaction.entities import Label
from privacy.redaction.recognisers.form import FormRecogniser, has_digit

_NEVER_ISSUED: Final = frozenset({"bg", "gb", "kn", "nk", "nt", "tn", "zz"})
_ISSUED: Final = re.compile(r"[a-ceghj-prstw-z][a-ceghj-nprstw-z]")


class NiNumberRecogniser(FormRecogniser):
    """Two letters, six digits, a letter A to D; any such shape if it is called one."""

    LABEL = Label.NI_NUMBER
    PATTERNS: ClassVar[list[Pattern]] = [
        Pattern("whole", r"(?<![a-z0-9])[a-z] ?[a-z](?:[ .-]?\d){6}[ .-]?[a-d](?![a-z0-9])", 0.4),
        Pattern("any suffix", r"(?<![a-z0-9])[a-z]{2}(?:[ .-]?\d){6}(?:[ .-]?[a-z])?(?![a-z0-9])", 0.2),
    ]
    CONTEXT: ClassVar[list[str]] = [
        r"n\.?i\.?(?: no| num| number|:|#)?",
        r"nat(?:ional)? ins(?:urance)?",
        "nino",
        "insurance number",
    ]

    def may_hold(self, folded: str) -> bool:
        """Six digits at least."""
        return has_digit(folded)

    def score(self, base: float, found: str, near: bool) -> float:
        """A prefix that is issued speaks for the whole shape."""
        letters = found.replace(" ", "")[:2]
        issued = _ISSUED.fullmatch(letters) is not None and letters not in _NEVER_ISSUED
        return super().score(base, found, near) + (0.45 if issued and base >= 0.4 else 0.0)
