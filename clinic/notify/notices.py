"""Carries a notice to staff: by the first route that takes it, in the words that are true when it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from clinic.notify.route import Notice, Recipient, Route
from privacy.vault import CannotUnseal, Vault
from store.courier import NOT_NEEDED, NotDelivered
from store.models import Escalation, EscalationEvent, EscalationState, OnCall, ServiceAlert, Staff, now
from store.outbox import Claimed, OutboxState
from store.session import Store

_log = structlog.get_logger()

_RESPONSES: Final = {"respond_now": "now", "respond_today": "today", "ask": "when you can"}
_OF_YOURS: Final = {
    "quiet": "A conversation that you took over waits for your words.",
    "passed": "An escalation was passed to you.",
}
ROUTE_FAILED: Final = "route_failed_"
NOBODY_TOLD: Final = "nobody_told"


@dataclass(frozen=True, slots=True)
class _Due:
    words: str
    to: Recipient


@dataclass(frozen=True, slots=True)
class Notices:
    """The carrier of staff notices. `routes` are tried in order; `shared_email` is for when nobody is on call."""

    store: Store
    vault: Vault
    routes: Sequence[Route]
    link: str
    shared_email: str = ""

    def carry(self, item: Claimed) -> str:
        """Tell whoever is asked; the name of the route that took it. Raises `NotDelivered` when none did.

        Nothing is sent when the escalation needs it no more. The words are a count and a link: no name of a
        person, no word of theirs, no id.
        """
        with self.store.read() as session:
            due = self._due(session, item)
        if due is None:
            return NOT_NEEDED
        notice = Notice(due.words, self.link, item.key, tried_before=item.attempt > 1)
        failures: list[NotDelivered] = []
        for route in (route for route in self.routes if route.reaches(due.to)):
            try:
                route.send(due.to, notice)
            except NotDelivered as failure:
                _log.warning("notice.route_failed", attempts=item.attempt)
                failures.append(failure)
                self._alert(ROUTE_FAILED + route.name)
                continue
            self._clear(ROUTE_FAILED + route.name, NOBODY_TOLD)
            return route.name
        self._alert(NOBODY_TOLD)
        if not failures:
            raise NotDelivered("no route reaches them")
        raise NotDelivered(failures[-1].problem, permanent=all(failure.permanent for failure in failures))

    def after_end(self, session: Session, item: Claimed, state: OutboxState) -> None:
        """Write into the escalation's history whether somebody was told."""
        if session.get(Escalation, item.subject) is None:
            return
        what = "told" if state is OutboxState.DELIVERED else "could not be told"
        session.add(
            EscalationEvent(escalation_id=item.subject, what=what, staff_id=item.payload.get("staff"))
        )

    def _due(self, session: Session, item: Claimed) -> _Due | None:
        escalation = session.get(Escalation, item.subject)
        about = item.payload.get("about", "waiting")
        if escalation is None or not _still_needed(escalation, about, item.payload.get("staff")):
            return None
        return _Due(_words(session, escalation, about), self._recipient(session, item.payload.get("staff")))

    def _recipient(self, session: Session, staff_id: str | None) -> Recipient:
        staff = session.get(Staff, staff_id) if staff_id else None
        if staff is None:
            return Recipient(email=self.shared_email or None)
        place = session.get(OnCall, staff.id)
        mobile = None
        if place is not None and place.mobile is not None:
            try:
                mobile = self.vault.unseal(place.mobile, owner=staff.id, purpose="mobile")
            except CannotUnseal as error:
                _log.error("notice.number_not_opened", error=type(error).__name__)
        return Recipient(email=staff.email, mobile=mobile)

    def _alert(self, kind: str) -> None:
        with self.store.begin() as session:
            opened = session.scalar(
                select(ServiceAlert).where(ServiceAlert.kind == kind, ServiceAlert.cleared_at.is_(None))
            )
            if opened is None:
                session.add(ServiceAlert(kind=kind))
            else:
                opened.times += 1
                opened.last_at = now()

    def _clear(self, *kinds: str) -> None:
        opened = ServiceAlert.kind.in_(kinds), ServiceAlert.cleared_at.is_(None)
        with self.store.read() as session:
            if session.scalar(select(ServiceAlert.id).where(*opened).limit(1)) is None:
                return
        with self.store.begin() as session:
            session.execute(update(ServiceAlert).where(*opened).values(cleared_at=now()))


def _still_needed(escalation: Escalation, about: str, staff_id: str | None) -> bool:
    if about == "waiting":
        return escalation.state == EscalationState.RAISED
    mine = staff_id is not None and escalation.owner_id == staff_id
    if about == "quiet":
        return mine and escalation.state == EscalationState.IN_CONVERSATION
    return mine and escalation.state != EscalationState.CLOSED


def _words(session: Session, escalation: Escalation, about: str) -> str:
    if about in _OF_YOURS:
        return _OF_YOURS[about]
    waiting = session.scalar(
        select(func.count(Escalation.id)).where(
            Escalation.state == EscalationState.RAISED, Escalation.response == escalation.response
        )
    )
    count = max(waiting or 0, 1)
    what = "1 escalation needs" if count == 1 else f"{count} escalations need"
    return f"{what} a response {_RESPONSES[escalation.response]}."
