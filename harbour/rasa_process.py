"""How Rasa is started: in its own environment, on loopback, with nothing in its environment that it need not know."""

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
_ENGINE_SETTINGS = ("HARBOUR_TRACKER_URL", "HARBOUR_LOCKS_URL")
_TRAINING_DATA = ("data/nlu", "data/rules", "data/stories")


def rasa_python() -> Path:
    """The interpreter of Rasa's environment, which stands beside Harbour's."""
    return Path(sys.prefix).parent / "rasa" / "bin" / "python"


def run_command(model: Path, host: str, port: int, project: Path = PROJECT) -> list[str]:
    """The command that serves `model` on one address: `rasa run`, as bot.engine starts it."""
    command = [str(rasa_python()), "-m", "bot.engine", "run", "--model", str(model)]
    command += [
        "--endpoints",
        str(project / "endpoints.yml"),
        "--credentials",
        str(project / "credentials.yml"),
    ]
    return [*command, "--interface", host, "--port", str(port)]


def train_command(name: str, folder: Path, project: Path = PROJECT) -> list[str]:
    """The command that trains the project at `project` into `folder`/`name`.tar.gz."""
    command = [str(rasa_python()), "-m", "rasa", "train", "--fixed-model-name", name, "--out", str(folder)]
    command += ["--config", str(project / "config.yml"), "--domain", str(project / "domain.yml"), "--data"]
    return command + [str(project / part) for part in _TRAINING_DATA if (project / part).exists()]


def rasa_environment(home: Path, actions_url: str | None = None, log_level: str = "info") -> dict[str, str]:
    """The environment for Rasa: none of Harbour's settings but its home, where actions are served, and its own.

    Telemetry is off, and every file that Rasa writes goes under `home`.
    """
    withheld = {name for name in os.environ if name.startswith(("HARBOUR_", "RASA_"))} - set(_ENGINE_SETTINGS)
    env = {name: value for name, value in os.environ.items() if name not in withheld}
    env["HARBOUR_HOME"] = str(home.resolve())
    if actions_url:
        env["HARBOUR_ACTIONS_URL"] = actions_url
    env["RASA_TELEMETRY_ENABLED"] = "false"
    env["RASA_CACHE_DIRECTORY"] = str(home.resolve() / "cache" / "rasa")
    env["TMPDIR"] = str(home.resolve() / "tmp")
    env["MPLCONFIGDIR"] = str(home.resolve() / "cache" / "matplotlib")
    env["LOG_LEVEL"] = env["LOG_LEVEL_LIBRARIES"] = log_level.upper()
    env["TF_CPP_MIN_LOG_LEVEL"] = "2"  # TensorFlow's start-up notes are not news to anyone
    env["PYTHONUNBUFFERED"] = "1"
    return env
