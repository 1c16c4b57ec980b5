"""Style, types and layers hold everywhere: the tools themselves are the tests."""

import subprocess
import sys
from pathlib import Path

import pytest

from harbour.rasa_process import rasa_python

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.prefix) / "bin"
INSIDE_RASA = r"^(bot/engine/|tests/bot/engine/inside/|benchmarks/understanding\.py)"
HARBOUR_HALF = [
    "actions",
    "benchmarks",
    "bot",
    "clinic",
    "content",
    "encoder",
    "harbour",
    "privacy",
    "reports",
    "setup",
    "store",
]

INSIDE_RASA_TOO = ["bot/engine", "benchmarks/understanding.py"]


def run_tool(*command: str | Path) -> None:
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if finished.returncode:
        pytest.fail(f"{Path(command[0]).name} found:\n{finished.stdout}{finished.stderr}", pytrace=False)


def test_style() -> None:
    run_tool(BIN / "ruff", "check", "--no-cache", ".")


def test_format() -> None:
    run_tool(BIN / "ruff", "format", "--no-cache", "--check", ".")


def test_layers() -> None:
    run_tool(BIN / "lint-imports", "--no-cache")


def test_types() -> None:
    run_tool(BIN / "mypy", *HARBOUR_HALF, "tests", "--exclude", INSIDE_RASA)


def test_types_of_what_runs_inside_rasa() -> None:
    """bot/engine is checked against the libraries of Rasa's environment, which are other versions."""
    cache = ".mypy_cache/engine"
    run_tool(BIN / "mypy", "--python-executable", rasa_python(), "--cache-dir", cache, *INSIDE_RASA_TOO)
