"""`harbour perturb` and `harbour estimate` keep their contract."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest


def harbour(*arguments: str, lines: str) -> tuple[int, list[dict[str, Any]]]:
    done = subprocess.run(
        [sys.executable, "-m", "harbour", *arguments],
        input=lines,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def options(*more: str) -> tuple[str, ...]:
    return ("--domain", "8", "--epsilon", "2", *more)


@pytest.mark.parametrize("kind", [(), ("--ordinal",)])
def test_what_is_perturbed_can_be_estimated(kind: tuple[str, ...]) -> None:
    values = "".join(json.dumps({"value": 1 if place % 4 else 6}) + "\n" for place in range(2000))
    status, reports = harbour("perturb", *options(*kind), lines=values)
    assert status == 0
    assert len(reports) == 2000
    assert all(len(one["report"]) == 1 and 0 <= one["report"][0] < 8 for one in reports)
    status, shares = harbour(
        "estimate", *options(*kind), lines="".join(json.dumps(one) + "\n" for one in reports)
    )
    assert status == 0
    assert [one["value"] for one in shares] == list(range(8))
    assert {one["n"] for one in shares} == {2000}
    # Six standard deviations of the noise at this size: it fails by chance once in a hundred million runs.
    assert abs(shares[1]["estimate"] - 0.75) < 0.2
    assert all(one["low"] <= one["estimate"] <= one["high"] for one in shares)


def test_a_bad_line_is_answered_in_its_place_and_the_command_fails() -> None:
    status, answers = harbour(
        "perturb", *options(), lines='{"value": 8}\n{"value": 0}\nnot json\n{"value": "0"}\n'
    )
    assert status == 1
    assert ["error" in one for one in answers] == [True, False, True, True]
    assert "from 0 to 7" in answers[0]["error"]


def test_a_bad_report_stops_the_estimate() -> None:
    status, answers = harbour("estimate", *options(), lines='{"report": [1]}\n{"report": [1, 2]}\n{}\n')
    assert status == 1
    assert [one["error"][:6] for one in answers] == ["Line 2", "Line 3"]


def test_no_reports_is_an_honest_answer() -> None:
    status, shares = harbour("estimate", *options(), lines="")
    assert status == 0
    assert {(one["estimate"], one["low"], one["high"], one["n"]) for one in shares} == {(None, 0.0, 1.0, 0)}


@pytest.mark.parametrize("wrong", [("--domain", "1", "--epsilon", "1"), ("--domain", "4", "--epsilon", "0")])
def test_senseless_options_are_refused(wrong: tuple[str, ...]) -> None:
    status, answers = harbour("perturb", *wrong, lines='{"value": 0}\n')
    assert status == 2
    assert answers == []
