"""Cards as plain text, for a terminal or a channel that cannot draw: every number that the card would show."""

from __future__ import annotations

from content import Content, Helpline
from privacy.text import WrittenText

CRISIS = "crisis"
HELPLINES = "helplines"
MY_DATA = "my_data"
"""Leads to the page of one's own data; it shows no numbers."""
TOPIC = "topic:"
"""Before the name of a topic in topics.yml, whose numbers the card shows."""


def card_helplines(content: Content, card: str | None) -> list[Helpline]:
    """The helplines that a card shows, in order; the service's own crisis team comes first."""
    if card == CRISIS:
        keys = content.crisis.card.numbers
    elif card == HELPLINES:
        keys = content.fallback.engine.numbers
    elif card is not None and card.startswith(TOPIC):
        return _of_topic(content, card.removeprefix(TOPIC))
    else:
        return []
    own = [content.helplines.crisis_team] if content.helplines.crisis_team else []
    return own + [content.helplines[key] for key in keys]


def _of_topic(content: Content, topic: str) -> list[Helpline]:
    """Its own numbers alone. A message that was kept may name a topic that has since been taken out: then none."""
    keys = content.topics[topic].numbers if topic in content.topics else ()
    return [content.helplines[key] for key in keys]


def card_as_text(content: Content, card: str | None) -> list[WrittenText]:
    """The card's lines; none when there is no card."""
    lines = [line.line for line in card_helplines(content, card)]
    if card != CRISIS:
        return lines
    words = content.crisis.card
    return [words.title, words.first, *lines, words.emergency, words.stay]
