"""Every sealed column is counted and re-wrapped, and what somebody else changes meanwhile stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from privacy.keyring import Key, Keyring
from privacy.pseudonym import Pseudonyms
from privacy.text import WrittenText
from privacy.vault import CannotUnseal, Vault, key_of
from store import contact_details, conversations, envelopes, migrate
from store.base import Base
from store.contact_details import ContactKind
from store.envelopes import BATCH, PLACES, Rewrapped, count_by_key, rewrap_all
from store.models import ContactDetail, Message, Person, Speaker, Staff
from store.session import Store

OLD, NEW = Key(b"o" * 32), Key(b"n" * 32)
BEFORE, AFTER = Vault(Keyring.of(b"o" * 32)), Vault(Keyring.of(b"o" * 32, b"n" * 32))
REPLIES = 2 * BATCH + 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'harbour.db'}"
    migrate.upgrade(url)
    opened = Store(url)
    yield opened
    opened.close()


@pytest.fixture
def filled(store: Store) -> Store:
    """More replies than two batches, with as many messages that hold no envelope; a phone number; a clinician."""
    with store.begin() as session:
        chat = conversations.open_conversation(session, Pseudonyms(b"k" * 32).of("web", "a"), "web")
        for number in range(REPLIES):
            sealed = BEFORE.seal(f"reply {number}", owner=chat.id, purpose="reply")
            conversations.append(session, chat, Speaker.CLINICIAN, WrittenText("-"), sealed=sealed)
            conversations.append(session, chat, Speaker.BOT, WrittenText("-"))
        contact_details.share(session, BEFORE, chat.person, ContactKind.PHONE, "020 7946 0958")
        session.add(
            Staff(
                id="amina",
                email="a@trust.example",
                first_name="Amina",
                job_title="nurse",
                password_hash="-",
                totp_secret=BEFORE.seal("code", owner="amina", purpose="totp"),
            )
        )
    return store


def test_no_sealed_column_is_forgotten() -> None:
    known = {f"{place.table}.{place.sealed.key}" for place in PLACES}
    assert envelopes.sealed_columns_of(Base.metadata) == known


def test_every_envelope_is_counted_under_its_key(filled: Store) -> None:
    with filled.read() as session:
        assert count_by_key(session) == {OLD.id: REPLIES + 2}


def test_rewrapping_moves_everything_and_changes_no_text(filled: Store) -> None:
    done = Rewrapped()
    assert rewrap_all(filled, AFTER, done)
    assert not rewrap_all(filled, AFTER, done)
    assert (done.moved, done.changed_meanwhile, done.unopened) == (REPLIES + 2, 0, {})
    new_alone = Vault(Keyring.of(b"n" * 32))
    with filled.read() as session:
        assert count_by_key(session) == {NEW.id: REPLIES + 2}
        replies = [
            new_alone.unseal(message.sealed, owner=message.conversation_id, purpose="reply")
            for message in session.query(Message).order_by(Message.position)
            if message.sealed is not None
        ]
        assert replies == [f"reply {number}" for number in range(REPLIES)]
        detail, person = session.query(ContactDetail).one(), session.query(Person).one()
        assert contact_details.opened(new_alone, person, detail) == "020 7946 0958"
        secret = session.query(Staff).one().totp_secret
        assert new_alone.unseal(secret, owner="amina", purpose="totp") == "code"


def test_what_another_process_changes_meanwhile_stands(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person shares another number between the reading and the writing."""
    rewrap = Vault.rewrap

    def rewrap_late(vault: Vault, sealed: object, *, owner: str, purpose: str) -> object:
        if purpose == "contact:phone":
            with filled.begin() as session:
                person = session.query(Person).one()
                contact_details.share(session, BEFORE, person, ContactKind.PHONE, "029 2018 0018")
        return rewrap(vault, sealed, owner=owner, purpose=purpose)  # type: ignore[arg-type]

    monkeypatch.setattr(Vault, "rewrap", rewrap_late)
    done = Rewrapped()
    assert rewrap_all(filled, AFTER, done)
    assert done.changed_meanwhile == 1
    with filled.read() as session:
        detail = session.query(ContactDetail).one()
        assert key_of(detail.sealed) == OLD.id
    monkeypatch.undo()
    assert rewrap_all(filled, AFTER, done)
    with filled.read() as session:
        detail = session.query(ContactDetail).one()
        assert key_of(detail.sealed) == NEW.id
        assert contact_details.opened(AFTER, session.query(Person).one(), detail) == ("029 2018 0018")


def test_an_envelope_that_does_not_open_is_left_and_counted(filled: Store) -> None:
    moved = BEFORE.seal("07", owner="somebody else", purpose="contact:phone")
    with filled.begin() as session:
        session.execute(update(ContactDetail).values(sealed=moved))
    done = Rewrapped()
    rewrap_all(filled, AFTER, done)
    assert not rewrap_all(filled, AFTER, done), "it must not be tried for ever"
    assert done.unopened == {"contact_detail": 1}
    with filled.read() as session:
        assert session.query(ContactDetail).one().sealed == moved
        assert count_by_key(session) == {NEW.id: REPLIES + 1, OLD.id: 1}


def test_stopping_at_any_moment_leaves_every_envelope_readable(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0
    seal = Vault.rewrap

    def stop_in_the_second_batch(vault: Vault, sealed: object, **bound: str) -> object:
        nonlocal calls
        calls += 1
        if calls > BATCH + 3:
            raise KeyboardInterrupt
        return seal(vault, sealed, **bound)  # type: ignore[arg-type]

    monkeypatch.setattr(Vault, "rewrap", stop_in_the_second_batch)
    with pytest.raises(KeyboardInterrupt):
        rewrap_all(filled, AFTER, Rewrapped())
    with filled.read() as session:
        assert count_by_key(session) == {NEW.id: BATCH, OLD.id: REPLIES + 2 - BATCH}
    monkeypatch.undo()
    rewrap_all(filled, AFTER, Rewrapped())
    with filled.read() as session:
        assert count_by_key(session) == {NEW.id: REPLIES + 2}


def test_a_detail_of_one_person_does_not_open_as_anothers(filled: Store) -> None:
    with filled.begin() as session:
        other = conversations.open_conversation(session, Pseudonyms(b"k" * 32).of("web", "b"), "web").person
        detail = session.query(ContactDetail).one()
        with pytest.raises(CannotUnseal):
            contact_details.opened(BEFORE, other, detail)
        detail.kind = "email"
        with pytest.raises(CannotUnseal):
            contact_details.opened(BEFORE, session.query(Person).filter_by(id=detail.person_id).one(), detail)
