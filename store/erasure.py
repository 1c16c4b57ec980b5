"""Erasing a person for good: the store, the statistics that wait, the engine's memory, and every backup.

The order matters. Everything is deleted in one transaction; before it is committed, the tombstone is on the
disk. Should the machine stop in between, the tombstone stands and the erasure is done at the next start: the
person asked for it. The other way round, a crash could leave a backup that nobody knows to put right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import ErasureReceipt, Person, now
from store.rights import Erased, erase_person
from store.session import Store
from store.tombstones import Tombstone, Tombstones

CountNoMore = Callable[[Session, Person], None]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person is told after an erasure. It names nobody."""

    code: str
    at: datetime
    erased: dict[str, int]
    kept: dict[str, int]


class Eraser:
    """Erases people, and erases them again when a backup brings them back."""

    def __init__(self, tombstones: Tombstones, count_no_more: CountNoMore) -> None:
        self.tombstones = tombstones
        self._count_no_more = count_no_more

    def erase(self, session: Session, person: Person) -> Receipt:
        """Erase `person` in the caller's transaction, which must be committed next; gives the receipt.

        Raises `OSError` when the tombstone cannot be kept: then roll back, for a backup would bring all of it
        back unnoticed.
        """
        stone = self.tombstones.make(person.pseudonym, now())
        self._count_no_more(session, person)
        session.flush()
        done = erase_person(session, person, stone.at)
        session.add(ErasureReceipt(code=stone.receipt, at=stone.at, erased=done.erased, kept=done.kept))
        session.flush()
        self.tombstones.add(stone)
        return Receipt(stone.receipt, stone.at, done.erased, done.kept)

    def reapply(self, store: Store) -> int:
        """Erase again whoever a backup, or a lifted hold, has left in the store; how many people it was."""
        stones = self.tombstones.latest()
        if not stones:
            return 0
        with store.read() as session:
            back = list(self._back_again(session, stones))
        return sum(self._again(store, person_id, stone) for person_id, stone in back)

    def _back_again(self, session: Session, stones: dict[str, Tombstone]) -> Iterator[tuple[str, Tombstone]]:
        for person_id, pseudonym, first_seen in session.execute(
            select(Person.id, Person.pseudonym, Person.first_seen)
        ):
            stone = stones.get(self.tombstones.mark(pseudonym))
            if stone is not None and first_seen <= stone.at:
                yield person_id, stone

    def _again(self, store: Store, person_id: str, stone: Tombstone) -> bool:
        with store.begin() as session:
            person = session.get(Person, person_id)
            if person is None:
                return False
            with session.begin_nested() as attempt:
                self._count_no_more(session, person)
                session.flush()
                done = erase_person(session, person, stone.at)
                if not _did_something(session, done, person_id):
                    attempt.rollback()
                    return False
        return True


def find_receipt(session: Session, code: str) -> Receipt | None:
    """The receipt with that code, if it is still kept."""
    row = session.get(ErasureReceipt, code)
    return None if row is None else Receipt(row.code, row.at, dict(row.erased), dict(row.kept))


def _did_something(session: Session, done: Erased, person_id: str) -> bool:
    still_there = session.scalar(select(Person.id).where(Person.id == person_id))
    return done.anything or still_there is None
