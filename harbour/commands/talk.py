"""`harbour talk`: conversations in batches. `harbour chat`: one, in the terminal. Both take the whole journey."""

from __future__ import annotations

import asyncio
import secrets
import sys
from typing import Annotated, Any

import typer

from bot.cards import card_as_text
from bot.settings import Settings
from harbour.json_lines import answer_lines, text_field
from harbour.workbench import turn, workbench
from privacy import crashes, logs


def talk() -> None:
    """Answer conversations, one JSON line each, in order: the whole journey, on this machine alone.

    Reads {"conversation", "text"} and writes {"conversation", "replies": [{"text", "buttons"}], "response",
    "escalation"}. Messages with the same conversation continue it. What is said is kept in a throw-away store.
    """
    asyncio.run(_talk())


async def _talk() -> None:
    settings = Settings()
    logs.configure(level=settings.log_level)
    async with workbench(settings) as parts:
        crashes.seal()
        failed = await answer_lines(
            lambda line: turn(parts, text_field(line, "conversation"), text_field(line, "text"))
        )
    if failed:
        raise typer.Exit(1)


def chat(
    show: Annotated[
        bool, typer.Option(help="Show the response needed and what is kept, under each turn.")
    ] = False,
) -> None:
    """Talk with Harbour in the terminal. Nothing is kept after you leave; end with Ctrl-D."""
    asyncio.run(_chat(show))


async def _chat(show: bool) -> None:
    logs.configure(level="error")
    async with workbench(Settings(), say=print) as parts:
        crashes.seal()
        person = secrets.token_urlsafe(16)
        notice = parts.content.notices.first_notice
        for line in (notice.bot, notice.not_emergency, "", *card_as_text(parts.content, "helplines"), ""):
            typer.echo(line)
        while True:
            typer.secho("You: ", bold=True, nl=False)
            typed = await asyncio.to_thread(sys.stdin.readline)
            if not typed:
                return
            answer = await turn(parts, person, typed)
            _print(answer, show)


def _print(answer: dict[str, Any], show: bool) -> None:
    for reply in answer["replies"]:
        typer.echo(f"\n{reply['text']}")
        if reply["buttons"]:
            typer.secho("  ".join(f"[{title}]" for title in reply["buttons"]), dim=True)
    if show:
        typer.secho(
            f"\n(response needed: {answer['response']}; escalation: {answer['escalation']})", dim=True
        )
    typer.echo("")
