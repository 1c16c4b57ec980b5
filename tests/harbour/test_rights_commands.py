"""A person's rights by command: the address comes on standard input, and a proof says what remains."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import create_engine, select, text
from typer.testing import CliRunner, Result

from bot.parts import RightsDesk, rights_desk
from bot.settings import Settings
from harbour.cli import app
from harbour.ports import free_port
from harbour.problems import CannotStart
from privacy.text import WrittenText
from store import migrate
from store.conversations import append, find_conversation, open_conversation
from store.models import Conversation, Escalation, MoodCheckin, Person, Speaker, now

ADDRESS = "a browser of somebody"
Harbour = Callable[..., Result]


@pytest.fixture
def desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> RightsDesk:
    """A home with a database in it, and no Rasa running."""
    monkeypatch.setenv("HARBOUR_HOME", str(home))
    monkeypatch.setenv("HARBOUR_RASA_PORT", str(free_port()))
    settings = Settings()
    migrate.upgrade(settings.database)
    return rights_desk(settings)


@pytest.fixture
def harbour(desk: RightsDesk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harbour]:
    def run(*words: str, said: str = f"{ADDRESS}\n") -> Result:
        return CliRunner().invoke(app, list(words), input=said)

    handlers = logging.getLogger().handlers[:]
    for module, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))  # a command replaces them, for its process
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    yield run
    logging.getLogger().handlers[:] = handlers
    structlog.reset_defaults()


@pytest.fixture
def somebody(desk: RightsDesk) -> str:
    """Somebody who talked and checked in; the name of their session with Rasa."""
    with desk.store.begin() as session:
        conversation = open_conversation(session, desk.pseudonyms.of("web", ADDRESS), "web")
        append(session, conversation, Speaker.PATIENT, WrittenText("i am so tired"))
        session.add(MoodCheckin(person_id=conversation.person_id, mood=4))
        return conversation.engine_session


def asked_for_help(desk: RightsDesk) -> None:
    with desk.store.begin() as session:
        conversation = find_conversation(session, desk.pseudonyms.of("web", ADDRESS))
        assert conversation
        session.add(Escalation(conversation_id=conversation.id, response="respond_today", target_at=now()))


def answer(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def rasa_holds(desk: RightsDesk, session: str) -> None:
    """Rasa's own database, with one session in it."""
    (desk.settings.home / "rasa").mkdir(exist_ok=True)
    engine = create_engine(desk.settings.tracker)
    with engine.begin() as connection:
        connection.execute(text("PRAGMA secure_delete=ON"))
        connection.execute(text("CREATE TABLE trackers (session TEXT, events TEXT)"))
        connection.execute(text("INSERT INTO trackers VALUES (:session, 'words')"), {"session": session})
    engine.dispose()


def rasa_forgets(desk: RightsDesk) -> None:
    engine = create_engine(desk.settings.tracker)
    with engine.begin() as connection:
        connection.execute(text("PRAGMA secure_delete=ON"))
        connection.execute(text("DELETE FROM trackers"))
    engine.dispose()
    with desk.store.begin() as session:
        session.execute(text("DELETE FROM engine_forgetting"))


def test_see_tells_counts_and_kinds(harbour: Harbour, somebody: str) -> None:
    kept = answer(harbour("rights", "see", "--channel", "web"))
    assert (kept["messages"], kept["checkins"], kept["contact_kinds"]) == (1, 1, [])
    assert kept["kept_for_days"]["moods"] == 365


def test_export_holds_everything_and_is_audited(harbour: Harbour, desk: RightsDesk, somebody: str) -> None:
    mine = answer(harbour("rights", "export", "--channel", "web", "--address", "-"))
    assert mine["conversations"][0]["messages"][0]["text"] == "i am so tired"
    with desk.store.read() as session:
        assert session.execute(text("SELECT what FROM audit_event")).scalars().all() == ["rights: exported"]


def test_an_address_on_the_command_line_is_refused(harbour: Harbour, somebody: str) -> None:
    result = harbour("rights", "see", "--channel", "web", "--address", ADDRESS)
    assert isinstance(result.exception, CannotStart)
    assert "standard input" in str(result.exception)
    assert ADDRESS not in str(result.exception)


@pytest.mark.parametrize("said", ["", "\n", "somebody else\n"])
def test_nobody_is_found_by_no_address(harbour: Harbour, somebody: str, said: str) -> None:
    assert isinstance(harbour("rights", "see", "--channel", "web", said=said).exception, CannotStart)


def test_another_channel_is_another_person(harbour: Harbour, somebody: str) -> None:
    assert isinstance(harbour("rights", "see", "--channel", "sms").exception, CannotStart)


def test_object_and_its_undoing(harbour: Harbour, desk: RightsDesk, somebody: str) -> None:
    assert answer(harbour("rights", "object", "--channel", "web", "--undo")) == {"counted": True}
    assert answer(harbour("rights", "object", "--channel", "web")) == {"counted": False}
    with desk.store.read() as session:
        assert session.scalars(select(Person.shares_statistics)).one() is False


def test_a_mood_is_corrected(harbour: Harbour, desk: RightsDesk, somebody: str) -> None:
    assert answer(harbour("rights", "correct", "--channel", "web", "--mood", "6"))["before"] == 4
    assert answer(harbour("rights", "correct", "--channel", "web", "--remove-mood"))["before"] == 6
    again = harbour("rights", "correct", "--channel", "web", "--remove-mood")
    assert isinstance(again.exception, CannotStart)
    assert isinstance(harbour("rights", "correct", "--channel", "web").exception, CannotStart)


