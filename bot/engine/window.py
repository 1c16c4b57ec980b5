"""How much of a conversation is kept: a short window of events, and the state that it starts from.

Rasa rebuilds a conversation's state by replaying every event, so each message costs more than the one
before. People in distress talk for long. Here a conversation that has outgrown `LONGEST` events is cut
at the start of a turn, and what the dropped events had amounted to (slots, the active form, a pause) is
put in front of the rest as events of its own. Replaying the result gives the same state.
"""

from __future__ import annotations

from collections.abc import Iterable

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

LONGEST = 48
"""Events kept before a conversation is cut: about ten turns."""
SHORTEST = 32
"""Events left after a cut, at most, unless one turn alone has more."""


def within_window(events: list[Event], slots: Iterable[Slot]) -> list[Event]:
    """The events to keep; the same list when it is short enough.

    `slots` are the domain's, holding their initial values.
    """
    if len(events) <= LONGEST:
        return events
    cut = _start_of_a_turn(events)
    if cut == 0:
        return events
    before = DialogueStateTracker.from_events("", events[:cut], slots)
    return _as_events(before, events[cut].timestamp) + events[cut:]


def _start_of_a_turn(events: list[Event]) -> int:
    """The first turn that leaves at most `SHORTEST` events, else the last turn, else 0."""
    starts = [
        index
        for index, event in enumerate(events[:-1])
        if isinstance(event, ActionExecuted)
        and event.action_name == ACTION_LISTEN_NAME
        and isinstance(events[index + 1], UserUttered)
    ]
    fitting = [start for start in starts if len(events) - start <= SHORTEST]
    return fitting[0] if fitting else (starts[-1] if starts else 0)


def _as_events(state: DialogueStateTracker, timestamp: float) -> list[Event]:
    """Events that, applied to a new conversation, bring it to `state`."""
    events: list[Event] = []
    loop = state.active_loop
    if loop is not None and loop.name:
        events += [ActionExecuted(loop.name, timestamp=timestamp), ActiveLoop(loop.name, timestamp)]
    events += [
        SlotSet(slot.name, slot.value, timestamp)
        for slot in state.slots.values()
        if slot.value != slot.initial_value
    ]
    if loop is not None and loop.name and loop.is_interrupted:
        events.append(LoopInterrupted(True, timestamp))
    if loop is not None and loop.name and loop.rejected:
        events.append(ActionExecutionRejected(loop.name, timestamp=timestamp))
    if state.is_paused():
        events.append(ConversationPaused(timestamp))
    return events
