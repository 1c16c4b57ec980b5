"""Carries what is in the outbox: claims, hands each item to the carrier of its topic, and writes down what became
of it. It logs kinds and counts, never what is carried or to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import structlog
from sqlalchemy.orm import Session

from store import outbox
from store.outbox import Backoff, Claimed, OutboxState, Topic
from store.session import Store

_log = structlog.get_logger()

_AT_ONCE: Final = 10

NOT_NEEDED: Final = "not needed"
"""The route of an item that was overtaken by events: there was nothing to send any more."""


class NotDelivered(Exception):
    """An attempt failed. `problem` is a fixed word or two; `permanent` says that trying again is useless."""

    def __init__(self, problem: str, *, permanent: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.permanent = permanent


Carrier = Callable[[Claimed], str]
"""Sends one item and returns the route that took it, or `NOT_NEEDED`. Raises `NotDelivered`."""

AfterEnd = Callable[[Session, Claimed, OutboxState], None]
"""Told in the same transaction when an item has been delivered or given up."""


def _nothing_more(_session: Session, _item: Claimed, _state: OutboxState) -> None:
    """For who need not be told."""


class Courier:
    """Makes rounds. Several may run at once, in several processes."""

    def __init__(
        self,
        store: Store,
        carriers: Mapping[Topic, Carrier],
        *,
        backoff: Backoff | None = None,
        after_end: AfterEnd = _nothing_more,
    ) -> None:
        self._store = store
        self._carriers = carriers
        self._backoff = backoff or Backoff()
        self._after_end = after_end

    def round(self) -> int:
        """Carry what is due, one after another; how many items were tried."""
        tried = 0
        while outbox.anything_due(self._store, self._carriers):
            # One claim at a time is ended before the next: a slow route must not let other claims run out.
            items = outbox.claim(self._store, self._carriers, limit=1)
            if not items:
                return tried
            for item in items:
                self._carry(item)
                tried += 1
            if tried >= _AT_ONCE:
                return tried
        return tried

    def _carry(self, item: Claimed) -> None:
        try:
            route = self._carriers[item.topic](item)
        except NotDelivered as failure:
            self._failed(item, failure)
            return
        except Exception as error:
            # A carrier that breaks in a way of its own must not stop the round, nor lose the item.
            _log.error("outbox.broken", kind=item.topic, error=type(error).__name__, exc_info=True)
            self._failed(item, NotDelivered(type(error).__name__))
            return
        with self._store.begin() as session:
            if outbox.delivered(session, item, route):
                self._after_end(session, item, OutboxState.DELIVERED)
        _log.info("outbox.delivered", kind=item.topic, attempts=item.attempt)

    def _failed(self, item: Claimed, failure: NotDelivered) -> None:
        with self._store.begin() as session:
            state = outbox.not_delivered(
                session, item, failure.problem[:48], permanent=failure.permanent, backoff=self._backoff
            )
            if state is OutboxState.FAILED:
                self._after_end(session, item, state)
        if state is OutboxState.FAILED:
            _log.error("outbox.given_up", kind=item.topic, attempts=item.attempt)
        else:
            _log.warning("outbox.tried", kind=item.topic, attempts=item.attempt)
