"""When the service is closed, the patient is told when somebody will read it and where to turn now."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.safety.screening import Reason, ResponseNeeded, Screening
from bot.safety_conversation import Danger, SafetyConversation
from clinic.clock import ResponseTargets, opening_hours
from content import Content

NIGHT = datetime(2026, 11, 27, 23, 0, tzinfo=UTC)  # a Friday
HOURS = ResponseTargets(hours=opening_hours("mon-fri 09:00-17:00", "none"))


def said(response: ResponseNeeded, *, closed: bool) -> str:
    conversation = SafetyConversation(Content.load(), staffed=True, closed=lambda _: closed)
    danger = Danger(
        screening=Screening(response, (Reason("suicide", "Says so", 0, 1),), 1.0),
        asked=None,
        said=(),
        staff_told=True,
        already_waiting=False,
        target=HOURS.in_words(response.value, NIGHT) if closed else "5 minutes",
    )
    return " ".join(reply.text for reply in conversation.reply(danger).replies)


@pytest.mark.parametrize(
    ("response", "when"),
    [
        (ResponseNeeded.RESPOND_NOW, "within 5 minutes of being back, at 9am on Monday"),
        (ResponseNeeded.RESPOND_TODAY, "within 4 hours of being back, at 9am on Monday"),
    ],
)
def test_out_of_hours_nothing_is_promised_that_nobody_keeps(response: ResponseNeeded, when: str) -> None:
    words = said(response, closed=True)
    assert when in words
    assert "Nobody from the team is here right now." in words
    assert "please use one of these numbers" in words


def test_in_hours_the_promise_is_the_target() -> None:
    words = said(ResponseNeeded.RESPOND_NOW, closed=False)
    assert "within 5 minutes" in words
    assert "being back" not in words
