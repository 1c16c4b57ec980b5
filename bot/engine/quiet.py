"""Nothing goes to Rasa's makers: no telemetry, no error reports.

Imported with the engine, so it holds for every Rasa command that reads our config.yml, endpoints.yml or
credentials.yml. Rasa decides about error reports earlier than that, so setting up also runs

    python -m bot.engine.quiet

which puts a one-line file into the environment's site-packages: each Python started there begins with
telemetry off, whoever starts it and wherever.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

_SETTING = "RASA_TELEMETRY_ENABLED"
_FILE = "harbour_quiet.pth"


def silence() -> None:
    """Turn telemetry and error reports off in this process, whatever the user's own settings say."""
    os.environ[_SETTING] = "false"
    sentry = sys.modules.get("sentry_sdk")
    if sentry is not None:
        sentry.init(dsn=None)


def install() -> Path:
    """Turn telemetry off for every Python of this environment. Returns the file that does it."""
    path = Path(sysconfig.get_path("purelib")) / _FILE
    path.write_text(f'import os; os.environ["{_SETTING}"] = "false"\n', encoding="ascii")
    return path


if __name__ == "__main__":
    print(install())
