"""A migrated SQLite store, and people in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from privacy.pseudonym import Pseudonym, Pseudonyms
from privacy.text import WrittenText
from privacy.tombstone import TombstoneKey
from store import migrate
from store.conversations import append, open_conversation
from store.models import (
    Conversation,
    Escalation,
    EscalationEvent,
    EscalationState,
    MoodCheckin,
    Person,
    Speaker,
    now,
)
from store.session import Store
from store.tombstones import Tombstones

PSEUDONYMS = Pseudonyms(b"k" * 32)


def named(address: str) -> Pseudonym:
    return PSEUDONYMS.of("web", address)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "harbour.db"


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    migrate.upgrade(f"sqlite:///{database}")
    store = Store(f"sqlite:///{database}")
    yield store
    store.close()


@pytest.fixture
def tombstones(tmp_path: Path) -> Tombstones:
    return Tombstones(tmp_path / "tombstones", TombstoneKey(b"k" * 32))


Talked = Callable[..., str]


@pytest.fixture
def talked(store: Store) -> Talked:
    """Makes somebody who talked some days ago; gives the conversation's id."""

    def make(
        address: str,
        *words: str,
        days_ago: float = 0,
        asked_for_help: EscalationState | None = None,
        mood: int | None = None,
    ) -> str:
        ago = timedelta(days=days_ago)
        with store.begin() as session:
            conversation = open_conversation(session, named(address), "web")
            for text in words or ("hello",):
                append(session, conversation, Speaker.PATIENT, WrittenText(text))
            session.flush()
            _date_back(session.get_one(Person, conversation.person_id), conversation, ago)
            if mood is not None:
                session.add(
                    MoodCheckin(
                        person_id=conversation.person_id,
                        conversation_id=conversation.id,
                        mood=mood,
                        at=now() - ago,
                    )
                )
            if asked_for_help:
                escalation = Escalation(
                    conversation_id=conversation.id,
                    response="respond_today",
                    state=asked_for_help,
                    target_at=now(),
                )
                session.add(escalation)
                session.flush()
                session.add(EscalationEvent(escalation_id=escalation.id, what="raised"))
            return conversation.id

    return make


def _date_back(person: Person, conversation: Conversation, ago: timedelta) -> None:
    person.first_seen = min(person.first_seen, now() - ago)
    conversation.started_at = conversation.last_at = now() - ago
