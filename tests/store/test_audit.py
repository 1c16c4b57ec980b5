"""The audit log: whatever is edited, removed, added or reordered is found."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.settings import Settings
from store import audit, migrate, retention
from store.audit import AuditHead, hash_of
from store.models import AuditEvent, now
from store.session import Store

ROOT = Path(__file__).resolve().parents[2]
DEEDS = ("signed in", "viewed thread", "took over", "replied", "handed back")


@pytest.fixture
def logged(store: Store) -> Store:
    """A store with five lines."""
    for deed in DEEDS:
        with store.begin() as session:
            audit.append(session, deed, staff_id="amina", subject="an escalation")
    return store


def tamper(store: Store, change: Callable[[Session], object]) -> str | None:
    """Change the log as somebody may who is let into the database; what `verify` then says."""
    with store.begin() as session:
        for trigger in ("audit_event_stays", "audit_event_is_kept"):
            session.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        change(session)
    with store.read() as session:
        return audit.verify(session).problem


def set_values(number: int, /, **values: object) -> Callable[[Session], object]:
    return lambda session: session.execute(
        update(AuditEvent).where(AuditEvent.number == number).values(**values)
    )


def remove(number: int) -> Callable[[Session], object]:
    return lambda session: session.execute(
        text("DELETE FROM audit_event WHERE number = :number"), {"number": number}
    )


def test_an_untouched_log_is_whole(logged: Store) -> None:
    with logged.read() as session:
        verdict = audit.verify(session)
    assert (verdict.problem, verdict.lines, verdict.head.number) == (None, 5, 5)


def test_an_empty_log_is_whole(store: Store) -> None:
    with store.read() as session:
        assert audit.verify(session).problem is None


@pytest.mark.parametrize(
    "values",
    [
        {"what": "signed out"},
        {"staff_id": "ben"},
        {"staff_id": None},
        {"subject": "another"},
        {"at": now() - timedelta(days=1)},
        {"hash": "0" * 64},
    ],
    ids=lambda values: next(iter(values)),
)
def test_an_edited_line_is_named(logged: Store, values: dict[str, object]) -> None:
    assert tamper(logged, set_values(3, **values)) == "line 3 was edited, or is not where it was written"


@pytest.mark.parametrize(
    ("number", "says"),
    [(1, "line 1 removed"), (3, "line 3 removed"), (5, "lines after 4 are missing")],
)
def test_a_removed_line_is_named(logged: Store, number: int, says: str) -> None:
    assert says in (tamper(logged, remove(number)) or "")


def test_a_line_that_is_removed_and_the_others_numbered_anew_is_found(logged: Store) -> None:
    def close_the_gap(session: Session) -> None:
        remove(3)(session)
        set_values(4, number=3)(session)
        set_values(5, number=4)(session)

    assert tamper(logged, close_the_gap) == "line 3 was edited, or is not where it was written"


def test_two_lines_that_change_places_are_found(logged: Store) -> None:
    def swap(session: Session) -> None:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            set_values(old, number=new)(session)

    assert tamper(logged, swap) == "line 2 was edited, or is not where it was written"


def test_a_line_that_was_put_in_is_found(logged: Store) -> None:
    def put_in(session: Session) -> None:
        forged = hash_of("x", 6, now(), "account made", None, None)
        session.execute(insert(AuditEvent).values(number=6, what="account made", at=now(), hash=forged))

    assert tamper(logged, put_in) == "line 6 was edited, or is not where it was written"


def test_a_log_that_was_chained_anew_does_not_hold_the_head_that_was_noted(logged: Store) -> None:
    with logged.read() as session:
        noted = audit.verify(session).head

    def chain_anew(session: Session) -> None:
        before = audit.START
        for event in session.scalars(select(AuditEvent).order_by(AuditEvent.number)):
            what = "signed out" if event.number == 1 else event.what
            before = hash_of(before, event.number, event.at, what, event.staff_id, event.subject)
            set_values(event.number, what=what, hash=before)(session)
        session.execute(update(AuditHead).values(hash=before))

    assert tamper(logged, chain_anew) is None, "by itself it looks whole"
    with logged.read() as session:
        problem = audit.verify(session, {noted.number: noted.hash}).problem
    assert problem == "line 5 is not the one that was noted: the log was chained anew"


def test_a_log_that_was_cut_with_its_head_does_not_hold_the_head_that_was_noted(logged: Store) -> None:
    with logged.read() as session:
        noted = audit.verify(session).head
        fourth = session.get_one(AuditEvent, 4).hash

    def cut(session: Session) -> None:
        remove(5)(session)
        session.execute(update(AuditHead).values(number=4, hash=fourth))

    assert tamper(logged, cut) is None
    with logged.read() as session:
        assert audit.verify(session, {5: noted.hash}).problem == "line 5 was noted before, and is missing"


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET what = 'x'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses(logged: Store, statement: str) -> None:
    with pytest.raises(IntegrityError, match="only added to"), logged.begin() as session:
        session.execute(text(statement))


def test_many_who_write_at_once_make_one_chain(store: Store) -> None:
    def write(number: int) -> None:
        with store.begin() as session:
            audit.append(session, "viewed thread", staff_id=str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with store.read() as session:
        assert (audit.verify(session).problem, audit.verify(session).lines) == (None, 40)


def test_what_is_rolled_back_leaves_no_gap(store: Store) -> None:
    for keep in (True, False, True):
        with store.begin() as session:
            audit.append(session, "replied")
            if not keep:
                session.rollback()
    with store.read() as session:
        assert (audit.verify(session).problem, audit.verify(session).lines) == (None, 2)


def test_old_lines_are_forgotten_from_the_beginning_and_the_rest_still_holds(store: Store) -> None:
    for number, days_ago in enumerate((9000, 9000, 10, 9000, 1)):
        with store.begin() as session:
            event = audit.append(session, f"deed {number}")
            session.execute(text("DROP TRIGGER IF EXISTS audit_event_stays"))
            event.at = now() - timedelta(days=days_ago)
            event.hash = hash_of(_before(session, event), event.number, event.at, event.what, None, None)
            session.execute(update(AuditHead).values(hash=event.hash))
    gone = {taken.kind.name: taken.count for taken in retention.delete_due(store, retention.PERIODS)}
    assert gone["audit"] == 2, "the fourth is old too, but stands after one that stays"
    with store.read() as session:
        assert (audit.verify(session).problem, audit.verify(session).lines) == (None, 3)
    assert tamper(store, remove(3)) == "line 3 removed, or numbered anew"


def _before(session: Session, event: AuditEvent) -> str:
    earlier = session.get(AuditEvent, event.number - 1)
    return earlier.hash if earlier else audit.START


def test_a_gap_cannot_be_forgotten(logged: Store) -> None:
    with pytest.raises(ValueError, match="without a gap"), logged.begin() as session:
        audit.forget(session, [1, 3])


@pytest.mark.slow
def test_harbour_audit_verify_says_whether_the_log_is_whole(home: Path) -> None:
    settings = Settings(home=home)
    migrate.upgrade(settings.database)
    store = Store(settings.database)
    for deed in DEEDS:
        with store.begin() as session:
            audit.append(session, deed)

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "harbour", "audit", "verify"],
            cwd=ROOT,
            env={"HARBOUR_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    first = run()
    assert (first.returncode, first.stdout.startswith("Whole: 5 lines")) == (0, True), first.stderr
    assert run().returncode == 0
    assert len((home / "audit-heads.txt").read_text().splitlines()) == 1
    tamper(store, set_values(2, what="nothing"))
    second = run()
    assert second.returncode == 1
    assert "NOT WHOLE: line 2 was edited" in second.stdout
    store.close()
