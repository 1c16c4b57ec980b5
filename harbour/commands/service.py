"""The commands that run Harbour as a service."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Annotated

import typer

from bot.settings import Settings
from harbour.home import prepare_home
from harbour.secret_files import create_missing_secrets
from harbour.statistics_file import check_statistics
from harbour.training import ensure_model
from store import migrate


class Taught(StrEnum):
    """What `harbour train` can make."""

    RASA = "rasa"
    REDACTION = "redaction"
    SCREEN = "screen"


def run() -> None:
    """Train if needed, create what is missing, start Rasa and Harbour, and say where to go."""
    from harbour.launch import run as launch

    settings = Settings()
    raise typer.Exit(launch(settings, migrate.upgrade, lambda: _setup_link(settings)))


def demo() -> None:
    """Start a second Harbour, in a home of its own, with a week of a made-up service in it."""
    from harbour.demo import fill
    from harbour.launch import run as launch

    settings, home = Settings(), Settings().home
    settings = settings.model_copy(update={"home": home / "demo", "database_url": None})
    prepare_home(settings.home)
    create_missing_secrets(settings.home)
    migrate.upgrade(settings.database)
    fill(settings, home)
    raise typer.Exit(launch(settings, migrate.upgrade, lambda: _setup_link(settings), demo=True))


def serve(
    role: Annotated[str, typer.Option(help="Which listeners: all, patients, or staff.")] = "all",
) -> None:
    """Serve Harbour's listeners. `harbour run` does this, and starts Rasa beside it."""
    from bot.app import listeners, served
    from bot.housekeeping import Housekeeper, housekeeping
    from bot.parts import build, ticker
    from bot.servers import serve_until_stopped
    from clinic.ticking import ticking
    from privacy import crashes, logs

    settings = Settings()
    logs.configure(level=settings.log_level)
    check_statistics()
    parts = build(settings)
    crashes.seal()
    # Before anybody is served: the database may be a restored backup, with people in it who were erased since.
    if parts.eraser.reapply(parts.store):
        parts.store.leave_no_trace()
    keeper = Housekeeper(parts.journey.steps.tally, parts.forgetting, parts.store, settings.periods)

    async def serve_and_keep_house() -> None:
        async with housekeeping(keeper), ticking(ticker(parts)):
            await serve_until_stopped(served(settings, listeners(parts), role))
        await parts.close()

    asyncio.run(serve_and_keep_house())


def prepare() -> None:
    """Create the home folder, its secrets and the database, and start nothing."""
    settings = Settings()
    prepare_home(settings.home)
    create_missing_secrets(settings.home)
    migrate.upgrade(settings.database)
    typer.echo(f"{settings.home} is ready.")


def train(
    what: Annotated[
        Taught, typer.Argument(help="The dialogue model, or the network of redaction or of the screen.")
    ] = Taught.RASA,
) -> None:
    """Train the Rasa model if what it is trained from has changed; or make one of our own networks anew."""
    if what is Taught.REDACTION:
        from privacy.redaction.training.teach import teach as teach_redaction

        teach_redaction()
    elif what is Taught.SCREEN:
        from bot.safety.training.teach import teach as teach_screen

        teach_screen()
    else:
        typer.echo(f"The model is {ensure_model(Settings().home)}.")


def settings() -> None:
    """Print every setting, its default and what it is for."""
    from harbour.settings_page import page

    typer.echo(page())


def conversations() -> None:
    """Print every conversation as a reader can follow it, from the content."""
    from harbour.conversations_page import page

    typer.echo(page())


def _setup_link(settings: Settings) -> str | None:
    """The one-time link for the first account; None when an account exists."""
    from clinic.auth import accounts_exist, new_setup_link
    from store.session import Store

    store = Store(settings.database)
    with store.begin() as session:
        token = None if accounts_exist(session) else new_setup_link(session)
    store.close()
    if token is None:
        return None
    return f"http://{settings.staff_host}:{settings.staff_port}/set-up/{token}"
