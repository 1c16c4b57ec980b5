"""The bot that `rasa init` gives, as it gives it: what Harbour's speed and size are compared with.

    python benchmarks/stock_bot.py          # trains it if need be, starts it, says where

`start_stock_bot()` is for other benchmarks. The bot is trained once, in build/stock-bot, which takes some
minutes (its default pipeline is two neural networks).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RASA = ROOT / ".venv" / "rasa" / "bin" / "rasa"
FOLDER = ROOT / "build" / "stock-bot"
TRAINING_SECONDS = 1800
STARTING_SECONDS = 300


@dataclass(frozen=True)
class StockBot:
    """A running stock bot. `url` takes `POST {"sender", "message"}`; `pids` are all its processes."""

    url: str
    pid: int
    pids: tuple[int, ...]
    seconds_to_start: float


def prepare_stock_bot(folder: Path = FOLDER) -> Path:
    """Make and train the starter project in `folder`, once. Returns the model."""
    models = folder / "models"
    if not any(models.glob("*.tar.gz")):
        folder.mkdir(parents=True, exist_ok=True)
        _rasa(folder, "init", "--no-prompt", "--init-dir", str(folder))
    if not any(models.glob("*.tar.gz")):
        _rasa(folder, "train")
    return max(models.glob("*.tar.gz"), key=lambda model: model.stat().st_mtime)


@contextmanager
def start_stock_bot(folder: Path = FOLDER) -> Iterator[StockBot]:
    """Run the stock bot on loopback with its REST channel, and its action server, which it also has."""
    model = prepare_stock_bot(folder)
    port, actions_port = _free_port(), _free_port()
    endpoints = folder / "endpoints-of-the-benchmark.yml"
    endpoints.write_text(
        f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n", encoding="utf-8"
    )
    began = time.monotonic()
    actions = _start(folder, "run", "actions", "--port", str(actions_port))
    options = ["--model", str(model), "--endpoints", str(endpoints), "--credentials", "credentials.yml"]
    server = _start(folder, "run", *options, "-i", "127.0.0.1", "-p", str(port))
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    try:
        _wait(server, port)
        yield StockBot(url, server.pid, (server.pid, actions.pid), time.monotonic() - began)
    finally:
        for process in (server, actions):
            process.terminate()
        for process in (server, actions):
            process.wait(60)


def _environment() -> dict[str, str]:
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    return {**os.environ, **quiet}


def _rasa(folder: Path, *arguments: str) -> None:
    with (folder / "rasa.log").open("ab") as log:
        subprocess.run(
            [str(RASA), *arguments], cwd=folder, env=_environment(), stdout=log, stderr=log, check=True,
            timeout=TRAINING_SECONDS,
        )  # fmt: skip


def _start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    with (folder / "rasa.log").open("ab") as log:
        return subprocess.Popen(
            [str(RASA), *arguments], cwd=folder, env=_environment(), stdout=log, stderr=log
        )


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    """Until it answers; it accepts connections only once its model is loaded."""
    ends = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/webhooks/rest/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise RuntimeError(f"The stock bot did not start; see {FOLDER / 'rasa.log'}.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    with start_stock_bot() as bot:
        print(f"{bot.url} (process {bot.pid}, started in {bot.seconds_to_start:.0f} s); press Enter to stop")
        sys.stdin.readline()
