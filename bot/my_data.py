"""Everything held about one person, as one document: what the page shows, and what can be saved.

The shape is versioned, so that a service that reads it can rely on it:

    {"schema", "made_at", "person", "statistics", "hold", "conversations": [{"messages", "requests_for_help"}],
     "moods", "measures", "plans", "guides", "exercises", "contact_details", "kept_for", "after_deletion"}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import Content
from content.periods import in_words
from privacy.vault import CannotUnseal, Sealed, Vault
from store import holds
from store.columns import Answers
from store.guide_models import FinishedGuide, GuideProgress, Measure, Plan
from store.models import (
    ContactDetail,
    Conversation,
    Escalation,
    EscalationEvent,
    Message,
    MoodCheckin,
    Person,
    Speaker,
    Staff,
    now,
)

SCHEMA: Final = "harbour.my-data/1"
_TOLD: Final = (
    *("conversations", "clinical_records", "moods", "measures", "plans", "guides", "exercises"),
    *("contact_details", "receipts"),
)
"""The kinds that are about a person, and so are told to them."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MyData:
    """Puts the document together. `periods` says how many days each kind is kept."""

    content: Content
    vault: Vault
    periods: Mapping[str, int]

    def document(self, session: Session, person: Person) -> Document:
        """Everything held about `person`, in words; sealed words are opened, for they are the person's own."""
        words = self.content.my_data
        hold = holds.active(session, person.id)
        return {
            "schema": SCHEMA,
            "made_at": _moment(now()),
            "person": {"channel": person.channel, "first_seen": _moment(person.first_seen)},
            "statistics": {
                "counted": person.shares_statistics,
                "words": str(words.counted if person.shares_statistics else words.not_counted),
            },
            "hold": str(self.content.rights.holds[hold.reason]) if hold else None,
            "conversations": [
                self._conversation(session, one) for one in _all(session, Conversation, person)
            ],
            "moods": [
                {"id": one.id, "at": _moment(one.at), "mood": one.mood}
                for one in _all(session, MoodCheckin, person)
            ],
            "measures": [self._measure(one) for one in _all(session, Measure, person)],
            "plans": [self._plan(one) for one in _all(session, Plan, person)],
            "guides": [self._progress(one) for one in _all(session, GuideProgress, person)],
            "exercises": [
                {"id": one.id, "at": _moment(one.at), "title": self._title(one.guide), "helped": one.helped}
                for one in _all(session, FinishedGuide, person)
            ],
            "contact_details": [self._contact(person, one) for one in _all(session, ContactDetail, person)],
            "kept_for": {str(words.kinds[kind]): in_words(self.periods[kind]) for kind in _TOLD},
            "after_deletion": str(words.after_deletion),
        }

    def _title(self, guide: str) -> str:
        """What a guide is called; its code when there is no such guide any more."""
        found = self.content.guides.get(guide)
        return str(found.title) if found else guide

    def _answers(self, guide: str, answers: Answers) -> list[Document]:
        """Each answer beside its question, in the order in which it was asked."""
        found = self.content.guides.get(guide)
        asked = {step.key: str(step.ways[0]) for step in found.steps} if found else {}
        return [
            {"key": key, "question": asked.get(key, key), "answer": each} for key, each in answers.items()
        ]

    def _measure(self, one: Measure) -> Document:
        return {
            "id": one.id,
            "at": _moment(one.at),
            "title": self._title(one.questionnaire),
            "score": one.score,
            "answers": self._answers(one.questionnaire, one.answers),
        }

    def _plan(self, one: Plan) -> Document:
        return {
            "id": one.id,
            "kind": one.kind,
            "title": self._title(one.kind),
            "made_at": _moment(one.made_at),
            "changed_at": _moment(one.changed_at),
            "shared": one.shared,
            "parts": self._answers(one.kind, one.parts),
        }

    def _progress(self, one: GuideProgress) -> Document:
        return {
            "id": one.id,
            "title": self._title(one.guide),
            "changed_at": _moment(one.changed_at),
            "answers": self._answers(one.guide, one.answers),
        }

    def _conversation(self, session: Session, one: Conversation) -> Document:
        escalations = session.scalars(
            select(Escalation).where(Escalation.conversation_id == one.id).order_by(Escalation.raised_at)
        ).all()
        days = self.periods["clinical_records" if escalations else "conversations"]
        return {
            "id": one.id,
            "channel": one.channel,
            "started_at": _moment(one.started_at),
            "last_at": _moment(one.last_at),
            "care_record": bool(escalations),
            "kept_until": _moment(one.last_at + timedelta(days=days)),
            "messages": [self._message(message) for message in one.messages],
            "requests_for_help": [self._escalation(each) for each in escalations],
        }

    def _message(self, message: Message) -> Document:
        words = self.content.my_data
        return {
            "id": message.id,
            "at": _moment(message.at),
            "speaker": str(message.speaker),
            "who": _who(message, str(self.content.my_data.you)),
            "text": self._words_of(message),
            "about": message.intent,
            "response": str(words.needed[message.response]) if message.response else None,
            "reasons": [_reason(reason) for reason in message.reasons],
        }

    def _words_of(self, message: Message) -> str:
        """What a clinician wrote was written to this person, so they read it as it was written."""
        if message.sealed is None:
            return str(message.text)
        return self._opened(message.sealed, message.conversation_id, "reply") or str(message.text)

    def _escalation(self, one: Escalation) -> Document:
        words = self.content.my_data
        return {
            "raised_at": _moment(one.raised_at),
            "answer_by": _moment(one.target_at),
            "response": str(words.needed[one.response]),
            "state": str(words.states[str(one.state)]),
            "outcome": str(words.outcomes.get(one.outcome, one.outcome)) if one.outcome else None,
            "reasons": [_reason(reason) for reason in one.reasons],
            "history": [self._step(event) for event in one.history],
        }

    def _step(self, event: EscalationEvent) -> Document:
        """What happened, without the code after the colon, which the state and outcome say in words."""
        what = event.what.partition(":")[0]
        return {
            "at": _moment(event.at),
            "what": str(self.content.my_data.steps.get(what, what)),
            "who": _staff(event.staff) if event.staff else None,
        }

    def _contact(self, person: Person, one: ContactDetail) -> Document:
        return {
            "kind": str(self.content.rights.what_we_keep.contact_kinds.get(one.kind, one.kind)),
            "value": self._opened(one.sealed, str(person.pseudonym), f"contact:{one.kind}"),
            "shared_at": _moment(one.shared_at),
        }

    def _opened(self, sealed: Sealed, owner: str, purpose: str) -> str | None:
        """The sealed words; None when they cannot be opened, which the document then shows."""
        try:
            return self.vault.unseal(sealed, owner=owner, purpose=purpose)
        except CannotUnseal:
            return None


_ORDER: Final[dict[type, Any]] = {
    Conversation: Conversation.started_at,
    MoodCheckin: MoodCheckin.at,
    Measure: Measure.at,
    Plan: Plan.made_at,
    GuideProgress: GuideProgress.began_at,
    FinishedGuide: FinishedGuide.at,
    ContactDetail: ContactDetail.kind,
}


def _all(session: Session, table: Any, person: Person) -> Any:
    return session.scalars(select(table).where(table.person_id == person.id).order_by(_ORDER[table])).all()


def _who(message: Message, you: str) -> str:
    if message.speaker == Speaker.PATIENT:
        return you
    return _staff(message.staff) if message.staff is not None else "Harbour"


def _staff(staff: Staff) -> str:
    return f"{staff.first_name}, {staff.job_title}"


def _reason(reason: dict[str, str]) -> dict[str, str]:
    return {"why": reason["explanation"], "words": reason["words"]}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
