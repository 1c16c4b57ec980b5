"""A cut conversation has the state of the whole one, wherever it is cut."""

import random

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

import bot.engine  # noqa: F401
from bot.engine.window import LONGEST, within_window

DOMAIN = Domain.load("tests/bot/engine/project/domain.yml")


def a_turn(chance):
    events = [UserUttered("hi", {"name": "greet", "confidence": 1.0})]
    if chance.random() < 0.3:
        events.append(SlotSet(chance.choice(["mood", "note", "colour"]), chance.choice([None, 1.0, "x"])))
    if chance.random() < 0.2:
        events += [ActionExecuted("checkin_form"), ActiveLoop(chance.choice(["checkin_form", None]))]
    if chance.random() < 0.05:
        events.append(chance.choice([ConversationPaused(), ConversationResumed()]))
    events += [ActionExecuted("utter_greet"), BotUttered("Hello.")] * chance.randint(0, 3)
    return [*events, ActionExecuted("action_listen")]


def state(events):
    tracker = DialogueStateTracker.from_events("s", events, DOMAIN.slots)
    loop = tracker.active_loop
    return (
        tracker.current_slot_values(),
        (loop.name, loop.is_interrupted, loop.rejected) if loop and loop.name else None,
        tracker.is_paused(),
        tracker.latest_action_name,
        tracker.latest_message.text if tracker.latest_message else None,
    )


for seed in range(60):
    chance = random.Random(seed)  # which turns, not a secret
    whole = [ActionExecuted("action_listen")]
    kept = list(whole)
    for _ in range(60):
        turn = a_turn(chance)
        whole += turn
        kept = within_window(kept + turn, DOMAIN.slots)
        assert state(kept) == state(whole), seed
        assert len(kept) <= LONGEST + 12
assert within_window(whole[:10], DOMAIN.slots) == whole[:10]
