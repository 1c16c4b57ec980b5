"""`harbour screen`: the safety screen over JSON lines."""

from __future__ import annotations

import json
import sys

import typer

from bot.safety.screen import Screen
from bot.safety.screening import SafetyQuestion


def screen() -> None:
    """Screen JSON lines from standard input: {"text"} and, if wanted, "earlier": [..] and "asked": "..".

    Writes {"response", "reasons", "score"} for each line, in order. A line that cannot be read gives {"error"} in its
    place, and the command then ends with status 1.
    """
    reader = Screen.load()
    failed = False
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            answer = _screened(reader, line)
        except (ValueError, TypeError, KeyError) as error:
            failed = True
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    if failed:
        raise typer.Exit(1)


def _screened(reader: Screen, line: str) -> dict[str, object]:
    asked_for = json.loads(line)
    if not isinstance(asked_for, dict) or not isinstance(asked_for.get("text"), str):
        raise ValueError('a line must be an object with a string "text"')
    earlier = asked_for.get("earlier") or []
    if not isinstance(earlier, list) or not all(isinstance(message, str) for message in earlier):
        raise ValueError('"earlier" must be a list of strings')
    question = SafetyQuestion(asked_for["asked"]) if asked_for.get("asked") else None
    screening = reader.screen(asked_for["text"], earlier=earlier, asked=question)
    return {
        "response": screening.response.value,
        "reasons": [f"{reason.category}: {reason.explanation}" for reason in screening.reasons],
        "score": round(screening.score, 4),
    }
