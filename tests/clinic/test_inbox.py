"""What a clinician reads and does: the queue, a thread, and each step of a handover."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from clinic.escalations import OUTCOMES
from clinic.web import ClinicRoom
from privacy.text import WrittenText
from store import conversations
from store.models import (
    AuditEvent,
    Conversation,
    Escalation,
    EscalationState,
    Message,
    ServiceAlert,
    Speaker,
    Turn,
    now,
)

Hire = Callable[..., Any]
SignedIn = Callable[..., Any]
Writes = Callable[..., Escalation]


@pytest.fixture
def amina(hire: Hire, signed_in: SignedIn) -> Any:
    return signed_in(hire("Amina"))


@pytest.fixture
def ben(hire: Hire, signed_in: SignedIn) -> Any:
    return signed_in(hire("Ben"))


def the_escalation(room: ClinicRoom) -> Escalation:
    with room.store.read() as session:
        return session.scalars(select(Escalation)).one()


def the_turn(room: ClinicRoom) -> str:
    with room.store.read() as session:
        return session.scalars(select(Conversation.turn)).one()


def messages(room: ClinicRoom) -> list[Message]:
    with room.store.read() as session:
        return list(session.scalars(select(Message).order_by(Message.position)))


def deeds(room: ClinicRoom) -> list[str]:
    with room.store.read() as session:
        return list(session.scalars(select(AuditEvent.what).order_by(AuditEvent.number)))


def step(browser: Any, escalation: Escalation, name: str, **fields: str) -> Any:
    browser.open(f"/inbox/{escalation.id}")
    return browser.send(f"/inbox/{escalation.id}/{name}", **{**browser.fields, **fields})


def test_the_queue_shows_the_words_the_reason_the_wait_and_one_action(
    amina: Any, patient_writes: Writes
) -> None:
    patient_writes()
    amina.open("/inbox")
    for words in (
        "“i've taken all my tablets”",
        "Says they have taken an overdose",
        "Respond now",
        "Waiting less than a minute",
        "target 5 minutes",
        "Web chat",
        "Nobody yet",
        "Read and acknowledge",
    ):
        assert words in amina.text


def test_the_most_urgent_is_first_and_those_that_need_a_response_come_before_those_in_hand(
    amina: Any, patient_writes: Writes
) -> None:
    patient_writes("can i talk to someone", "ask", who="1")
    mine = patient_writes("i took them all", "respond_now", who="2")
    patient_writes("i keep cutting", "respond_today", who="3")
    step(amina, mine, "acknowledge")
    amina.open("/inbox")
    assert re.findall(r"“(.*?)”", amina.text) == [
        "i keep cutting",
        "can i talk to someone",
        "i took them all",
    ]


def test_no_risk_grade_is_shown_anywhere(amina: Any, patient_writes: Writes) -> None:
    escalation = patient_writes()
    for path in ("/inbox", f"/inbox/{escalation.id}", "/inbox/closed"):
        amina.open(path)
        assert not re.search(r"\b(high|medium|low|risk)\b", amina.text, re.IGNORECASE)


def test_an_overdue_one_says_so_in_words(room: ClinicRoom, amina: Any, patient_writes: Writes) -> None:
    patient_writes()
    then = now() - timedelta(minutes=7)
    with room.store.begin() as session:
        session.execute(update(Escalation).values(raised_at=then, target_at=then + timedelta(minutes=5)))
    amina.open("/inbox")
    assert "Waiting 7 minutes" in amina.text
    assert "Overdue</strong> by 2 minutes, target 5 minutes" in amina.text


def test_what_a_patient_wrote_is_shown_as_text_and_never_as_a_page(
    amina: Any, patient_writes: Writes
) -> None:
    escalation = patient_writes('<script>alert("x")</script>')
    for path in ("/inbox", f"/inbox/{escalation.id}"):
        assert "<script>alert" not in amina.open(path).text
        assert "&lt;script&gt;" in amina.page.text


def test_words_that_fire_after_somebody_read_need_a_response_again(
    amina: Any, patient_writes: Writes
) -> None:
    escalation = patient_writes("i cant go on", "respond_today")
    step(amina, escalation, "acknowledge")
    patient_writes("i've taken all my tablets", "respond_now")
    amina.open("/inbox")
    assert 'Needs a response <span class="queue__count">1' in amina.text
    assert "With you" in amina.text


def test_a_thread_marks_each_message_and_is_remembered_as_viewed(
    room: ClinicRoom, amina: Any, patient_writes: Writes
) -> None:
    escalation = patient_writes("i cant go on", "respond_today")
    patient_writes("i've taken all my tablets", "respond_now")
    amina.open(f"/inbox/{escalation.id}")
    assert "i cant go on" in amina.text
    assert amina.page.text.count('class="line__mark"') == 2
    assert "Fired again: Respond now" in amina.text
    with room.store.read() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()
    assert (event.what, event.subject) == ("viewed thread", escalation.id)


def test_refreshing_an_open_thread_is_one_view(room: ClinicRoom, amina: Any, patient_writes: Writes) -> None:
    escalation = patient_writes()
    amina.open(f"/inbox/{escalation.id}")
    for _ in range(3):
        assert amina.client.get(f"/inbox/{escalation.id}/fragment").status_code == 200
    assert deeds(room).count("viewed thread") == 1


def test_a_thread_that_is_not_there_is_a_404(amina: Any) -> None:
    assert amina.open("/inbox/none").status_code == 404


def test_the_whole_handover(room: ClinicRoom, amina: Any, patient_writes: Writes) -> None:
    escalation = patient_writes()
    step(amina, escalation, "acknowledge")
    assert "You have this" in amina.text
    step(amina, escalation, "take-over")
    assert the_turn(room) == Turn.CLINICIAN
    step(amina, escalation, "reply", text="Hello, I'm Amina. Is <anybody> with you, Sarah Jones?")
    assert amina.page.status_code == 200
    step(amina, escalation, "hand-back")
    assert the_turn(room) == Turn.BOT
    step(amina, escalation, "close", outcome="supported")
    assert "Talked with, and supported" in amina.text
    assert the_escalation(room).state == EscalationState.CLOSED
    assert [message.speaker for message in messages(room)] == ["patient", "notice", "clinician", "notice"]
    assert [deed for deed in deeds(room) if deed not in ("viewed thread", "account made")] == [
        "acknowledged",
        "took over",
        "replied",
        "handed back",
        "closed",
    ]


def test_the_patient_is_told_who_joins_and_who_leaves(
    room: ClinicRoom, amina: Any, patient_writes: Writes
) -> None:
    escalation = patient_writes()
    step(amina, escalation, "take-over")
    step(amina, escalation, "hand-back")
    joined, left = (message.text for message in messages(room)[1:])
    assert joined == "Amina, crisis nurse, has joined. The bot is quiet now."
    assert left.startswith("Amina has left the chat.")


def test_a_reply_is_sealed_as_written_and_kept_redacted(
    room: ClinicRoom, amina: Any, patient_writes: Writes
) -> None:
    escalation = patient_writes()
    step(amina, escalation, "take-over")
    written = "Ring me on 07700 900123.\nI'm here."
    step(amina, escalation, "reply", text=written.replace("\n", "\r\n"))
    reply = messages(room)[-1]
    assert "07700" not in reply.text
    assert reply.sealed is not None
    assert room.vault.unseal(reply.sealed, owner=escalation.conversation_id, purpose="reply") == written


def test_the_same_form_sent_twice_is_one_reply(room: ClinicRoom, amina: Any, patient_writes: Writes) -> None:
    escalation = patient_writes()
    step(amina, escalation, "take-over")
    amina.open(f"/inbox/{escalation.id}")
    form = {**amina.fields, "text": "Hello"}
    for _ in range(2):
        amina.send(f"/inbox/{escalation.id}/reply", **form)
    assert [message.speaker for message in messages(room)].count(Speaker.CLINICIAN) == 1


@pytest.mark.parametrize(("text", "says"), [(" \n\x00 ", "Write something"), ("a" * 2001, "at most 2000")])
def test_a_reply_that_cannot_be_sent_says_why_and_sends_nothing(
    room: ClinicRoom, amina: Any, patient_writes: Writes, text: str, says: str
) -> None:
    escalation = patient_writes()
    step(amina, escalation, "take-over")
    assert step(amina, escalation, "reply", text=text).status_code == 409
    assert says in amina.text
    assert len(messages(room)) == 2


def test_a_reply_needs_the_conversation_and_the_words_are_not_lost(
    room: ClinicRoom, amina: Any, ben: Any, patient_writes: Writes
) -> None:
    escalation = patient_writes()
    step(amina, escalation, "take-over")
    ben.open("/inbox/closed")
    answer = ben.send(f"/inbox/{escalation.id}/reply", text="Hello from Ben")
    assert answer.status_code == 409
    assert "Hello from Ben" in ben.text
    assert len(messages(room)) == 2


def test_two_who_claim_at_once_one_wins_and_the_other_is_told_who(
    room: ClinicRoom, amina: Any, ben: Any, patient_writes: Writes
) -> None:
    escalation = patient_writes()
    for browser in (amina, ben):
        browser.open(f"/inbox/{escalation.id}")
    with ThreadPoolExecutor(2) as both:
        claims = [
            both.submit(browser.send, f"/inbox/{escalation.id}/take-over", **browser.fields)
            for browser in (amina, ben)
        ]
        codes = [claim.result().status_code for claim in claims]
    assert sorted(codes) == [200, 409]
    winner, loser = ("Amina", ben) if codes[0] == 200 else ("Ben", amina)
    assert f"{winner} already has this one." in loser.text
    assert [message.speaker for message in messages(room)] == ["patient", "notice"]


def test_taking_over_twice_tells_the_patient_once(
    room: ClinicRoom, amina: Any, patient_writes: Writes
) -> None:
    escalation = patient_writes()
    step(amina, escalation, "take-over")
    step(amina, escalation, "take-over")
    assert len(messages(room)) == 2


def test_a_conversation_in_hand_must_be_handed_back_before_it_is_closed(
    room: ClinicRoom, amina: Any, patient_writes: Writes
) -> None:
    escalation = patient_writes()
    step(amina, escalation, "take-over")
    assert step(amina, escalation, "close", outcome="supported").status_code == 409
    assert the_turn(room) == Turn.CLINICIAN


def test_closing_needs_an_outcome_from_the_list(room: ClinicRoom, amina: Any, patient_writes: Writes) -> None:
    escalation = patient_writes()
    assert step(amina, escalation, "close", outcome="because").status_code == 409
    assert step(amina, escalation, "close").status_code == 409
    assert the_escalation(room).state == EscalationState.RAISED


def test_what_was_closed_is_listed_with_its_outcome(amina: Any, patient_writes: Writes) -> None:
    amina.open("/inbox/closed")
    assert "Nothing has been closed yet." in amina.text
    escalation = patient_writes()
    step(amina, escalation, "close", outcome="false_alarm")
    amina.open("/inbox/closed")
    assert "i've taken all my tablets" in amina.text
    assert OUTCOMES["false_alarm"] in amina.text
    amina.open("/inbox")
    assert "Nobody is waiting for a response." in amina.text


def test_a_bot_that_does_not_answer_is_said_at_the_top_until_dealt_with(room: ClinicRoom, amina: Any) -> None:
    with room.store.begin() as session:
        alert = ServiceAlert(kind="engine_unavailable")
        session.add(alert)
        session.flush()
        alert_id = alert.id
    amina.open("/inbox")
    assert "The bot has not been answering patients since" in amina.text
    amina.send(f"/alerts/{alert_id}/clear")
    assert "has not been answering" not in amina.text
    with room.store.read() as session:
        assert session.scalars(select(ServiceAlert)).one().cleared_at is not None


def test_messages_that_wait_for_an_answer_are_counted(
    room: ClinicRoom, amina: Any, patient_writes: Writes
) -> None:
    escalation = patient_writes()
    step(amina, escalation, "take-over")
    with room.store.begin() as session:
        conversation = session.get_one(Conversation, escalation.conversation_id)
        for _ in range(2):
            conversations.append(session, conversation, Speaker.PATIENT, WrittenText("are you there"))
    amina.open("/inbox")
    assert "2 messages not answered yet" in amina.text


def test_a_locked_database_gets_a_plain_answer_and_changes_nothing(
    room: ClinicRoom, amina: Any, patient_writes: Writes
) -> None:
    escalation = patient_writes()
    amina.open("/inbox")
    with room.store.begin():
        answer = amina.send(f"/inbox/{escalation.id}/acknowledge")
        assert answer.status_code == 503
        assert "The database is busy" in amina.text
        assert amina.open("/inbox").status_code == 200, "the queue can still be read"
    assert the_escalation(room).state == EscalationState.RAISED
