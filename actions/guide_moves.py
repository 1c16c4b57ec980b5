"""Steering a guide: past a question, back, a break, on again, and stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from actions.guide_place import SLOT, Place, find, step_after
from actions.guides import leave, opened
from actions.own_data import NotDone, with_conversation
from actions.turn import Event, Turn, leave_form, set_slot
from store import guides
from store.models import Conversation

Move = Callable[[Session, Conversation], bool | None]
"""Moves the place: whether that was the end, or None when nothing is under way."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Leaves a question out, and goes on with the next."""

    needs: Capabilities
    name: str = "action_skip"

    async def run(self, turn: Turn) -> list[Event]:
        """Go on; the form asks the next question, or ends."""

        def skip(session: Session, conversation: Conversation) -> bool | None:
            place = find(self.needs, session, conversation)
            progress = guides.current(session, conversation.person_id)
            if place is None or place.step is None or progress is None:
                return None
            if not (place.is_part and place.step.key in progress.answers):
                progress.answers = {**progress.answers, place.step.key: None}
            guides.move(progress, step_after(place.guide, progress))
            return progress.step == ""

        return await _moved(turn, self.needs, skip)


@dataclass(frozen=True, slots=True)
class GoBack:
    """Goes back to the question before."""

    needs: Capabilities
    name: str = "action_go_back"

    async def run(self, turn: Turn) -> list[Event]:
        """Go back; the form asks that question again."""

        def back(session: Session, conversation: Conversation) -> bool | None:
            place = find(self.needs, session, conversation)
            progress = guides.current(session, conversation.person_id)
            if place is None or place.step is None or progress is None:
                return None
            before = None if place.is_part else place.guide.before(place.step.key)
            guides.move(progress, before.key if before else place.step.key)
            guiding = self.needs.content.guiding
            turn.say(guiding.gone_back if before else guiding.back_at_the_start)
            return False

        return await _moved(turn, self.needs, back)


@dataclass(frozen=True, slots=True)
class Pause:
    """Keeps the place for later, and says how to come back to it."""

    needs: Capabilities
    name: str = "action_pause"

    async def run(self, turn: Turn) -> list[Event]:
        """Say so; outside a guide, a break is a break."""
        place = await _place(turn, self.needs)
        if place is None:
            turn.say_response("utter_not_now")
        else:
            turn.say(self.needs.content.guiding.paused)
        return []


@dataclass(frozen=True, slots=True)
class CarryOn:
    """Goes on where it was left, today or another day."""

    needs: Capabilities
    name: str = "action_carry_on"

    async def run(self, turn: Turn) -> list[Event]:
        """Open the form again, which asks the step that the store names; or end what needed nothing more."""
        place = await _place(turn, self.needs)
        if place is None:
            turn.say(self.needs.content.guiding.nothing_open)
            return []
        turn.say(self.needs.content.guiding.resumed)
        if place.step is None:
            return [*opened(), set_slot(SLOT, True)]
        return opened()


@dataclass(frozen=True, slots=True)
class NotNow:
    """Stops what is going on: a guide that was asking is closed, and anything else is left as it is."""

    needs: Capabilities
    name: str = "action_not_now"

    async def run(self, turn: Turn) -> list[Event]:
        """Stop."""
        place = await _place(turn, self.needs) if turn.was_asked_by(SLOT) else None
        if place is None:
            turn.say_response("utter_not_now")
            return []
        try:
            await with_conversation(self.needs.store, turn.session, leave)
        except NotDone:
            turn.say_response("utter_not_now")
            return []
        turn.say(place.guide.left)
        return []


@dataclass(frozen=True, slots=True)
class ChoiceGone:
    """A button of a step was pressed when no guide was asking any more."""

    needs: Capabilities
    name: str = "action_choice_gone"

    async def run(self, turn: Turn) -> list[Event]:
        """Say so."""
        turn.say(self.needs.content.guiding.choice_gone)
        return [set_slot(SLOT, None)]


async def _moved(turn: Turn, needs: Capabilities, move: Move) -> list[Event]:
    """Move within the guide that is asking. Outside one there is nothing to move in."""
    guiding = needs.content.guiding
    if not turn.was_asked_by(SLOT):
        turn.say(guiding.nothing_open)
        return []
    try:
        ended = await with_conversation(needs.store, turn.session, move)
    except NotDone:
        turn.say(guiding.not_kept)
        return [set_slot(SLOT, None), leave_form()]
    if ended is None:
        turn.say(guiding.nothing_open)
        return [set_slot(SLOT, None), leave_form()]
    return [set_slot(SLOT, True if ended else None)]


async def _place(turn: Turn, needs: Capabilities) -> Place | None:
    try:
        return await with_conversation(
            needs.store, turn.session, lambda session, of: find(needs, session, of)
        )
    except NotDone:
        return None
