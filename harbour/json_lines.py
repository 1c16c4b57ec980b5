"""JSON lines in, JSON lines out: the contract that every batch command keeps.

One answer for each line that is not blank, in order, flushed as it is made. A line that cannot be answered
gets ``{"error": "..."}``, and the command ends with exit status 1.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any


class BadLine(Exception):
    """A line that cannot be answered; the message says why, and repeats nothing of it."""


def text_field(line: dict[str, Any], name: str) -> str:
    """The text under `name`. Raises `BadLine`."""
    value = line.get(name)
    if not isinstance(value, str):
        raise BadLine(f'The line needs a "{name}" that is a string.')
    return value


def answer_each(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """Answer every line of standard input with `answer`; returns how many could not be answered."""
    failed = 0
    for line in _lines():
        try:
            written = answer(_read(line))
        except BadLine as bad:
            written, failed = {"error": str(bad)}, failed + 1
        _write(written)
    return failed


async def answer_lines(answer: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]) -> int:
    """`answer_each`, for an `answer` that must be awaited."""
    failed = 0
    for line in _lines():
        try:
            written = await answer(_read(line))
        except BadLine as bad:
            written, failed = {"error": str(bad)}, failed + 1
        _write(written)
    return failed


def _lines() -> Iterator[bytes]:
    return (line for line in sys.stdin.buffer if line.strip())


def _read(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine("The line is not JSON in UTF-8.") from None
    if not isinstance(value, dict):
        raise BadLine("The line is not a JSON object.")
    return value


def _write(answer: dict[str, Any]) -> None:
    # ASCII escapes carry any text, lone surrogates included.
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
