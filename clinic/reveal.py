"""Opening a contact detail: one detail, for one named clinician, for one reason, and written down for good."""

from __future__ import annotations

from typing import Final

import structlog
from sqlalchemy.orm import Session

from clinic import audit
from clinic.escalations import StepRefused
from privacy.vault import CannotUnseal, Vault
from store import contact_details
from store.contact_details import ContactKind
from store.models import Escalation, EscalationEvent, Role, Staff

_log = structlog.get_logger()

REASONS: Final = {
    "crisis_callback": "To ring back in a crisis",
    "welfare_check": "To check that they are safe",
    "arrange_appointment": "To arrange an appointment",
    "safeguarding": "To protect them or somebody else",
}
"""Why a detail may be opened: the code that is recorded, and the words that staff choose."""


def reveal(
    session: Session, vault: Vault, escalation: Escalation, staff: Staff, *, kind: str, reason: str
) -> str:
    """What the person of this escalation shared of that kind. Show it only once this unit of work is committed.

    It leaves a line in the audit trail (who, which detail, why) and one in the escalation's history, which
    colleagues read. Any clinician may: whoever has the escalation may have gone home. Raises `StepRefused`
    without a reason from `REASONS`, and when there is nothing to open; then nothing is recorded.
    """
    if not staff.active or Role.CLINICIAN not in staff.roles:
        raise StepRefused("Only a clinician can open what a person shared.")
    if reason not in REASONS:
        raise StepRefused("Say why you need it: choose one of the reasons.")
    if kind not in {known.value for known in ContactKind}:
        raise StepRefused("Choose what to open.")
    value, detail_id = _opened(session, vault, escalation, ContactKind(kind))
    deed, chosen = audit.Deed.REVEALED, f"{kind}: {reason}"
    # Both ids: the detail's row goes when the person takes it back, and the line must still say whose it was.
    subject = f"{escalation.id}/{detail_id}"
    audit.record(session, deed, staff_id=staff.id, subject=subject, detail=chosen)
    session.add(EscalationEvent(escalation_id=escalation.id, what=f"{deed} {chosen}", staff_id=staff.id))
    session.flush()
    return value


def _opened(session: Session, vault: Vault, escalation: Escalation, kind: ContactKind) -> tuple[str, str]:
    person = escalation.conversation.person
    detail = contact_details.held(session, person.id).get(kind)
    if detail is None:
        raise StepRefused("They do not share this, or have taken it back.")
    try:
        return contact_details.opened(vault, person, detail), detail.id
    except CannotUnseal as error:
        _log.error("contact.not_opened", error=type(error).__name__)
        raise StepRefused(
            "This cannot be opened: it was altered, or its key is missing. Tell whoever runs this service."
        ) from error
