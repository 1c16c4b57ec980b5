"""Admit a message or refuse it: what it may hold, how long it may be, and how fast messages may come."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

# Controls, except tab and newline; and the marks that turn the direction of all text after them.
_NOT_TEXT: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_MANY_LINES: Final = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """The text in one normal form (Unicode NFC), without what is not text, and never starting with "/".

    A leading "/" is how a stock Rasa is commanded; a patient's words are never a command. Lone surrogates
    become U+FFFD, because they cannot be stored.
    """
    text = _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _NOT_TEXT.sub("", unicodedata.normalize("NFC", text))
    return (
        _MANY_LINES.sub("\n\n", text)
        .strip()
        .lstrip("/\N{FULLWIDTH SOLIDUS} \u200b\u200c\u200d\u2060\ufeff")
        .rstrip()
    )


def has_words(text: str) -> bool:
    """Whether there is anything to read: letters, digits or symbols such as emoji, not marks and spaces alone."""
    return any(unicodedata.category(character)[0] in "LNS" for character in text)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many messages a minute are let in, for each sender and for each network address."""

    per_sender: int
    per_address: int


class Admission:
    """Counts messages over a moving minute. Counts live in memory and are forgotten with it."""

    def __init__(self, pace: Pace) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._per_sender = RateLimitItemPerMinute(pace.per_sender)
        self._per_address = RateLimitItemPerMinute(pace.per_address)

    def too_fast(self, sender: str, network_address: str | None) -> bool:
        """Count this message; says whether its sender or its network address has sent too many."""
        within = self._limiter.hit(self._per_sender, "sender", sender)
        if network_address is not None:
            within = self._limiter.hit(self._per_address, "address", network_address) and within
        return not within
