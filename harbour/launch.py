"""``harbour run``: one command from an empty folder to a working service, and a tidy end."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot.settings import Settings
from harbour.answering import READY_PATH, answers
from harbour.home import only_user_of, prepare_home
from harbour.ports import Listener, check_free
from harbour.rasa_process import PROJECT, rasa_environment, run_command
from harbour.secret_files import create_missing_secrets
from harbour.statistics_file import check_statistics
from harbour.supervisor import Service, Supervisor
from harbour.training import ensure_model

SetupLink = Callable[[], str | None]


def run(
    settings: Settings, migrate: Callable[[str], None], setup_link: SetupLink, *, demo: bool = False
) -> int:
    """Train if needed, create what is missing, start Rasa and Harbour, say where to go, and watch until stopped.

    `migrate` brings the database at a URL up to date; `setup_link` gives the one-time link for the first account,
    or None when there is one. Returns 0 after Ctrl-C or SIGTERM, else Harbour's own exit status.
    Raises CannotStart.
    """
    check_statistics()
    home = settings.home.resolve()
    prepare_home(home)
    with only_user_of(home):
        check_free(listeners(settings))
        create_missing_secrets(home)
        migrate(settings.database)
        model = ensure_model(home, _say)
        _say("Starting Rasa and Harbour ...")
        supervisor = Supervisor([rasa_service(settings, model), harbour_service(settings)], _say)
        return supervisor.run(when_ready=lambda: _say_where_to_go(settings, setup_link(), demo))


def listeners(settings: Settings) -> list[Listener]:
    """Every address that Harbour and its Rasa listen on."""
    return [
        Listener(
            "the patients' chat", settings.patients_host, settings.patients_port, "HARBOUR_PATIENTS_PORT"
        ),
        Listener("the clinic", settings.staff_host, settings.staff_port, "HARBOUR_STAFF_PORT"),
        Listener("Rasa's actions", settings.internal_host, settings.internal_port, "HARBOUR_INTERNAL_PORT"),
        Listener("Rasa", settings.rasa_host, settings.rasa_port, "HARBOUR_RASA_PORT"),
    ]


def rasa_service(settings: Settings, model: Path) -> Service:
    """Rasa, sealed; it is started again when it dies, for Harbour answers without it meanwhile."""
    home = settings.home.resolve()
    secret = settings.secret("engine").decode()
    return Service(
        name="Rasa",
        command=run_command(model, settings.rasa_host, settings.rasa_port),
        environment=rasa_environment(home, settings.actions_url, settings.log_level),
        folder=PROJECT,
        log=home / "logs" / "rasa.log",
        ready=lambda: answers(settings.rasa_host, settings.rasa_port, READY_PATH, secret),
        restarts=True,
    )


def harbour_service(settings: Settings) -> Service:
    """Harbour's own server with its three listeners."""
    home = settings.home.resolve()
    return Service(
        name="Harbour",
        command=[sys.executable, "-m", "harbour", "serve"],
        environment={
            **os.environ,
            "HARBOUR_HOME": str(home),
            "HARBOUR_DATABASE_URL": settings.database,  # the demonstration must never open the real one
            "PYTHONUNBUFFERED": "1",
        },
        folder=PROJECT,
        log=home / "logs" / "harbour.log",
        ready=lambda: answers(settings.internal_host, settings.internal_port, "/ready"),
        restarts=False,
    )


def _say_where_to_go(settings: Settings, link: str | None, demo: bool) -> None:
    staff = f"http://{settings.staff_host}:{settings.staff_port}"
    _say("")
    if demo:
        _say(f"This is a DEMONSTRATION: everyone in {settings.home} is made up.")
    _say(f"Patients' chat   http://{settings.patients_host}:{settings.patients_port}/")
    _say(f"Clinic           {staff}/")
    if link:
        _say(f"   first account {link}   (works once)")
    _say(f"Report           {staff}/report")
    _say(f"Logs             {settings.home / 'logs'}")
    _say("Ctrl-C stops everything.")


def _say(line: str) -> None:
    print(line, flush=True)
