"""200 conversations leave the clinical record, the ledger and perturbed reports, and nothing else that counts them."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.running import RunningHarbour
from tests.journeys.patient import DANGER, Patient, Records

pytestmark = pytest.mark.slow

CONVERSATIONS = 200
COUNTED_ONE_IN = 2
WORDS = ("i feel low today", "cant sleep again", "work is really stressful", "hello", "thanks that helps")
RECORD = {
    "person",
    "conversation",
    "message",
    "escalation",
    "escalation_event",
    "mood_checkin",
}
"""What is kept of a conversation for the person's own care."""
FORGOTTEN_SOON = {"engine_forgetting"}
"""What Rasa must still forget; a row goes when it has."""
LEDGER = {"statistics_ledger", "statistics_report"}
CLOCK = {"alarm", "audit_event", "outbox_item", "service_alert", "timer"}
"""What staff are asked to do about an escalation, and when: ids and times, and no word of anybody's."""
GROW = re.compile(r"harbour\.db(-wal|-shm)?|rasa/tracker\.db(-wal|-shm|-journal)?|logs/[a-z.0-9]+")


def rows(home: Path) -> dict[str, int]:
    """How many rows each table has."""
    with closing(sqlite3.connect(home / "harbour.db", timeout=10)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        count = "SELECT count(*) FROM "
        return {name: database.execute(f'{count}"{name}"').fetchone()[0] for name in names}


def files(home: Path) -> dict[str, int]:
    """The size of each file."""
    return {str(path.relative_to(home)): path.stat().st_size for path in home.rglob("*") if path.is_file()}


def added_to_logs(home: Path, before: dict[str, int]) -> Iterator[str]:
    """The lines that the logs gained."""
    for log in (home / "logs").iterdir():
        with log.open("rb") as record:
            record.seek(before.get(str(log.relative_to(home)), 0))
            yield from record.read().decode(errors="replace").splitlines()


def talk(harbour: RunningHarbour, number: int) -> str:
    """One whole conversation; the browser's cookie."""
    patient = Patient(harbour)
    patient.post("/start", {"statistics": "yes"} if number % COUNTED_ONE_IN else {})
    patient.tell(WORDS[number % len(WORDS)])
    if number % 20 == 0:
        patient.tell(DANGER)
    token = patient.cookie
    patient.post("/end", {})
    return token


def test_200_conversations_leave_no_other_trace(running_harbour: RunningHarbour) -> None:
    home = running_harbour.home
    talk(running_harbour, 0)  # so that what is made at first use is made by now
    rows_before, files_before = rows(home), files(home)
    tokens = [talk(running_harbour, number) for number in range(CONVERSATIONS)]
    grown = {
        name: count - rows_before[name] for name, count in rows(home).items() if count != rows_before[name]
    }

    assert grown.keys() - (RECORD | LEDGER | CLOCK | FORGOTTEN_SOON) == set()
    assert grown["person"] == grown["conversation"] == CONVERSATIONS
    # Half agreed to be counted: each of them once, and nobody else at all.
    drawn = grown.get("statistics_ledger", 0)
    assert drawn == CONVERSATIONS // COUNTED_ONE_IN
    assert grown.get("statistics_report", 0) <= drawn

    changed = {name for name, size in files(home).items() if size != files_before.get(name)}
    assert [name for name in sorted(changed) if not GROW.fullmatch(name)] == []
    _says_nothing_of_anybody(running_harbour, list(added_to_logs(home, files_before)), tokens)


def _says_nothing_of_anybody(harbour: RunningHarbour, lines: list[str], tokens: list[str]) -> None:
    """No address, no path, no name of a browser, a person or a conversation, and no line for each request."""
    said = "\n".join(lines)
    records = Records(harbour)
    secrets = [token.partition(".")[0] for token in tokens]
    secrets += [row[0] for row in records.rows("SELECT id FROM conversation UNION SELECT id FROM person")]
    secrets += [row[0] for row in records.rows("SELECT engine_session FROM conversation")]
    assert [one for one in secrets if one in said] == []
    assert re.findall(r"127\.0\.0\.1|/chat|/start|/end\b|topic|feel_low", said) == []
    assert len(lines) < CONVERSATIONS
    for line in lines:
        assert not line.startswith("{") or "event" in json.loads(line)
