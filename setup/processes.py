"""Runs another program with visible progress, and turns its failure into one sentence."""

import errno
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from setup.errors import SetupError

_TICK_SECONDS = 15
_NOISE = re.compile(r"^(npm (notice|error|ERR!|warn)|error:|Caused by:|ERROR:|E:|hint:)\s*", re.IGNORECASE)
# Lines that close a failed run of npm or pip without saying why it failed.
_SAYS_NOTHING = re.compile(
    r"complete log of this run|_logs/|To see a list of scripts|^npm error +npm run$|new (release|version) of"
    r"|pip install --upgrade|^hint:",
    re.IGNORECASE,
)
_SAYS_WHY = re.compile(
    r"error\b|failed|refused|reason:|cannot|could not|not found|no such|unreachable", re.IGNORECASE
)


def say(line: str) -> None:
    """One line of progress on standard output."""
    print(f"  {line}", flush=True)


def run_step(
    doing: str,
    command: Sequence[str | Path],
    *,
    advice: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run `command`, saying what it does and how long it takes.

    Raises SetupError with the last line that the command said and `advice`, when it does not exist or fails.
    """
    say(f"{doing} ...")
    started = time.monotonic()
    with tempfile.TemporaryFile() as said:
        status = _run(command, said.fileno(), cwd, env, started)
        said.seek(0)
        output = said.read().decode(errors="replace")
    if status != 0:
        raise SetupError(failure_sentence(doing, output, advice))
    say(f"{doing}: done in {time.monotonic() - started:.0f} s")


def failure_sentence(doing: str, output: str, advice: str) -> str:
    """One sentence from a failed command's output: its last line that gives a reason, and what to do."""
    if os.strerror(errno.ENOSPC) in output:
        return f"{doing} failed because the disk is full: free some space and run this again."
    return f"{doing} failed ({last_reason(output)}): {advice}"


def last_reason(output: str) -> str:
    """The last line of `output` that says why, without its prefix."""
    lines = [line.strip() for line in output.splitlines()]
    reasons = [_NOISE.sub("", line) for line in lines if line and not _SAYS_NOTHING.search(line)]
    spoken = [reason.rstrip(".") for reason in reasons if reason.strip()]
    telling = [reason for reason in spoken if _SAYS_WHY.search(reason)]
    return (telling or spoken or ["it gave no reason"])[-1][:300]


def _run(
    command: Sequence[str | Path],
    output: int,
    cwd: Path | None,
    env: Mapping[str, str] | None,
    started: float,
) -> int:
    try:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            env=env,
        )
    except FileNotFoundError:
        raise SetupError(f"{command[0]} was not found: install it and run this again.") from None
    try:
        while True:
            try:
                return process.wait(timeout=_TICK_SECONDS)
            except subprocess.TimeoutExpired:
                say(f"   still at it after {time.monotonic() - started:.0f} s")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
