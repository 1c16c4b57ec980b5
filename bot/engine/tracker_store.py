"""Where the engine keeps its side of a conversation: one row each, never growing."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, deserialise_events
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.engine import home
from bot.engine.window import within_window

_METADATA = sa.MetaData()
_TRACKERS = sa.Table(
    "trackers",
    _METADATA,
    sa.Column("session", sa.String(255), primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("updated", sa.Float, nullable=False),
)


class ConversationChanged(RasaException):
    """Another process wrote to the conversation while this one was answering in it."""


class KeptTracker(DialogueStateTracker):
    """A conversation that remembers what of it is already in the database."""

    revision: int = 0
    stored: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what Rasa's own tracker takes."""
        super().__init__(*args, **kwargs)
        self.stored = []


class DurableTrackerStore(TrackerStore):
    """Keeps each conversation as one row holding a window of its events.

    Reading and writing cost the same after 400 turns as after ten. A write is refused, with
    `ConversationChanged`, if the row changed since it was read. Errors are raised, never papered over with
    a store in memory.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        """Open the database, and make its table when it is new. `host` is ignored: see `bot.engine.home`."""
        super().__init__(domain, event_broker)
        self._engine = _open(home.tracker_url())
        _METADATA.create_all(self._engine)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation, or None if nothing was said in it yet."""
        query = sa.select(_TRACKERS.c.revision, _TRACKERS.c.events).where(_TRACKERS.c.session == sender_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return _rebuild(sender_id, row.revision, row.events, self.domain.slots)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A new conversation. Nothing is written before something was said in it."""
        tracker = KeptTracker(sender_id, self.domain.slots)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the conversation. Raises `ConversationChanged`, or what the database raises."""
        values = {"events": _dump(tracker, self.domain.slots), "updated": time.time()}
        with self._engine.begin() as connection:
            if not isinstance(tracker, KeptTracker):
                connection.execute(sa.delete(_TRACKERS).where(_TRACKERS.c.session == tracker.sender_id))
                _insert(connection, tracker.sender_id, values)
                return
            if tracker.revision == 0:
                _insert(connection, tracker.sender_id, values)
            else:
                _replace(connection, tracker.sender_id, tracker.revision, values)
        tracker.revision += 1

    async def forget(self, session: str) -> bool:
        """Delete the conversation, and what the database file still holds of it. False if there was none."""
        with self._engine.begin() as connection:
            deleted = connection.execute(sa.delete(_TRACKERS).where(_TRACKERS.c.session == session)).rowcount
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return bool(deleted)

    async def keys(self) -> Iterable[str]:
        """The conversations that are kept."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(_TRACKERS.c.session)).scalars())


def _open(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite", hide_parameters=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Readers do not wait for writers; what is deleted is overwritten; a power cut loses a turn at most."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", "busy_timeout=3000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _insert(connection: sa.Connection, session: str, values: dict[str, Any]) -> None:
    try:
        connection.execute(sa.insert(_TRACKERS).values(session=session, revision=1, **values))
    except sa.exc.IntegrityError:
        raise ConversationChanged("Another process began this conversation at the same time.") from None


def _replace(connection: sa.Connection, session: str, revision: int, values: dict[str, Any]) -> None:
    same = (_TRACKERS.c.session == session) & (_TRACKERS.c.revision == revision)
    update = sa.update(_TRACKERS).where(same).values(revision=revision + 1, **values)
    if connection.execute(update).rowcount != 1:
        raise ConversationChanged("Another process answered in this conversation at the same time.")


def _rebuild(session: str, revision: int, events: str, slots: Iterable[Slot]) -> KeptTracker:
    lines = events.split("\n")
    tracker = KeptTracker(session, slots)
    for event in deserialise_events(json.loads(f"[{','.join(lines)}]")):
        tracker.update(event)
    tracker.revision = revision
    tracker.stored = lines if len(tracker.events) == len(lines) else []
    return tracker


def _dump(tracker: DialogueStateTracker, slots: Iterable[Slot]) -> str:
    """The window's events, a line of JSON each. Only events that are not stored yet are serialised."""
    events: list[Event] = list(tracker.events)
    kept = within_window(events, slots)
    stored = tracker.stored if isinstance(tracker, KeptTracker) and kept is events else []
    return "\n".join(stored + [json.dumps(event.as_dict()) for event in kept[len(stored) :]])
