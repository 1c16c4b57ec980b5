"""Starts the processes that make up Harbour, watches them, and stops them all."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from harbour.children import dies_with_parent, stop
from harbour.log_files import last_reason, open_log
from harbour.problems import CannotStart

_WATCH_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 60.0
_STEADY_SECONDS = 60.0
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Service:
    """One process to keep alive.

    `ready` tells whether it serves. When it dies, `restarts` decides: it is started again after a pause that
    doubles each time, or the whole run ends with its exit status.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    ready: Callable[[], bool]
    restarts: bool


class _Running:
    """A service and its present process."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.pause = 1.0
        self.restart_at: float | None = None
        self.start()

    def start(self) -> None:
        service = self.service
        with open_log(service.log) as log:
            self.log_began = log.tell()
            self.process = subprocess.Popen(
                service.command,
                cwd=service.folder,
                env=service.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops them in order
                preexec_fn=dies_with_parent,  # noqa: PLW1509 - one thread
            )
        self.started = time.monotonic()
        self.restart_at = None

    def reason(self) -> str:
        return last_reason(self.service.log, self.log_began)


class Supervisor:
    """Runs services until one that may not die dies, or until a signal asks it to stop."""

    def __init__(self, services: Sequence[Service], say: Say = print, patience_seconds: float = 180) -> None:
        self._services = services
        self._say = say
        self._patience = patience_seconds
        self._asked_to_stop = threading.Event()
        self._running: list[_Running] = []

    def run(self, when_ready: Callable[[], None]) -> int:
        """Start every service, call `when_ready` once all of them serve, and watch. 0 when stopped by a signal.

        Raises CannotStart when a service dies or takes too long before it first serves.
        """
        with self._signals():
            try:
                for service in self._services:
                    self._running.append(_Running(service))
                if self._wait_until_ready():
                    when_ready()
                    return self._watch()
                return 0
            finally:
                self._stop_all()

    def _wait_until_ready(self) -> bool:
        """Whether all serve; False when asked to stop meanwhile."""
        waiting, began = list(self._running), time.monotonic()
        while waiting and not self._asked_to_stop.wait(_WATCH_SECONDS):
            for running in list(waiting):
                self._check_alive(running, began)
                if running.service.ready():
                    waiting.remove(running)
                    self._say(
                        f"{running.service.name} is ready ({time.monotonic() - running.started:.0f} s)."
                    )
        return not waiting

    def _check_alive(self, running: _Running, began: float) -> None:
        service = running.service
        if running.process.poll() is not None:
            raise CannotStart(
                f"{service.name} stopped as it started ({running.reason()}): see {service.log}."
            )
        if time.monotonic() - began > self._patience:
            raise CannotStart(
                f"{service.name} did not start within {self._patience:.0f} s: see {service.log}."
            )

    def _watch(self) -> int:
        while not self._asked_to_stop.wait(_WATCH_SECONDS):
            for running in self._running:
                if running.restart_at is not None:
                    if time.monotonic() >= running.restart_at:
                        running.start()
                elif (status := running.process.poll()) is not None:
                    if not running.service.restarts:
                        self._say(
                            f"{running.service.name} stopped ({running.reason()}): see {running.service.log}."
                        )
                        return status if status > 0 else 128 - status
                    self._plan_restart(running)
        return 0

    def _plan_restart(self, running: _Running) -> None:
        stop(running.process)  # it is gone, but children of its own may be left
        if time.monotonic() - running.started > _STEADY_SECONDS:
            running.pause = 1.0
        self._say(
            f"{running.service.name} stopped ({running.reason()}). It starts again in {running.pause:.0f} s."
        )
        running.restart_at = time.monotonic() + running.pause
        running.pause = min(running.pause * 2, _LONGEST_PAUSE_SECONDS)

    def _stop_all(self) -> None:
        """The last started goes first: Harbour finishes its messages while Rasa still answers."""
        for running in reversed(self._running):
            stop(running.process)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        before = {number: signal.getsignal(number) for number in _STOPPING}
        for number in _STOPPING:
            if (
                number != signal.SIGHUP or before[number] is not signal.SIG_IGN
            ):  # nohup: the terminal may close
                signal.signal(number, self._on_signal)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._asked_to_stop.is_set() and number == signal.SIGINT:
            self._kill_all()  # a second Ctrl-C: no more patience
        self._asked_to_stop.set()

    def _kill_all(self) -> None:
        for running in self._running:
            _kill(running.process)


def _kill(process: "subprocess.Popen[Any]") -> None:
    if process.returncode is None:
        process.kill()
