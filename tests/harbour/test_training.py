"""When the model is trained, and what is said when it cannot be."""

import shutil
from pathlib import Path

import pytest

from harbour.problems import CannotStart
from harbour.rasa_process import rasa_environment
from harbour.training import current_model, ensure_model, training_fingerprint

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the model is trained from."""
    copy = tmp_path / "project"
    leave_out = shutil.ignore_patterns("__pycache__", "content", "safety")
    shutil.copytree(ROOT / "data", copy / "data", ignore=leave_out)
    shutil.copytree(ROOT / "bot" / "engine", copy / "bot" / "engine", ignore=leave_out)
    shutil.copytree(ROOT / "encoder", copy / "encoder", ignore=leave_out)
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "bot/__init__.py"):
        shutil.copy(ROOT / name, copy / name)
    (copy / "locks").mkdir()
    shutil.copy(ROOT / "locks" / "rasa.lock", copy / "locks" / "rasa.lock")
    return copy


def test_the_same_data_needs_no_new_model(project: Path) -> None:
    before = training_fingerprint(project)
    (project / "README.md").write_text("Something else", encoding="utf-8")
    (project / "bot" / "engine" / "x.pyc").write_bytes(b"compiled")
    assert training_fingerprint(project) == before == training_fingerprint(ROOT)


@pytest.mark.parametrize(
    "name",
    [
        "config.yml",
        "domain.yml",
        "data/nlu/new.yml",
        "bot/engine/new.py",
        "encoder/new.py",
        "locks/rasa.lock",
    ],
)
def test_changed_data_needs_a_new_model(project: Path, name: str) -> None:
    before = training_fingerprint(project)
    with (project / name).open("a", encoding="utf-8") as changed:
        changed.write("# changed\n")
    assert training_fingerprint(project) != before


@pytest.mark.slow
def test_a_trained_model_is_not_trained_again(trained_model: Path) -> None:
    said: list[str] = []
    home = trained_model.parent.parent
    assert ensure_model(home, said.append) == trained_model == current_model(home)
    assert said == []


@pytest.mark.slow
def test_data_that_cannot_be_trained_is_one_sentence(project: Path, home: Path) -> None:
    (project / "domain.yml").write_text('version: "3.1"\nintents: [unclosed\n', encoding="utf-8")
    with pytest.raises(CannotStart) as problem:
        ensure_model(home, lambda _: None, project)
    assert str(problem.value).startswith("training the Rasa model failed (")
    assert "\n" not in str(problem.value)
    assert "domain.yml" in (home / "logs" / "train.log").read_text(encoding="utf-8")
    assert current_model(home, project) is None


def test_rasa_is_told_none_of_harbours_settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARBOUR_DATABASE_URL", "postgresql://someone:secret@somewhere/harbour")
    monkeypatch.setenv("HARBOUR_TRACKER_URL", "postgresql://somewhere/rasa")
    env = rasa_environment(home, "http://127.0.0.1:1/actions")
    ours = {name for name in env if name.startswith("HARBOUR_")}
    assert ours == {"HARBOUR_HOME", "HARBOUR_ACTIONS_URL", "HARBOUR_TRACKER_URL"}
    assert env["RASA_TELEMETRY_ENABLED"] == "false"
