"""The batch commands in the hunt: what they say besides their answers."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.leaks.planting import Planting
from harbour.children import dies_with_parent
from harbour.rasa_process import PROJECT

COMMAND = "a command"
"""What was asked when the answer is what a command wrote."""
Searched = Callable[[], None]
"""Called while everything that a command writes is still there."""


@dataclass
class Commands:
    """Runs batch commands and keeps what came out of them."""

    planting: Planting
    environment: Mapping[str, str]
    said: list[tuple[str, bytes]]
    """Standard error of each, under its name: not for the caller's own words."""
    answers: list[tuple[str, bytes]]
    """Lines of standard output of `talk`, under whose conversation each continues."""

    def talk(
        self,
        conversations: int,
        before_the_end: Searched,
        before_each: Callable[[int], object] = lambda _number: None,
    ) -> None:
        """Conversations by `harbour talk`, three messages each, one of them in danger."""
        with self._running("talk") as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for number in range(conversations):
                before_each(number)
                for danger in (False, True, False):
                    person = f"talk {number}"
                    text = self.planting.message(person, "talk", danger=danger)
                    process.stdin.write(json.dumps({"conversation": person, "text": text}).encode() + b"\n")
                    process.stdin.flush()
                    self.answers.append((person, process.stdout.readline()))
            before_the_end()

    def lines(self, name: str, count: int = 3) -> None:
        """`count` lines through `harbour NAME`, some of them no JSON."""
        with self._running(name) as process:
            assert process.stdin is not None
            lines = [json.dumps({"text": self.planting.message("caller", name)}) for _ in range(count)]
            broken = '{"text": ' + self.planting.loose("caller", name)
            process.stdin.write("\n".join([broken, *lines, ""]).encode())

    def once(self, words: list[str], said: str, *, seen_by: str = "") -> bytes:
        """Run `harbour WORDS` with one line on standard input. Its answer is for `seen_by`, or it holds no words."""
        with self._running(*words) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(said.encode() + b"\n")
            process.stdin.close()
            process.stdin = None
            answer = process.stdout.read()
        if seen_by:
            self.answers.append((seen_by, answer))
        else:
            self.said.append((f"the answer of harbour {_name(words)}", answer))
        return answer

    @contextmanager
    def _running(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        with tempfile.TemporaryFile() as errors:  # a pipe that nobody reads would stop a talkative command
            process = subprocess.Popen(
                [sys.executable, "-m", "harbour", *words],
                cwd=PROJECT,
                env={**os.environ, **self.environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                preexec_fn=dies_with_parent,  # noqa: PLW1509 - one system call
            )
            try:
                yield process
            except BrokenPipeError:  # a fault ended it
                pass
            finally:
                with suppress(BrokenPipeError):
                    process.communicate(timeout=120)
            errors.seek(0)
            self.said.append((f"standard error of harbour {_name(words)}", errors.read()))


def _name(words: Sequence[str]) -> str:
    """The command without its options, which may hold what was planted."""
    return " ".join(itertools.takewhile(lambda word: not word.startswith("-"), words))


def environment(home: Path, fault_file: Path, temporary: Path) -> dict[str, str]:
    """For every process of the hunt: debug logs, faults on demand, and a temporary folder that can be searched."""
    plugin = Path(__file__).parent / "plugin"
    return {
        "HARBOUR_HOME": str(home),
        "HARBOUR_LOG_LEVEL": "debug",
        "HARBOUR_ENGINE_DEADLINE_SECONDS": "2",
        "LEAKS_FAULT_FILE": str(fault_file),
        "PYTHONPATH": os.pathsep.join([str(plugin), str(PROJECT)]),
        "PYTHONWARNINGS": "always",
        "TMPDIR": str(temporary),
    }
