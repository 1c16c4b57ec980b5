"""`harbour run` for real: it starts, says where to go, and Ctrl-C leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
PORTS = ("PATIENTS", "STAFF", "INTERNAL", "RASA")


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


def environment(home: Path) -> dict[str, str]:
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    return {
        **os.environ,
        "HARBOUR_HOME": str(home),
        **{f"HARBOUR_{name}_PORT": str(port) for name, port in ports.items()},
    }


def start(env: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "harbour", "run"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def output_until(process: "subprocess.Popen[str]", wanted: str) -> str:
    said = ""
    for line in process.stdout or ():
        said += line
        if wanted in line:
            return said
    raise AssertionError(f"it ended before it said {wanted!r}:\n{said}")


@pytest.fixture
def running(home_with_model: Path) -> Iterator[tuple["subprocess.Popen[str]", dict[str, str]]]:
    env = environment(home_with_model)
    process = start(env)
    yield process, env
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=30)


@pytest.mark.slow
def test_it_starts_in_time_serves_and_ctrl_c_leaves_nothing(
    running: tuple["subprocess.Popen[str]", dict[str, str]],
) -> None:
    process, env = running
    began = time.monotonic()
    said = output_until(process, "Ctrl-C stops everything")
    took = time.monotonic() - began
    assert "Training" not in said
    assert took < 30, said
    patients = f"http://127.0.0.1:{env['HARBOUR_PATIENTS_PORT']}/"
    assert patients in said
    assert f"http://127.0.0.1:{env['HARBOUR_STAFF_PORT']}/set-up/" in said
    with urllib.request.urlopen(patients, timeout=10) as page:
        assert page.status == 200

    everyone = psutil.Process(process.pid).children(recursive=True)
    assert len(everyone) >= 2
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    _, left = psutil.wait_procs(everyone, timeout=1)
    assert left == []
    for name in PORTS:
        socket.create_server(("127.0.0.1", int(env[f"HARBOUR_{name}_PORT"]))).close()


@pytest.mark.slow
def test_rasa_comes_back_when_it_dies_and_harbours_death_ends_the_run(
    running: tuple["subprocess.Popen[str]", dict[str, str]],
) -> None:
    process, _ = running
    output_until(process, "Ctrl-C stops everything")
    children = psutil.Process(process.pid).children()
    by_role = {"rasa" if "bot.engine" in child.cmdline() else "harbour": child for child in children}
    by_role["rasa"].kill()
    assert "Rasa stopped" in output_until(process, "starts again in 1 s")
    by_role["harbour"].kill()
    assert "Harbour stopped" in output_until(process, "Harbour stopped")
    assert process.wait(30) == 128 + signal.SIGKILL
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)


@pytest.mark.parametrize("name", PORTS)
def test_a_port_in_use_is_one_sentence(home: Path, name: str) -> None:
    env = environment(home)
    with socket.create_server(("127.0.0.1", int(env[f"HARBOUR_{name}_PORT"]))):
        process = start(env)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.count("\n") == 1
    assert f"port {env[f'HARBOUR_{name}_PORT']} on 127.0.0.1" in said
    assert f"set HARBOUR_{name}_PORT to a free port" in said


def test_a_home_that_cannot_be_written_is_one_sentence() -> None:
    process = start(environment(Path("/proc/harbour")))
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.startswith("harbour: /proc/harbour cannot be written")
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", ["run", "serve"])
def test_statistics_that_cost_more_than_they_promise_are_refused_in_one_sentence(
    home: Path, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "statistics.yml"
    written = (ROOT / "data" / "statistics.yml").read_text(encoding="utf-8")
    file.write_text(written.replace("\nepsilon: 2\n", "\nepsilon: 3\n"), encoding="utf-8")
    with_that_file = (
        "import sys; from pathlib import Path; from privacy.ldp import statistics; from harbour.cli import main; "
        f"statistics.STATISTICS = Path({str(file)!r}); sys.argv = ['harbour', {command!r}]; main()"
    )
    finished = subprocess.run(
        [sys.executable, "-c", with_that_file],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 1
    said = finished.stderr + finished.stdout
    assert said.startswith(
        "harbour: data/statistics.yml: These statistics cost up to 12 a year; the file allows 8."
    )
    assert said.count("\n") == 1
