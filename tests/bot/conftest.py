"""Harbour's parts on a real store, with Rasa out of reach: what must work then, works always."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.parts import Parts, build
from bot.settings import Settings
from harbour.ports import free_port
from privacy.redaction import Redactor
from store import migrate


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    return Redactor.load()


@pytest.fixture
def parts(home: Path, redactor: Redactor) -> Iterator[Parts]:
    settings = Settings(home=home, rasa_port=free_port(), engine_deadline_seconds=1)
    migrate.upgrade(settings.database)
    built = build(settings, redactor)
    yield built
    built.store.close()
