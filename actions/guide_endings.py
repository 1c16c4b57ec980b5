"""What a guide comes to: a note that an exercise was done, a measure with its score, or a plan."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from actions.guide_place import SLOT, Place, find, retold
from actions.helping import ask_whether_it_helped
from actions.measures import keep_measure, tell_result
from actions.own_data import NotDone, with_conversation
from actions.plans import show_plan
from actions.requests import send_request
from actions.turn import Event, Turn, set_slot
from content.guides import Kind
from store import guides
from store.guide_models import FinishedGuide
from store.models import Conversation


@dataclass(frozen=True, slots=True)
class GuideDone:
    """Closes a guide that went to its end; one that was left early has said its own words."""

    needs: Capabilities
    name: str = "action_guide_done"

    async def run(self, turn: Turn) -> list[Event]:
        """Keep what came of it, say so, and ask how it was."""
        if turn.slot(SLOT) is not True:
            return [set_slot(SLOT, None)]
        try:
            place = await with_conversation(self.needs.store, turn.session, self._finish)
        except NotDone:
            turn.say(self.needs.content.guiding.not_kept)
            return [set_slot(SLOT, None)]
        if place is None:
            turn.say(self.needs.content.guiding.nothing_open)
        else:
            await self._tell(turn, place)
        return [set_slot(SLOT, None)]

    def _finish(self, session: Session, conversation: Conversation) -> Place | None:
        """The answers leave the place where they were collected: only what has a use is kept."""
        place = find(self.needs, session, conversation)
        if place is None:
            return None
        person = conversation.person_id
        if place.guide.kind is Kind.EXERCISE:
            session.add(FinishedGuide(person_id=person, guide=place.guide.intent))
        elif place.guide.kind is Kind.REQUEST:
            pass  # sent, or not, when it is told
        elif place.guide.kind is Kind.QUESTIONNAIRE:
            keep_measure(session, person, place.guide, place.answers)
        else:
            guides.keep_plan(session, person, place.guide.intent, place.answers)
        leave_behind = guides.progress_in(session, person, place.guide.intent)
        if leave_behind is not None:
            session.delete(leave_behind)
        return place

    async def _tell(self, turn: Turn, place: Place) -> None:
        ways, values = retold(place.guide.done, place, self.needs.content.guiding)
        if place.guide.kind is Kind.QUESTIONNAIRE:
            await tell_result(turn, self.needs, place.guide)
            return
        if place.guide.kind is Kind.REQUEST and await send_request(turn, self.needs, place):
            return
        turn.say_exactly(ways.pick(turn.said, **values))
        if place.guide.kind is Kind.EXERCISE:
            ask_whether_it_helped(turn, self.needs)
        elif place.guide.kind is Kind.PLAN:
            await show_plan(turn, self.needs, place.guide)
