"""The set-up on machines that lack something: one sentence, exit status 1, no traceback. Real processes."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from setup.processes import failure_sentence

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing listens there


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A fresh checkout, as far as the set-up is concerned."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("setup", "locks"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, checkout / name)
    return checkout


def sentence_of(project: Path, code: str, env: Mapping[str, str]) -> str:
    """The one line on standard error of the set-up running `code` as a task."""
    program = (
        "import sys; from setup import tasks; from setup.__main__ import main; "
        f"from setup.environments import prepare; from setup.web_assets import prepare_web_assets; "
        f"tasks.TASKS['try'] = lambda _: {code}; sys.argv = ['setup', 'try']; sys.exit(main())"
    )
    tried = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project,
        env={"PYTHONDONTWRITEBYTECODE": "1", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert tried.returncode == 1, tried.stdout + tried.stderr
    assert len(tried.stderr.splitlines()) == 1, tried.stderr
    return tried.stderr.strip()


def test_no_npm(project: Path, tmp_path: Path) -> None:
    said = sentence_of(project, "prepare_web_assets()", {"PATH": str(tmp_path)})
    assert said.startswith("harbour: Harbour's pages need node and npm, which were not found")


@pytest.mark.slow
def test_npm_registry_out_of_reach(project: Path, tmp_path: Path) -> None:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "npm_config_registry": NOWHERE,
        "npm_config_fetch_retries": "0",
        "npm_config_cache": str(tmp_path / "npm-cache"),
    }
    said = sentence_of(project, "prepare_web_assets()", env)
    assert "ECONNREFUSED" in said
    assert "check that this machine reaches its npm registry" in said


@pytest.mark.slow
def test_package_index_out_of_reach(project: Path, tmp_path: Path) -> None:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": NOWHERE,
        "PIP_RETRIES": "0",
        "PIP_NO_CACHE_DIR": "1",
    }
    said = sentence_of(project, "prepare('harbour')", env)
    assert "Fetching the installers (pip and uv) failed" in said
    assert "check that this machine reaches its Python package index" in said


def test_environments_that_cannot_be_written(project: Path) -> None:
    said = sentence_of(
        project, "prepare('harbour')", {"PATH": os.environ["PATH"], "HARBOUR_VENVS": "/proc/venvs"}
    )
    assert "/proc/venvs cannot be written" in said


def test_an_unknown_task() -> None:
    tried = subprocess.run(
        [sys.executable, "-m", "setup", "dance"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (tried.returncode, tried.stdout) == (1, "")
    assert tried.stderr.startswith("harbour: there is no task 'dance': choose from run, test")


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "error: Failed to fetch\n  Caused by: dns error: Name or service not known\n",
            "Installing failed (dns error: Name or service not known): look.",
        ),
        (
            "npm error code E404\nnpm error 404 Not found\nnpm error A complete log of this run can be found in: x\n",
            "Installing failed (404 Not found): look.",
        ),
        (
            "OSError: [Errno 28] No space left on device\n",
            "Installing failed because the disk is full: free some space and run this again.",
        ),
        ("", "Installing failed (it gave no reason): look."),
    ],
)
def test_the_sentence(output: str, sentence: str) -> None:
    assert failure_sentence("Installing", output, "look.") == sentence
