"""Asking the team for a human: an escalation is raised and committed before anything is promised."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from clinic.escalations import KeptReason, open_escalation, raise_escalation
from store.conversations import by_engine_session, latest
from store.models import Conversation, Speaker

_log = structlog.get_logger()

RESPONSE: Final = "respond_today"


class Asked(Enum):
    """Whether the team was asked just now, had been asked before, or could not be asked."""

    NEWLY = auto()
    BEFORE = auto()
    NOT_KEPT = auto()


def raise_for(
    session: Session,
    conversation: Conversation,
    needs: Capabilities,
    *,
    category: str,
    explanation: str,
    words: str | None = None,
) -> Asked:
    """Raise an escalation in the caller's transaction; `words` are the person's last message if none are given."""
    before = open_escalation(session, conversation.id) is not None
    message = next(iter(latest(session, conversation.id, Speaker.PATIENT, 1)), None)
    said = words if words is not None else (message.text if message else "")
    reason: KeptReason = {"category": category, "explanation": explanation, "words": said}
    raise_escalation(
        session,
        conversation=conversation,
        message=message,
        response=RESPONSE,
        reasons=[reason],
        targets=needs.targets,
    )
    return Asked.BEFORE if before else Asked.NEWLY


async def ask_the_team(
    needs: Capabilities, engine_session: str, *, category: str, explanation: str, words: str | None = None
) -> Asked:
    """Raise an escalation for the conversation behind a session, and wake whoever watches the queue."""

    def ask() -> Asked:
        try:
            with needs.store.begin() as session:
                conversation = by_engine_session(session, engine_session)
                if conversation is None:
                    return Asked.NOT_KEPT
                return raise_for(
                    session, conversation, needs, category=category, explanation=explanation, words=words
                )
        except SQLAlchemyError as error:
            _log.error("person.not_asked_for", error=type(error).__name__)
            return Asked.NOT_KEPT

    asked = await to_thread.run_sync(ask)
    if asked is not Asked.NOT_KEPT:
        needs.staff_were_asked()
    return asked
