"""A person's rights through the whole of a running Harbour: what was erased is in no file, and stays erased."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.running import RunningHarbour, running_harbour
from store.free_pages import remains
from tests.journeys.patient import Patient, Records

pytestmark = pytest.mark.slow

MARKER = "lukewarm wheelbarrow"


@pytest.fixture(scope="module")
def model_home(trained_model: Path) -> Path:
    return trained_model.parent.parent


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory, model_home: Path) -> Iterator[RunningHarbour]:
    with running_harbour(tmp_path_factory.mktemp("rights") / "home", model_home=model_home) as running:
        yield running


def rights(harbour: RunningHarbour, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harbour", "rights", *words],
        input=said,
        env={
            **os.environ,
            "HARBOUR_HOME": str(harbour.home),
            "HARBOUR_RASA_PORT": str(harbour.rasa_port),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def files_with(home: Path, words: str) -> list[str]:
    """Every file under the home that holds these bytes; models are not made of what people say."""
    return [
        str(file.relative_to(home))
        for file in home.rglob("*")
        if file.is_file() and "models" not in file.parts and words.encode() in file.read_bytes()
    ]


def proved(harbour: RunningHarbour, receipt: str) -> str:
    """What `verify` says once Rasa has forgotten, which it does a moment after the answer."""
    deadline = time.monotonic() + 20
    while True:
        proof = rights(harbour, "verify", receipt)
        if proof.returncode == 0 or time.monotonic() > deadline:
            return proof.stdout + proof.stderr
        time.sleep(0.5)


def test_what_is_deleted_in_the_chat_is_in_no_file_any_more(harbour: RunningHarbour) -> None:
    patient, other = Patient(harbour).start(), Patient(harbour).start()
    other.tell("the bus was late again")
    patient.tell(f"my neighbour bought a {MARKER} for the garden")
    assert files_with(harbour.home, MARKER), "else the test shows nothing"
    patient.tell("delete everything you have on me")
    done = patient.tell("yes delete it").json()
    assert done["over"] is True
    receipt = re.search(r"R(?:-[A-Z2-7]{4}){4}", str(done["html"]))
    assert receipt
    assert f'href="/receipt/{receipt[0]}"' in str(done["html"])
    assert "Nothing remains" in proved(harbour, receipt[0])
    assert files_with(harbour.home, MARKER) == []
    assert patient.get(f"/receipt/{receipt[0]}").status == 200
    assert other.tell("are you there").status == 200


def test_a_restored_backup_is_put_right_when_harbour_starts(tmp_path: Path, model_home: Path) -> None:
    home = tmp_path / "home"
    with running_harbour(home, model_home=model_home) as harbour:
        patient = Patient(harbour).start()
        patient.tell(f"the {MARKER} again")
        Records(harbour).open().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        shutil.copy(home / "harbour.db", tmp_path / "backup.db")
        assert patient.post("/my-data/delete", {}).status == 200
    for left in (*home.glob("harbour.db*"), *home.glob("models/*")):
        left.unlink()
    shutil.copy(tmp_path / "backup.db", home / "harbour.db")
    assert "harbour.db" in files_with(home, MARKER)
    with running_harbour(home, model_home=model_home) as harbour:
        assert Records(harbour).one("SELECT count(*) FROM person") == 0
    assert remains(home / "harbour.db").nothing, (
        "a process that was stopped hard leaves its log to be emptied"
    )
    assert files_with(home, MARKER) == []


def test_an_erasure_while_rasa_is_gone_is_finished_when_it_is_back(harbour: RunningHarbour) -> None:
    patient = Patient(harbour).start()
    patient.tell(f"the {MARKER} once more")
    os.kill(harbour.rasa_pid, signal.SIGKILL)
    page = patient.post("/my-data/delete", {})
    receipt = re.search(r"R(?:-[A-Z2-7]{4}){4}", page.text)
    assert receipt
    assert Records(harbour).one("SELECT count(*) FROM engine_forgetting") == 1
    assert rights(harbour, "verify", receipt[0]).returncode == 1, "it is not called done before it is"
    other, deadline = Patient(harbour).start(), time.monotonic() + 60
    while Records(harbour).one("SELECT count(*) FROM engine_forgetting") and time.monotonic() < deadline:
        other.tell("hello")
        time.sleep(0.5)
    assert "Nothing remains" in proved(harbour, receipt[0])
    assert files_with(harbour.home, MARKER) == []
