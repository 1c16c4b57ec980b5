"""UK postcodes (the form of BS 7666, the areas of Royal Mail's Postcode Address File)."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from presidio_analyzer import Pattern

from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import lexicon
from privacy.redaction.recognisers.form import FormRecogniser, has_digit

AREAS: Final = lexicon("postcode_areas")
_OUTWARD = r"[a-z]{1,2}\d(?:\d|[a-hjkmnp-y])?"
_INWARD = r"\d[abd-hjlnp-uw-z]{2}"
_WHOLE: Final = re.compile(rf"([a-z]{{1,2}})\d(?:\d|[a-hjkmnp-y])?{_INWARD}")


class PostcodeRecogniser(FormRecogniser):
    """Whole postcodes anywhere, spaced-out ones, and the first half alone where the words say what it is."""

    LABEL = Label.POSTCODE
    PATTERNS: ClassVar[list[Pattern]] = [
        Pattern("whole", rf"(?<![a-z0-9]){_OUTWARD}[ -]{{0,3}}[\do][abd-hjlnp-uw-z]{{2}}(?![a-z0-9])", 0.9),
        Pattern("spaced", r"(?<![a-z0-9])[a-z](?: ?[a-z0-9]){4,6}(?![a-z0-9])", 0.8),
        Pattern("outward", rf"(?<![a-z0-9@#-]){_OUTWARD}(?![a-z0-9-]| ?(?:mg|pm|am|form|vitamin))", 0.2),
    ]
    CONTEXT: ClassVar[list[str]] = [
        r"post ?code(?: is|'s|s)?",
        "postal code",
        "live in",
        "living in",
        "flat in",
    ]
    BEFORE: ClassVar[int] = 16
    AFTER: ClassVar[int] = 18

    def may_hold(self, folded: str) -> bool:
        """Every postcode has a digit."""
        return has_digit(folded)

    def accepts(self, found: str, folded: str, start: int, end: int) -> bool:
        """Its area exists."""
        joined = re.sub("[ -]", "", found)
        whole = (
            _WHOLE.fullmatch(joined if joined[-3] != "o" else f"{joined[:-3]}0{joined[-2:]}")
            if len(joined) > 4
            else None
        )
        if whole:
            return whole[1] in AREAS
        return " " not in found and len(joined) < 5 and joined.rstrip("0123456789")[:2] in AREAS
