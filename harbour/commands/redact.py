"""`harbour redact`: messages in, redacted messages out, one line of JSON for each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

import typer

from privacy import crashes, logs
from privacy.redaction import Redactor


def redact() -> None:
    """Read JSON lines {"text"} on standard input; write for each, in order, {"text", "entities"}.

    Offsets are code points of the input. A line that is not such an object gives {"error"} in its place, and the
    command then ends with exit code 1.
    """
    logs.configure(level="warning")
    redactor = Redactor.load()
    crashes.seal()
    if not redact_lines(_lines(sys.stdin), sys.stdout, redactor):
        raise typer.Exit(code=1)


def redact_lines(lines: Iterable[str], out: TextIO, redactor: Redactor) -> bool:
    """Write one line to `out` for each of `lines`; whether every line was well formed."""
    sound = True
    for line in lines:
        answer = _answer(line, redactor)
        sound = sound and "error" not in answer
        out.write(json.dumps(answer) + "\n")
        out.flush()
    return sound


def _answer(line: str, redactor: Redactor) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        return {"error": "This line is not JSON."}
    if not isinstance(request, dict) or not isinstance(request.get("text"), str):
        return {"error": 'Each line must be an object with a "text" that is a string.'}
    redaction = redactor.redact(request["text"])
    entities = [
        {"start": entity.start, "end": entity.end, "label": entity.label, "score": entity.score}
        for entity in redaction.entities
    ]
    return {"text": redaction.text, "entities": entities}


def _lines(stream: TextIO) -> Iterator[str]:
    """The lines of `stream`, whatever bytes they hold; an empty line is a line too."""
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        yield from stream
        return
    for line in buffer:
        yield line.decode("utf-8", "replace")
