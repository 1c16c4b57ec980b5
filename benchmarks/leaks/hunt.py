"""The hunt: starts everything, has people talk while things go wrong, and then searches all that was written."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.leaks import rights
from benchmarks.leaks.browser import Browser
from benchmarks.leaks.commands import COMMAND, Commands, environment
from benchmarks.leaks.conversations import CONTACT, Patient
from benchmarks.leaks.planting import Planting
from benchmarks.leaks.plugin.sitecustomize import CHATTY, FULL_DISK, STEPS
from benchmarks.leaks.staff import PERSON as STAFF
from benchmarks.leaks.staff import Clinician
from benchmarks.leaks.verdict import Verdict
from benchmarks.running import RunningHarbour, running_harbour
from harbour.rasa_process import PROJECT
from privacy.redaction import Redactor

_AT_ONCE = 12
_SAMPLE_SECONDS = 2.0
_LARGEST_FILE = 256 * 1024 * 1024
_SYSTEMS_TEMPORARY = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))  # noqa: S108 - looked into, not used
_MOST_ELSEWHERE = 16 * 1024 * 1024
_ONLY_OF_COMMANDS = {"rasa understands a line", "print rights"}
_COMMANDS = {
    "redact": ("redact",),
    "find identifiers": ("redact",),
    "screen": ("screen",),
    "rasa understands a line": ("understand",),
    CHATTY: ("redact", "screen", "understand"),
}
"""The batch commands that are run under each fault."""
_FAULTS_OF_RIGHTS = (CHATTY, "print rights", "pseudonym")

Say = Callable[[str], None]


@dataclass
class Shares:
    """How many of the conversations each part of the hunt has."""

    conversations: int

    @property
    def of_a_fault(self) -> int:
        """Web conversations under each injected fault."""
        return max(1, self.conversations // 100)

    @property
    def of_talk(self) -> int:
        """Conversations by `harbour talk`."""
        return max(2, self.conversations // 20)

    @property
    def of_the_clinic(self) -> int:
        """Conversations that a clinician takes over."""
        return max(1, self.conversations // 50)

    @property
    def of_rights(self) -> int:
        """Faults under which the rights of a person are asked for, one person each: each takes many processes."""
        return 1 if self.conversations < 500 else len(_FAULTS_OF_RIGHTS)

    @property
    def kills(self) -> int:
        """How often Harbour is killed at once, after it has been started upon what the last kill left."""
        return 1 if self.conversations < 500 else 2

    @property
    def undisturbed(self) -> int:
        """The rest, while nothing is wrong."""
        faults = (len(STEPS) + 2 + 4 + 2 * self.kills) * self.of_a_fault
        return max(4, self.conversations - faults - self.of_talk - self.of_the_clinic)


@dataclass
class Hunt:
    """One run in `folder`, which must be new and under no folder that Harbour searches or cleans."""

    folder: Path
    shares: Shares
    model_home: Path | None = None
    seed: int = 1
    say: Say = print
    _answers: list[tuple[str, str, bytes]] = field(default_factory=list)
    _outputs: list[tuple[str, bytes]] = field(default_factory=list)
    _people: int = 0

    def __post_init__(self) -> None:
        self._planting = Planting(self.seed)
        self._dice = random.Random(self.seed)  # noqa: S311 - not for secrets
        self._home = self.folder / "home"
        self._copies = self.folder / "copies"
        self._temporary = self.folder / "temporary"
        self._fault = self.folder / "fault"
        for folder in (self._copies, self._temporary):
            folder.mkdir(parents=True)
        self._environment = environment(self._home, self._fault, self._temporary)
        self._there_before = {entry for place in _SYSTEMS_TEMPORARY for entry in _entries(place)}
        self._commands = Commands(self._planting, self._environment, self._outputs, [])

    def run(self) -> Verdict:
        """Plant, disturb, search. Returns what was found."""
        with _temporary_files_in(self._temporary):
            with self._running() as harbour:
                staff = self._clinician(harbour)
                staff.set_up(harbour.setup_link)
                self._undisturbed(harbour, staff)
                self._with_faults(harbour, staff)
                self._with_rights(harbour)
                self._with_trouble_outside(harbour)
                self._kill(harbour, signal.SIGABRT)
            for _ in range(self.shares.kills):
                with self._running() as harbour:
                    self._talk(harbour, self.shares.of_a_fault)
                    self._kill(harbour, signal.SIGKILL)
            self._with_commands()
        return self._search()

    # Playing.

    def _undisturbed(self, harbour: RunningHarbour, staff: Clinician) -> None:
        self.say(f"{self.shares.undisturbed} conversations while nothing is wrong")
        self._talk(harbour, self.shares.undisturbed)
        self.say(f"{self.shares.of_the_clinic} conversations that a clinician takes over")
        staff.look_around()
        for _ in range(self.shares.of_the_clinic):
            self._with_a_clinician(harbour, staff)
        staff.put_words_everywhere()
        self.say(f"{self.shares.of_talk} conversations by harbour talk")
        self._commands.talk(self.shares.of_talk, lambda: self._copy(self._home, "while harbour talk runs"))

    def _with_faults(self, harbour: RunningHarbour, staff: Clinician) -> None:
        faults = [*(step for step in STEPS if step not in _ONLY_OF_COMMANDS), FULL_DISK, CHATTY]
        self.say(f"{self.shares.of_a_fault} conversations under each of {len(faults)} faults")
        for fault in faults:
            with self._failing(fault):
                self._talk(harbour, self.shares.of_a_fault)
                self._with_a_clinician(harbour, staff)
                staff.look_around()

    def _with_rights(self, harbour: RunningHarbour) -> None:
        """What staff do for a person on the command line while Harbour runs, with libraries that talk and failing."""
        faults = _FAULTS_OF_RIGHTS[: self.shares.of_rights]
        self.say(f"harbour rights, retain and vault under {len(faults)} faults")
        for fault in faults:
            patient = self._patient(harbour)
            patient.begin()
            patient.say()
            patient.share_contact()
            with self._failing(fault), ThreadPoolExecutor(2) as staff:  # each command starts a process
                asked = [
                    staff.submit(rights.ask_for, self._commands, patient),
                    staff.submit(rights.ask_for_strangers, self._commands),
                ]
            for each in asked:
                each.result()
        with self._failing(CHATTY):
            rights.keep_house(self._commands)

    def _with_trouble_outside(self, harbour: RunningHarbour) -> None:
        self.say("a locked database, a frozen Rasa, a killed Rasa")
        count = self.shares.of_a_fault
        with closing(sqlite3.connect(self._home / "harbour.db", isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            self._talk(harbour, count)
        rasa = harbour.rasa_pid
        os.kill(rasa, signal.SIGSTOP)
        self._talk(harbour, count)
        os.kill(rasa, signal.SIGCONT)
        self._talk(harbour, count, meanwhile=lambda: os.kill(harbour.rasa_pid, signal.SIGABRT))

    def _kill(self, harbour: RunningHarbour, number: signal.Signals) -> None:
        """Kill Harbour in the middle of messages, and keep what lies on the disk at that moment."""
        self.say(f"Harbour killed by {number.name}")
        self._talk(harbour, self.shares.of_a_fault, meanwhile=lambda: os.kill(harbour.harbour_pid, number))
        self._copy(self._home, f"after {number.name}")

    def _with_commands(self) -> None:
        self.say("the batch commands, talkative and failing")
        for fault, names in _COMMANDS.items():
            with self._failing(fault), ThreadPoolExecutor(2) as callers:
                called = [callers.submit(self._commands.lines, name) for name in names]
            for each in called:
                each.result()
        faults = (CHATTY, "recall")  # the second ends the command
        with self._failing(""):
            self._commands.talk(
                len(faults),
                lambda: self._copy(self._home, "while harbour talk fails"),
                lambda number: self._fault.write_text(faults[number], encoding="utf-8"),
            )

    def _talk(
        self, harbour: RunningHarbour, conversations: int, meanwhile: Callable[[], None] | None = None
    ) -> None:
        with ThreadPoolExecutor(_AT_ONCE) as people:
            talks = [people.submit(self._patient(harbour).talk) for _ in range(conversations)]
            if meanwhile is not None:
                time.sleep(0.1)
                meanwhile()
        for talk in talks:
            talk.result()

    def _with_a_clinician(self, harbour: RunningHarbour, staff: Clinician) -> None:
        before = set(staff.waiting())
        patient = self._patient(harbour)
        patient.begin()
        patient.say(danger=True)
        shared = list(zip(CONTACT, patient.share_contact(), strict=True))
        for escalation in [new for new in staff.waiting() if new not in before][:1]:
            staff.answer(escalation, patient.person)
            staff.reveal(escalation, shared)
            patient.say()
            patient.look()
            patient.see_what_is_kept()
            staff.hand_back(escalation)
            patient.say()

    def _patient(self, harbour: RunningHarbour) -> Patient:
        self._people += 1
        browser = Browser(harbour.host, harbour.patients_port, f"patient {self._people}", self._watch)
        return Patient(browser, self._planting, random.Random(self._dice.random()))  # noqa: S311

    def _clinician(self, harbour: RunningHarbour) -> Clinician:
        return Clinician(Browser(harbour.host, harbour.staff_port, STAFF, self._watch), self._planting)

    def _watch(self, person: str, asked: str, answer: bytes) -> None:
        self._answers.append((person, asked, zlib.compress(answer, 1)))

    # Running.

    @contextmanager
    def _running(self) -> Iterator[RunningHarbour]:
        with running_harbour(self._home, self._environment, self.model_home) as harbour:
            try:
                with self._sampling(harbour.pid):
                    yield harbour
            finally:
                printed = harbour.printed
        self._outputs.append(("what harbour run printed", "".join(printed).encode()))

    @contextmanager
    def _failing(self, fault: str) -> Iterator[None]:
        self._fault.write_text(fault, encoding="utf-8")
        try:
            yield
        finally:
            self._fault.write_text("", encoding="utf-8")

    @contextmanager
    def _sampling(self, pid: int) -> Iterator[None]:
        """Keep what can be read of the processes from outside: their command lines, environments and names."""
        done = threading.Event()

        def sample() -> None:
            while not done.wait(_SAMPLE_SECONDS):
                for name, data in _seen_from_outside(pid):
                    if (name, data) not in self._outputs:
                        self._outputs.append((name, data))

        thread = threading.Thread(target=sample)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    # Searching.

    def _copy(self, home: Path, when: str) -> None:
        """What lies in the home now, for it will be changed or taken away."""
        for path in _files_below(home):
            if path.is_relative_to(home / "logs"):  # only ever added to, and searched at the end
                continue
            copy = self._copies / when / path.relative_to(home)
            copy.parent.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):
                copy.write_bytes(path.read_bytes())

    def _search(self) -> Verdict:
        planted = len(self._planting.canaries)
        self.say(f"searching for {planted} canaries")
        verdict = Verdict.of(self._planting, Redactor.load())
        for folder in (self._home, self._copies, self._temporary):
            for path in _files_below(folder):
                verdict.file(path, str(path.relative_to(self.folder)))
        for path in self._new_elsewhere():
            verdict.file(path, str(path))
        for name, data in self._outputs:
            verdict.output(name, data)
        for person, asked, answer in self._answers:
            verdict.answer(person, asked, zlib.decompress(answer))
        for person, answer in self._commands.answers:
            verdict.answer(person, COMMAND, answer)
        verdict.core_dumps = [path for path in self._everywhere() if _is_core_dump(path)]
        verdict.readable_by_others = [
            path for path in _files_below(self._home) if path.stat().st_mode & 0o077
        ]
        return verdict

    def _everywhere(self) -> Iterator[Path]:
        yield from _files_below(self.folder)
        yield from self._new_elsewhere()
        yield from (path for path in PROJECT.iterdir() if path.is_file())

    def _new_elsewhere(self) -> Iterator[Path]:
        """What appeared in the system's temporary folders meanwhile, Harbour's or not; of much, the first part.

        What Harbour puts where TMPDIR says lies in the hunt's own folder, and is searched whole.
        """
        left = _MOST_ELSEWHERE
        for place in _SYSTEMS_TEMPORARY:
            for entry in sorted(_entries(place) - self._there_before):
                if entry == self.folder or entry in self.folder.parents:
                    continue
                for path in _files_below(entry):
                    left -= path.stat().st_size
                    if left > 0:
                        yield path


def _seen_from_outside(pid: int) -> Iterator[tuple[str, bytes]]:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for each in [process, *process.children(recursive=True)]:
            for what in ("cmdline", "environ", "comm"):
                with suppress(OSError):
                    yield f"/proc/.../{what}", Path(f"/proc/{each.pid}/{what}").read_bytes()


def _files_below(folder: Path) -> Iterator[Path]:
    """Every file, but not what a link leads to."""
    places = [folder] if folder.is_file() else folder.rglob("*")
    with suppress(OSError):
        for path in places:
            with suppress(OSError):
                if path.is_file() and not path.is_symlink() and path.stat().st_size < _LARGEST_FILE:
                    yield path


def _entries(folder: Path) -> set[Path]:
    try:
        return set(folder.iterdir())
    except OSError:
        return set()


def _is_core_dump(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(18)
    except OSError:
        return False
    return head[:4] == b"\x7fELF" and head[16:18] in (b"\x04\x00", b"\x00\x04")


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """The hunt's own temporary files stay out of what is searched elsewhere."""
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
