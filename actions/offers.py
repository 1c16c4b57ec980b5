"""One offer after a feeling was said back; and what a plain yes or no means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from actions.deletion import CONFIRM
from actions.fallback import asked_what_was_meant, offer_a_person
from actions.own_data import NotDone, with_conversation
from actions.turn import Action, Choice, Event, Turn, open_form
from store.conversations import latest
from store.models import Conversation, Speaker

_OFFERED_LATELY: Final = 3
_DECLINED_LATELY: Final = 6
_ACTIVITIES: Final = frozenset({"want_to_talk", "want_exercise", "checkin", "breathing", "grounding"})


async def offered_by_the_safety_conversation(turn: Turn, needs: Capabilities) -> Sequence[str]:
    """What was offered last, if Harbour itself said it: Rasa was not there, so its own memory of it is older."""

    def offered(session: Session, conversation: Conversation) -> list[str]:
        said = latest(session, conversation.id, Speaker.BOT, 1)
        ours = set(needs.content.crisis.plan_offer.ask)
        buttons = said[0].buttons if said and said[0].text in ours else []
        return [button["payload"].removeprefix("/") for button in buttons]

    try:
        return await with_conversation(needs.store, turn.session, offered) or []
    except NotDone:
        return []


def make_an_offer(turn: Turn, needs: Capabilities, more: Choice) -> None:
    """Offer to talk, to try something or to hear `more` about it, unless that was offered or turned down just now.

    Then it leaves room to say more instead.
    """
    words = needs.content.offers
    offered = "want_exercise" in turn.offered(_OFFERED_LATELY)
    declined = not {"not_now", "deny"}.isdisjoint(turn.intents(_DECLINED_LATELY))
    if offered or declined:
        turn.say(words.invite)
        return
    *things, not_now = choices(needs)
    turn.say(words.offer, choices=(*things, more, not_now))


def choices(needs: Capabilities) -> tuple[Choice, ...]:
    """To talk, to try something, or neither."""
    titles = needs.content.offers.buttons
    return (
        Choice(titles.talk, "want_to_talk"),
        Choice(titles.small_thing, "want_exercise"),
        Choice(titles.not_now, "not_now"),
    )


def which_exercise(needs: Capabilities, exercises: Sequence[str]) -> list[Choice]:
    """These exercises, or none of them."""
    titles = needs.content.exercises.choice.titles
    named = [Choice(titles[name], name) for name in exercises]
    return [*named, Choice(needs.content.offers.buttons.not_now, "not_now")]


def really_offered(turn: Turn, needs: Capabilities) -> list[str]:
    """What a yes or a no may answer. "What can help" stands under an open question, which is what was asked."""
    return [intent for intent in turn.offered() if intent not in needs.content.topics]


@dataclass(frozen=True, slots=True)
class Affirm:
    """A yes does what was offered; when several things were, it asks which.

    `meanings` are the actions that a yes may stand for, by the intent of the offered button.
    """

    needs: Capabilities
    meanings: Mapping[str, Action]
    name: str = "action_affirm"

    async def run(self, turn: Turn) -> list[Event]:
        """Do it, or ask."""
        words = self.needs.content.offers
        if asked_what_was_meant(self.needs, turn):
            _ask_which(self.needs, turn, turn.offered())
            return []
        offered = await offered_by_the_safety_conversation(turn, self.needs) or really_offered(
            turn, self.needs
        )
        meant = next((intent for intent in offered if intent not in ("not_now", "deny")), None)
        if meant is None:
            turn.say(words.yes_to_nothing)
            return []
        exercises = [intent for intent in offered if intent in self.needs.content.exercises.choice.titles]
        if len(exercises) > 1 or (exercises and meant not in self.meanings):
            turn.say(words.which, choices=which_exercise(self.needs, exercises))
            return []
        if len(_ACTIVITIES.intersection(offered)) > 1:
            turn.say(words.which, choices=choices(self.needs))
            return []
        if meant == "checkin":
            return [open_form("checkin_form")]
        if meant in self.meanings:
            return await self.meanings[meant].run(turn)
        turn.say_response(f"utter_{meant}")
        return []


@dataclass(frozen=True, slots=True)
class Deny:
    """A no leaves what was offered, and is not asked about again."""

    needs: Capabilities
    name: str = "action_deny"

    async def run(self, turn: Turn) -> list[Event]:
        """Leave it."""
        offered = really_offered(turn, self.needs)
        if asked_what_was_meant(self.needs, turn):
            offer_a_person(self.needs, turn)
        elif CONFIRM in offered:
            turn.say(self.needs.content.rights.delete.kept)
        elif "is_it_working" in offered:
            turn.say(self.needs.content.guiding.helping.not_really)
        elif offered:
            turn.say_response("utter_not_now")
        else:
            turn.say(self.needs.content.offers.no_to_nothing)
        return []


def _ask_which(needs: Capabilities, turn: Turn, offered: Sequence[str]) -> None:
    words = needs.content.fallback.not_understood
    turn.say(words.which, choices=[Choice(words.meanings[intent], intent) for intent in offered])
