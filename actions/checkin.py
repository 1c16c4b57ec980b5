"""The mood check-in: one number from 0 to 10, kept, and answered in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from actions.capabilities import Capabilities
from actions.leaving import wants_to_leave
from actions.moods import NotAMood, read_mood
from actions.turn import Choice, Event, Turn, leave_form, set_slot
from content.sentences import Variants
from store.conversations import by_engine_session
from store.models import MoodCheckin
from store.session import Store

_log = structlog.get_logger()

FORM: Final = "checkin_form"
_LOW: Final = 3
_MIDDLE: Final = 6
_TRIES: Final = 2
"""Asked again this often, then the number is let go."""


@dataclass(frozen=True, slots=True)
class AskMood:
    """Asks for the number, unless the check has just asked again in its own words."""

    needs: Capabilities
    name: str = "action_ask_checkin_form_mood"

    async def run(self, turn: Turn) -> list[Event]:
        """Ask."""
        if not _times_asked_again(turn, self.needs):
            turn.say(self.needs.content.checkin.ask)
        return []


@dataclass(frozen=True, slots=True)
class ValidateCheckin:
    """Takes "about a 3", "three" or "6/10"; asks again kindly, and after two misses lets it go."""

    needs: Capabilities
    name: str = f"validate_{FORM}"

    async def run(self, turn: Turn) -> list[Event]:
        """Check what the form has taken for the mood."""
        text = turn.just_filled("mood")
        if text is None:
            return []
        mood = read_mood(str(text))
        if isinstance(mood, int):
            return [set_slot("mood", mood)]
        tries = _times_asked_again(turn, self.needs)
        if wants_to_leave(str(text), a_no_leaves=True) or tries >= _TRIES:
            return [set_slot("mood", None), leave_form()]
        words = self.needs.content.checkin
        turn.say(words.out_of_range if mood is NotAMood.OUT_OF_RANGE else words.ask_again)
        return [set_slot("mood", None)]


@dataclass(frozen=True, slots=True)
class CheckinDone:
    """Keeps the number, says what it sounds like, and makes one offer."""

    needs: Capabilities
    name: str = "action_checkin_done"

    async def run(self, turn: Turn) -> list[Event]:
        """Close the check-in."""
        words = self.needs.content.checkin
        mood = turn.slot("mood")
        if mood is None:
            left = wants_to_leave(turn.text, a_no_leaves=True)
            turn.say(words.left if left else words.gave_up)
            return []
        if not await to_thread.run_sync(_keep, self.needs.store, turn.session, mood):
            turn.say(words.not_saved)
        turn.say(_reflection(self.needs, mood), mood=mood)
        _offer(turn, self.needs, mood)
        return [set_slot("mood", None)]


def _times_asked_again(turn: Turn, needs: Capabilities) -> int:
    words = needs.content.checkin
    said = turn.said_since_loop_began(FORM)
    return sum(sentence in words.ask_again or sentence in words.out_of_range for sentence in said)


def _reflection(needs: Capabilities, mood: int) -> Variants:
    words = needs.content.checkin
    if mood <= _LOW:
        return words.low
    return words.middle if mood <= _MIDDLE else words.high


def _offer(turn: Turn, needs: Capabilities, mood: int) -> None:
    words = needs.content.checkin
    talk = Choice(words.buttons.talk, "want_to_talk")
    not_now = Choice(words.buttons.not_now, "not_now")
    if mood > _LOW:
        turn.say(words.offer, choices=(talk, not_now))
        return
    small_thing = Choice(words.buttons.small_thing, "want_exercise")
    person = Choice(words.buttons.person, "want_human")
    turn.say(words.offer_when_low, choices=(talk, small_thing, person, not_now))


def _keep(store: Store, engine_session: str, mood: int) -> bool:
    try:
        with store.begin() as session:
            conversation = by_engine_session(session, engine_session)
            if conversation is None:
                return False
            session.add(
                MoodCheckin(person_id=conversation.person_id, conversation_id=conversation.id, mood=mood)
            )
    except SQLAlchemyError as error:
        _log.error("checkin.not_kept", error=type(error).__name__)
        return False
    return True
