"""Walking a guide as Rasa walks it: the form takes a message, checks it, and asks the next step or lets a rule answer.

This is Rasa's form in a few lines (what is taken, what is given back), so that a whole guide can be walked in a test in
milliseconds; tests/rasa and tests/journeys walk it with the real one.
"""

from typing import Any

from privacy.text import WrittenText
from store.conversations import append, by_engine_session
from store.models import Speaker
from store.session import Store
from tests.actions.calling import Rasa

FORM = "guide_form"
SLOT = "guide_answer"
RULES = {
    "skip": "action_skip",
    "go_back": "action_go_back",
    "pause": "action_pause",
    "not_now": "action_not_now",
    "carry_on": "action_carry_on",
    "want_human": "action_talk_to_a_person",
    "helplines": "action_show_helplines",
    "chosen": "action_choice_gone",
    "my_scores": "action_my_scores",
    "is_it_working": "action_is_it_working",
    "safety_plan": "action_open_plan",
    "bad_day_plan": "action_open_plan",
}
STAYS = {"skip", "go_back"}


class Walk:
    """Somebody in a guide."""

    def __init__(self, rasa: Rasa, store: Store) -> None:
        self.rasa = rasa
        self.store = store
        self.open = False
        self.replies: list[dict[str, Any]] = []

    def says(self, text: str, intent: str = "nlu_fallback", **slots: str) -> str:
        """What the bot answers to a message, joined. With `slots`, a button was pressed that fills them."""
        self.replies = []
        with self.store.begin() as session:
            conversation = by_engine_session(session, self.rasa.session)
            assert conversation
            append(session, conversation, Speaker.PATIENT, WrittenText(text))
        self.rasa.hears(text, intent)
        pressed = bool(slots) or intent == "chosen"
        for name, value in slots.items():
            self.rasa.takes(name, value)
        if self.open and (SLOT in slots or not pressed):
            self._form(None if SLOT in slots else text)
        else:
            self._rule(intent)
        return " ".join(str(reply["text"] or reply["response"]) for reply in self.replies)

    def presses(self, title: str) -> str:
        """Press the newest button of that title."""
        buttons = [
            button
            for event in reversed(self.rasa.events)
            if event["event"] == "bot"
            for button in event["data"]["buttons"]
        ]
        payload = next(button["payload"] for button in buttons if button["title"] == title)
        intent, _, slots = payload.removeprefix("/").partition("{")
        if not slots and self.open:
            self.replies = []
            self.rasa.hears(title, intent)
            self._rule(intent)
            return " ".join(str(reply["text"] or reply["response"]) for reply in self.replies)
        name, _, value = slots.strip("{}").partition(": ")
        return self.says(title, intent, **({name.strip('"'): value.strip('"')} if slots else {}))

    def _form(self, text: str | None) -> None:
        if text is not None:
            self.rasa.takes(SLOT, text)
        before = len(self.rasa.events)
        self._runs(f"validate_{FORM}")
        since = self.rasa.events[before:]
        if any(event["event"] == "action_execution_rejected" for event in since):
            self._rule(self.rasa.latest["intent"]["name"])
        else:
            self._go_on(since)

    def _go_on(self, since: list[dict[str, Any]]) -> None:
        left = any(event.get("name") == "requested_slot" and event["value"] is None for event in since)
        if left or self.rasa.slots.get(SLOT) is not None:
            self._close()
            self._runs("action_guide_done")
        else:
            self._ask()

    def _rule(self, intent: str) -> None:
        if self.open and intent not in STAYS:
            self._close()
        before = len(self.rasa.events)
        self._runs(RULES.get(intent, "action_start_guide"))
        since = self.rasa.events[before:]
        opened = any(event["event"] == "active_loop" and event["name"] == FORM for event in since)
        if opened or self.open:
            self.open = True
            self._go_on(since)

    def _ask(self) -> None:
        self.rasa.events.append({"event": "slot", "name": "requested_slot", "value": SLOT})
        self._runs(f"action_ask_{FORM}_{SLOT}")

    def _close(self) -> None:
        self.open = False
        self.rasa.events.append({"event": "active_loop", "name": None})
        self.rasa.events.append({"event": "slot", "name": "requested_slot", "value": None})

    def _runs(self, action: str) -> None:
        self.replies += self.rasa.runs(action)
