"""What every test may ask for."""

import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.running import RunningHarbour
from benchmarks.running import running_harbour as start_harbour
from harbour.home import prepare_home
from harbour.secret_files import create_missing_secrets
from harbour.training import ensure_model
from setup.browser import find_browser

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home with its folders and its secrets."""
    folder = tmp_path / "home"
    prepare_home(folder)
    create_missing_secrets(folder)
    return folder


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """The model of the project's present training data; trained once, then kept between runs in build/."""
    return ensure_model(ROOT / "build" / "test-home")


@pytest.fixture
def home_with_model(home: Path, trained_model: Path) -> Path:
    """A home in which the present model is already trained, so that `harbour run` trains nothing."""
    os.link(trained_model, home / "models" / trained_model.name)
    return home


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a real Chromium. A browser test without one is skipped, visibly; in CI it fails."""
    path = find_browser()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("CI has no Chromium: `make test` installs it")
    if path is None:
        pytest.skip("no Chromium on this machine: `make test` as root installs it on Debian")
    return path


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where browser tests leave pictures of what they saw; those in docs/pictures were copied from there."""
    folder = ROOT / "build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def running_harbour(
    trained_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningHarbour]:
    """One whole Harbour, as `harbour run` starts it, for all tests that drive it from outside."""
    with start_harbour(
        tmp_path_factory.mktemp("running") / "home", model_home=trained_model.parent.parent
    ) as harbour:
        yield harbour


@pytest.fixture(autouse=True)
def hooks_of_this_process() -> Iterator[None]:
    """A command that is run inside the tests seals this process's hooks and logs: they are put back."""
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning)
    factory, handlers = logging.getLogRecordFactory(), logging.getLogger().handlers[:]
    level = logging.getLogger().level
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks
    logging.setLogRecordFactory(factory)
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
