"""The log files of the processes that Harbour starts."""

import re
from pathlib import Path
from typing import BinaryIO

_ROTATE_BYTES = 10_000_000
_TAIL_BYTES = 20_000
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# An exception's last line ("ValueError: ...") or a logged error says more than what follows it.
_REASON = re.compile(r"^[A-Za-z_.]*(Error|Exception|Exit|Missing\w+|CannotStart)\b|.*\b(ERROR|CRITICAL)\b")


def open_log(log: Path) -> BinaryIO:
    """`log`, to be added to; what was there moves to `log`.1 once it is over 10 MB."""
    if log.exists() and log.stat().st_size > _ROTATE_BYTES:
        log.rename(log.with_name(f"{log.name}.1"))
    return log.open("ab")


def last_reason(log: Path, since: int = 0) -> str:
    """The last line after byte `since` of `log` that says what went wrong, or else the last line."""
    try:
        with log.open("rb") as record:
            record.seek(max(since, log.stat().st_size - _TAIL_BYTES))
            text = record.read().decode(errors="replace")
    except OSError:
        return "it left no log"
    lines = [line.strip() for line in _COLOUR.sub("", text).splitlines() if line.strip()]
    reasons = [line for line in lines if _REASON.match(line)]
    return (reasons or lines or ["it gave no reason"])[-1].rstrip(".")[:300]
