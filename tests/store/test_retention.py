"""What is past its time goes, in small batches; what is in use, asked for or on hold never does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.settings import Settings
from privacy.keyring import Keyring
from privacy.vault import Vault
from store import holds, retention
from store.base import Base
from store.forgetting import waiting
from store.models import (
    ContactDetail,
    Conversation,
    ErasureReceipt,
    EscalationState,
    Message,
    MoodCheckin,
    ServiceAlert,
    SetupLink,
    Turn,
    now,
)
from store.outbox import OutboxItem
from store.retention import KINDS, PERIODS
from store.rights import find_person
from store.session import Store
from store.statistics import StatisticsLedger, StatisticsReport
from tests.store.conftest import Talked, named


def deleted(store: Store, **options: int) -> dict[str, int]:
    return {taken.kind.name: taken.count for taken in retention.delete_due(store, PERIODS, **options)}


def would_go(store: Store) -> dict[str, int]:
    with store.read() as session:
        return {taken.kind.name: taken.count for taken in retention.due(session, PERIODS)}


def count(store: Store, table: type[Base]) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_settings_are_the_periods_of_the_table() -> None:
    assert Settings(_env_file=None).periods == dict(PERIODS)


def test_a_period_is_never_nothing() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        Settings(keep_moods_days=0)


def test_an_old_conversation_goes_with_its_messages_and_rasa_must_forget_it(
    store: Store, talked: Talked
) -> None:
    talked("old", "one", "two", days_ago=366)
    talked("young", "one", days_ago=364)
    assert would_go(store)["conversations"] == 1
    assert count(store, Message) == 3, "a look deletes nothing"
    assert deleted(store)["conversations"] == 1
    assert count(store, Message) == 1
    with store.read() as session:
        assert len(waiting(session)) == 1
        assert find_person(session, named("old")) is None, "nothing is left of them, not even the name"
        assert find_person(session, named("young"))


def test_a_clinical_record_has_a_period_of_its_own(store: Store, talked: Talked) -> None:
    talked("helped", days_ago=400, asked_for_help=EscalationState.CLOSED)
    talked("long ago", days_ago=7306, asked_for_help=EscalationState.CLOSED)
    gone = deleted(store)
    assert (gone["conversations"], gone["clinical_records"]) == (0, 1)
    assert count(store, Conversation) == 1


@pytest.mark.parametrize(
    "state", [EscalationState.RAISED, EscalationState.ACKNOWLEDGED, EscalationState.IN_CONVERSATION]
)
def test_an_open_escalation_is_never_taken(store: Store, talked: Talked, state: EscalationState) -> None:
    talked("waiting", days_ago=9000, asked_for_help=state, mood=2)
    assert not any(deleted(store).values())


def test_a_conversation_that_a_clinician_has_is_never_taken(store: Store, talked: Talked) -> None:
    conversation = talked("somebody", days_ago=9000)
    with store.begin() as session:
        session.get_one(Conversation, conversation).turn = Turn.CLINICIAN
    assert deleted(store)["conversations"] == 0


def test_a_conversation_of_today_is_never_taken_whatever_the_period(store: Store, talked: Talked) -> None:
    talked("somebody", days_ago=0.9)
    shortest = dict.fromkeys(PERIODS, 0)
    assert not any(
        taken.count for taken in retention.delete_due(store, shortest) if "conv" in taken.kind.name
    )


def test_a_legal_hold_keeps_everything(store: Store, talked: Talked) -> None:
    talked("held", days_ago=9000, mood=3)
    with store.begin() as session:
        person = find_person(session, named("held"))
        assert person
        holds.place(session, person, "inquest")
    assert not any(deleted(store).values())


def test_moods_and_contact_details_go_by_their_own_age_unless_the_person_is_about(
    store: Store, talked: Talked
) -> None:
    for address, last in (("gone", 100.0), ("here", 0.1)):
        conversation_id = talked(address, days_ago=last)
        with store.begin() as session:
            person_id = session.get_one(Conversation, conversation_id).person_id
            old = now() - timedelta(days=400)
            session.add(MoodCheckin(person_id=person_id, mood=4, at=old))
            sealed = Vault(Keyring.of(b"v" * 32)).seal("x", owner=person_id, purpose="contact:name")
            session.add(ContactDetail(person_id=person_id, kind="name", sealed=sealed, shared_at=old))
    gone = deleted(store)
    assert (gone["moods"], gone["contact_details"]) == (1, 1)
    assert (count(store, MoodCheckin), count(store, ContactDetail)) == (1, 1)


def test_what_is_not_about_a_person_goes_by_its_own_clock(store: Store) -> None:
    long_ago = now() - timedelta(days=8000)
    with store.begin() as session:
        session.add_all(
            [
                ServiceAlert(kind="engine_unavailable", cleared_at=long_ago),
                ServiceAlert(kind="engine_unavailable", first_at=long_ago),
                OutboxItem(topic="staff_notice", key="a", subject="s", ended_at=long_ago),
                OutboxItem(topic="staff_notice", key="b", subject="s", created_at=long_ago),
                SetupLink(token_hash="a", expires_at=long_ago),
                SetupLink(token_hash="b", expires_at=now() + timedelta(days=1)),
                ErasureReceipt(code="R-1", erased={}, kept={}, at=long_ago),
                StatisticsReport(attribute="mood", period="2001-Q1", version="1", cells=[1]),
                StatisticsLedger(person_year="p", period="2001-Q1", attribute="mood", version="1"),
                StatisticsLedger(
                    person_year="q", period="2001-Q1", attribute="mood", version="1", pending=[1]
                ),
                StatisticsLedger(person_year="r", period=f"{now().year}-Q1", attribute="mood", version="1"),
            ]
        )
    gone = deleted(store)
    names = ("service_alerts", "outbox", "setup_links", "receipts", "statistics_reports", "statistics_ledger")
    assert [gone[name] for name in names] == [1, 1, 1, 1, 1, 1]
    assert count(store, OutboxItem) == 1, "what was not sent yet waits, however long"
    assert count(store, ServiceAlert) == 1, "an alert that is not over stays, however old"
    assert count(store, StatisticsLedger) == 2, (
        "this year's budget can still be spent, and a report still sent"
    )


def test_it_goes_in_batches_that_let_others_write(store: Store, talked: Talked) -> None:
    for number in range(30):
        talked(f"old {number}", *("word" for _ in range(9)), days_ago=400)
    longest, stop = 0.0, threading.Event()

    def write() -> None:
        nonlocal longest
        while not stop.is_set():
            began = time.monotonic()
            with store.begin() as session:
                session.add(ServiceAlert(kind="a writer"))
            longest = max(longest, time.monotonic() - began)

    writer = threading.Thread(target=write)
    writer.start()
    gone = deleted(store, batch=20)
    stop.set()
    writer.join()
    assert gone["conversations"] == 30
    assert count(store, ServiceAlert) > 10, "writers had their turn in between"
    assert longest < 2, "and none waited as long as a person would notice being refused"


def test_a_batch_holds_at_most_its_rows_but_always_one_conversation(store: Store, talked: Talked) -> None:
    sizes: list[int] = []
    kind = KINDS[0]
    remove: Callable[..., None] = kind.remove
    for number in range(4):
        talked(f"old {number}", *("word" for _ in range(50)), days_ago=400)
    with store.begin() as session:
        sizes.append(len(retention._next(session, kind, 365, 110)))
        sizes.append(len(retention._next(session, kind, 365, 10)))
    assert sizes == [2, 1]
    assert remove is kind.remove
