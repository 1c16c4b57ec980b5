"""Somebody tells their age: what changes under 16 is said, and who is there for them. The age is not kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from actions.capabilities import Capabilities
from actions.turn import Event, Turn

_ADULT_CONSENT: Final = 16
_CHILDLINE_UNTIL: Final = 19
_YOUNGEST: Final = 5
_OLDEST: Final = 120
_WORDS: Final = {
    word: number
    for number, word in enumerate(
        [
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
            *("eighteen", "nineteen", "twenty"),
        ],
        start=10,
    )
}
_AGE: Final = re.compile(rf"\b(\d{{1,3}}|{'|'.join(_WORDS)})\b", re.IGNORECASE)
_YEAR: Final = re.compile(r"\b(?:year|yr|y)\s*(\d{1,2})\b", re.IGNORECASE)
_ASKS: Final = re.compile(r"\?|^(?:can|do|what|how|is|am i allowed|are)\b", re.IGNORECASE)
_YEAR_BEGINS_AT: Final = 4
"""In England somebody in year 7 is 11 or 12."""


@dataclass(frozen=True, slots=True)
class TellAge:
    """Says what is different, and shows the numbers to somebody who is young."""

    needs: Capabilities
    name: str = "action_tell_age"

    async def run(self, turn: Turn) -> list[Event]:
        """Answer."""
        words = self.needs.content.ages
        age = read_age(turn.text)
        if age is None:
            turn.say(words.not_said)
        elif age < _ADULT_CONSENT:
            turn.say(words.under_16, card="helplines")
        elif age < _CHILDLINE_UNTIL:
            turn.say(words.under_19, card="helplines")
        elif _ASKS.search(turn.text):
            turn.say(words.not_said)
        else:
            turn.say(words.older)
        return []


def read_age(text: str) -> int | None:
    """The age in "im 15", "fifteen" or "year 9" (a school year, so an age at its start); None when there is none."""
    year = _YEAR.search(text)
    if year is not None:
        return int(year[1]) + _YEAR_BEGINS_AT
    ages = [_WORDS.get(found.casefold()) or int(found) for found in _AGE.findall(text)]
    likely = [age for age in ages if _YOUNGEST <= age <= _OLDEST]
    return min(likely) if likely else None
