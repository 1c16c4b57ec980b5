"""Calling an action as Rasa does: with a JSON payload, through the real executor."""

import json
from typing import Any

import anyio

from actions import Capabilities, build_executor


class Rasa:
    """Calls an action as Rasa does, and keeps the tracker between calls."""

    def __init__(self, capabilities: Capabilities, session: str) -> None:
        self._executor = build_executor(capabilities)
        self.session = session
        self.events: list[dict[str, Any]] = []
        self.slots: dict[str, Any] = {}
        self.latest: dict[str, Any] = {}

    def hears(self, text: str, intent: str, **ranked: float) -> None:
        """The person says something; `ranked` are the confidences of what else it may have meant."""
        ranking = [{"name": name, "confidence": confidence} for name, confidence in ranked.items()]
        heard = {"name": intent, "confidence": 0.9}
        self.latest = {"text": text, "intent": heard, "entities": [], "intent_ranking": [heard, *ranking]}
        self.events.append({"event": "user", "text": text, "parse_data": self.latest})

    def opens(self, form: str) -> None:
        self.events.append({"event": "active_loop", "name": form})

    def takes(self, slot: str, value: object) -> None:
        """The form has filled a slot from the message, and asks for it to be checked."""
        self.events.append({"event": "action", "name": "form"})
        self.events.append({"event": "slot", "name": slot, "value": value})
        self.slots[slot] = value

    def runs(self, action: str) -> list[dict[str, Any]]:
        """The action's replies; its events and what it said are remembered."""
        tracker = {
            "sender_id": self.session,
            "slots": self.slots,
            "latest_message": self.latest,
            "events": self.events,
            "paused": False,
            "active_loop": {},
            "latest_action_name": "action_listen",
        }
        call = json.loads(
            json.dumps(
                {"next_action": action, "sender_id": self.session, "tracker": tracker, "domain": {"x": 1}}
            )
        )
        result = anyio.run(self._executor.run, call)
        assert result is not None
        answer = result.model_dump()
        for event in answer["events"]:
            self.events.append(event)
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        replies: list[dict[str, Any]] = answer["responses"]
        for reply in replies:
            self.events.append({"event": "bot", "text": reply["text"], "data": {"buttons": reply["buttons"]}})
        return replies

    def says(self, action: str) -> str:
        """The action's words, joined."""
        return " ".join(reply["text"] or reply["response"] or "" for reply in self.runs(action))
