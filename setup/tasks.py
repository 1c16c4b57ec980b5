"""The Makefile's tasks."""

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from setup.browser import prepare_browser
from setup.environments import ROOT, prepare, python_of, venvs
from setup.errors import SetupError
from setup.lock import lock_all
from setup.web_assets import prepare_web_assets

_RUBBISH = (
    "build",
    "node_modules",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".import_linter_cache",
    ".hypothesis",
)


def run_task(arguments: list[str]) -> int:
    """Run the task named first; what follows is passed on. Returns only when the task did not become a program."""
    name, options = (arguments or ["help"])[0], arguments[1:]
    if name not in TASKS:
        raise SetupError(f"there is no task {name!r}: choose from {', '.join(TASKS)}.")
    os.chdir(ROOT)
    try:
        TASKS[name](options)
    except OSError as error:
        raise _explained(error) from error
    return 0


def _explained(error: OSError) -> SetupError:
    if error.errno == errno.ENOSPC:
        return SetupError("the disk is full: free some space and run this again.")
    return SetupError(
        f"{error.filename or 'a file'} could not be used ({error.strerror}): correct that and run this again."
    )


def _run(options: list[str]) -> None:
    """set everything up and start Harbour"""
    _everything()
    _become_harbour("run", options)


def _demo(options: list[str]) -> None:
    """start Harbour in a second home with a made-up week in it"""
    _everything()
    _become_harbour("demo", options)


def _train(options: list[str]) -> None:
    """train the Rasa model if its data changed"""
    prepare("harbour", "rasa")
    _become_harbour("train", options)


def _test(options: list[str]) -> None:
    """set up what tests need and run every test and rule"""
    _everything()
    prepare_browser()
    _become("harbour", ["-m", "pytest", *options])


def _check(options: list[str]) -> None:
    """types, style, layers and the fast tests, in under two minutes"""
    _everything()
    _become("harbour", ["-m", "pytest", "-q", "-m", "not slow and not browser", *options])


def _lock(options: list[str]) -> None:
    """resolve the lock files anew (make lock OPTIONS=--upgrade)"""
    lock_all(options)


def _setup(_options: list[str]) -> None:
    """build the environments and the web assets, and start nothing"""
    _everything()


def _clean(_options: list[str]) -> None:
    """remove what was built (the environments too), never what Harbour recorded"""
    for name in _RUBBISH:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for info in ROOT.glob("*.egg-info"):
        shutil.rmtree(info)
    shutil.rmtree(venvs(), ignore_errors=True)


def _help(_options: list[str]) -> None:
    """this list"""
    for name, task in TASKS.items():
        print(f"  make {name:<6} {task.__doc__}")


TASKS: dict[str, Callable[[list[str]], None]] = {
    "run": _run,
    "test": _test,
    "check": _check,
    "demo": _demo,
    "train": _train,
    "setup": _setup,
    "lock": _lock,
    "clean": _clean,
    "help": _help,
}


def _everything() -> None:
    prepare("harbour", "rasa")
    prepare_web_assets()


def _become_harbour(command: str, options: list[str]) -> None:
    _exec(venvs() / "harbour" / "bin" / "harbour", [command, *options])


def _become(name: str, arguments: list[str]) -> None:
    _exec(python_of(name), arguments)


def _exec(program: Path, arguments: list[str]) -> None:
    """Become `program`, so that Ctrl-C and the exit status are its own."""
    sys.stdout.flush()
    os.execv(program, [str(program), *arguments])
