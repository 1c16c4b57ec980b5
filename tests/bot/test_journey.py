"""The journey of a message, on a real store, with the real screen and redaction, and Rasa stopped."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery import Answered, Choice, Delivery, Refused
from bot.parts import Parts
from bot.safety.screening import ResponseNeeded
from bot.screening_step import ScreeningStep
from clinic import escalations
from store import conversations
from store.models import Escalation, Message, ServiceAlert, Speaker, Staff
from tests.bot.one_loop import RUNNER

BROWSER = "a browser's session"
DANGER = "i’ve taken all my tablets"


def receive(parts: Parts, text: str | None = None, **fields: Any) -> Answered | Refused:
    delivery = replace(Delivery("web", BROWSER, text), **fields)
    return RUNNER.run(parts.journey.receive(delivery))


def answered(parts: Parts, text: str, **fields: Any) -> Answered:
    outcome = receive(parts, text, **fields)
    assert isinstance(outcome, Answered)
    return outcome


def thread(parts: Parts) -> list[Message]:
    with parts.store.read() as session:
        conversation = conversations.find_conversation(session, parts.pseudonyms.of("web", BROWSER))
        return [] if conversation is None else list(conversations.messages_after(session, conversation.id, 0))


def test_danger_is_kept_with_its_escalation_and_answered_with_rasa_stopped(parts: Parts) -> None:
    outcome = answered(parts, DANGER)
    assert outcome.response is ResponseNeeded.RESPOND_NOW
    with parts.store.read() as session:
        escalation = session.scalars(select(Escalation)).one()
        assert escalation.id == outcome.escalation_id
        assert escalation.message is not None
        assert escalation.message.text == DANGER
        assert escalation.reasons[0]["words"]
        assert (escalation.target_at - escalation.raised_at).total_seconds() == pytest.approx(300, abs=1)
    assert [message.card for message in thread(parts)][1] == "crisis"


def test_a_failing_reply_is_honest_and_staff_are_told(parts: Parts) -> None:
    answered(parts, "hello there")
    said = thread(parts)[1]
    assert said.text in parts.content.fallback.engine.down
    assert said.card == "helplines"
    with parts.store.read() as session:
        assert session.scalars(select(ServiceAlert)).one().kind == "engine_unavailable"


def test_the_fixed_reply_is_not_said_twice_in_the_same_words(parts: Parts) -> None:
    answered(parts, "hello there")
    answered(parts, "anyone")
    said = [message.text for message in thread(parts) if message.card == "helplines"]
    assert len(said) == len(set(said)) == 2


def test_names_are_not_kept(parts: Parts) -> None:
    answered(parts, "my name is Priya Sharma, call me on 07700 900123")
    assert "Priya" not in thread(parts)[0].text
    assert "900123" not in thread(parts)[0].text


def test_the_same_person_keeps_the_same_number(parts: Parts) -> None:
    answered(parts, "my name is Priya")
    answered(parts, "my sister is called Meera")
    answered(parts, "my name is Priya")
    first, second, third = (message.text for message in thread(parts) if message.speaker == Speaker.PATIENT)
    assert "<PERSON_1>" in first
    assert "<PERSON_2>" in second
    assert third == first


def test_a_delivery_that_comes_twice_is_kept_once(parts: Parts) -> None:
    first = answered(parts, DANGER, delivery_id="abc")
    second = answered(parts, DANGER, delivery_id="abc")
    assert (first.position, first.escalation_id) == (second.position, second.escalation_id)
    assert len([message for message in thread(parts) if message.speaker == Speaker.PATIENT]) == 1


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 400),
        ("   \n ", 400),
        ("\x00\x00", 400),
        ("\u200f\u202e", 400),
        ("a" * 20_000, 413),
        ("so tired\n" * 2_000, 413),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(parts: Parts, text: str, status: int) -> None:
    outcome = receive(parts, text)
    assert isinstance(outcome, Refused)
    assert outcome.status == status
    assert outcome.notice
    assert thread(parts) == []


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f622",
        "hi\x00there",
        "sad \ud83d today",
        "\u202eolleh",
        "a\r\nb",
        "/",
        '/escalate{"x":"y"}',
        "/restart",
    ],
)
def test_odd_messages_never_fail(parts: Parts, text: str) -> None:
    outcome = receive(parts, text)
    assert outcome is not None
    for message in thread(parts):
        assert not message.text.startswith("/")
        assert "\x00" not in message.text


def test_danger_in_a_message_that_is_too_long_is_not_refused(parts: Parts) -> None:
    outcome = receive(parts, DANGER + " " + "please " * 3_000)
    assert isinstance(outcome, Answered)
    assert outcome.response is ResponseNeeded.RESPOND_NOW


def test_the_words_that_fired_are_kept_of_a_message_that_is_too_long(parts: Parts) -> None:
    receive(parts, "so much has happened " * 400 + DANGER)
    with parts.store.read() as session:
        escalation = session.scalars(select(Escalation)).one()
        assert escalation.message is not None
        assert DANGER in escalation.message.text
        assert escalation.reasons[0]["words"] in DANGER


def test_the_bot_stays_with_somebody_for_whom_help_is_coming(parts: Parts) -> None:
    answered(parts, DANGER)
    answered(parts, "im at home on my own")
    heard, next_step = thread(parts)[-2:]
    assert heard.text in parts.content.crisis.waiting.heard
    assert next_step.text in parts.content.crisis.respond_now.then
    answered(parts, "ok the door is open")
    texts = [message.text for message in thread(parts) if message.speaker == Speaker.BOT]
    assert len(texts) == len(set(texts))


def test_danger_reaches_staff_when_redaction_fails(parts: Parts) -> None:
    class Broken:
        def redact(self, *_args: object) -> None:
            raise ZeroDivisionError

    parts.journey.steps = replace(parts.journey.steps, redactor=Broken())  # type: ignore[arg-type]
    outcome = answered(parts, DANGER)
    assert outcome.escalation_id is not None
    assert "tablets" not in thread(parts)[0].text
    assert thread(parts)[1].card == "crisis"


def test_danger_is_not_silenced_by_the_rate_limit(parts: Parts) -> None:
    for _ in range(parts.settings.messages_per_minute):
        receive(parts, "hello")
    refused = receive(parts, "hello")
    assert isinstance(refused, Refused)
    assert refused.status == 429
    assert isinstance(receive(parts, DANGER), Answered)


def test_a_locked_database_loses_nothing_in_silence(parts: Parts) -> None:
    answered(parts, "hello")
    locker = sqlite3.connect(parts.settings.home / "harbour.db", isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    try:
        outcome = receive(parts, DANGER)
    finally:
        locker.execute("ROLLBACK")
        locker.close()
    assert isinstance(outcome, Refused)
    assert outcome.status == 503
    assert outcome.response is ResponseNeeded.RESPOND_NOW
    assert outcome.notice in parts.content.crisis.what_happens_next.not_reached
    with parts.store.read() as session:
        assert session.scalars(select(Escalation)).all() == []


def test_a_screen_that_fails_is_answered_as_danger(parts: Parts) -> None:
    class Broken:
        def screen(self, *_args: object, **_kwargs: object) -> None:
            raise ZeroDivisionError

    broken = ScreeningStep(Broken(), 1.0)  # type: ignore[arg-type]
    parts.journey.steps = replace(parts.journey.steps, screening=broken)
    outcome = answered(parts, "hello")
    assert outcome.response is ResponseNeeded.RESPOND_TODAY
    assert outcome.escalation_id is not None


def test_an_unclear_message_is_asked_about_plainly_and_the_answer_decides(parts: Parts) -> None:
    first = answered(parts, "whats the point of anything anymore")
    assert first.response is ResponseNeeded.ASK
    question = thread(parts)[-1]
    assert question.text in parts.content.crisis.questions["thinking_of_ending_life"]
    assert [button["title"] for button in question.buttons] == ["Yes", "No", "Not sure"]
    pressed = receive(parts, None, choice=Choice(question.id, 0))
    assert isinstance(pressed, Answered)
    assert pressed.response >= ResponseNeeded.RESPOND_TODAY
    assert pressed.escalation_id is not None


def test_a_clear_no_is_thanked_for_and_let_be(parts: Parts) -> None:
    answered(parts, "whats the point of anything anymore")
    outcome = answered(parts, "no")
    assert outcome.response is ResponseNeeded.NONE
    assert outcome.escalation_id is None
    assert thread(parts)[-1].text in parts.content.crisis.answers["thinking_of_ending_life"].said_no


def test_a_safety_plan_is_offered_once_when_danger_was_talked_through(parts: Parts) -> None:
    offer = parts.content.crisis.plan_offer.ask
    answered(parts, "i want to kill myself")
    answered(parts, "no")
    assert thread(parts)[-1].text in offer
    assert thread(parts)[-1].buttons[0]["payload"] == "/safety_plan"
    answered(parts, "i still want to kill myself")
    answered(parts, "no")
    assert sum(message.text in offer for message in thread(parts)) == 1


def test_a_button_that_was_not_offered_is_refused(parts: Parts) -> None:
    answered(parts, "whats the point of anything anymore")
    question = thread(parts)[-1]
    for choice in (Choice(question.id, 9), Choice(question.id, -1), Choice("made-up", 0)):
        refused = receive(parts, None, choice=choice)
        assert isinstance(refused, Refused)
        assert refused.status == 409


def test_another_persons_button_is_refused(parts: Parts) -> None:
    answered(parts, "whats the point of anything anymore")
    question = thread(parts)[-1]
    stolen = Delivery("web", "another browser", choice=Choice(question.id, 0))
    assert isinstance(RUNNER.run(parts.journey.receive(stolen)), Refused)


def take_over(parts: Parts) -> None:
    with parts.store.begin() as session:
        staff = Staff(
            email="a@example.org",
            first_name="Amina",
            job_title="crisis nurse",
            password_hash="",
            totp_secret=parts.vault.seal("secret", owner="a", purpose="totp"),
        )
        session.add(staff)
        session.flush()
        escalations.take_over(session, session.scalars(select(Escalation)).one(), staff)


def test_the_bot_is_silent_while_a_clinician_has_the_conversation(parts: Parts) -> None:
    answered(parts, DANGER)
    take_over(parts)
    before = len(thread(parts))
    answered(parts, "thank you for coming")
    assert len(thread(parts)) == before + 1
    assert thread(parts)[-1].speaker == Speaker.PATIENT


def test_danger_is_still_read_while_a_clinician_has_the_conversation(parts: Parts) -> None:
    answered(parts, DANGER)
    take_over(parts)
    answered(parts, "ive taken another overdose just now")
    marked, card = thread(parts)[-2:]
    assert marked.response in (ResponseNeeded.RESPOND_NOW, ResponseNeeded.RESPOND_TODAY)
    if marked.response == ResponseNeeded.RESPOND_NOW:
        assert (card.speaker, card.card) == (Speaker.NOTICE, "crisis")


def test_two_messages_at_once_are_both_kept_in_order(parts: Parts) -> None:
    async def both() -> None:
        texts = [f"message number {number}" for number in range(6)]
        await asyncio.gather(*(parts.journey.receive(Delivery("web", BROWSER, text)) for text in texts))

    RUNNER.run(both())
    positions = [message.position for message in thread(parts)]
    assert positions == list(range(1, len(positions) + 1))
    assert len([message for message in thread(parts) if message.speaker == Speaker.PATIENT]) == 6


def test_an_ended_conversation_is_followed_by_a_new_one(parts: Parts) -> None:
    first = answered(parts, "hello")
    RUNNER.run(parts.journey.end("web", BROWSER))
    with parts.store.read() as session:
        assert conversations.find_conversation(session, parts.pseudonyms.of("web", BROWSER)) is None
    second = answered(parts, "hello again")
    assert second.conversation_id != first.conversation_id
    assert thread(parts)[0].conversation_id == second.conversation_id
