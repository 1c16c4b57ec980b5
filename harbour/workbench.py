"""A whole Harbour in a throw-away home: for trying it from a terminal, and for batches of conversations."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from bot.cards import card_as_text
from bot.delivery import Answered, Delivery, Refused
from bot.parts import Parts, build
from bot.servers import Served, serving
from bot.settings import Settings
from clinic.escalations import open_escalation
from harbour.answering import READY_PATH, answers
from harbour.children import dies_with_parent, stop
from harbour.home import prepare_home
from harbour.ports import free_port
from harbour.problems import CannotStart
from harbour.rasa_process import PROJECT, rasa_environment, run_command
from harbour.secret_files import create_missing_secrets
from harbour.training import ensure_model
from store import conversations, migrate
from store.models import Message, Speaker

_RASA_START_SECONDS = 180
_POLL_SECONDS = 0.2
_UNLIMITED = 10**9

Say = Callable[[str], None]


@asynccontextmanager
async def workbench(settings: Settings, say: Say = lambda _line: None) -> AsyncIterator[Parts]:
    """Everything running on loopback, on ports that the system picks, with records that are thrown away.

    The model comes from the real home, trained first if need be, with progress to `say`. Raises `CannotStart`.
    """
    prepare_home(settings.home)
    model = ensure_model(settings.home, say)
    benches = settings.home.resolve() / "workbench"
    benches.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=benches) as folder:
        async with engine_beside(settings.model_copy(update=_on_the_bench(Path(folder))), model) as parts:
            yield parts


@asynccontextmanager
async def engine_beside(settings: Settings, model: Path) -> AsyncIterator[Parts]:
    """The parts, built on the home that `settings` names, with a Rasa of their own running beside them."""
    prepare_home(settings.home)
    create_missing_secrets(settings.home)
    migrate.upgrade(settings.database)
    own = settings.model_copy(update={"rasa_port": free_port()})
    parts = build(own)
    internal = Starlette(routes=parts.internal.routes())
    try:
        async with (
            serving([Served(internal, own.internal_host, 0, private=True)]) as ports,
            _rasa(own, model, f"http://{own.internal_host}:{ports[0]}/actions"),
        ):
            yield parts
    finally:
        await parts.close()


async def turn(parts: Parts, conversation: str, text: str) -> dict[str, Any]:
    """One message through the whole journey, and what came back: the answer line of `harbour talk`."""
    delivery = Delivery(channel="talk", address=conversation, text=text)
    outcome = await parts.journey.receive(delivery)
    if isinstance(outcome, Refused):
        replies: list[dict[str, Any]] = [{"text": str(outcome.notice), "buttons": []}]
        return _line(conversation, replies, outcome.response.value, None)
    replies = [_shown(parts, message) for message in _replies(parts, outcome)]
    replies += [{"text": str(text), "buttons": []} for text in outcome.unkept]
    return _line(conversation, replies, outcome.response.value, _escalation(parts, outcome))


def _escalation(parts: Parts, answered: Answered) -> str | None:
    """The open escalation, which a reply may have raised (the person asked for a human)."""
    with parts.store.read() as session:
        escalation = open_escalation(session, answered.conversation_id)
        return escalation.id if escalation else None


def _replies(parts: Parts, answered: Answered) -> Sequence[Message]:
    with parts.store.read() as session:
        after = conversations.messages_after(session, answered.conversation_id, answered.position)
        return [message for message in after if message.speaker != Speaker.PATIENT]


def _shown(parts: Parts, message: Message) -> dict[str, object]:
    """A message as a person would read it: what a card shows is part of the text."""
    lines = [str(message.text), *card_as_text(parts.content, message.card)]
    return {
        "text": "\n".join(dict.fromkeys(lines)),
        "buttons": [button["title"] for button in message.buttons],
    }


def _line(
    conversation: str, replies: list[dict[str, Any]], response: str, escalation: str | None
) -> dict[str, Any]:
    return {"conversation": conversation, "replies": replies, "response": response, "escalation": escalation}


def _on_the_bench(home: Path) -> dict[str, object]:
    return {
        "home": home,
        "database_url": None,
        "messages_per_minute": _UNLIMITED,
        "messages_per_minute_per_address": _UNLIMITED,
    }


@asynccontextmanager
async def _rasa(settings: Settings, model: Path, actions_url: str) -> AsyncIterator[None]:
    log = settings.home / "logs" / "rasa.log"
    process = _start_rasa(settings, model, actions_url, log)
    try:
        await asyncio.to_thread(_wait_until_ready, settings, process, log)
        yield
    finally:
        await asyncio.to_thread(stop, process)


def _start_rasa(settings: Settings, model: Path, actions_url: str, log: Path) -> subprocess.Popen[bytes]:
    with log.open("w") as output:
        return subprocess.Popen(
            run_command(model, settings.rasa_host, settings.rasa_port),
            cwd=PROJECT,
            env=rasa_environment(settings.home, actions_url, settings.log_level),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_parent,  # noqa: PLW1509 - one system call
        )


def _wait_until_ready(settings: Settings, process: subprocess.Popen[bytes], log: Path) -> None:
    secret = settings.secret("engine").decode()
    deadline = time.monotonic() + _RASA_START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotStart(f"Rasa stopped as it started; the end of its log: {log.read_text()[-300:]}")
        if answers(settings.rasa_host, settings.rasa_port, READY_PATH, secret):
            return
        time.sleep(_POLL_SECONDS)
    raise CannotStart(f"Rasa did not start within {_RASA_START_SECONDS} seconds.")
