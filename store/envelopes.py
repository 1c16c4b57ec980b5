"""Where sealed envelopes lie in the database, under which keys they are, and how they get under another.

Nothing here holds a lock for long: rows are read, re-wrapped outside any transaction, and written back in small
batches, each row only if it still holds the bytes that were read. So whatever another process changes meanwhile
stands, and stopping at any moment leaves every envelope whole, under one key or the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Integer,
    LargeBinary,
    Row,
    Select,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from privacy.keyring import KeyId
from privacy.vault import PREFIX_BYTES, CannotUnseal, Sealed, Vault, key_of, prefix_under
from store.columns import SealedColumn
from store.contact_details import purpose_of
from store.models import ContactDetail, Message, OnCall, Person, Staff, StaffNote
from store.session import Store

BATCH: Final = 50
_FIRST_BYTES: Final = (literal_column("1", Integer), literal_column(str(PREFIX_BYTES), Integer))

_Row: TypeAlias = Row[str, Sealed, str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A column of envelopes: each row's id, its envelope, and for whom and what it was sealed."""

    id: InstrumentedAttribute[str]
    sealed: InstrumentedAttribute[Any]
    owner: ColumnElement[Any] | InstrumentedAttribute[Any]
    purpose: ColumnElement[str]
    joined: type[Person] | None = None

    @property
    def table(self) -> str:
        """The name of the table."""
        return str(self.sealed.class_.__tablename__)

    def rows(self) -> Select[str, Sealed, str, str]:
        """(id, sealed, owner, purpose) of every row that holds an envelope, in the order of the ids."""
        query = select(self.id, self.sealed, self.owner, self.purpose).where(self.sealed.is_not(None))
        return (query.join(self.joined) if self.joined else query).order_by(self.id)

    def prefix(self) -> ColumnElement[bytes]:
        """The first bytes of the envelope, which name the key."""
        # No parameters: PostgreSQL would not see that what is grouped by is what is selected.
        envelope = type_coerce(self.sealed, LargeBinary)
        return func.substr(envelope, *_FIRST_BYTES, type_=LargeBinary)


PLACES: Final = (
    Place(Message.id, Message.sealed, Message.conversation_id, literal("reply")),
    Place(Staff.id, Staff.totp_secret, Staff.id, literal("totp")),
    Place(StaffNote.id, StaffNote.sealed, StaffNote.escalation_id, literal("note")),
    Place(OnCall.staff_id, OnCall.mobile, OnCall.staff_id, literal("mobile")),
    Place(ContactDetail.id, ContactDetail.sealed, Person.pseudonym, purpose_of(ContactDetail.kind), Person),
)
"""Every sealed column that there is; tests/store/test_envelopes.py holds that none is missing."""


@dataclass(slots=True)
class Rewrapped:
    """What walks over the envelopes did, in counts, kept up to date after each batch."""

    moved: int = 0
    changed_meanwhile: int = 0
    """Rows that another process changed or erased after they were read: look again."""
    unopened: Counter[str] = field(default_factory=Counter)
    """By table, in the last walk: envelopes that do not open for their own row, left as they are."""


def count_by_key(session: Session) -> Counter[KeyId | None]:
    """How many envelopes are under each key; under None, those of version 1, which name no key."""
    counted: Counter[KeyId | None] = Counter()
    for place in PLACES:
        query = select(place.prefix(), func.count()).where(place.sealed.is_not(None)).group_by(place.prefix())
        for prefix, count in session.execute(query):
            counted[key_of(Sealed(bytes(prefix)))] += count
    return counted


def rewrap_all(store: Store, vault: Vault, done: Rewrapped) -> bool:
    """Walk once over every envelope that is not under the newest key, and put it there; `done` counts.

    Whether there was any: if so, walk again. Raises `sqlalchemy.exc.OperationalError` when the database stays
    locked; what was done until then stands.
    """
    before = done.moved + done.changed_meanwhile
    done.unopened.clear()
    for place in PLACES:
        for batch in _batches(store, vault, place):
            _rewrap(store, vault, place, batch, done)
    return done.moved + done.changed_meanwhile > before


def _batches(store: Store, vault: Vault, place: Place) -> Iterator[Sequence[_Row]]:
    newest = prefix_under(vault.keyring.newest().id)
    query = place.rows().where(place.prefix() != newest, place.id > bindparam("after")).limit(BATCH)
    after = ""
    while True:
        with store.read() as session:
            batch = session.execute(query, {"after": after}).all()
        if not batch:
            return
        yield batch
        after = batch[-1][0]


def _rewrap(store: Store, vault: Vault, place: Place, batch: Sequence[_Row], done: Rewrapped) -> None:
    changes = []
    for row_id, sealed, owner, purpose in batch:
        try:
            changes.append((row_id, sealed, vault.rewrap(sealed, owner=owner, purpose=purpose)))
        except CannotUnseal:
            done.unopened[place.table] += 1
    if not changes:
        return
    with store.begin() as session:
        moved = sum(_replace(session, place, *change) for change in changes)
    done.moved += moved
    done.changed_meanwhile += len(changes) - moved


def _replace(session: Session, place: Place, row_id: str, old: Sealed, new: Sealed) -> bool:
    """Whether the row still held `old`, and so holds `new` now."""
    change = update(place.sealed.class_).where(place.id == row_id, place.sealed == old)
    changed = session.execute(
        change.values({place.sealed.key: new}).returning(place.id),
        execution_options={"synchronize_session": False},
    )
    return changed.first() is not None


def sealed_columns_of(metadata: Any) -> set[str]:
    """``table.column`` of every column that is kept sealed."""
    return {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, SealedColumn)
    }
