"""Trains the Rasa model when what it is trained from has changed."""

import fcntl
import hashlib
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from harbour.children import dies_with_parent, stop
from harbour.home import disk_problems_explained, prepare_home
from harbour.log_files import last_reason
from harbour.problems import CannotStart
from harbour.rasa_process import PROJECT, rasa_environment, rasa_python, train_command

_TRAINED_FROM = (
    "config.yml",
    "domain.yml",
    "data/nlu",
    "data/rules",
    "data/stories",
    "bot/engine",
    "encoder",
    "locks/rasa.lock",
)
_KEPT = 3
_COMPONENT = re.compile(r"(Starting to train|(?P<cached>Restored)) component '(?P<name>\w+)'")
_LOOK_SECONDS = 0.25
_TICK_SECONDS = 15

Say = Callable[[str], None]


def training_fingerprint(project: Path = PROJECT) -> str:
    """Names the model that the project's present files would train: 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for file in _sources(project):
        digest.update(str(file.relative_to(project)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def current_model(home: Path, project: Path = PROJECT) -> Path | None:
    """The model trained from the project's present files, if there is one in `home`/models."""
    model = home / "models" / f"{training_fingerprint(project)}.tar.gz"
    return model if model.exists() else None


def ensure_model(home: Path, say: Say = print, project: Path = PROJECT) -> Path:
    """The model for the project's present files, trained now if need be, with lines of progress to `say`.

    Raises CannotStart when training fails; what Rasa said is then in `home`/logs/train.log.
    """
    prepare_home(home)
    with _one_at_a_time(home):
        model = current_model(home, project)
        if model is None:
            model = _train(home, project, say)
        return model


def _train(home: Path, project: Path, say: Say) -> Path:
    name = training_fingerprint(project)
    if not rasa_python().exists():
        raise CannotStart(f"Rasa's environment is missing ({rasa_python()}): run `make setup`.")
    say("Training the Rasa model: its data is new or has changed. This takes a minute or two.")
    started = time.monotonic()
    drafts, log = home / "models" / "drafts", home / "logs" / "train.log"
    status = _run(train_command(name, drafts, project), home, project, log, say)
    draft = drafts / f"{name}.tar.gz"
    if status != 0 or not draft.exists():
        raise CannotStart(
            f"training the Rasa model failed ({last_reason(log)}): all that Rasa said is in {log}."
        )
    with disk_problems_explained(home):
        model = draft.rename(home / "models" / draft.name)
    _remove_old_models(model)
    say(f"The Rasa model is trained ({time.monotonic() - started:.0f} s).")
    return model


def _run(command: list[str], home: Path, project: Path, log: Path, say: Say) -> int:
    """Run the training with its output in `log` and lines of progress to `say`; its exit status."""
    with disk_problems_explained(home), log.open("wb") as record:
        trainer = subprocess.Popen(
            command,
            cwd=project,
            env=rasa_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=record,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_parent,  # noqa: PLW1509 - one system call
        )
        try:
            return _wait(trainer, log, say)
        finally:
            stop(trainer)


def _wait(trainer: "subprocess.Popen[bytes]", log: Path, say: Say) -> int:
    """Wait for the training's end, telling which component it is at and, now and then, that it goes on."""
    began = told = time.monotonic()
    with log.open(encoding="utf-8", errors="replace") as said:
        while True:
            status = trainer.poll()
            for component in _COMPONENT.finditer(said.read()):
                say(f"  training: {component['name']}{' (unchanged)' if component['cached'] else ''}")
                told = time.monotonic()
            if status is not None:
                return status
            if time.monotonic() - told > _TICK_SECONDS:
                told = time.monotonic()
                say(f"  still training after {told - began:.0f} s")
            time.sleep(_LOOK_SECONDS)


def _sources(project: Path) -> Iterator[Path]:
    for name in _TRAINED_FROM:
        path = project / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in files if file.is_file() and file.suffix != ".pyc")


def _remove_old_models(newest: Path) -> None:
    models = sorted(newest.parent.glob("*.tar.gz"), key=lambda model: model.stat().st_mtime, reverse=True)
    for model in [model for model in models if model != newest][_KEPT - 1 :]:
        model.unlink(missing_ok=True)


@contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    with disk_problems_explained(home):
        lock = (home / "models" / "training.lock").open("w")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
