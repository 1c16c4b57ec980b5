"""The proof of an erasure: the store, Rasa's files and the tombstone are looked through, and it is said in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from bot import rasa_records
from bot.parts import RightsDesk
from store import forgetting, holds
from store.free_pages import names_in, remains
from store.models import Conversation, Person
from store.rights import held
from store.tombstones import Tombstone


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found, in sentences, and whether anything remains that should not."""

    lines: tuple[str, ...]
    nothing_remains: bool


@dataclass(frozen=True, slots=True)
class _Finding:
    sound: bool
    words: str


def prove(desk: RightsDesk, stone: Tombstone) -> Proof:
    """Look everywhere for whoever was erased with `stone`. Nothing is changed, but the files' logs are emptied."""
    in_rasa = rasa_records.sessions(desk.settings.tracker)
    with desk.store.read() as session:
        person = _person_of(desk, session, stone)
        findings = [
            _Finding(True, f"Tombstone: the erasure of {stone.at:%d %B %Y, %H:%M} UTC is written down."),
            _store(session, person, stone),
            _rasa(session, in_rasa),
        ]
    findings += _files(desk, stone, is_there=person is not None)
    sound = all(finding.sound for finding in findings)
    end = "Nothing remains that may be erased." if sound else "Something remains: see above."
    return Proof((*(finding.words for finding in findings), end), sound)


def _person_of(desk: RightsDesk, session: Session, stone: Tombstone) -> Person | None:
    for person_id, pseudonym in session.execute(select(Person.id, Person.pseudonym)):
        if desk.eraser.tombstones.mark(pseudonym) == stone.mark:
            return session.get(Person, person_id)
    return None


def _store(session: Session, person: Person | None, stone: Tombstone) -> _Finding:
    if person is None:
        return _Finding(True, "Database: nobody is kept under the erased name.")
    if person.first_seen > stone.at:
        return _Finding(True, "Database: nothing from before the erasure; the person has come back since.")
    kept = held(session, person)
    if kept.hold:
        return _Finding(True, f"Database: everything stays under a legal hold ({kept.hold}).")
    before = select(Conversation.id).where(
        Conversation.person_id == person.id, Conversation.started_at <= stone.at
    )
    left = session.scalars(before.where(Conversation.id.not_in(holds.clinical()))).all()
    if left:
        return _Finding(
            False, f"Database: {len(left)} conversations from before the erasure are still there."
        )
    return _Finding(True, "Database: only a clinical record stays; all else from before is gone.")


def _rasa(session: Session, in_rasa: set[str]) -> _Finding:
    known = set(session.scalars(select(Conversation.engine_session)))
    strangers = len(in_rasa - known)
    waiting = len(forgetting.waiting(session))
    if strangers:
        return _Finding(False, f"Rasa: holds {strangers} sessions that belong to no conversation any more.")
    if waiting:
        return _Finding(False, f"Rasa: {waiting} sessions wait to be forgotten; Rasa was not running.")
    return _Finding(True, "Rasa: holds no session but those of conversations that are kept.")


def _files(desk: RightsDesk, stone: Tombstone, *, is_there: bool) -> Iterator[_Finding]:
    for what, url in (("Database file", desk.settings.database), ("Rasa's file", desk.settings.tracker)):
        where = make_url(url)
        file = Path(where.database or "")
        if where.get_backend_name() != "sqlite" or not file.exists():
            continue
        found = remains(file)
        yield _Finding(
            found.nothing,
            f"{what}: {found.free_pages} free pages, {found.not_empty} of them not empty; "
            f"the write-ahead log was {'emptied' if found.log_emptied else 'in use: try again'}.",
        )
        named = any(desk.eraser.tombstones.mark(name) == stone.mark for name in set(names_in(file)))
        if not is_there:
            yield _Finding(
                not named,
                f"{what}: the erased name is {'still' if named else 'nowhere'} in its bytes.",
            )
