"""E-mail addresses, also as people say them: "jo dot smith at gmail dot com"."""

from __future__ import annotations

from typing import ClassVar

from presidio_analyzer import Pattern

from privacy.redaction.entities import Label
from privacy.redaction.recognisers.form import FormRecogniser

_PROVIDER = (
    r"(?:gmail|googlemail|hotmail|outlook|live|yahoo|ymail|icloud|me|mac|aol|msn|btinternet|sky"
    r"|virginmedia|talktalk|proton(?:mail)?|nhs|gmx|mail)"
)
_ENDING = (
    r"(?:com|co ?(?:\.|dot) ?uk|org(?: ?(?:\.|dot) ?uk)?|net|uk|ac ?(?:\.|dot) ?uk|nhs ?(?:\."
    r"|dot) ?(?:uk|net)|ie|eu|io|info)"
)
_DOT = r"(?: ?\. ?| ?[(\[]dot[)\]] ?| dot )"
_AT = r"(?: ?[(\[{]? ?(?:at|@) ?[)\]}] ?| at )"
_NAME = rf"[a-z0-9_][\w.+-]*(?:{_DOT}[\w+-]+)?"


class EmailRecogniser(FormRecogniser):
    """Addresses with `@`, and spelt-out ones whose domain is spelt out too or is a known provider's."""

    LABEL = Label.EMAIL
    PATTERNS: ClassVar[list[Pattern]] = [
        Pattern("address", r"[\w.+'%-]*[\w+]@[\w-]+(?:\.[\w-]+)+", 0.95),
        Pattern("spaced", rf"[\w.+-]*\w ?@ ?[\w-]+(?: ?\. ?[\w-]+)* ?\. ?{_ENDING}(?!\w)", 0.95),
        Pattern("no ending", rf"[\w.+-]*\w ?@ ?{_PROVIDER}(?!\w)", 0.9),
        Pattern("at provider", rf"(?<!\w){_NAME}{_AT}{_PROVIDER}{_DOT}{_ENDING}(?!\w)", 0.9),
        Pattern("at and dot", rf"(?<!\w){_NAME}{_AT}[\w-]+(?: dot | ?[(\[]dot[)\]] ?){_ENDING}(?!\w)", 0.9),
        Pattern("in brackets", rf"(?<!\w){_NAME} ?[(\[{{] ?at ?[)\]}}] ?[\w-]+{_DOT}{_ENDING}(?!\w)", 0.9),
        Pattern("at domain", rf"(?<!\w){_NAME} at [\w-]+\.{_ENDING}(?!\w)", 0.3),
    ]
    CONTEXT: ClassVar[list[str]] = ["e-?mail", "mail me", "address is", "write to me"]

    def may_hold(self, folded: str) -> bool:
        """Every form has a sign or word for "at"."""
        return "@" in folded or " at " in folded or "at)" in folded or "at]" in folded or "at}" in folded
