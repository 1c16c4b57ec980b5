"""What the engine reads from its surroundings: one folder, one secret, three addresses.

Nothing else in `bot.engine` reads the environment.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from rasa.shared.exceptions import RasaException
from sqlalchemy.engine import URL, make_url

DEFAULT_ACTIONS_URL = "http://127.0.0.1:8012/actions"
SHORTEST_SECRET = 32


class SecretMissing(RasaException):
    """The secret that Harbour and its engine share is not there, so the engine must not start."""


def home() -> Path:
    """The folder under which everything written at run time lies."""
    return Path(os.environ.get("HARBOUR_HOME") or "var")


@cache
def secret() -> str:
    """The secret that proves that a caller is Harbour. Read once.

    Raises `SecretMissing` when the file is absent or too short to be a secret.
    """
    path = home() / "secrets" / "engine"
    try:
        value = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretMissing(
            f"The engine's secret cannot be read from {path} ({type(error).__name__}). "
            "Harbour writes it when it is set up; without it the engine does not start."
        ) from None
    if len(value) < SHORTEST_SECRET:
        raise SecretMissing(f"The engine's secret in {path} is shorter than {SHORTEST_SECRET} characters.")
    return value


def actions_url(configured: str | None) -> str:
    """Where actions are served: `HARBOUR_ACTIONS_URL`, else what endpoints.yml says."""
    return os.environ.get("HARBOUR_ACTIONS_URL") or configured or DEFAULT_ACTIONS_URL


def tracker_url() -> URL:
    """The database of conversations: `HARBOUR_TRACKER_URL`, else SQLite under the home folder."""
    given = os.environ.get("HARBOUR_TRACKER_URL")
    if given:
        return make_url(given)
    path = home() / "rasa" / "tracker.db"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return URL.create("sqlite", database=str(path))


def locks_url() -> str | None:
    """The Redis that engines behind one load balancer share for their locks, if there is one."""
    return os.environ.get("HARBOUR_LOCKS_URL") or None
