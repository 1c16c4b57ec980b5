"""Signing in: email, password and code together, and one answer for every way of being wrong."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from clinic import audit
from clinic.auth import accounts, codes, passwords, sessions
from privacy.vault import CannotUnseal, Vault
from store.models import Staff, now
from store.session import Store


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What was typed into the sign-in form. It has no `repr`, so that it cannot reach a log."""

    email: str
    password: str
    code: str


class Door:
    """Lets the right people in. The password is checked outside any transaction, because that takes long."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        # An unknown email costs as much work as a known one, so that the time taken does not tell them apart.
        self._nobodys_hash = passwords.hash_password(codes.new_secret())
        self._nobodys_secret = vault.seal(codes.new_secret(), owner="nobody", purpose="totp")

    def sign_in(self, given: Credentials) -> str | None:
        """The token of a new session, or None when the email, the password or the code is wrong."""
        with self._store.read() as session:
            staff = accounts.with_email(session, given.email)
        password_is_right = passwords.matches(
            given.password, staff.password_hash if staff else self._nobodys_hash
        )
        after = staff.last_totp_step if staff else 0
        step = codes.step_of(self._secret(staff), given.code, now(), after=after)
        with self._store.begin() as session:
            if staff and password_is_right and step and _spend(session, staff, step):
                audit.record(session, audit.Deed.SIGNED_IN, staff_id=staff.id)
                return sessions.start(session, staff)
            audit.record(session, audit.Deed.SIGN_IN_FAILED, staff_id=staff.id if staff else None)
        return None

    def _secret(self, staff: Staff | None) -> str:
        if staff is not None:
            return self._vault.unseal(staff.totp_secret, owner=staff.id, purpose="totp")
        try:
            return self._vault.unseal(self._nobodys_secret, owner="nobody", purpose="totp")
        except CannotUnseal:  # it is in no table, so no rotation re-wraps it before its key is retired
            self._nobodys_secret = self._vault.seal(codes.new_secret(), owner="nobody", purpose="totp")
            return self._vault.unseal(self._nobodys_secret, owner="nobody", purpose="totp")


def _spend(session: Session, staff: Staff, step: int) -> bool:
    """Use up the code; False when another request used it first."""
    unused = Staff.id == staff.id, Staff.active, Staff.last_totp_step < step
    spend = update(Staff).where(*unused).values(last_totp_step=step).returning(Staff.id)
    return session.scalar(spend) is not None
