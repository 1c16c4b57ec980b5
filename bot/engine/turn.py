"""One turn of a conversation, and the two other things that Harbour asks of one: leave the form, forget."""

# ruff: noqa: SLF001  # Rasa has no public way to these; patches.py asserts the version

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_DEACTIVATE_LOOP_NAME, ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.engine.failures import noting
from bot.engine.lock_store import SessionLocks
from bot.engine.output import CollectedReplies
from bot.engine.parsing import parse, shortened, without_commands
from bot.engine.tracker_store import DurableTrackerStore

CHANNEL = "harbour"


@dataclass(frozen=True)
class Engine:
    """The parts of a running Rasa that a turn needs, each known to be there and to be the right one."""

    processor: MessageProcessor
    domain: Domain
    trackers: DurableTrackerStore
    locks: SessionLocks


class TurnFailed(RasaException):
    """The bot could not answer. Nothing of the turn was kept."""


class UnknownChoice(RasaException):
    """Harbour sent an intent, a slot or an entity that this model does not have."""


async def say(engine: Engine, session: str, text: str) -> dict[str, Any]:
    """Answer what a person said. The text is only ever read by the pipeline, never as a command."""
    return await _answer(engine, session, parse(engine.processor, without_commands(text)), [])


async def choose(engine: Engine, session: str, intent: str, entities: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a choice that Harbour had offered: `intent` is certain, `entities` fill slots and entities.

    It has no text, so no form takes it for the answer to an open question. Raises `UnknownChoice`.
    """
    domain = engine.domain
    _check_choice(domain, intent, entities)
    slots = {slot.name for slot in domain.slots}
    parsed = {
        "text": None,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [
            {"entity": name, "value": value, "extractor": CHANNEL}
            for name, value in entities.items()
            if name in domain.entities
        ],
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
    }
    chosen: list[Event] = [SlotSet(name, value) for name, value in entities.items() if name in slots]
    return await _answer(engine, session, parsed, chosen)


async def leave_form(engine: Engine, session: str) -> bool:
    """Leave the active form, and clear what it had asked for. False if there was none."""
    async with engine.locks.lock(session):
        tracker = await engine.trackers.retrieve(session)
        if tracker is None or tracker.active_loop_name is None:
            return False
        tracker.update_with_events(_leaving(tracker, engine.domain), engine.domain)
        await engine.trackers.save(tracker)
        return True


async def forget(engine: Engine, session: str) -> bool:
    """Delete all that the engine holds of a conversation. False if it held nothing."""
    async with engine.locks.lock(session):
        return bool(await engine.trackers.forget(session))


async def _answer(
    engine: Engine, session: str, parsed: dict[str, Any], chosen: list[Event]
) -> dict[str, Any]:
    output = CollectedReplies()
    with noting() as failures:
        async with engine.locks.lock(session):
            tracker = await _run(engine, session, parsed, chosen, output)
            _check_turn(tracker, output, failures)
            await engine.trackers.save(tracker)
    return {"replies": output.replies, "intent": parsed["intent"]}


async def _run(
    engine: Engine, session: str, parsed: dict[str, Any], chosen: list[Event], output: CollectedReplies
) -> DialogueStateTracker:
    """The steps of Rasa's `MessageProcessor.handle_message`, without the steps that Harbour has no use for."""
    processor, domain = engine.processor, engine.domain
    tracker = await processor.fetch_tracker_and_update_session(session, output)
    kept = shortened(parsed)
    said = UserUttered(kept["text"], kept["intent"], kept["entities"], cast(Any, kept), input_channel=CHANNEL)
    tracker.update(said, domain)
    tracker = await processor.run_action_extract_slots(output, tracker)
    # What was chosen is certain, so it comes last: a mapping that finds no text would empty its slot again.
    tracker.update_with_events(chosen, domain)
    await processor._run_prediction_loop(output, tracker)
    return tracker


def _check_turn(
    tracker: DialogueStateTracker, output: CollectedReplies, failures: list[BaseException]
) -> None:
    if failures:
        raise TurnFailed("An action failed.") from failures[0]
    if tracker.latest_action_name != ACTION_LISTEN_NAME:
        raise TurnFailed("The bot did not come to rest.")
    if not output.replies:
        raise TurnFailed("The bot had no reply.")


def _check_choice(domain: Domain, intent: str, entities: Mapping[str, Any]) -> None:
    known = {slot.name for slot in domain.slots} | set(domain.entities)
    if intent not in domain.intents:
        raise UnknownChoice("The model does not know this intent.")
    if not entities.keys() <= known:
        raise UnknownChoice("The model does not know one of these slots.")


def _leaving(tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
    asked = domain.required_slots_for_form(tracker.active_loop_name or "")
    initial = {slot.name: slot.initial_value for slot in domain.slots}
    events: list[Event] = [
        ActionExecuted(ACTION_DEACTIVATE_LOOP_NAME),
        ActiveLoop(None),
        SlotSet(REQUESTED_SLOT, None),
    ]
    events += [
        SlotSet(name, initial.get(name)) for name in asked if _value(tracker, name) != initial.get(name)
    ]
    return [*events, ActionExecuted(ACTION_LISTEN_NAME)]


def _value(tracker: DialogueStateTracker, name: str) -> Any | None:
    slot = tracker.slots.get(name)
    return slot.value if slot else None
