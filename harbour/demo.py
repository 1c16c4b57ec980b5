"""A made-up week, so that the inbox and the report can be looked at: played through the real journey."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery import Answered, Delivery
from bot.parts import Parts
from bot.settings import Settings
from clinic import escalations, handover
from harbour.rasa_process import PROJECT
from harbour.training import ensure_model
from harbour.workbench import engine_beside
from privacy.pseudonym import Pseudonyms
from store.conversations import find_conversation
from store.models import Conversation, Escalation, EscalationEvent, Message, MoodCheckin, Role, Staff, new_id
from store.statistics import close_period, send_drawn

WEEK = PROJECT / "data" / "demo" / "week.yml"
_MARK = "THIS-HOME-IS-MADE-UP"

Say = Callable[[str], None]


def fill(settings: Settings, model_home: Path, say: Say = print) -> None:
    """Fill the home of `settings` with the week in data/demo/week.yml, once; a home that has it is left alone."""
    mark = settings.home / _MARK
    if mark.exists():
        return
    say("Playing a made-up week through Harbour. This takes a minute.")
    asyncio.run(_play(settings, ensure_model(model_home, say), yaml.safe_load(WEEK.read_text())))
    mark.write_text("Everyone in this home is invented. It was filled by `harbour demo`.\n")


async def _play(settings: Settings, model: Path, week: dict[str, Any]) -> None:
    async with engine_beside(settings, model) as parts:
        team = _team(parts, week["staff"])
        for story in week["conversations"]:
            address = secrets.token_urlsafe(32)
            await parts.journey.begin("web", address, shares_statistics=True)
            for words in story["patient"]:
                await _patient_says(parts, address, words)
            for step in story.get("staff", ()):
                await _staff_step(parts, team, address, step)
            _date_back(parts, address, timedelta(**story["ago"]))
        _draw_statistics(parts, week["people"])


async def _patient_says(parts: Parts, address: str, words: str) -> None:
    outcome = await parts.journey.receive(Delivery("web", address, words))
    if not isinstance(outcome, Answered):
        raise RuntimeError(f"The demonstration could not be played: {outcome.notice}")


async def _staff_step(parts: Parts, team: dict[str, str], address: str, step: dict[str, Any]) -> None:
    if "patient" in step:
        await _patient_says(parts, address, step["patient"])
        return
    with parts.store.begin() as session:
        escalation = _escalation_of(parts, session, address)
        staff = session.get_one(Staff, team[step["who"]])
        if "after_minutes" in step:
            # Dated back with the rest; what matters to the eye is the wait between raising and answering.
            wait = timedelta(minutes=step["after_minutes"])
            escalation.raised_at -= wait
            escalation.target_at -= wait
        _do(parts, session, escalation, staff, step)


def _do(parts: Parts, session: Session, escalation: Escalation, staff: Staff, step: dict[str, Any]) -> None:
    match step["does"]:
        case "acknowledge":
            escalations.acknowledge(session, escalation, staff)
        case "take over":
            handover.take_over(session, parts.content, escalation, staff)
        case "say":
            handover.reply(
                session,
                parts.vault,
                lambda words: parts.redactor.redact(words).text,
                escalation,
                staff,
                step["words"],
            )
        case "hand back":
            handover.hand_back(session, parts.content, escalation, staff)
        case "close":
            escalations.close(session, escalation, staff, step["outcome"])
        case unknown:
            raise ValueError(f"week.yml: no member of staff can {unknown!r}.")


def _team(parts: Parts, people: list[dict[str, str]]) -> dict[str, str]:
    """Made-up staff, who cannot sign in: whoever looks at the demonstration makes an account of their own."""
    with parts.store.begin() as session:
        for person in people:
            staff_id = new_id()
            session.add(
                Staff(
                    id=staff_id,
                    email=f"{person['first_name'].lower()}@example.org",
                    **person,
                    roles=[Role.CLINICIAN.value],
                    password_hash="",
                    totp_secret=parts.vault.seal(secrets.token_hex(20), owner=staff_id, purpose="totp"),
                    active=False,
                )
            )
        session.flush()
        return {staff.first_name: staff.id for staff in session.scalars(select(Staff))}


def _escalation_of(parts: Parts, session: Session, address: str) -> Escalation:
    conversation = find_conversation(session, parts.pseudonyms.of("web", address))
    if conversation is None:
        raise RuntimeError("The demonstration's conversation is gone.")
    return session.scalars(select(Escalation).where(Escalation.conversation_id == conversation.id)).one()


def _date_back(parts: Parts, address: str, ago: timedelta) -> None:
    with parts.store.begin() as session:
        conversation = find_conversation(session, parts.pseudonyms.of("web", address))
        if conversation is None:
            raise RuntimeError("The demonstration's conversation is gone.")
        conversation.started_at -= ago
        conversation.last_at -= ago
        for escalation in session.scalars(
            select(Escalation).where(Escalation.conversation_id == conversation.id)
        ):
            escalation.raised_at -= ago
            escalation.target_at -= ago
            session.flush()
            for event in session.scalars(
                select(EscalationEvent).where(EscalationEvent.escalation_id == escalation.id)
            ):
                event.at -= ago
        for dated in _dated(session, conversation):
            dated.at -= ago


def _dated(session: Session, conversation: Conversation) -> Iterator[Message | MoodCheckin]:
    yield from session.scalars(select(Message).where(Message.conversation_id == conversation.id))
    yield from session.scalars(select(MoodCheckin).where(MoodCheckin.conversation_id == conversation.id))


def _draw_statistics(parts: Parts, people: int) -> None:
    """Made-up people with made-up answers, perturbed and kept through the real code."""
    pseudonyms = Pseudonyms(secrets.token_bytes(32))
    today, key = datetime.now(UTC).date(), secrets.token_bytes(32)
    for number in range(people):
        answers: dict[str, int | None] = {
            name: _skewed(statistic.domain - 1) for name, statistic in parts.statistics.attributes.items()
        }
        with parts.store.begin() as session:
            person = pseudonyms.of("demo", str(number))
            close_period(session, parts.statistics, key, person, answers, today=today, consents=True)
    with parts.store.begin() as session:
        send_drawn(session)


def _skewed(values: int) -> int:
    """A value that is more often small than large, as answers tend not to be evenly spread."""
    return min(secrets.randbelow(values), secrets.randbelow(values))
