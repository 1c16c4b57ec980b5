"""The store keeps only what may be kept, whole units of work at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError, StatementError

from privacy.pseudonym import Pseudonyms
from privacy.text import RedactedText, WrittenText
from store import conversations, migrate
from store.models import Conversation, Message, Person, Speaker
from store.session import Store

PERSON = Pseudonyms(b"k" * 32).of("web", "a browser")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'harbour.db'}"
    migrate.upgrade(url)
    opened = Store(url)
    yield opened
    opened.close()


def add_message(store: Store, text: object) -> None:
    with store.begin() as session:
        conversation = conversations.open_conversation(session, PERSON, "web")
        conversations.append(session, conversation, Speaker.PATIENT, text)  # type: ignore[arg-type]


def test_it_refuses_text_that_was_not_redacted(store: Store) -> None:
    with pytest.raises(StatementError, match="RedactedText or WrittenText"):
        add_message(store, "my name is on this")


def test_what_a_failed_write_held_is_not_in_its_error(store: Store) -> None:
    with pytest.raises(StatementError) as caught:
        add_message(store, "something private")
    assert "something private" not in str(caught.value)


def test_redacted_text_cannot_be_built_by_hand() -> None:
    with pytest.raises(TypeError, match=r"Only privacy\.redaction"):
        RedactedText("my name is on this")


def test_a_unit_of_work_that_fails_leaves_nothing(store: Store) -> None:
    def fail_half_way() -> None:
        with store.begin() as session:
            conversation = conversations.open_conversation(session, PERSON, "web")
            conversations.append(session, conversation, Speaker.BOT, WrittenText("half a thought"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with store.read() as session:
        assert session.query(Person).count() == 0
        assert session.query(Message).count() == 0


def test_a_locked_database_refuses_and_says_so(store: Store, tmp_path: Path) -> None:
    locker = sqlite3.connect(tmp_path / "harbour.db", isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(OperationalError, match="locked"):
            add_message(store, WrittenText("hello"))
    finally:
        locker.execute("ROLLBACK")
        locker.close()


def test_messages_come_back_in_order(store: Store) -> None:
    for number in range(5):
        add_message(store, WrittenText(f"message {number}"))
    with store.read() as session:
        conversation = session.query(Conversation).one()
        after = conversations.messages_after(session, conversation.id, 2)
        assert [message.text for message in after] == ["message 2", "message 3", "message 4"]
        recent = conversations.latest(session, conversation.id, Speaker.PATIENT, 2)
        assert [message.text for message in recent] == ["message 3", "message 4"]
