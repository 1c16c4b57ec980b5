"""The clinic's process is killed (SIGKILL) between the commit and the notice: nothing is lost, nothing goes twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from clinic import on_call
from clinic.web import ClinicRoom
from store.models import Escalation, Staff
from store.outbox import OutboxItem
from store.timers import Timer
from tests.clinic.providers import Provider, provider

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
MOBILE = "+447700900123"

# The real clock on the real store. `die` names the moment at which the process kills itself.
CLINIC = """
import os, signal, sys, time
from datetime import timedelta
from clinic.alarms import Alarms
from clinic.clock import ResponseTargets
from clinic.notify.govuk import GovukRoute
from clinic.notify.notices import Notices
from privacy.keyring import Keyring
from privacy.vault import Vault
from store import outbox, timers
from store.courier import Courier
from store.outbox import Topic
from store.session import Store
from store.timers import TimerKind

database, provider, die, lease = sys.argv[1:]

def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

outbox.LEASE = timedelta(seconds=float(lease))
outbox.claim.__kwdefaults__["lease"] = outbox.LEASE
store, vault = Store(database), Vault(Keyring.of(b"v" * 32))
route = GovukRoute(provider, "template", "k-" + "a" * 36 + "-" + "b" * 36)
notices = Notices(store, vault, [route], "https://harbour.example/inbox")
carry = notices.carry
if die == "after claim":
    carry = killed
if die == "after send":
    def carry(item):
        notices.carry(item)
        killed()
courier = Courier(store, {Topic.STAFF_NOTICE: carry}, after_end=notices.after_end)
alarms = Alarms(ResponseTargets())
print("ready", flush=True)
for _ in range(200):
    timers.run_due(store, {TimerKind.ASK_NEXT: alarms.ask_next}, lambda topic: None)
    if die == "after commit":
        with store.read() as session:
            from sqlalchemy import select
            if session.scalar(select(outbox.OutboxItem.id)):
                killed()
    courier.round()
    time.sleep(0.05)
"""


@pytest.fixture
def fake() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture
def clinic(room: ClinicRoom, fake: Provider) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a clinic's process: ``clinic(die="after claim")``."""
    started: list[subprocess.Popen[str]] = []

    def start(die: str = "", lease: float = 1.0) -> subprocess.Popen[str]:
        url = str(room.store.engine.url)
        process = subprocess.Popen(
            [sys.executable, "-c", CLINIC, url, fake.url, die, str(lease)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def ben(room: ClinicRoom, hire: Callable[..., Any]) -> None:
    person = hire("Ben")
    with room.store.begin() as session:
        on_call.put(session, room.vault, session.get_one(Staff, person.id), covers="always", mobile=MOBILE)


def until_delivered(room: ClinicRoom) -> list[OutboxItem]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with room.store.read() as session:
            items = list(session.scalars(select(OutboxItem)))
        if items and all(item.state == "delivered" for item in items):
            return items
        time.sleep(0.05)
    pytest.fail("The notice was lost.")


@pytest.mark.parametrize("moment", ["after commit", "after claim", "after send"])
def test_killed_at_any_moment_one_notice_arrives(
    room: ClinicRoom,
    ben: None,
    raised: Callable[..., Escalation],
    fake: Provider,
    clinic: Callable[..., subprocess.Popen[str]],
    moment: str,
) -> None:
    raised()
    victim = clinic(die=moment)
    assert victim.wait(timeout=60) == -signal.SIGKILL
    assert len(fake.taken) == (1 if moment == "after send" else 0)
    clinic()
    items = until_delivered(room)
    time.sleep(0.5)  # whatever might be sent twice has had its chance
    assert len(fake.taken) == 1
    assert len(items) == 1


def test_killed_before_anything_ran_the_timer_is_still_there(
    room: ClinicRoom,
    ben: None,
    raised: Callable[..., Escalation],
    fake: Provider,
    clinic: Callable[..., subprocess.Popen[str]],
) -> None:
    """The escalation and its timer are one commit: whoever dies right after it takes nothing away."""
    raised()
    with room.store.read() as session:
        assert session.scalars(select(Timer.kind)).all() == ["ask_next"]
    clinic()
    until_delivered(room)
    assert len(fake.taken) == 1


def test_several_processes_tell_once(
    room: ClinicRoom,
    ben: None,
    raised: Callable[..., Escalation],
    fake: Provider,
    clinic: Callable[..., subprocess.Popen[str]],
) -> None:
    for _ in range(2):
        clinic(lease=60)
    for who in range(5):
        raised(str(who))
    assert len(until_delivered(room)) in range(1, 6)
    deadline = time.monotonic() + 30
    while len(fake.taken) < 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    assert len(fake.taken) == 5
