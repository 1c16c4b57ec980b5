"""What the engine does when it is started wrongly."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.bot.engine.speaking import Engine, StartEngine

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


def test_without_its_secret_it_does_not_start(rasa_python: Path, tiny_model: Path, tmp_path: Path) -> None:
    command = [str(rasa_python), "-m", "bot.engine", "run", "--model", str(tiny_model)]
    command += ["-i", "127.0.0.1", "-p", "0"]
    environment = {**os.environ, "HARBOUR_HOME": str(tmp_path)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode != 0
    assert "secret cannot be read" in done.stdout + done.stderr


def test_with_a_mistyped_store_and_a_second_channel_it_says_so_and_answers_nobody(
    start_engine: StartEngine, tmp_path: Path
) -> None:
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text("tracker_store: {type: bot.engine.tracker_store.DurableTrackerStor}\n")
    credentials = tmp_path / "credentials.yml"
    credentials.write_text("bot.engine.channel.SealedChannel:\nrest:\n")
    options = ["--endpoints", str(endpoints), "--credentials", str(credentials)]
    with start_engine(tmp_path / "home", *options) as engine:
        status, body = engine.call("GET", "ready")
        assert status == 503
        assert "tracker store is InMemoryTrackerStore" in body["error"]
        assert "lock store is InMemoryLockStore" in body["error"]
        assert "/webhooks/rest/webhook is open" in body["error"]
        assert engine.call("POST", "message", {"session": "s", "text": "hello"})[0] == 503


def test_what_a_person_said_survives_a_restart(start_engine: StartEngine, tmp_path: Path) -> None:
    with start_engine(tmp_path / "home") as engine:
        engine.choose("kept", "checkin", mood=6)
    with start_engine(tmp_path / "home") as engine:
        assert engine.say("kept", "back again") == ["Noted: 6, back again."]


def test_it_serves_without_tensorflow(engine: Engine) -> None:
    libraries = Path(f"/proc/{engine.pid}/maps").read_text()
    assert "tensorflow" not in libraries
