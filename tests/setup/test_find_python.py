"""Finding a Python 3.11, with real executables in made-up PATH folders."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from setup.errors import SetupError
from setup.find_python import find_python

ROOT = Path(__file__).resolve().parents[2]


def executable(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    path.chmod(0o755)
    return path


def python_311(path: Path) -> Path:
    return executable(path, "echo 3.11; echo venv")


def python_312(path: Path) -> Path:
    return executable(path, "echo 3.12; echo venv")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with an empty PATH folder, no pyenv and no running Python to fall back on."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'first'}{os.pathsep}{tmp_path / 'second'}")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.delenv("HARBOUR_PYTHON", raising=False)
    monkeypatch.setattr(sys, "executable", "")
    return tmp_path


class TestWhereItLooks:
    def test_the_name_python3_11_wins_over_a_newer_python3(self, bare: Path) -> None:
        python_312(bare / "first" / "python3")
        expected = python_311(bare / "second" / "python3.11")
        assert find_python() == str(expected)

    def test_python3_serves_when_it_is_3_11(self, bare: Path) -> None:
        expected = python_311(bare / "first" / "python3")
        assert find_python() == str(expected)

    def test_a_shim_that_fails_is_passed_over(self, bare: Path) -> None:
        executable(bare / "first" / "python3.11", "echo 'not active' >&2; exit 127")
        expected = python_311(bare / "second" / "python3.11")
        assert find_python() == str(expected)

    def test_pyenv_gives_its_newest_3_11(self, bare: Path) -> None:
        python_311(bare / "pyenv" / "versions" / "3.11.9" / "bin" / "python")
        expected = python_311(bare / "pyenv" / "versions" / "3.11.12" / "bin" / "python")
        assert find_python() == str(expected)

    def test_uv_is_asked_last(self, bare: Path) -> None:
        expected = python_311(bare / "uv-pythons" / "python3.11")
        executable(bare / "first" / "uv", f'echo "{expected}"')
        assert find_python() == str(expected)

    def test_the_chosen_one_wins(self, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        python_311(bare / "first" / "python3.11")
        chosen = python_311(bare / "mine" / "python")
        monkeypatch.setenv("HARBOUR_PYTHON", str(chosen))
        assert find_python() == str(chosen)


class TestWhatItSays:
    def test_none_at_all(self, bare: Path) -> None:
        python_312(bare / "first" / "python3")
        with pytest.raises(SetupError, match=r"needs Python 3\.11 and none was found"):
            find_python()

    def test_one_without_venv(self, bare: Path) -> None:
        executable(bare / "first" / "python3.11", "echo 3.11; exit 1")
        with pytest.raises(SetupError, match=r"python3\.11-venv"):
            find_python()

    def test_a_wrong_choice(self, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HARBOUR_PYTHON", str(python_312(bare / "mine" / "python")))
        with pytest.raises(SetupError, match=r"HARBOUR_PYTHON is .* not a working Python 3\.11"):
            find_python()


def test_make_without_any_python_says_one_sentence(tmp_path: Path) -> None:
    for tool in ("make", "sh", "echo"):
        found = next(folder for folder in os.environ["PATH"].split(os.pathsep) if Path(folder, tool).exists())
        (tmp_path / tool).symlink_to(Path(found, tool))
    env = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    made = subprocess.run(
        [tmp_path / "make", "run"], cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60
    )
    assert made.returncode != 0
    assert (
        made.stderr.splitlines()[0]
        == "harbour: Python was not found: install Python 3.11 and run this again."
    )
    assert "Traceback" not in made.stderr


def test_every_stage_one_file_is_plain_python() -> None:
    """What an old Python reads before it finds 3.11 parses as Python 3.7."""
    for name in ("__init__", "__main__", "errors", "find_python"):
        source = (ROOT / "setup" / f"{name}.py").read_text(encoding="utf-8")
        ast.parse(source, feature_version=(3, 7))
