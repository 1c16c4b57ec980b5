"""The last step: one perturbed report, drawn once, for those who agreed, and discarded for those who stop."""

from __future__ import annotations

from sqlalchemy import select

from bot.delivery import Answered, Delivery
from bot.parts import Parts
from store.models import Conversation, Person
from store.statistics import StatisticsLedger, StatisticsReport
from tests.bot.one_loop import RUNNER


def talked(parts: Parts, browser: str, *, shares: bool) -> str:
    """Somebody who started, wrote and ended; their person's id."""
    RUNNER.run(parts.journey.begin("web", browser, shares_statistics=shares))
    outcome = RUNNER.run(parts.journey.receive(Delivery("web", browser, "hello there")))
    assert isinstance(outcome, Answered)
    RUNNER.run(parts.journey.end("web", browser))
    with parts.store.read() as session:
        return session.get_one(Conversation, outcome.conversation_id).person_id


def ledger(parts: Parts) -> list[StatisticsLedger]:
    with parts.store.read() as session:
        return list(session.scalars(select(StatisticsLedger)))


def test_ending_a_conversation_draws_one_report(parts: Parts) -> None:
    talked(parts, "a browser", shares=True)
    (drawn,) = ledger(parts)
    assert drawn.pending
    talked(parts, "a browser", shares=True)
    assert len(ledger(parts)) == 1


def test_nothing_is_drawn_for_somebody_who_said_no(parts: Parts) -> None:
    talked(parts, "a browser", shares=False)
    assert ledger(parts) == []


def test_what_is_drawn_is_sent_and_names_nobody(parts: Parts) -> None:
    person_id = talked(parts, "a browser", shares=True)
    for _ in range(200):
        if parts.journey.steps.tally.send():
            break
    with parts.store.read() as session:
        report = session.scalars(select(StatisticsReport)).one()
    assert ledger(parts)[0].pending is None
    assert person_id not in str(vars(report))


def test_somebody_who_stops_takes_an_unsent_report_back(parts: Parts) -> None:
    person_id = talked(parts, "a browser", shares=True)
    with parts.store.begin() as session:
        parts.journey.steps.tally.stop(session, session.get_one(Person, person_id))
    assert ledger(parts)[0].pending is None
    with parts.store.read() as session:
        assert session.scalars(select(StatisticsReport)).all() == []
        assert not session.get_one(Person, person_id).shares_statistics
