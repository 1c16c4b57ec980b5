"""Runs what must be tested in Rasa's own environment."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.bot.engine.speaking import RunInside

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "module", ["the_window", "the_patches", "the_text", "the_model", "the_store", "the_logs"]
)
def test_inside(run_inside: RunInside, tmp_path: Path, module: str) -> None:
    run_inside(module, tmp_path)


def test_understanding_reads_lines_and_writes_lines(rasa_python: Path, tiny_model: Path) -> None:
    lines = ['{"text": "hello"}', "not json", '{"text": "/goodbye"}', '{"words": 1}', '{"text": ""}']
    done = subprocess.run(
        [rasa_python, "-m", "bot.engine.understand", "--model", tiny_model],
        input="\n".join(lines), cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert answers[0]["intent"] == "greet"
    assert answers[0]["ranking"][0]["name"] == "greet"
    assert answers[1] == {"error": "not JSON"}
    assert answers[2]["confidence"] < 1
    assert answers[3] == {"error": "not an object with a text"}
    assert answers[4]["intent"] == "nlu_fallback"
