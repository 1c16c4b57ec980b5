"""Putting right what is kept: the last mood check-in in the chat, and messages on the page of one's own data."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from actions.download import lead_to_the_page
from actions.moods import read_mood
from actions.own_data import NotDone, with_conversation
from actions.turn import Choice, Event, Turn
from store.models import Conversation
from store.moods import change_last, last, remove_last


@dataclass(frozen=True, slots=True)
class CorrectMood:
    """A number ("change my mood to 6") changes the last check-in; without one, it asks what to do."""

    needs: Capabilities
    name: str = "action_correct_mood"

    async def run(self, turn: Turn) -> list[Event]:
        """Change it, or ask."""
        words = self.needs.content.rights.mood
        mood = read_mood(turn.text)

        def change(session: Session, conversation: Conversation) -> int | None:
            if isinstance(mood, int):
                return change_last(session, conversation.person_id, mood)
            return last(session, conversation.person_id)

        try:
            before = await with_conversation(self.needs.store, turn.session, change)
        except NotDone:
            turn.say(self.needs.content.rights.not_changed)
            return []
        if before is None:
            turn.say(words.none)
        elif isinstance(mood, int):
            turn.say(words.changed, before=before, mood=mood)
        else:
            take_out = Choice(words.buttons.take_out, "remove_mood")
            turn.say(words.which, choices=(take_out, Choice(words.buttons.leave, "not_now")), mood=before)
        return []


@dataclass(frozen=True, slots=True)
class RemoveMood:
    """Takes out the last check-in, and says which it was, so that it can be made again."""

    needs: Capabilities
    name: str = "action_remove_mood"

    async def run(self, turn: Turn) -> list[Event]:
        """Take it out."""
        words = self.needs.content.rights.mood
        try:
            removed = await with_conversation(
                self.needs.store, turn.session, lambda session, of: remove_last(session, of.person_id)
            )
        except NotDone:
            turn.say(self.needs.content.rights.not_changed)
            return []
        if removed is None:
            turn.say(words.none)
        else:
            turn.say(words.removed, mood=removed)
        return []


@dataclass(frozen=True, slots=True)
class CorrectMyData:
    """Leads to where a message can be taken out or answered; a mood can be put right here."""

    needs: Capabilities
    name: str = "action_correct_my_data"

    async def run(self, turn: Turn) -> list[Event]:
        """Say where."""
        words = self.needs.content.rights
        mood = (Choice(words.mood.buttons.correct, "correct_mood"),)
        await lead_to_the_page(turn, self.needs, words.correct, mood)
        return []
