"""Rasa's own commands work at the root, with their default options."""

import subprocess
from pathlib import Path

import pytest
import yaml

from harbour.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
RASAS_FOLDERS = {"nlu", "rules", "stories"}
RASAS_KEYS = {"nlu", "rules", "stories"}


def test_rasa_finds_nothing_but_its_own_files_in_data() -> None:
    """Rasa reads every YAML file in data/ that has one of its keys at the top, wherever in data/ it is."""
    taken = []
    for file in (ROOT / "data").rglob("*.y*ml"):
        found = yaml.safe_load(file.read_text())
        if file.relative_to(ROOT / "data").parts[0] not in RASAS_FOLDERS and isinstance(found, dict):
            taken += [f"{file.name}: {key}" for key in RASAS_KEYS & found.keys()]
    assert taken == []


@pytest.mark.slow
@pytest.mark.parametrize("command", [["data", "validate"], ["train", "--dry-run"]])
def test_a_rasa_command_works_with_its_default_options(rasa_python: Path, command: list[str]) -> None:
    done = subprocess.run(
        [rasa_python.with_name("rasa"), *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "Exception" not in done.stdout + done.stderr
    assert "reports anonymous usage telemetry" not in done.stdout


@pytest.mark.slow
def test_rasa_shell_loads_the_bot_without_any_secret(
    rasa_python: Path, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARBOUR_HOME", str(tmp_path))
    command = [str(rasa_python.with_name("rasa")), "shell", "--model", str(tiny_model)]
    command += ["--port", str(free_port())]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as shell:
        assert shell.stdout is not None
        loaded = any("Bot loaded" in line for line in shell.stdout)
        shell.kill()
    assert loaded
