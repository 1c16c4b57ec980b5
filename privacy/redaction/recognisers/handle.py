"""Names on social media and games."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from presidio_analyzer import Pattern

from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import is_ordinary
from privacy.redaction.recognisers.form import FormRecogniser

_SITE = (
    r"(?:snap ?chat|snap|sc|insta(?:gram)?|ig|tik ?tok|twitter|discord|telegram|kik|tumblr|reddit"
    r"|facebook|fb|twitch|steam|roblox"
    r"|psn|xbox|minecraft|threads|bluesky|signal|onlyfans|youtube|linkedin)"
)
_NAME = r"(?:user ?name|handle|gamer ?tag|user|name|account|acc|profile|id|tag|@)"
_HANDLE = r"(?P<found>@?[a-z0-9_][\w.#-]*[\w])"
HELPLINES: Final = frozenset(
    {"@samaritans", "@mindcharity", "@nhsuk", "@nhs", "@giveusashout", "@childline", "@youngminds"}
)


class HandleRecogniser(FormRecogniser):
    """`@names`, Discord's `name#1234`, and what stands after "my snap is" if it is no ordinary word."""

    LABEL = Label.HANDLE
    PATTERNS: ClassVar[list[Pattern]] = [
        Pattern("@", r"(?<![\w@.])@ ?[a-z_][\w.]*\w(?![@\w])", 0.85),
        Pattern("u/", r"(?<![\w/])/?u/[\w-]{3,}", 0.85),
        Pattern("discord", r"(?<![\w#])[\w.]{2,}#\d{4}(?!\w)", 0.9),
        Pattern(
            "site is",
            rf"(?<!\w){_SITE}(?: {_NAME})?(?: (?:is|was|under|called|as)|'s|[:=]|s| -)[ :]+{_HANDLE}",
            0.8,
        ),
        Pattern("site name", rf"(?<!\w){_SITE} {_NAME}? ?{_HANDLE}", 0.6),
        Pattern(
            "name is",
            rf"(?<!\w)(?:user ?name|gamer ?tag|(?:my|his|her) handle)(?: (?:is|was)|'s|[:=]|s)?[ :]+{_HANDLE}",
            0.8,
        ),
        Pattern(
            "on site",
            rf"(?<![\w.])(?P<found>(?=\w*[\d._])[a-z0-9_][\w.#-]*[\w]) (?:on|from) (?:my |the )?{_SITE}(?!\w)",
            0.6,
        ),
        Pattern(
            "add me",
            rf"(?<!\w)(?:add|follow|find|dm|message) (?:me|him|her|them)(?: on {_SITE})?[ :,-]+{_HANDLE}",
            0.6,
        ),
    ]

    def accepts(self, found: str, folded: str, start: int, end: int) -> bool:
        """An `@`, a `#1234`, or a word with the look of a made-up name, and nobody's helpline."""
        if found.replace(" ", "") in HELPLINES:
            return False
        if "@" in found or "#" in found or "u/" in found:
            return True
        return looks_made_up(found)


def looks_made_up(word: str) -> bool:
    """Digits or marks among letters, or letters that make no word: `emz.x99`, `big_mike`, `ghostlyowl`."""
    if not re.search("[a-z]", word):
        return False
    if re.fullmatch(r"\d+(?:st|nd|rd|th|am|pm|hrs?|mins?|k|yrs?|x|mg|ml|s)", word):
        return False
    if re.search(r"[a-z][._-]?\d|\d[._-]?[a-z]|_", word):
        return True
    return any(not is_ordinary(part) for part in re.split(r"[.-]", word) if part) and len(word) > 3
