"""What a person chose to share is kept sealed, one of each kind, until they take it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from privacy.keyring import Keyring
from privacy.pseudonym import Pseudonyms
from privacy.vault import Vault
from store import conversations, migrate
from store.contact_details import ContactKind, held, opened, remove, share
from store.models import ContactDetail, Person
from store.session import Store

VAULT = Vault(Keyring.of(b"v" * 32))
NUMBER = "020 7946 0958"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'harbour.db'}"
    migrate.upgrade(url)
    kept = Store(url)
    with kept.begin() as session:
        for who in ("a", "b"):
            conversations.open_conversation(session, Pseudonyms(b"k" * 32).of("web", who), "web")
    yield kept
    kept.close()


@pytest.fixture
def people(store: Store) -> list[Person]:
    with store.read() as session:
        return list(session.scalars(select(Person)))


def test_it_can_be_read_again_for_the_same_person(store: Store, people: list[Person]) -> None:
    with store.begin() as session:
        share(session, VAULT, people[0], ContactKind.PHONE, NUMBER)
        share(session, VAULT, people[0], ContactKind.NAME, "Sam")
    with store.read() as session:
        found = held(session, people[0].id)
        assert list(found) == [ContactKind.NAME, ContactKind.PHONE]
        assert opened(VAULT, people[0], found[ContactKind.PHONE]) == NUMBER
        assert held(session, people[1].id) == {}


def test_sharing_again_replaces_what_was_there(store: Store, people: list[Person]) -> None:
    for value in (NUMBER, "029 2018 0018"):
        with store.begin() as session:
            share(session, VAULT, people[0], ContactKind.PHONE, value)
    with store.read() as session:
        [detail] = session.scalars(select(ContactDetail))
        assert opened(VAULT, people[0], detail) == "029 2018 0018"


def test_taking_it_back_erases_it_and_nothing_else(store: Store, people: list[Person]) -> None:
    with store.begin() as session:
        for person in people:
            share(session, VAULT, person, ContactKind.PHONE, NUMBER)
        share(session, VAULT, people[0], ContactKind.EMAIL, "sam@mail.example")
        assert remove(session, people[0], ContactKind.PHONE)
        assert not remove(session, people[0], ContactKind.PHONE)
        assert list(held(session, people[0].id)) == [ContactKind.EMAIL]
        assert list(held(session, people[1].id)) == [ContactKind.PHONE]


def test_no_file_of_the_database_holds_it_in_clear(
    store: Store, people: list[Person], tmp_path: Path
) -> None:
    with store.begin() as session:
        share(session, VAULT, people[0], ContactKind.EMAIL, "sam@mail.example")
    files = list(tmp_path.glob("harbour.db*"))
    assert files
    assert all(b"sam@mail" not in file.read_bytes() for file in files)


def test_it_goes_with_the_person(store: Store, people: list[Person]) -> None:
    with store.begin() as session:
        share(session, VAULT, people[0], ContactKind.PHONE, NUMBER)
        session.execute(text("DELETE FROM conversation"))
        session.delete(session.get_one(Person, people[0].id))
    with store.read() as session:
        assert session.scalars(select(ContactDetail)).all() == []
