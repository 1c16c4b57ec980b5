"""An escalation as a FHIR R4 Bundle (4.0.1), with UK Core profiles where they apply.

    Patient        the person, under their pseudonym alone
    Task           the escalation: its priority, target, state and outcome
    Communication  the words that raised it, and what clinicians wrote, as kept: redacted
    Observation    each mood that was told, and the total of each questionnaire (SNOMED CT)
    QuestionnaireResponse  the answers to each questionnaire

It holds what the record holds: no identifier is taken out of the vault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from clinic.escalations import OUTCOMES
from content.guides import Guide
from store.guide_models import Measure
from store.models import Escalation, EscalationEvent, Message, MoodCheckin, Person, Speaker, Staff, now

_CORE: Final = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-"
_PSEUDONYM: Final = "urn:harbour:pseudonym"
_ESCALATION: Final = "urn:harbour:escalation"
_STATUS: Final = {
    "raised": "requested",
    "acknowledged": "accepted",
    "in_conversation": "in-progress",
    "handed_back": "in-progress",
    "closed": "completed",
}
_PRIORITY: Final = {"respond_now": "stat", "respond_today": "urgent", "ask": "routine"}
_SURVEY: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/observation-category",
    "code": "survey",
    "display": "Survey",
}

Resource = dict[str, Any]

_SNOMED: Final = "http://snomed.info/sct"
_TOTALS: Final[dict[str, Resource]] = {
    "phq9": {
        "coding": [
            {
                "system": _SNOMED,
                "code": "720433000",
                "display": "Patient Health Questionnaire Nine Item score",
            }
        ]
    },
    "gad7": {
        "coding": [
            {"system": _SNOMED, "code": "445455005", "display": "Generalized anxiety disorder 7 item score"}
        ]
    },
}
"""What each total is, in SNOMED CT; whoever receives them should check the codes against their own release."""


def bundle(
    session: Session, escalation: Escalation, service_name: str, guides: Mapping[str, Guide]
) -> Resource:
    """Everything about one escalation, as a Bundle of type ``collection``. `guides` name what was asked."""
    person = escalation.conversation.person
    fired = session.get(Message, escalation.message_id) if escalation.message_id else None
    resources = [
        _patient(person),
        *(_practitioner(staff) for staff in _staff(session, escalation)),
        _task(escalation, fired, session),
        *(_communication(message, person) for message in _messages(session, escalation)),
        *(_mood(checkin) for checkin in _moods(session, person)),
        *(one for measure in _measures(session, person) for one in _measured(measure, guides)),
    ]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": _ESCALATION, "value": escalation.id},
        "timestamp": _instant(now()),
        "meta": {"tag": [{"system": "urn:harbour:service", "code": "export", "display": service_name}]},
        "entry": [
            {"fullUrl": f"urn:harbour:{one['resourceType']}:{one['id']}", "resource": one}
            for one in resources
        ],
    }


def _patient(person: Person) -> Resource:
    return {
        "resourceType": "Patient",
        "id": _id(person.id),
        "meta": {"profile": [f"{_CORE}Patient"]},
        "identifier": [{"system": _PSEUDONYM, "value": str(person.pseudonym)}],
        "active": True,
    }


def _practitioner(staff: Staff) -> Resource:
    return {
        "resourceType": "Practitioner",
        "id": _id(staff.id),
        "meta": {"profile": [f"{_CORE}Practitioner"]},
        "name": [{"given": [staff.first_name]}],
        "qualification": [{"code": {"text": staff.job_title}}],
    }


def _task(row: Escalation, fired: Message | None, session: Session) -> Resource:
    task: Resource = {
        "resourceType": "Task",
        "id": _id(row.id),
        "meta": {"profile": [f"{_CORE}Task"]},
        "identifier": [{"system": _ESCALATION, "value": row.id}],
        "status": _STATUS[row.state],
        "businessStatus": {"text": OUTCOMES.get(row.outcome or "", row.state.replace("_", " "))},
        "intent": "order",
        "priority": _PRIORITY[row.response],
        "description": "; ".join(reason["explanation"] for reason in row.reasons) or "Asked for a person",
        "for": _reference("Patient", row.conversation.person_id),
        "authoredOn": _instant(row.raised_at),
        "lastModified": _instant(_last_change(session, row)),
        "restriction": {"period": {"start": _instant(row.raised_at), "end": _instant(row.target_at)}},
    }
    if row.reasons:
        task["reasonCode"] = {"text": row.reasons[0]["explanation"]}
    if row.owner_id:
        task["owner"] = _reference("Practitioner", row.owner_id)
    if fired is not None:
        task["focus"] = _reference("Communication", fired.id)
    return task


def _communication(message: Message, person: Person) -> Resource:
    from_patient = message.speaker == Speaker.PATIENT
    communication: Resource = {
        "resourceType": "Communication",
        "id": _id(message.id),
        "status": "completed",
        "subject": _reference("Patient", person.id),
        "sent": _instant(message.at),
        "payload": [{"contentString": str(message.text)}],
    }
    if from_patient:
        communication["sender"] = _reference("Patient", person.id)
    elif message.staff_id:
        communication["sender"] = _reference("Practitioner", message.staff_id)
        communication["recipient"] = [_reference("Patient", person.id)]
    return communication


def _mood(checkin: MoodCheckin) -> Resource:
    return {
        "resourceType": "Observation",
        "id": _id(checkin.id),
        "meta": {"profile": [f"{_CORE}Observation"]},
        "status": "final",
        "category": [{"coding": [_SURVEY]}],
        "code": {"text": "Mood, from 0 (worst) to 10 (best), as told to the bot"},
        "subject": _reference("Patient", checkin.person_id),
        "effectiveDateTime": _instant(checkin.at),
        "valueInteger": checkin.mood,
    }


def _measured(measure: Measure, guides: Mapping[str, Guide]) -> Iterator[Resource]:
    """The answers, and the total where it could be added up."""
    guide = guides.get(measure.questionnaire)
    answers = {
        "resourceType": "QuestionnaireResponse",
        "id": _id(measure.id),
        "meta": {"profile": [f"{_CORE}QuestionnaireResponse"]},
        "status": "completed",
        "questionnaire": f"urn:harbour:questionnaire:{measure.questionnaire}",
        "subject": _reference("Patient", measure.person_id),
        "authored": _instant(measure.at),
        "item": [
            {"linkId": key, "text": _asked(guide, key), "answer": [_answer(value)]}
            for key, value in measure.answers.items()
        ],
    }
    yield answers
    if measure.score is not None:
        yield {
            "resourceType": "Observation",
            "id": f"{_id(measure.id)}.total",
            "meta": {"profile": [f"{_CORE}Observation"]},
            "status": "final",
            "category": [{"coding": [_SURVEY]}],
            "code": _TOTALS.get(measure.questionnaire, {"text": f"Total of {measure.questionnaire}"}),
            "subject": _reference("Patient", measure.person_id),
            "effectiveDateTime": _instant(measure.at),
            "valueInteger": measure.score,
            "derivedFrom": [_reference("QuestionnaireResponse", measure.id)],
        }


def _asked(guide: Guide | None, key: str) -> str:
    step = guide.step(key) if guide else None
    return str(step.ways[0]) if step else key


def _answer(value: object) -> Resource:
    return {"valueInteger": value} if isinstance(value, int) else {"valueString": str(value)}


def _measures(session: Session, person: Person) -> list[Measure]:
    return list(session.scalars(select(Measure).where(Measure.person_id == person.id).order_by(Measure.at)))


def _messages(session: Session, row: Escalation) -> Iterator[Message]:
    """The words that fired, and everything that clinicians wrote."""
    query = (
        select(Message)
        .where(Message.conversation_id == row.conversation_id)
        .options(joinedload(Message.staff))
        .order_by(Message.position)
    )
    for message in session.scalars(query):
        if message.speaker == Speaker.CLINICIAN or message.id == row.message_id or message.reasons:
            yield message


def _staff(session: Session, row: Escalation) -> list[Staff]:
    wrote = select(Message.staff_id).where(
        Message.conversation_id == row.conversation_id, Message.staff_id.is_not(None)
    )
    ids = {*session.scalars(wrote), row.owner_id} - {None}
    return list(session.scalars(select(Staff).where(Staff.id.in_(ids)).order_by(Staff.id)))


def _moods(session: Session, person: Person) -> list[MoodCheckin]:
    query = select(MoodCheckin).where(MoodCheckin.person_id == person.id).order_by(MoodCheckin.at)
    return list(session.scalars(query))


def _last_change(session: Session, row: Escalation) -> datetime:
    query = select(EscalationEvent.at).where(EscalationEvent.escalation_id == row.id)
    return session.scalar(query.order_by(EscalationEvent.number.desc()).limit(1)) or row.raised_at


def _reference(kind: str, key: str) -> Resource:
    return {"reference": f"urn:harbour:{kind}:{_id(key)}"}


def _id(key: str) -> str:
    """FHIR ids have no underscore (`[A-Za-z0-9\\-\\.]{1,64}`); our keys have, so it becomes a dot, which they lack."""
    return key.replace("_", ".")


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
