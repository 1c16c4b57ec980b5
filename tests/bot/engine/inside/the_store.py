"""The tracker store: refuses what would lose a message, and is flat in the length of a conversation."""

import asyncio

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered

import bot.engine  # noqa: F401
from bot.engine.tracker_store import ConversationChanged, DurableTrackerStore

DOMAIN = Domain.load("tests/bot/engine/project/domain.yml")


async def main():
    store = DurableTrackerStore(DOMAIN)
    assert await store.retrieve("nobody") is None
    first = await store.get_or_create_tracker("a")
    rival = await store.get_or_create_tracker("a")
    first.update(SlotSet("mood", 3.0))
    await store.save(first)
    for late in (rival, await changed_meanwhile(store)):
        try:
            await store.save(late)
        except ConversationChanged:
            continue
        raise AssertionError("a message was lost")
    assert (await store.retrieve("a")).get_slot("mood") == 4.0
    assert list(await store.keys()) == ["a"]

    sizes = []
    for _ in range(400):
        tracker = await store.get_or_create_tracker("long", append_action_listen=False)
        tracker.update(UserUttered("hello", {"name": "greet", "confidence": 1.0}))
        tracker.update(ActionExecuted("utter_greet"))
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)
        sizes.append(len(tracker.events))
    assert max(sizes) <= 60
    assert await store.forget("long")
    assert await store.retrieve("long") is None


async def changed_meanwhile(store):
    old = await store.retrieve("a")
    new = await store.retrieve("a")
    new.update(SlotSet("mood", 4.0))
    await store.save(new)
    return old


asyncio.run(main())
