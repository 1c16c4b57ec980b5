"""Cards as plain text, for a terminal or a channel that cannot draw: every number that the card would show."""

from __future__ import annotations

from content import Content, Helpline
from privacy.text import WrittenText

CRISIS = "crisis"
HELPLINES = "helplines"
MY_DATA = "my_data"
"""Leads to the page of one's own data; it shows no numbers."""


def card_helplines(content: Content, card: str | None) -> list[Helpline]:
    """The helplines that a card shows, in order; the service's own crisis team comes first."""
    if card == CRISIS:
        keys = content.crisis.card.numbers
    elif card == HELPLINES:
        keys = content.fallback.engine.numbers
    else:
        return []
    own = [content.helplines.crisis_team] if content.helplines.crisis_team else []
    return own + [content.helplines[key] for key in keys]


def card_as_text(content: Content, card: str | None) -> list[WrittenText]:
    """The card's lines; none when there is no card."""
    lines = [line.line for line in card_helplines(content, card)]
    if card != CRISIS:
        return lines
    words = content.crisis.card
    return [words.title, words.first, *lines, words.emergency, words.stay]
