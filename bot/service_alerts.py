"""Alerts about the service itself, kept for staff: one open alert for each kind, counted, until cleared."""

from __future__ import annotations

from enum import StrEnum

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from store.models import ServiceAlert, now
from store.session import Store
from store.signals import Signals

_log = structlog.get_logger()


class AlertKind(StrEnum):
    """What an alert is about."""

    ENGINE_UNAVAILABLE = "engine_unavailable"


class ServiceAlerts:
    """Raises and clears alerts."""

    def __init__(self, store: Store, signals: Signals) -> None:
        self._store = store
        self._signals = signals

    def engine_unavailable(self, reason: str) -> bool:
        """Tell staff that the bot does not answer; says whether the alert was kept."""
        return self._raise(AlertKind.ENGINE_UNAVAILABLE, reason)

    def clear(self, kind: AlertKind) -> None:
        """What the alert was about works again."""
        with self._store.begin() as session:
            session.execute(
                update(ServiceAlert)
                .where(ServiceAlert.kind == kind, ServiceAlert.cleared_at.is_(None))
                .values(cleared_at=now())
            )
        self._signals.notify("inbox")

    def _raise(self, kind: AlertKind, reason: str) -> bool:
        try:
            with self._store.begin() as session:
                open_alert = session.scalar(
                    select(ServiceAlert).where(ServiceAlert.kind == kind, ServiceAlert.cleared_at.is_(None))
                )
                if open_alert is None:
                    session.add(ServiceAlert(kind=kind, detail={"reason": reason}))
                else:
                    open_alert.times += 1
                    open_alert.last_at = now()
        except OperationalError as error:
            _log.error("alert.not_kept", kind=kind, error=type(error).__name__)
            return False
        self._signals.notify("inbox")
        return True
