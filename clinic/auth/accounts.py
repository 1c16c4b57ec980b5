"""Accounts of staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from privacy.vault import Vault
from store.models import Role, Staff, new_id


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What it takes to make an account; the password is hashed already."""

    first_name: str
    job_title: str
    email: str
    password_hash: str
    totp_secret: str


def accounts_exist(session: Session) -> bool:
    """Whether anybody can sign in."""
    return session.scalar(select(Staff.id).where(Staff.active).limit(1)) is not None


def with_email(session: Session, email: str) -> Staff | None:
    """The active account of that email address, however it is capitalised."""
    return session.scalar(select(Staff).where(Staff.email == normal_email(email), Staff.active))


def email_is_taken(session: Session, email: str) -> bool:
    """Whether any account has this address, also one that was switched off."""
    return session.scalar(select(Staff.id).where(Staff.email == normal_email(email))) is not None


def create(
    session: Session, vault: Vault, account: NewAccount, roles: Iterable[Role], *, last_totp_step: int = 0
) -> Staff:
    """Add an active account. Raises `sqlalchemy.exc.IntegrityError` when the email is taken."""
    staff_id = new_id()
    staff = Staff(
        id=staff_id,
        email=normal_email(account.email),
        first_name=account.first_name,
        job_title=account.job_title,
        roles=[str(role) for role in roles],
        password_hash=account.password_hash,
        totp_secret=vault.seal(account.totp_secret, owner=staff_id, purpose="totp"),
        last_totp_step=last_totp_step,
    )
    session.add(staff)
    session.flush()
    audit.record(session, audit.Deed.ACCOUNT_MADE, staff_id=staff_id, subject=staff_id)
    return staff


def normal_email(email: str) -> str:
    """One spelling for each address."""
    return email.strip().casefold()
