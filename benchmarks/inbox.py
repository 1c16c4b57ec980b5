"""How long the inbox takes to render with many open escalations: ``python -m benchmarks.inbox [--open 500]``.

Server time is what passes between the request's arrival at the application and its whole answer, without a network.
The processor's time is what it would be on a machine with nothing else to do.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from clinic import escalations
from clinic.auth import accounts, codes, passwords, sessions
from clinic.auth.accounts import NewAccount
from clinic.clock import ResponseTargets
from clinic.web import ClinicRoom, staff_app
from content import Content
from privacy.keyring import Keyring
from privacy.pseudonym import Pseudonyms
from privacy.redaction import withheld
from privacy.text import WrittenText
from privacy.vault import Vault
from store import conversations, migrate
from store.models import Alarm, Escalation, Role, Speaker, Staff
from store.session import Store
from store.signals import Signals

_RUNS = 20
_WORDS = "i cant stop thinking about it, it is getting worse every night and nobody would notice"
_REASONS: list[escalations.KeptReason] = [
    {
        "category": "suicide",
        "explanation": "Says they are thinking of ending their life",
        "words": "about it",
    },
    {"category": "self_harm", "explanation": "Says they have hurt themselves", "words": "every night"},
]


def main() -> None:
    """Fill a store, ask for the page again and again, and print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=500, help="how many open escalations")
    count = parser.parse_args().open
    with tempfile.TemporaryDirectory() as folder:
        room = _room(Path(folder))
        token = _fill(room, count)
        client = TestClient(staff_app(room))
        client.cookies.set("harbour_staff", token)
        with room.store.read() as session:
            thread = session.scalars(select(Escalation.id)).first()
        paths = {
            "the inbox": "/inbox",
            "the list's refresh": "/inbox/list",
            "a thread": f"/inbox/{thread}",
        }
        print(f"{count} open escalations, {_RUNS} requests each, milliseconds of server time")
        print(f"{'page':20}{'median':>9}{'95%':>9}{'longest':>9}{'processor':>10}{'KiB':>8}")
        for name, path in paths.items():
            _measure(client, name, path)
        room.store.close()


def _measure(client: TestClient, name: str, path: str) -> None:
    times: list[float] = []
    worked: list[float] = []
    size = 0
    for _ in range(_RUNS):
        began, busy = time.perf_counter(), time.process_time()
        answer = client.get(path)
        times.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - busy) * 1000)
        assert answer.status_code == 200, answer.text
        size = len(answer.content)
    times.sort()
    late = times[int(len(times) * 0.95)]
    print(
        f"{name:20}{statistics.median(times):9.0f}{late:9.0f}{times[-1]:9.0f}"
        f"{statistics.median(worked):10.0f}{size / 1024:8.0f}"
    )


def _room(folder: Path) -> ClinicRoom:
    url = f"sqlite:///{folder / 'harbour.db'}"
    migrate.upgrade(url)
    return ClinicRoom(
        store=Store(url),
        vault=Vault(Keyring.of(b"v" * 32)),
        content=Content.load(),
        signals=Signals(),
        targets=ResponseTargets(),
        redact=lambda _: withheld().text,
        service_name="Harbour",
        secure_cookies=False,
    )


def _fill(room: ClinicRoom, count: int) -> str:
    """Many people who wait, a third of them in hand, with a history; the token of a clinician's session."""
    pseudonyms = Pseudonyms(b"p" * 32)
    with room.store.begin() as session:
        account = NewAccount(
            "Amina", "crisis nurse", "a@trust.example", passwords.hash_password("x"), codes.new_secret()
        )
        amina = accounts.create(session, room.vault, account, [Role.CLINICIAN])
        token = sessions.start(session, amina)
    for number in range(count):
        with room.store.begin(durable=False) as session:
            _one(session, room, pseudonyms, number, amina)
    return token


def _one(session: Session, room: ClinicRoom, pseudonyms: Pseudonyms, number: int, amina: Staff) -> None:
    conversation = conversations.open_conversation(session, pseudonyms.of("web", str(number)), "web")
    response = ("respond_now", "respond_today")[number % 2]
    row = None
    for _ in range(3):
        message = conversations.append(
            session,
            conversation,
            Speaker.PATIENT,
            WrittenText(_WORDS),
            response=response,
            reasons=list(_REASONS),
        )
        session.flush()
        row = escalations.raise_escalation(
            session,
            conversation=conversation,
            message=message,
            response=response,
            reasons=_REASONS,
            targets=room.targets,
        )
    assert row is not None
    row.target_at -= timedelta(minutes=number)
    session.add(Alarm(escalation_id=row.id, asked_id=amina.id, step=1, notices=1))
    if number % 3 == 0:
        escalations.acknowledge(session, row, amina)


if __name__ == "__main__":
    main()
