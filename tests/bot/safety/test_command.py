"""`harbour screen`: one answer for each line, in order, and a bad line never stops the rest."""

from __future__ import annotations

import json

import typer
from typer.testing import CliRunner

from harbour.commands.screen import screen


def answers(*lines: str) -> tuple[int, list[dict[str, object]]]:
    app = typer.Typer()
    app.command()(screen)
    result = CliRunner().invoke(app, [], input="\n".join(lines) + "\n")
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_it_answers_each_line_in_order() -> None:
    code, found = answers(
        '{"text": "all of my tablets", "earlier": ["ive taken"]}',
        '{"text": "no", "asked": "safe_right_now"}',
        '{"text": "hiya"}',
    )
    assert code == 0
    assert [answer["response"] for answer in found] == ["respond_now", "respond_now", "none"]
    assert found[2] == {"response": "none", "reasons": [], "score": 0.0}


def test_a_bad_line_gives_an_error_and_status_1() -> None:
    code, found = answers(
        "not json",
        '{"words": "hiya"}',
        '{"text": "hiya", "asked": "how are you"}',
        '{"text": "i want to die"}',
    )
    assert code == 1
    assert ["error" in answer for answer in found] == [True, True, True, False]
    assert found[3]["response"] == "respond_today"
