"""The sampler for browsers draws what the one in Python draws, from the same bytes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from privacy.ldp import vectors
from privacy.ldp.statistics import Statistics

HERE = Path(__file__).parent
SAMPLER = Path(vectors.__file__).with_name("perturb.js")
DRAWN = 300


@pytest.fixture(scope="module")
def written() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(vectors.VECTORS.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def in_javascript() -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        pytest.fail("The set-up needs node, and so does this test: install Node.js 20 or later.")
    asked: list[str | Path] = [node, HERE / "perturb_vectors.mjs", vectors.VECTORS, str(DRAWN)]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120)
    drawn: dict[str, Any] = json.loads(answer.stdout)
    return drawn


def test_the_vectors_are_what_python_draws(written: list[dict[str, Any]]) -> None:
    assert vectors.made() == written


def test_javascript_draws_the_same_from_the_same_bytes(
    written: list[dict[str, Any]], in_javascript: dict[str, Any]
) -> None:
    assert in_javascript["same"] == [[one["report"] for one in each["reports"]] for each in written]


def test_the_browser_s_own_generator_keeps_the_true_value_as_often_as_the_rule_says(
    written: list[dict[str, Any]], in_javascript: dict[str, Any]
) -> None:
    for each, counts in zip(written, in_javascript["counts"], strict=True):
        rule = each["rule"]
        if rule["kind"] == "ordinal":
            limits = [int(limit) for limit in rule["columns"][-1]]
            keep = (limits[-1] - limits[-2]) / limits[-1]
        else:
            keep = int(rule["inside"]) / int(rule["whole"])
        spread = (keep * (1 - keep) / DRAWN) ** 0.5
        assert abs(counts[-1] / DRAWN - keep) < 6 * spread


def test_javascript_refuses_what_is_no_value(in_javascript: dict[str, Any]) -> None:
    assert in_javascript["refused"] == ["RangeError"] * 7


def test_every_shipped_statistic_can_be_drawn_in_a_browser() -> None:
    for statistic in Statistics.load().attributes.values():
        rule = json.loads(json.dumps(statistic.mechanism.for_browsers()))
        assert rule["domain"] == statistic.domain


def test_the_sampler_uses_no_float_and_no_other_chance() -> None:
    code = re.sub(r"//[^\n]*|/\*(?s:.*?)\*/", "", SAMPLER.read_text(encoding="utf-8"))
    assert "Math.random" not in code
    assert re.search(r"\d\.\d", code) is None
    assert code.count("getRandomValues") == 1
