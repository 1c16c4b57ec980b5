"""Who works here: colleagues, what they may do, and switching accounts off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from clinic import audit, on_call
from clinic.audit import Deed
from clinic.escalations import OPEN, StepRefused
from store.models import Escalation, Role, Staff, StaffSession


def colleagues(session: Session) -> Sequence[Staff]:
    """Everybody who has or had an account: those who can sign in first, by name."""
    return session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.first_name, Staff.id)).all()


def set_roles(session: Session, admin: Staff, who: Staff, roles: Iterable[str]) -> None:
    """Change what somebody may do. They are signed out, so that it holds at once. Raises `StepRefused`."""
    chosen = [role for role in roles if role in set(Role)]
    if not chosen:
        raise StepRefused("Choose at least one thing that they may do, or switch the account off.")
    _keep_an_admin(session, who, stays=Role.ADMIN in chosen)
    who.roles = chosen
    if Role.CLINICIAN not in chosen:
        on_call.remove(session, who.id)
    session.execute(delete(StaffSession).where(StaffSession.staff_id == who.id))
    audit.record(session, Deed.ROLES_CHANGED, staff_id=admin.id, subject=who.id)


def switch_off(session: Session, admin: Staff, who: Staff) -> None:
    """They cannot sign in any more, and are asked no more. Refused while they have an open escalation."""
    _keep_an_admin(session, who, stays=False)
    owned = select(Escalation.id).where(Escalation.owner_id == who.id, Escalation.state.in_(OPEN)).limit(1)
    if session.scalar(owned) is not None:
        raise StepRefused(f"{who.first_name} still has somebody. Pass that on first.")
    who.active = False
    on_call.remove(session, who.id)
    session.execute(delete(StaffSession).where(StaffSession.staff_id == who.id))
    audit.record(session, Deed.SWITCHED_OFF, staff_id=admin.id, subject=who.id)


def _keep_an_admin(session: Session, who: Staff, *, stays: bool) -> None:
    others = session.scalars(select(Staff).where(Staff.active, Staff.id != who.id))
    if not stays and Role.ADMIN in who.roles and not any(Role.ADMIN in other.roles for other in others):
        raise StepRefused("Somebody must look after accounts. Give that to a colleague first.")