def test_an_erasure_is_proved_in_words(harbour: Harbour, desk: RightsDesk, somebody: str) -> None:
    rasa_holds(desk, somebody)
    receipt = answer(harbour("rights", "erase", "--channel", "web"))
    assert receipt["erased"] == {
        "conversations": 1,
        "messages": 1,
        "moods": 1,
        "contact_details": 0,
        "measures": 0,
        "plans": 0,
        "guides": 0,
    }
    assert receipt["engine_has_to_forget"] == 1, "Rasa is not running"
    early = harbour("rights", "verify", receipt["code"])
    assert early.exit_code == 1
    assert "Rasa: holds 1 sessions that belong to no conversation" in early.stdout

    rasa_forgets(desk)
    for proof in (
        harbour("rights", "verify", receipt["code"]),
        harbour("rights", "verify", receipt["code"].lower()),
        harbour("rights", "verify", "--channel", "web"),
    ):
        assert proof.exit_code == 0, proof.output
        assert "nobody is kept under the erased name" in proof.stdout
        assert proof.stdout.count("the erased name is nowhere in its bytes") == 2
        assert proof.stdout.endswith("Nothing remains that may be erased.\n")


def test_a_proof_finds_what_a_backup_brought_back(harbour: Harbour, desk: RightsDesk, somebody: str) -> None:
    with desk.store.begin() as session:
        pseudonym = session.scalars(select(Person.pseudonym)).one()
    receipt = answer(harbour("rights", "erase", "--channel", "web"))
    with desk.store.begin() as session:
        person = Person(pseudonym=pseudonym, channel="web", first_seen=now() - timedelta(days=1))
        long_ago = now() - timedelta(hours=1)
        session.add(Conversation(person=person, channel="web", started_at=long_ago))
    assert "1 conversations from before the erasure" in harbour("rights", "verify", receipt["code"]).stdout
    assert answer(harbour("rights", "reapply")) == {"erased": 1}
    with desk.store.read() as session:
        assert session.scalars(select(Person.id)).all() == []


def test_a_clinical_record_that_stays_is_no_fault_of_the_erasure(
    harbour: Harbour, desk: RightsDesk, somebody: str
) -> None:
    asked_for_help(desk)
    receipt = answer(harbour("rights", "erase", "--channel", "web"))
    assert receipt["kept"] == {"clinical_record": 1}
    assert any("ico.org.uk" in line for line in receipt["words"])
    with desk.store.begin() as session:
        session.execute(text("DELETE FROM engine_forgetting"))
    proof = harbour("rights", "verify", receipt["code"])
    assert proof.exit_code == 0
    assert "only a clinical record stays" in proof.stdout


def test_a_hold_is_placed_and_lifted_and_the_wish_is_then_done(
    harbour: Harbour, desk: RightsDesk, somebody: str
) -> None:
    wrong = harbour("rights", "hold", "--channel", "web", "--reason", "because")
    assert "choose one of complaint" in str(wrong.exception)
    assert answer(harbour("rights", "hold", "--channel", "web", "--reason", "inquest"))["reason"] == "inquest"
    assert answer(harbour("rights", "erase", "--channel", "web"))["kept"] == {"legal_hold": 1}
    assert answer(harbour("rights", "lift", "--channel", "web")) == {"lifted": 1, "erased": 1}


def test_an_unknown_receipt_is_said_to_be_one(harbour: Harbour) -> None:
    assert isinstance(harbour("rights", "verify", "R-AAAA-AAAA-AAAA-AAAA").exception, CannotStart)
    assert isinstance(harbour("rights", "verify").exception, CannotStart)


def test_retain_says_what_would_go_and_deletes_only_when_told(
    harbour: Harbour, desk: RightsDesk, somebody: str
) -> None:
    with desk.store.begin() as session:
        old = now() - timedelta(days=400)
        conversation = session.scalars(select(Conversation)).one()
        conversation.last_at = conversation.person.first_seen = old
        session.scalars(select(MoodCheckin)).one().at = old
    looked = harbour("retain").stdout
    assert "1 would go: conversations without a human (kept 365 days)" in looked
    assert "1 would go: conversations" in harbour("retain").stdout
    assert "1 deleted: mood check-ins" in harbour("retain", "--delete").stdout
    with desk.store.read() as session:
        assert session.scalars(select(Person.id)).all() == []


@pytest.mark.slow
def test_a_problem_is_one_sentence_and_no_traceback(desk: RightsDesk) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "harbour", "rights", "see", "--channel", "web"],
        input="nobody\n",
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    assert finished.stderr == "harbour: nothing is kept about anybody with that address on that channel.\n"


def test_what_stops_a_command_is_told_without_anybody_s_words(desk: RightsDesk, somebody: str) -> None:
    """A damaged row: the library that reads it quotes it in its exception."""
    engine = create_engine(desk.settings.database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE message SET at = 'i am sam brown'"))
    engine.dispose()
    finished = subprocess.run(
        [sys.executable, "-m", "harbour", "rights", "export", "--channel", "web"],
        input=f"{ADDRESS}\n",
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    assert "ValueError" in finished.stderr
    assert "brown" not in finished.stdout + finished.stderr
