"""What is logged is named in the code, and given only fields that the logs know."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacy.logs import EVENT, FIELDS

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("actions", "bot", "clinic", "content", "encoder", "harbour", "privacy", "reports", "store")
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
SPEAKS_THROUGH_LIBRARY_LOGS = {"bot/safety/screen.py"}
"""It imports nothing of ours. What it says is withheld, as a library's is."""


def structlog_calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of a logger, and where it stands; inside Rasa, `bot.engine` has logs of its own."""
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            name = str(file.relative_to(ROOT))
            if name.startswith("bot/engine/") or name in SPEAKS_THROUGH_LIBRARY_LOGS:
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _is_log(node.func):
                    yield f"{name}:{node.lineno}", node


def _is_log(called: ast.expr) -> bool:
    return (
        isinstance(called, ast.Attribute)
        and called.attr in LEVELS
        and isinstance(called.value, ast.Name)
        and called.value.id.strip("_") in {"log", "logger"}
    )


CALLS = dict(structlog_calls())


def test_there_are_some() -> None:
    assert len(CALLS) > 10


@pytest.mark.parametrize("place", CALLS)
def test_an_event_is_named_in_the_code(place: str) -> None:
    (name,) = CALLS[place].args
    assert isinstance(name, ast.Constant), "the name of an event is written out: never put together"
    assert EVENT.fullmatch(str(name.value)), "privacy.logs would write it as 'unnamed'"


@pytest.mark.parametrize("place", CALLS)
def test_its_fields_are_known(place: str) -> None:
    given = {keyword.arg for keyword in CALLS[place].keywords}
    assert given <= FIELDS.keys() | {"exc_info"}, "privacy.logs would leave it out"
