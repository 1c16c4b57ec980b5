"""Asking for a person: an escalation is raised and committed before anything is promised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from actions.capabilities import Capabilities
from actions.turn import Event, Turn
from clinic.escalations import KeptReason, open_escalation, raise_escalation
from store.conversations import by_engine_session, latest
from store.models import Speaker

_log = structlog.get_logger()

RESPONSE: Final = "respond_today"
_CATEGORY: Final = "asked_for_a_person"
_EXPLANATION: Final = "Asked to talk to a person."


class _Asked(Enum):
    NEWLY = auto()
    BEFORE = auto()
    NOT_KEPT = auto()


@dataclass(frozen=True, slots=True)
class TalkToAPerson:
    """Asks the team for a person, and says honestly how soon one may come."""

    needs: Capabilities
    name: str = "action_talk_to_a_person"

    async def run(self, turn: Turn) -> list[Event]:
        """Raise it, then answer."""
        asked = await to_thread.run_sync(_ask_the_team, self.needs, turn.session)
        words = self.needs.content.notices.handover
        if asked is _Asked.NOT_KEPT:
            turn.say(self.needs.content.crisis.what_happens_next.not_reached, card="helplines")
            return []
        self.needs.staff_were_asked()
        if asked is _Asked.BEFORE:
            turn.say(words.waiting)
        elif self.needs.staffed:
            turn.say(words.asked, target=self.needs.targets.in_words(RESPONSE))
        else:
            turn.say(words.asked_unstaffed, card="helplines")
        return []


def _ask_the_team(needs: Capabilities, engine_session: str) -> _Asked:
    try:
        with needs.store.begin() as session:
            conversation = by_engine_session(session, engine_session)
            if conversation is None:
                return _Asked.NOT_KEPT
            before = open_escalation(session, conversation.id) is not None
            message = next(iter(latest(session, conversation.id, Speaker.PATIENT, 1)), None)
            reason: KeptReason = {
                "category": _CATEGORY,
                "explanation": _EXPLANATION,
                "words": message.text if message else "",
            }
            raise_escalation(
                session,
                conversation=conversation,
                message=message,
                response=RESPONSE,
                reasons=[reason],
                targets=needs.targets,
            )
    except SQLAlchemyError as error:
        _log.error("person.not_asked_for", error=type(error).__name__)
        return _Asked.NOT_KEPT
    return _Asked.BEFORE if before else _Asked.NEWLY
