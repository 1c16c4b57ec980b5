"""An erasure leaves nothing, keeps what must stay, and holds against every backup."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from privacy.keyring import Keyring
from privacy.text import WrittenText
from privacy.vault import Vault
from store import holds
from store.base import Base
from store.conversations import append
from store.erasure import Eraser, Receipt, find_receipt
from store.forgetting import waiting
from store.free_pages import names_in, remains
from store.models import (
    ContactDetail,
    Conversation,
    EscalationState,
    FinishedGuide,
    GuideProgress,
    Measure,
    Message,
    MoodCheckin,
    Person,
    Plan,
    Speaker,
)
from store.rights import CLINICAL_RECORD, LEGAL_HOLD, find_person
from store.session import Store
from store.tombstones import Tombstones
from tests.store.conftest import Talked, named

PERSONAL = {
    "person",
    "conversation",
    "message",
    "escalation",
    "escalation_event",
    "mood_checkin",
    "guide_progress",
    "finished_guide",
    "measure",
    "plan",
    "contact_detail",
    "legal_hold",
}


@pytest.fixture
def eraser(tombstones: Tombstones) -> Eraser:
    def count_no_more(_session: object, person: Person) -> None:
        person.shares_statistics = False

    return Eraser(tombstones, count_no_more)


def erased(store: Store, eraser: Eraser, address: str) -> Receipt:
    with store.begin() as session:
        person = find_person(session, named(address))
        assert person
        return eraser.erase(session, person)


def rows(store: Store) -> dict[str, int]:
    with store.read() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def test_every_table_that_hangs_on_a_person_is_known_here() -> None:
    """A new table with a person in it must be erased too."""
    found = {"person"}
    while True:
        more = {
            name
            for name, table in Base.metadata.tables.items()
            if any(key.column.table.name in found for key in table.foreign_keys)
        }
        if more <= found:
            break
        found |= more
    assert found == PERSONAL


def test_nothing_is_left_in_any_table(store: Store, eraser: Eraser, talked: Talked) -> None:
    talked("somebody", "one", "two", mood=4)
    with store.begin() as session:
        person = find_person(session, named("somebody"))
        assert person
        sealed = Vault(Keyring.of(b"v" * 32)).seal(
            "07700 900123", owner=person.pseudonym, purpose="contact:phone"
        )
        session.add(ContactDetail(person_id=person.id, kind="phone", sealed=sealed))
        words = {"thought": WrittenText("it is all my fault"), "how_strong": 7, "skipped": None}
        session.add_all(
            [
                GuideProgress(person_id=person.id, guide="thought_record", step="thought", answers=words),
                FinishedGuide(person_id=person.id, guide="worry_time", helped="helped"),
                Measure(person_id=person.id, questionnaire="phq9", answers={"interest": 2}, score=None),
                Plan(person_id=person.id, kind="safety_plan", parts=words),
            ]
        )
        holds.lift(session, person)
    receipt = erased(store, eraser, "somebody")
    assert receipt.erased == {
        "conversations": 1,
        "messages": 2,
        "moods": 1,
        "contact_details": 1,
        "measures": 1,
        "plans": 1,
        "guides": 2,
    }
    assert receipt.kept == {}
    left = rows(store)
    assert {name: left[name] for name in PERSONAL if left[name]} == {}
    with store.read() as session:
        assert len(waiting(session)) == 1
        assert find_receipt(session, receipt.code) == receipt


def test_nobody_else_is_touched(store: Store, eraser: Eraser, talked: Talked) -> None:
    talked("somebody", mood=4)
    talked("another", mood=7)
    erased(store, eraser, "somebody")
    left = rows(store)
    assert (left["person"], left["message"], left["mood_checkin"]) == (1, 1, 1)


def test_a_lifted_hold_does_not_keep_the_person(store: Store, eraser: Eraser, talked: Talked) -> None:
    talked("somebody")
    with store.begin() as session:
        person = find_person(session, named("somebody"))
        assert person
        holds.place(session, person, "court")
        holds.lift(session, person)
    erased(store, eraser, "somebody")
    assert rows(store)["person"] == 0


def test_a_clinical_record_stays_and_everything_else_goes(
    store: Store, eraser: Eraser, talked: Talked
) -> None:
    clinical = talked("somebody", "help", asked_for_help=EscalationState.CLOSED, mood=1)
    with store.begin() as session:
        session.get_one(Conversation, clinical).turn = "ended"  # type: ignore[assignment]
    talked("somebody", "another chat")
    receipt = erased(store, eraser, "somebody")
    assert receipt.kept == {CLINICAL_RECORD: 1}
    with store.read() as session:
        assert session.scalars(select(Conversation.id)).all() == [clinical]
        assert session.scalars(select(MoodCheckin.id)).all() == []
        assert len(waiting(session)) == 2, "Rasa's memory is no part of the record"


def test_the_bytes_of_the_database_hold_nothing_any_more(
    store: Store, eraser: Eraser, talked: Talked, database: Path
) -> None:
    """Searched as a burglar would: in the file and in its log, among thousands of other rows."""
    marker = secrets.token_hex(16)
    for number in range(60):
        talked(f"before {number}", *(f"words {number} {each}" for each in range(20)))
    talked("somebody", *(f"{marker} {'long ' * (each % 40)}" for each in range(300)))
    for number in range(60):
        talked(f"after {number}", *(f"words {number} {each}" for each in range(20)))
    assert store.leave_no_trace()
    assert marker.encode() in database.read_bytes()
    assert named("somebody") in set(names_in(database))

    erased(store, eraser, "somebody")
    assert store.leave_no_trace()

    log = database.with_name("harbour.db-wal")
    assert marker.encode() not in database.read_bytes()
    assert not log.exists() or marker.encode() not in log.read_bytes()
    assert named("somebody") not in set(names_in(database))
    found = remains(database)
    assert found.free_pages > 0, "else the test shows nothing"
    assert found.nothing


def test_free_pages_that_hold_something_are_found(tmp_path: Path) -> None:
    import sqlite3

    file = tmp_path / "careless.db"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("CREATE TABLE said (words TEXT)")
        connection.executemany("INSERT INTO said VALUES (?)", [("secret " * 50,)] * 500)
        connection.commit()
        connection.execute("DELETE FROM said")
    connection.close()
    assert remains(file).not_empty > 0


def test_a_restored_backup_is_erased_again(
    store: Store, eraser: Eraser, talked: Talked, database: Path, tmp_path: Path
) -> None:
    talked("somebody", "before the backup", mood=3)
    talked("another")
    store.leave_no_trace()
    shutil.copy(database, tmp_path / "backup.db")
    receipt = erased(store, eraser, "somebody")
    restored = Store(f"sqlite:///{tmp_path / 'backup.db'}")
    assert rows(restored)["person"] == 2
    assert eraser.reapply(restored) == 1
    assert rows(restored)["person"] == 1
    assert rows(restored)["mood_checkin"] == 0
    assert eraser.reapply(restored) == 0, "once is enough"
    assert eraser.tombstones.with_receipt(receipt.code), "the receipt outlives the backup"
    restored.close()


def test_whoever_comes_back_after_an_erasure_is_left_alone(
    store: Store, eraser: Eraser, talked: Talked
) -> None:
    talked("somebody")
    erased(store, eraser, "somebody")
    talked("somebody", "hello again")
    assert eraser.reapply(store) == 0
    assert rows(store)["message"] == 1


def test_what_follows_an_erasure_that_kept_a_record_is_left_alone(
    store: Store, eraser: Eraser, talked: Talked
) -> None:
    clinical = talked("somebody", asked_for_help=EscalationState.RAISED)
    erased(store, eraser, "somebody")
    with store.begin() as session:
        conversation = session.get_one(Conversation, clinical)
        append(session, conversation, Speaker.PATIENT, WrittenText("still here"))
        session.add(MoodCheckin(person_id=conversation.person_id, mood=5))
    assert eraser.reapply(store) == 0
    assert (rows(store)["message"], rows(store)["mood_checkin"]) == (2, 1)


def test_a_hold_keeps_everything_and_the_wish_is_done_when_it_is_lifted(
    store: Store, eraser: Eraser, talked: Talked
) -> None:
    talked("somebody", "one", mood=4)
    with store.begin() as session:
        person = find_person(session, named("somebody"))
        assert person
        holds.place(session, person, "inquest")
    receipt = erased(store, eraser, "somebody")
    assert receipt.kept == {LEGAL_HOLD: 1}
    assert rows(store)["message"] == 1
    assert eraser.reapply(store) == 0
    with store.begin() as session:
        person = find_person(session, named("somebody"))
        assert person
        assert holds.lift(session, person) == 1
    assert eraser.reapply(store) == 1
    assert rows(store)["person"] == 0


def test_an_unknown_reason_for_a_hold_is_refused(store: Store, talked: Talked) -> None:
    talked("somebody")
    with store.begin() as session:
        person = find_person(session, named("somebody"))
        assert person
        with pytest.raises(ValueError, match="choose one of complaint"):
            holds.place(session, person, "because")


def test_a_failure_half_way_erases_nothing_and_leaves_no_tombstone(
    store: Store, eraser: Eraser, talked: Talked
) -> None:
    talked("somebody")

    def fails() -> None:
        with store.begin() as session:
            person = find_person(session, named("somebody"))
            assert person
            session.connection().exec_driver_sql("DROP TABLE erasure_receipt")
            eraser.erase(session, person)

    with pytest.raises(Exception, match="erasure_receipt"):
        fails()
    assert rows(store)["message"] == 1
    assert eraser.tombstones.all() == []


def test_messages_are_counted_before_they_go(store: Store, eraser: Eraser, talked: Talked) -> None:
    talked("somebody", *("word" for _ in range(7)))
    assert erased(store, eraser, "somebody").erased["messages"] == 7
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0
