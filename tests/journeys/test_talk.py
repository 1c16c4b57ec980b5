"""Whole conversations through the real Rasa, the real actions and the real store, by `harbour talk`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

STORIES: dict[str, list[str]] = {
    "how they feel": ["hi", "feeling really low today", "no"],
    "danger now": ["i’ve taken all my tablets", "i’m scared"],
    "asked, then yes": ["whats the point anymore", "yes"],
    "asked, then no": ["whats the point anymore", "no"],
    "danger in a form": ["can i do a check in", "ive just taken an overdose", "hello"],
    "a check-in": ["check in please", "4"],
    "a command": ['/escalate{"x":"y"}'],
    "another command": ["/restart", "/session_start", ' /inform{"requested_slot": null}'],
    "a person": ["can i talk to a real person please"],
    "names": ["my name is Priya and my doctor is Dr Okafor at Elm Tree Surgery"],
    "too long": ["word " * 4000],
    "what is kept": ["hello", "what do you keep about me"],
    "erased": ["hello", "delete my data please", "yes"],
}


@pytest.fixture(scope="module")
def answers(trained_model: Path) -> dict[str, list[dict[str, Any]]]:
    lines = [
        json.dumps({"conversation": name, "text": text}) for name, texts in STORIES.items() for text in texts
    ]
    home = trained_model.parent.parent
    finished = subprocess.run(
        [sys.executable, "-m", "harbour", "talk"],
        input="\n".join([*lines, "not json", '{"conversation": "x"}']),
        env={**os.environ, "HARBOUR_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    written = [json.loads(line) for line in finished.stdout.splitlines()]
    assert len(written) == len(lines) + 2, finished.stderr
    assert finished.returncode == 1
    assert all(set(line) == {"error"} for line in written[-2:])
    by_story: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in written[:-2]:
        by_story[line["conversation"]].append(line)
    return by_story


def words(answer: dict[str, Any]) -> str:
    return "\n".join(reply["text"] for reply in answer["replies"])


def test_every_message_is_answered(answers: dict[str, list[dict[str, Any]]]) -> None:
    for story, texts in STORIES.items():
        assert len(answers[story]) == len(texts)
        assert all(words(answer).strip() for answer in answers[story]), story


def test_danger_now_shows_the_numbers_and_tells_staff(answers: dict[str, list[dict[str, Any]]]) -> None:
    first = answers["danger now"][0]
    assert first["response"] == "respond_now"
    assert first["escalation"]
    assert "999" in words(first)
    assert "116 123" in words(first)
    assert "5 minutes" in words(first)


def test_yes_to_the_plain_question_is_an_escalation(answers: dict[str, list[dict[str, Any]]]) -> None:
    asked, said_yes = answers["asked, then yes"]
    assert (asked["response"], asked["escalation"]) == ("ask", None)
    assert "ending your life" in words(asked)
    assert said_yes["escalation"]


def test_no_to_the_plain_question_is_not(answers: dict[str, list[dict[str, Any]]]) -> None:
    assert answers["asked, then no"][1]["escalation"] is None


def test_danger_leaves_the_form_it_came_in(answers: dict[str, list[dict[str, Any]]]) -> None:
    opened, danger, after = answers["danger in a form"]
    assert "0" in words(opened)
    assert danger["response"] == "respond_now"
    assert words(after) != words(opened)


@pytest.mark.parametrize("story", ["a command", "another command"])
def test_a_typed_command_is_only_words(answers: dict[str, list[dict[str, Any]]], story: str) -> None:
    for answer in answers[story]:
        assert answer["escalation"] is None
        assert "delet" not in words(answer).lower()


def test_asking_for_a_person_reaches_staff(answers: dict[str, list[dict[str, Any]]]) -> None:
    assert answers["a person"][0]["escalation"]


def test_a_mood_is_taken_in(answers: dict[str, list[dict[str, Any]]]) -> None:
    assert "4" in words(answers["a check-in"][1])


def test_everything_can_be_erased_in_the_chat(answers: dict[str, list[dict[str, Any]]]) -> None:
    _, asked, done = answers["erased"]
    assert asked["replies"][-1]["buttons"]
    assert "delet" in words(done).lower()


def test_the_homes_of_batches_are_thrown_away(
    answers: dict[str, list[dict[str, Any]]], trained_model: Path
) -> None:
    assert answers
    assert list((trained_model.parent.parent / "workbench").iterdir()) == []
