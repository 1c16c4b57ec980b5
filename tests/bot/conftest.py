"""Harbour's parts on a real store, with Rasa out of reach: what must work then, works always."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.parts import Parts, Readers, build
from bot.settings import Settings
from harbour.ports import free_port
from store import migrate
from tests.bot.one_loop import RUNNER


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    with RUNNER:
        yield


@pytest.fixture(scope="session")
def readers() -> Readers:
    return Readers.load()


@pytest.fixture
def parts(home: Path, readers: Readers) -> Iterator[Parts]:
    settings = Settings(home=home, rasa_port=free_port(), engine_deadline_seconds=1)
    migrate.upgrade(settings.database)
    built = build(settings, readers)
    yield built
    RUNNER.run(built.close())
