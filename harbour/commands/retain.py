"""`harbour retain`: what is past its time, and its deletion."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.settings import Settings
from store import retention
from store.session import Store


def retain(
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete it. Without this, only say what would go.")
    ] = False,
) -> None:
    """Say what is past its time, by kind, or delete it. `harbour serve` deletes once a day."""
    settings = Settings()
    store = Store(settings.database)
    try:
        if delete:
            taken = retention.delete_due(store, settings.periods)
            store.leave_no_trace()
        else:
            with store.read() as session:
                taken = retention.due(session, settings.periods)
    finally:
        store.close()
    for one in taken:
        verb = "deleted" if delete else "would go"
        typer.echo(f"{one.count:>8} {verb}: {one.kind.words} (kept {one.days} days)")
