"""`harbour audit`: whether the record of what staff did is whole."""

from __future__ import annotations

from typing import Final

import typer
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.settings import Settings
from harbour.problems import CannotStart
from store.audit import Head
from store.audit import verify as verify_chain
from store.session import Store

audit = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="The record of what staff did: look whether anybody has changed it.",
)

_HEADS: Final = "audit-heads.txt"
"""In the home folder, outside the database: every head that was seen, one a line. Keep a copy elsewhere."""


@audit.callback()
def _group() -> None:
    """Keep `verify` a command of its own, for others to come beside it."""


@audit.command()
def verify() -> None:
    """Walk over the whole log: say whether any line was edited, removed or moved; exit with 1 if so.

    The head that is found is noted in the home folder, and each head noted before must still be in the chain: so
    a log that was chained anew, or cut at its end, is found too.
    """
    settings = Settings()
    noted = _noted(settings)
    store = Store(settings.database)
    try:
        with store.read() as session:
            verdict = verify_chain(session, noted)
    except (OperationalError, ProgrammingError) as error:
        raise CannotStart(
            "the database could not be read: if it is new, run `harbour prepare`; otherwise try again in a while."
        ) from error
    finally:
        store.close()
    if verdict.problem is not None:
        typer.echo(f"NOT WHOLE: {verdict.problem}. Lines that hold before it: {verdict.lines}.")
        raise typer.Exit(1)
    if noted.get(verdict.head.number) != verdict.head.hash:
        _note(settings, verdict.head)
    typer.echo(f"Whole: {verdict.lines} lines, up to {verdict.head.number} {verdict.head.hash}")


def _noted(settings: Settings) -> dict[int, str]:
    """The heads that were noted before, by number."""
    file = settings.home / _HEADS
    lines = file.read_text().splitlines() if file.exists() else []
    pairs = (line.split() for line in lines if line.strip())
    return {int(number): head for number, head in pairs}


def _note(settings: Settings, head: Head) -> None:
    if head.number:
        with (settings.home / _HEADS).open("a") as file:
            file.write(f"{head.number} {head.hash}\n")
