"""Whether Rasa came up as it was told to.

Rasa fails quietly: a mistyped tracker store becomes one in memory, a broken database too, and a further
channel in credentials.yml opens a door without a lock. So what came up is compared with what should have,
and until it is right no message is answered.
"""

# ruff: noqa: SLF001  # Rasa has no public way to these; patches.py asserts the version

from __future__ import annotations

from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore
from sanic import Sanic

from bot.engine.lock_store import SessionLocks
from bot.engine.tracker_store import DurableTrackerStore
from bot.engine.turn import Engine
from bot.engine.wording import UnsaidFirst

_OPEN_ROUTES = {"/"}
"""Rasa's own greeting, which says nothing but its version."""


def take_safety_net_away(agent: Agent) -> None:
    """Use the tracker store itself: Rasa wraps it in one that falls back to memory on any error."""
    store = agent.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        agent.tracker_store = store._tracker_store
    if agent.processor is not None:
        agent.processor.tracker_store = agent.tracker_store


def engine_of(agent: Agent) -> Engine | None:
    """The parts that turns need, or None if one of them is not there or is another than it should be."""
    processor, domain, trackers, locks = agent.processor, agent.domain, agent.tracker_store, agent.lock_store
    if processor is None or domain is None:
        return None
    if not isinstance(trackers, DurableTrackerStore) or not isinstance(locks, SessionLocks):
        return None
    return Engine(processor, domain, trackers, locks)


def faults(app: Sanic, prefix: str) -> list[str]:
    """What is not as it should be, in words for whoever runs the engine. Empty when all is well.

    `prefix` is where the sealed channel's routes begin.
    """
    agent = getattr(app.ctx, "agent", None)
    if agent is None or agent.processor is None:
        return ["no model is loaded"]
    return _wrong_parts(agent) + _open_doors(app, prefix)


def _wrong_parts(agent: Agent) -> list[str]:
    expected = [
        ("tracker store", agent.tracker_store, DurableTrackerStore),
        ("lock store", agent.lock_store, SessionLocks),
        ("response generator", agent.nlg, UnsaidFirst),
    ]
    found = [
        f"the {part} is {type(thing).__name__}, not {kind.__name__}"
        for part, thing, kind in expected
        if type(thing) is not kind
    ]
    if agent.processor and agent.processor.http_interpreter:
        found.append("text is understood by another server")
    if agent.tracker_store.event_broker is not None:
        found.append("events are sent to a broker")
    return found


def _open_doors(app: Sanic, prefix: str) -> list[str]:
    paths = {"/" + str(route.path).strip("/") for route in app.router.routes}
    doors = sorted(path for path in paths - _OPEN_ROUTES if not path.startswith(prefix))
    return [f"{path} is open beside the sealed channel" for path in doors]
