"""Recognising that somebody wants to stop, whatever the classifier made of it."""

from __future__ import annotations

import re
from typing import Final

_STOP: Final = re.compile(
    r"""^(?:(?:ok(?:ay)?|no|please|can\ we|i\ want\ to|id\ rather|lets|just|maybe|actually)\s+)*
        (?:stop|stop\ it|stop\ this|not\ now|not\ today|not\ tonight|later|another\ time|skip|skip\ it
          |cancel|quit|exit|enough|leave\ it|forget\ it|never\ ?mind|nvm|no\ more|no\ thanks?|no\ thank\ you
          |not|dont\ want\ to|i\ dont\ want\ to|rather\ not)
        (?:\s+(?:please|thanks|now|this|it|there|for\ now))*$""",
    re.VERBOSE,
)
_REFUSED: Final = frozenset({"no", "nope", "nah", "na", "naw"})


def wants_to_leave(text: str, *, a_no_leaves: bool = False) -> bool:
    """Whether a message asks to stop. With `a_no_leaves`, a bare no does too (it does not answer anything)."""
    plain = re.sub(r"[^a-z ]", "", text.casefold().replace("’", "")).strip()
    plain = " ".join(plain.split())
    return bool(_STOP.match(plain)) or (a_no_leaves and plain in _REFUSED)
