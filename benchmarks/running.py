"""A whole Harbour as `harbour run` starts it, in a home of its own and on free ports."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bot.settings import Settings
from harbour.children import dies_with_parent
from harbour.home import prepare_home
from harbour.ports import free_port
from harbour.rasa_process import PROJECT
from harbour.training import ensure_model

_START_SECONDS = 300


@dataclass(frozen=True)
class RunningHarbour:
    """Where it is and how it came up. `setup_link` makes the first account."""

    home: Path
    host: str
    patients_port: int
    staff_port: int
    rasa_port: int
    setup_link: str
    start_seconds: float
    pid: int
    printed: list[str] = field(default_factory=list)
    """What `harbour run` has said; all of it once the block has ended."""

    @property
    def chat_url(self) -> str:
        """The patients' page."""
        return f"http://{self.host}:{self.patients_port}"

    @property
    def staff_url(self) -> str:
        """The staff's page."""
        return f"http://{self.host}:{self.staff_port}"

    @property
    def harbour_pid(self) -> int:
        """The process that serves patients and staff."""
        return self._child("harbour")

    @property
    def rasa_pid(self) -> int:
        """The Rasa process."""
        return self._child("bot.engine")

    def _child(self, module: str) -> int:
        for child in psutil.Process(self.pid).children():
            with suppress(psutil.NoSuchProcess):  # a zombie has no command, and a process may end meanwhile
                command = child.cmdline()
                if "-m" in command and command[command.index("-m") + 1] == module:
                    return child.pid
        raise LookupError(f"No {module} process is running.")


@contextmanager
def running_harbour(
    home: Path, settings: Mapping[str, str] | None = None, model_home: Path | None = None
) -> Iterator[RunningHarbour]:
    """Run `harbour run` in `home` until the block ends. The model is that of `model_home`, trained if need be."""
    prepare_home(home)
    model = ensure_model(model_home or Settings().home)
    link_to_model = home / "models" / model.name
    if not link_to_model.exists():
        link_to_model.symlink_to(model.resolve())
    ports = {name: free_port() for name in ("patients", "staff", "internal", "rasa")}
    environment = {
        **os.environ,
        **{f"HARBOUR_{name.upper()}_PORT": str(port) for name, port in ports.items()},
        "HARBOUR_HOME": str(home),
        "HARBOUR_MESSAGES_PER_MINUTE": "1000000",
        "HARBOUR_MESSAGES_PER_MINUTE_PER_ADDRESS": "1000000",
        **(settings or {}),
    }
    began, printed = time.perf_counter(), list[str]()
    process = subprocess.Popen(
        [sys.executable, "-m", "harbour", "run"],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=dies_with_parent,  # noqa: PLW1509 - one system call
    )
    try:
        link = _wait(process, printed)
        yield RunningHarbour(
            home,
            "127.0.0.1",
            ports["patients"],
            ports["staff"],
            ports["rasa"],
            link,
            time.perf_counter() - began,
            process.pid,
            printed,
        )
    finally:
        process.terminate()
        printed.append(process.communicate(timeout=60)[0])


def _wait(process: subprocess.Popen[str], printed: list[str]) -> str:
    """Read what it prints until it says that it is up; the first account's link. Raises `RuntimeError`."""
    link = ""
    assert process.stdout is not None
    deadline = time.monotonic() + _START_SECONDS
    for line in process.stdout:
        printed.append(line)
        if found := re.search(r"https?://\S+/set-up/\S+", line):
            link = found[0]
        if line.startswith("Ctrl-C"):
            return link
        if time.monotonic() > deadline:
            break
    raise RuntimeError(f"Harbour did not start:\n{''.join(printed)}")
