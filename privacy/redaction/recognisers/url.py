"""Links: a page can name a person as well as a name does."""

from __future__ import annotations

from typing import ClassVar, Final

from presidio_analyzer import Pattern

from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import lexicon
from privacy.redaction.recognisers.form import FormRecogniser

_ENDING = (
    r"(?:com|co\.uk|org\.uk|me\.uk|ac\.uk|sch\.uk|gov\.uk|nhs\.uk|uk|org|net|info|biz|io|app|dev|tv"
    r"|eu|ie|blog|online|site|xyz|club|live|page|link|social)"
)
# Everybody's places, without a page of anybody's: naming them names no one.
EVERYBODYS: Final = lexicon("url_everybodys")


class UrlRecogniser(FormRecogniser):
    """Addresses of pages, with or without `https://`; a national service's or a company's front page is none."""

    LABEL = Label.URL
    PATTERNS: ClassVar[list[Pattern]] = [
        Pattern("scheme", r"(?:https?|hxxps?|ftp)\s?:\s?//\s?[^\s<>\"]*[^\s<>\".,;:!?)']", 0.95),
        Pattern("www", r"(?<![\w@])www\.[^\s<>\"]*[^\s<>\".,;:!?)']", 0.95),
        Pattern(
            "domain",
            rf"(?<![\w@./-])[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.{_ENDING}(?![\w@-])(?:/[^\s<>\"]*[^\s<>\".,;:!?)'])?",
            0.8,
        ),
        Pattern(
            "page",
            r"(?<![\w@./-])[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,4}/[^\s<>\"]*[^\s<>\".,;:!?)']",
            0.7,
        ),
    ]

    def may_hold(self, folded: str) -> bool:
        """Every link has a dot or a scheme."""
        return "." in folded or "://" in folded

    def accepts(self, found: str, folded: str, start: int, end: int) -> bool:
        """Not the front page of something that is everybody's, nor any page of the NHS or the government."""
        address = found.rsplit("//", maxsplit=1)[-1].removeprefix("www.").rstrip("/")
        host = address.split("/")[0]
        return (
            address not in EVERYBODYS
            and host not in ("nhs.uk", "gov.uk")
            and not host.endswith(".service.gov.uk")
        )
