"""Rasa's own commands work at the root, with their default options."""

import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
RASAS_FOLDERS = {"nlu", "rules", "stories"}
RASAS_KEYS = {"nlu", "rules", "stories"}


def test_rasa_finds_nothing_but_its_own_files_in_data():
    """Rasa reads every YAML file in data/ that has one of its keys at the top, wherever in data/ it is."""
    taken = []
    for file in (ROOT / "data").rglob("*.y*ml"):
        found = yaml.safe_load(file.read_text())
        if file.relative_to(ROOT / "data").parts[0] not in RASAS_FOLDERS and isinstance(found, dict):
            taken += [f"{file.name}: {key}" for key in RASAS_KEYS & found.keys()]
    assert taken == []


@pytest.mark.slow
@pytest.mark.parametrize("command", [["data", "validate"], ["train", "--dry-run"]])
def test_a_rasa_command_works_with_its_default_options(rasa_python, command):
    done = subprocess.run(
        [rasa_python.with_name("rasa"), *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "Exception" not in done.stdout + done.stderr
    assert "reports anonymous usage telemetry" not in done.stdout


@pytest.mark.slow
def test_rasa_shell_talks(rasa_python, tiny_model, tmp_path, monkeypatch):
    monkeypatch.setenv("HARBOUR_HOME", str(tmp_path))
    done = subprocess.run(
        [rasa_python.with_name("rasa"), "shell", "--model", tiny_model, "--port", "0"],
        cwd=ROOT, input="/stop\n", capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip
    assert "Bot loaded" in done.stdout + done.stderr
