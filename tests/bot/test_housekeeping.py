"""The round of the house deletes what is past its time once a day, and one part that fails keeps no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.housekeeping import Housekeeper
from bot.parts import Parts
from store.models import Conversation, Person, now
from tests.bot.one_loop import RUNNER


@pytest.fixture
def keeper(parts: Parts) -> Housekeeper:
    return Housekeeper(parts.journey.steps.tally, parts.forgetting, parts.store, parts.settings.periods)


def somebody_who_talked_long_ago(parts: Parts, address: str) -> None:
    conversation_id = RUNNER.run(parts.journey.begin("web", address))
    with parts.store.begin() as session:
        conversation = session.get_one(Conversation, conversation_id)
        conversation.last_at = conversation.person.first_seen = now() - timedelta(days=500)


def people(parts: Parts) -> int:
    with parts.store.read() as session:
        return len(session.scalars(select(Person.id)).all())


def test_it_deletes_once_a_day(parts: Parts, keeper: Housekeeper) -> None:
    somebody_who_talked_long_ago(parts, "one")
    RUNNER.run(keeper.round())
    assert people(parts) == 0
    somebody_who_talked_long_ago(parts, "two")
    RUNNER.run(keeper.round())
    assert people(parts) == 1, "not again on the same day"
    keeper._deleted_at = 0.0 if keeper._deleted_at is None else keeper._deleted_at - 86_401
    RUNNER.run(keeper.round())
    assert people(parts) == 0


def test_a_part_that_fails_does_not_keep_the_others_from_being_done(
    parts: Parts, keeper: Housekeeper
) -> None:
    somebody_who_talked_long_ago(parts, "one")
    with parts.store.begin() as session:
        session.connection().exec_driver_sql("DROP TABLE engine_forgetting")
        session.connection().exec_driver_sql(
            "CREATE TABLE engine_forgetting (engine_session TEXT, since TIMESTAMP, other TEXT)"
        )
        session.connection().exec_driver_sql("ALTER TABLE statistics_report RENAME COLUMN cells TO shapes")
        session.connection().exec_driver_sql(
            "INSERT INTO statistics_ledger VALUES ('i', 'p', '2026-Q1', 'mood', '1', '[1]')"
        )
    for _ in range(20):  # each report is sent by chance, and sending must fail
        RUNNER.run(keeper.round())
    assert people(parts) == 0
