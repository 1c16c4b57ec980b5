"""`harbour screen`: the safety screen over JSON lines."""

from __future__ import annotations

from functools import partial
from typing import Any

import typer

from bot.safety.screen import Screen
from bot.safety.screening import SafetyQuestion
from harbour.json_lines import BadLine, answer_each, text_field
from privacy import crashes, logs


def screen() -> None:
    """Screen JSON lines from standard input: {"text"} and, if wanted, "earlier": [..] and "asked": "..".

    Writes {"response", "reasons", "score"} for each line, in order. A line that cannot be read gives {"error"} in its
    place, and the command then ends with status 1.
    """
    logs.configure(level="warning")
    reader = Screen.load()
    crashes.seal()
    if answer_each(partial(_screened, reader)):
        raise typer.Exit(1)


def _screened(reader: Screen, line: dict[str, Any]) -> dict[str, Any]:
    screening = reader.screen(text_field(line, "text"), earlier=_earlier(line), asked=_asked(line))
    return {
        "response": screening.response.value,
        "reasons": [f"{reason.category}: {reason.explanation}" for reason in screening.reasons],
        "score": round(screening.score, 4),
    }


def _earlier(line: dict[str, Any]) -> list[str]:
    earlier = line.get("earlier") or []
    if not isinstance(earlier, list) or not all(isinstance(message, str) for message in earlier):
        raise BadLine('"earlier" must be a list of strings.')
    return earlier


def _asked(line: dict[str, Any]) -> SafetyQuestion | None:
    asked = line.get("asked")
    try:
        return SafetyQuestion(asked) if asked else None
    except ValueError:
        raise BadLine(f'"asked" must be one of {", ".join(SafetyQuestion)}.') from None
