"""Ways to reach a person that they chose to share: sealed for their pseudonym, one of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, delete, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from privacy.vault import Vault
from store.models import ContactDetail, Person, now

_PURPOSE: Final = "contact:"


class ContactKind(StrEnum):
    """What can be shared, in the order in which it is asked for."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"


def share(session: Session, vault: Vault, person: Person, kind: ContactKind, value: str) -> None:
    """Keep `value`, in place of what the person shared of this kind before. It must have been checked."""
    sealed = vault.seal(value, owner=person.pseudonym, purpose=_PURPOSE + kind)
    kept = _find(session, person, kind)
    if kept is None:
        session.add(ContactDetail(person_id=person.id, kind=kind.value, sealed=sealed))
    else:
        kept.sealed, kept.shared_at = sealed, now()
    session.flush()


def remove(session: Session, person: Person, kind: ContactKind) -> bool:
    """Erase what was shared of this kind. Whether there was something."""
    erase = delete(ContactDetail).where(ContactDetail.person_id == person.id, ContactDetail.kind == kind)
    return session.scalar(erase.returning(ContactDetail.id)) is not None


def held(session: Session, person_id: str) -> Mapping[ContactKind, ContactDetail]:
    """What the person shares, still sealed, in the order of `ContactKind`."""
    query = select(ContactDetail).where(ContactDetail.person_id == person_id)
    found = {ContactKind(detail.kind): detail for detail in session.scalars(query)}
    return {kind: found[kind] for kind in ContactKind if kind in found}


def opened(vault: Vault, person: Person, detail: ContactDetail) -> str:
    """The value. Raises `CannotUnseal`, also when the detail is another person's."""
    return vault.unseal(detail.sealed, owner=person.pseudonym, purpose=_PURPOSE + detail.kind)


def purpose_of(kind: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """The purpose that a row's envelope is bound to, as the database can say it."""
    return literal(_PURPOSE) + kind


def _find(session: Session, person: Person, kind: ContactKind) -> ContactDetail | None:
    query = select(ContactDetail).where(ContactDetail.person_id == person.id, ContactDetail.kind == kind)
    return session.scalar(query)
