"""One turn of the conversation, as an action sees it: what was said, and a way to answer.

This module and `actions.executor` are the only ones that know rasa-sdk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from content import Variants
from privacy.text import WrittenText

Event: TypeAlias = dict[str, Any]
"""An event for Rasa's tracker, as rasa-sdk builds it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: its title, and the intent that it stands for."""

    title: WrittenText
    intent: str


class Action(Protocol):
    """A thing the bot can do, under the name that domain.yml lists."""

    @property
    def name(self) -> str:
        """The name by which Rasa calls it."""

    async def run(self, turn: Turn) -> list[Event]:
        """Do it: say something through `turn`, and return what changes for Rasa."""


class Turn:
    """What the person said last, what the bot said before, and the bot's answer as it is put together."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self._tracker = tracker
        self._saying: list[str] = []

    @property
    def session(self) -> str:
        """The random name by which Rasa knows the conversation."""
        return str(self._tracker.sender_id)

    @property
    def text(self) -> str:
        """The person's last message, redacted."""
        return str(self._tracker.latest_message.get("text") or "")

    @property
    def ranking(self) -> Sequence[tuple[str, float]]:
        """What the last message may mean, likeliest first: intents and their confidence, without the fallback."""
        ranked = self._tracker.latest_message.get("intent_ranking") or []
        named = [(str(each["name"]), float(each["confidence"])) for each in ranked]
        return [(intent, confidence) for intent, confidence in named if intent != "nlu_fallback"]

    @property
    def said(self) -> Sequence[str]:
        """Every sentence the bot has said, oldest first, this turn's included."""
        return [str(event["text"]) for event in self._of("bot") if event.get("text")] + self._saying

    def said_since_loop_began(self, loop: str) -> Sequence[str]:
        """What the bot has said since this form was last opened."""
        since: list[str] = []
        for event in self._tracker.events:
            if event["event"] == "active_loop" and event.get("name") == loop:
                since = []
            elif event["event"] == "bot" and event.get("text"):
                since.append(str(event["text"]))
        return since + self._saying

    def said_lately(self, turns: int) -> Sequence[str]:
        """What the bot said in its last `turns` turns before this one."""
        lately: list[list[str]] = [[]]
        for event in self._tracker.events:
            if event["event"] == "user":
                lately.append([])
            elif event["event"] == "bot" and event.get("text"):
                lately[-1].append(str(event["text"]))
        return [sentence for bot_turn in lately[-1 - turns : -1] for sentence in bot_turn]

    def intents(self, turns: int) -> Sequence[str]:
        """The intents of the person's messages in the last `turns` turns, oldest first, this one included."""
        names = [str(event["parse_data"]["intent"].get("name")) for event in self._of("user")]
        return names[-turns:]

    def offered(self, turns: int = 1) -> Sequence[str]:
        """The intents behind the buttons that the bot offered in its last `turns` turns, in order."""
        offered: list[list[str]] = [[]]
        for event in self._tracker.events:
            if event["event"] == "user":
                offered.append([])
            elif event["event"] == "bot":
                buttons = (event.get("data") or {}).get("buttons") or []
                offered[-1] += [str(button["payload"]).removeprefix("/") for button in buttons]
        # The last of these lists is this turn's own, after the message that is being answered.
        return [intent for bot_turn in offered[-1 - turns : -1] for intent in bot_turn]

    def slot(self, name: str) -> Any:
        """What a slot holds, or None."""
        return self._tracker.slots.get(name)

    def just_filled(self, slot: str) -> Any:
        """What the form has taken from this message for a slot and asks us to check, or None."""
        return self._tracker.slots_to_validate().get(slot)

    def say(
        self, ways: Variants, *, choices: Sequence[Choice] = (), card: str | None = None, **values: str | int
    ) -> None:
        """Say one of these, not said before if possible, with optional choices and a card."""
        self.say_exactly(ways.pick(self.said, **values), choices=choices, card=card)

    def say_exactly(
        self, text: WrittenText, *, choices: Sequence[Choice] = (), card: str | None = None
    ) -> None:
        """Say this sentence."""
        self._saying.append(text)
        self._dispatcher.utter_message(
            text=text,
            buttons=[{"title": choice.title, "payload": f"/{choice.intent}"} for choice in choices],
            json_message={"card": card} if card else None,
        )

    def say_response(self, name: str) -> None:
        """Say a response of domain.yml."""
        self._dispatcher.utter_message(response=name)

    def _of(self, kind: str) -> Iterator[dict[str, Any]]:
        return (event for event in self._tracker.events if event["event"] == kind)


def set_slot(name: str, value: object) -> Event:
    """Remember a value in a slot; None empties it."""
    event: Event = SlotSet(name, value)
    return event


def open_form(name: str) -> Event:
    """Have Rasa open a form, which then asks its first question."""
    event: Event = ActiveLoop(name)
    return event


def leave_form() -> Event:
    """Have the form end here; its closing action follows."""
    return set_slot("requested_slot", None)
