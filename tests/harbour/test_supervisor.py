"""The supervisor, with real processes that have children of their own: nothing outlives it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = Path(__file__).with_name("stand_in.py")

Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def start(how: str) -> "subprocess.Popen[str]":
        command = [sys.executable, str(STAND_IN), str(tmp_path), how]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            # Whatever runs these tests may itself have been told to outlive its terminal.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509 - one call
        )
        started.append(process)
        read_until(process, "all ready")
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def read_until(process: "subprocess.Popen[str]", wanted: str) -> str:
    for line in process.stdout or ():
        if wanted in line:
            return line
    raise AssertionError(f"{wanted!r} was never said")


def pids(folder: Path) -> list[int]:
    return [int(pid) for file in folder.glob("*.pids") for pid in file.read_text(encoding="ascii").split()]


def alive(folder: Path) -> list[int]:
    return [pid for pid in pids(folder) if is_alive(pid)]


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_process_and_their_children(
    start: Start, tmp_path: Path, asked: signal.Signals
) -> None:
    process = start("lives")
    assert len(alive(tmp_path)) == 4
    process.send_signal(asked)
    assert process.wait(15) == 0
    assert alive(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_services_die_with_a_supervisor_that_is_killed(start: Start, tmp_path: Path) -> None:
    process = start("lives")
    leaders = [int(file.read_text(encoding="ascii").split()[0]) for file in tmp_path.glob("*.pids")]
    process.kill()
    wait_until(lambda: not any(is_alive(pid) for pid in leaders))
    for pid in alive(tmp_path):
        os.kill(pid, signal.SIGKILL)


def test_a_service_that_may_not_die_ends_the_run_with_its_status(start: Start, tmp_path: Path) -> None:
    process = start("dies")
    assert "second stopped (ValueError: it fell over)" in read_until(process, "stopped")
    assert process.wait(15) == 1
    assert alive(tmp_path) == []


def test_a_service_that_restarts_comes_back_after_a_longer_pause_each_time(
    start: Start, tmp_path: Path
) -> None:
    process = start("restarts")
    assert "starts again in 1 s" in read_until(process, "first stopped")
    assert "starts again in 2 s" in read_until(process, "first stopped")
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0
    assert alive(tmp_path) == []
