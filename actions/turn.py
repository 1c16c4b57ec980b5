"""One turn of the conversation, as an action sees it: what was said, and a way to answer.

This module and `actions.executor` are the only ones that know rasa-sdk.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from content import Variants
from privacy.text import WrittenText

Event: TypeAlias = dict[str, Any]
"""An event for Rasa's tracker, as rasa-sdk builds it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: its title, and the intent that it stands for, with a slot that it fills.

    Without an intent, a press is the same as typing the title.
    """

    title: WrittenText
    intent: str
    slot: str = ""
    value: str = ""

    @property
    def payload(self) -> str:
        """What Rasa is told: ``/intent`` or ``/intent{"slot": "value"}``."""
        if not self.intent:
            return ""
        return f"/{self.intent}" + (json.dumps({self.slot: self.value}) if self.slot else "")


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
                offered[-1] += [_intent(str(button["payload"])) for button in buttons]
        # The last of these lists is this turn's own, after the message that is being answered.
        return [intent for bot_turn in offered[-1 - turns : -1] for intent in bot_turn]

    @property
    def said_this_turn(self) -> Sequence[str]:
        """What the bot has said since the person's last message, by this action and those before it."""
        since: list[str] = []
        for event in self._tracker.events:
            if event["event"] == "user":
                since = []
            elif event["event"] == "bot" and event.get("text"):
                since.append(str(event["text"]))
        return since + self._saying

    def was_asked_by(self, slot: str) -> bool:
        """Whether a form was waiting for this slot when the person wrote, although it may have been left since."""
        waiting = None
        before_the_message = None
        for event in self._tracker.events:
            if event["event"] == "user":
                before_the_message = waiting
            elif event["event"] == "slot" and event.get("name") == "requested_slot":
                waiting = event.get("value")
        return bool(before_the_message == slot)

    def slot(self, name: str) -> Any:
        """What a slot holds, or None."""
        return self._tracker.slots.get(name)

    def just_filled(self, slot: str) -> Any:
        """What the form has taken from this message for a slot and asks us to check, or None."""
        return self._tracker.slots_to_validate().get(slot)

    def say(
        self,
        ways: Variants,
        *,
        choices: Sequence[Choice] = (),
        card: str | None = None,
        asked: str | None = None,
        **values: str | int,
    ) -> None:
        """Say one of these, not said before if possible, with optional choices and a card.

        `asked` is the safety question that this asks: the answer is then read by the screen together with it.
        """
        self.say_exactly(ways.pick(self.said, **values), choices=choices, card=card, asked=asked)

    def say_exactly(
        self,
        text: WrittenText,
        *,
        choices: Sequence[Choice] = (),
        card: str | None = None,
        asked: str | None = None,
    ) -> None:
        """Say this sentence."""
        self._saying.append(text)
        custom = {name: value for name, value in (("card", card), ("asked", asked)) if value}
        self._dispatcher.utter_message(
            text=text,
            buttons=[{"title": choice.title, "payload": choice.payload} for choice in choices],
            json_message=custom or None,
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


def not_for_the_form(name: str) -> Event:
    """Have Rasa take the message from the form, and answer it by its rule as if no form were open."""
    event: Event = ActionExecutionRejected(name)
    return event


def _intent(payload: str) -> str:
    return payload.removeprefix("/").partition("{")[0]


def open_form(name: str) -> Event:
    """Have Rasa open a form, which then asks its first question."""
    event: Event = ActiveLoop(name)
    return event


def leave_form() -> Event:
    """Have the form end here; its closing action follows."""
    return set_slot("requested_slot", None)
