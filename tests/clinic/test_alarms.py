"""Nobody has acknowledged: the people on call are asked in turn, again and again, until somebody does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from clinic import escalations, handover, on_call
from clinic.alarms import Alarms
from clinic.escalations import StepRefused
from clinic.hours import opening_hours
from clinic.silence import Silence
from clinic.web import ClinicRoom
from privacy.redaction import withheld
from store import timers
from store.models import (
    Alarm,
    Conversation,
    Escalation,
    EscalationEvent,
    EscalationState,
    Message,
    Role,
    Staff,
    Turn,
    now,
)
from store.outbox import OutboxItem
from store.timers import Timer, TimerKind

Raised = Callable[..., Escalation]
Hire = Callable[..., Any]
CLOSED = opening_hours("mon 00:00-00:01")


@pytest.fixture
def team(room: ClinicRoom, hire: Hire) -> dict[str, str]:
    """Amina, Ben and Cleo, on call in this order."""
    ids = {name: hire(name).id for name in ("Amina", "Ben", "Cleo")}
    with room.store.begin() as session:
        for staff_id in ids.values():
            on_call.put(session, room.vault, session.get_one(Staff, staff_id), covers="always", mobile=None)
    return ids


def tick(room: ClinicRoom, alarms: Alarms | None = None) -> int:
    alarms = alarms or Alarms(room.targets)
    silence = Silence(room.content, room.targets)
    handlers = {TimerKind.ASK_NEXT: alarms.ask_next, TimerKind.HANDOVER_QUIET: silence.look}
    return timers.run_due(room.store, handlers, lambda topic: None)


def minutes_pass(room: ClinicRoom, minutes: float) -> None:
    """Everything that was written down lies so much further back, and every timer is so much nearer."""
    ago = timedelta(minutes=minutes)
    with room.store.begin() as session:
        for row in session.scalars(select(Timer)):
            row.due_at -= ago
        for kept in (*session.scalars(select(EscalationEvent)), *session.scalars(select(Message))):
            kept.at -= ago
        for escalation in session.scalars(select(Escalation)):
            session.execute(
                update(Escalation)
                .where(Escalation.id == escalation.id)
                .values(raised_at=escalation.raised_at - ago, target_at=escalation.target_at - ago)
            )


def asked(room: ClinicRoom, what: str = "asked") -> list[str | None]:
    with room.store.read() as session:
        events = session.scalars(
            select(EscalationEvent).where(EscalationEvent.what == what).order_by(EscalationEvent.number)
        )
        return [event.staff.first_name if event.staff else None for event in events]


def do(room: ClinicRoom, step: Callable[..., object], staff_id: str, *more: object) -> None:
    with room.store.begin() as session:
        escalation = session.scalars(select(Escalation)).one()
        step(session, escalation, session.get_one(Staff, staff_id), *more)


def the_escalation(room: ClinicRoom) -> Escalation:
    with room.store.read() as session:
        return session.scalars(select(Escalation)).one()


def test_the_first_on_call_is_asked_at_once(room: ClinicRoom, team: dict[str, str], raised: Raised) -> None:
    raised()
    tick(room)
    assert asked(room) == ["Amina"]
    with room.store.read() as session:
        item = session.scalars(select(OutboxItem)).one()
        assert item.payload == {"staff": team["Amina"], "about": "waiting"}


def test_unacknowledged_it_goes_down_the_chain_and_begins_anew(
    room: ClinicRoom, team: dict[str, str], raised: Raised
) -> None:
    raised()
    for _ in range(5):
        tick(room)
        minutes_pass(room, 3)
    assert asked(room) == ["Amina", "Ben", "Cleo", "Amina", "Ben"]
    with room.store.read() as session:
        assert len(session.scalars(select(OutboxItem)).all()) == 5
        assert session.scalars(select(Alarm)).one().asked_id == team["Ben"]


def test_nobody_else_is_asked_before_the_time_of_the_first_is_up(
    room: ClinicRoom, team: dict[str, str], raised: Raised
) -> None:
    raised()
    tick(room)
    minutes_pass(room, 2.5)
    tick(room)
    assert asked(room) == ["Amina"]


@pytest.mark.parametrize("step", [escalations.acknowledge, escalations.take_over])
def test_whoever_answers_ends_it(
    room: ClinicRoom, team: dict[str, str], raised: Raised, step: Callable[..., object]
) -> None:
    raised()
    tick(room)
    do(room, step, team["Ben"])
    minutes_pass(room, 9)
    assert tick(room) == 0
    assert asked(room) == ["Amina"]


def test_a_restart_forgets_no_timer(room: ClinicRoom, team: dict[str, str], raised: Raised) -> None:
    raised()
    room.store.close()  # every connection is gone, as after a restart
    tick(room)
    assert asked(room) == ["Amina"]


def test_several_who_tick_at_once_ask_once(room: ClinicRoom, team: dict[str, str], raised: Raised) -> None:
    for who in range(6):
        raised(str(who))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: tick(room), range(4)))
    assert len(asked(room)) == 6


def test_the_owner_is_asked_first_when_it_fires_again_and_loses_it_after_that(
    room: ClinicRoom, team: dict[str, str], raised: Raised
) -> None:
    raised()
    do(room, escalations.acknowledge, team["Cleo"])
    raised()
    tick(room)
    assert (asked(room), the_escalation(room).owner_id) == (["Cleo"], team["Cleo"])
    minutes_pass(room, 3)
    tick(room)
    assert asked(room) == ["Cleo", "Ben"]
    assert the_escalation(room).owner_id is None


def test_without_anybody_on_call_the_team_is_told(room: ClinicRoom, raised: Raised) -> None:
    raised()
    tick(room)
    assert asked(room) == [None]


def test_when_the_service_is_closed_nobody_is_asked_before_it_opens(
    room: ClinicRoom, team: dict[str, str], raised: Raised
) -> None:
    closed = replace(room.targets, hours=CLOSED)
    raised()
    tick(room, Alarms(closed))
    assert asked(room) == []
    with room.store.read() as session:
        due = session.scalars(select(Timer.due_at)).one()
    assert abs(due - CLOSED.next_opening(now())) < timedelta(seconds=5)


def test_who_covers_the_nights_is_asked_at_night_and_only_for_what_is_urgent(
    room: ClinicRoom, team: dict[str, str], raised: Raised
) -> None:
    with room.store.begin() as session:
        on_call.put(session, room.vault, session.get_one(Staff, team["Cleo"]), covers="closed", mobile=None)
        for name in ("Amina", "Ben"):
            on_call.put(session, room.vault, session.get_one(Staff, team[name]), covers="open", mobile=None)
    at_night = Alarms(replace(room.targets, hours=CLOSED, round_the_clock=frozenset({"respond_now"})))
    raised("1")
    raised("2", "respond_today")
    tick(room, at_night)
    assert asked(room) == ["Cleo"]


def test_the_order_of_the_chain_can_be_changed(room: ClinicRoom, team: dict[str, str]) -> None:
    with room.store.begin() as session:
        on_call.move_up(session, team["Cleo"])
        on_call.move_up(session, team["Cleo"])
        on_call.move_up(session, team["Cleo"])
        on_call.remove(session, team["Ben"])
        assert [place.staff.first_name for place in on_call.chain(session)] == ["Cleo", "Amina"]


def test_passing_on_needs_a_clinician_and_leaves_it_with_them(
    room: ClinicRoom, team: dict[str, str], hire: Hire, raised: Raised
) -> None:
    raised()
    reader = hire("Reporter", Role.SERVICE_TEAM).id
    with room.store.read() as session:
        ben, reporter = session.get_one(Staff, team["Ben"]), session.get_one(Staff, reader)
    with pytest.raises(StepRefused, match="answers patients"):
        do(room, escalations.transfer, team["Amina"], reporter)
    do(room, escalations.transfer, team["Amina"], ben)
    assert (the_escalation(room).state, the_escalation(room).owner_id) == ("acknowledged", team["Ben"])
    with pytest.raises(StepRefused, match="Ben already has"):
        do(room, escalations.transfer, team["Cleo"], ben)


def test_putting_it_back_asks_the_people_on_call_again(
    room: ClinicRoom, team: dict[str, str], raised: Raised
) -> None:
    raised()
    do(room, escalations.acknowledge, team["Ben"])
    with pytest.raises(StepRefused, match="Only who has it"):
        do(room, escalations.release, team["Amina"], room.targets)
    do(room, escalations.release, team["Ben"], room.targets)
    tick(room)
    assert (the_escalation(room).state, asked(room)) == ("raised", ["Amina"])


def take_over(room: ClinicRoom, staff_id: str) -> None:
    with room.store.begin() as session:
        escalation = session.scalars(select(Escalation)).one()
        handover.take_over(session, room.content, escalation, session.get_one(Staff, staff_id))


def notices(room: ClinicRoom) -> list[str]:
    with room.store.read() as session:
        said = session.scalars(select(Message).where(Message.speaker == "notice").order_by(Message.position))
        return [str(message.text) for message in said]


def test_a_clinician_who_goes_quiet_is_warned_and_then_it_goes_back_to_the_queue(
    room: ClinicRoom, team: dict[str, str], raised: Raised
) -> None:
    raised()
    take_over(room, team["Ben"])
    minutes_pass(room, 10)
    tick(room)
    assert the_escalation(room).state == EscalationState.IN_CONVERSATION
    assert "Ben has not written for a while" in notices(room)[-1]
    with room.store.read() as session:
        assert session.scalars(select(OutboxItem.payload)).all()[-1] == {
            "staff": team["Ben"],
            "about": "quiet",
        }
    minutes_pass(room, 5)
    tick(room)
    tick(room)
    assert "Ben had to step away" in notices(room)[-1]
    escalation = the_escalation(room)
    assert (escalation.state, escalation.owner_id) == (EscalationState.RAISED, None)
    assert escalation.target_at > now()
    assert asked(room) == ["Amina"]
    with room.store.read() as session:
        assert session.scalars(select(Conversation.turn)).one() == Turn.BOT


def test_a_clinician_who_writes_is_left_in_peace(
    room: ClinicRoom, team: dict[str, str], raised: Raised
) -> None:
    escalation = raised()
    take_over(room, team["Ben"])
    minutes_pass(room, 9)
    with room.store.begin() as session:
        row = session.get_one(Escalation, escalation.id)
        handover.reply(
            session,
            room.vault,
            lambda _: withheld().text,
            row,
            session.get_one(Staff, team["Ben"]),
            "I am here.",
        )
    minutes_pass(room, 2)
    tick(room)
    assert len(notices(room)) == 1
    minutes_pass(room, 8.5)
    tick(room)
    assert "has not written" in notices(room)[-1]


def test_handing_back_ends_the_watch(room: ClinicRoom, team: dict[str, str], raised: Raised) -> None:
    raised()
    take_over(room, team["Ben"])
    with room.store.begin() as session:
        row = session.scalars(select(Escalation)).one()
        handover.hand_back(session, room.content, row, session.get_one(Staff, team["Ben"]))
    minutes_pass(room, 30)
    assert tick(room) == 0
    assert the_escalation(room).state == EscalationState.HANDED_BACK


def test_a_conversation_that_is_passed_on_tells_the_patient_who_goes_on(
    room: ClinicRoom, team: dict[str, str], raised: Raised
) -> None:
    raised()
    take_over(room, team["Ben"])
    with room.store.begin() as session:
        row = session.scalars(select(Escalation)).one()
        ben, amina = session.get_one(Staff, team["Ben"]), session.get_one(Staff, team["Amina"])
        handover.transfer(session, room.content, row, ben, amina)
    assert notices(room)[-1] == "Amina, crisis nurse, has joined. The bot is quiet now."
    assert (the_escalation(room).state, the_escalation(room).owner_id) == ("in_conversation", team["Amina"])
