"""Response times are told so coarsely that nobody is singled out, alone or by taking one number from another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from privacy.pseudonym import Pseudonyms
from store.base import Base
from store.models import Conversation, Escalation, EscalationEvent, Person
from store.response_times import NotOver, ResponseTimes, coarse, response_times
from store.session import Store

TARGETS = {"respond_now": timedelta(minutes=5), "respond_today": timedelta(hours=4)}
RAISED = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'harbour.db'}")
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.close()


def raise_some(store: Store, response: str, waits: Sequence[int | None], at: datetime = RAISED) -> None:
    """Escalations that waited so many minutes each for a response; None for none."""
    with store.begin() as session:
        person = Person(pseudonym=Pseudonyms(b"k" * 32).of("web", f"{response} {at}"), channel="web")
        session.add(person)
        session.flush()
        conversation = Conversation(person_id=person.id, channel="web")
        session.add(conversation)
        session.flush()
        for wait in waits:
            raised = Escalation(
                conversation_id=conversation.id,
                response=response,
                raised_at=at,
                target_at=at + TARGETS[response],
            )
            session.add(raised)
            session.flush()
            if wait is not None:
                for minutes in (wait, wait + 60):  # a second reading is not the first
                    event = EscalationEvent(escalation_id=raised.id, what="acknowledged")
                    event.at = at + timedelta(minutes=minutes)
                    session.add(event)


def found(store: Store, quarter: str = "2026-Q3") -> dict[str, ResponseTimes]:
    with store.read() as session:
        return {one.response: one for one in response_times(session, quarter, TARGETS, at=LATER)}


def test_counts_are_rounded_to_the_nearest_five(store: Store) -> None:
    raise_some(store, "respond_now", [3] * 31 + [30] * 8 + [None] * 7)
    now = found(store)["respond_now"]
    assert (now.raised, now.within_target, now.later, now.not_yet) == (45, 30, 10, 5)
    assert now.half_within == timedelta(minutes=5)


def test_fewer_than_five_look_like_none(store: Store) -> None:
    raise_some(store, "respond_now", [3] * 21 + [30] * 4)
    four = found(store)["respond_now"]
    assert four.later is four.not_yet is None
    today = found(store)["respond_today"]
    assert (today.raised, today.within_target, today.half_within) == (None, None, None)


def test_half_of_a_few_is_not_told(store: Store) -> None:
    raise_some(store, "respond_now", [3] * 19)
    assert found(store)["respond_now"].half_within is None


def test_one_person_more_or_less_seldom_shows_and_never_as_one() -> None:
    steps = [coarse(number + 1) or 0 for number in range(200)], [coarse(number) or 0 for number in range(200)]
    changes = {after - before for after, before in zip(*steps, strict=True)}
    assert changes == {0, 5}
    assert all(coarse(number) is None for number in range(5))


def test_a_quarter_that_is_not_over_is_not_told(store: Store) -> None:
    with store.read() as session:
        for running in ("2026-Q4", "2027-Q1"):
            with pytest.raises(NotOver):
                response_times(session, running, TARGETS, at=LATER)
        with pytest.raises(ValueError, match="written like"):
            response_times(session, "2025", TARGETS, at=LATER)


def test_a_quarter_holds_what_was_raised_in_it(store: Store) -> None:
    raise_some(store, "respond_now", [1] * 10, at=datetime(2026, 6, 30, 23, 59, tzinfo=UTC))
    raise_some(store, "respond_now", [1] * 20, at=datetime(2026, 7, 1, tzinfo=UTC))
    assert found(store, "2026-Q2")["respond_now"].raised == 10
    assert found(store, "2026-Q3")["respond_now"].raised == 20
    raise_some(store, "respond_today", [1] * 5, at=datetime(2025, 12, 31, tzinfo=UTC))
    assert found(store, "2025-Q4")["respond_today"].raised == 5
