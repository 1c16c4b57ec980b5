"""The person behind a turn, and doing something about what is kept about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from store.conversations import by_engine_session
from store.models import Conversation
from store.session import Store

_log = structlog.get_logger()

T = TypeVar("T")


class NotDone(Exception):
    """The store did not do it, or a file could not be written: nothing has changed."""


async def with_conversation(
    store: Store, engine_session: str, do: Callable[[Session, Conversation], T]
) -> T | None:
    """What `do` answers for the conversation behind a session; None when nothing is kept of it.

    Raises `NotDone`, and then nothing has changed.
    """
    return await to_thread.run_sync(_with_conversation, store, engine_session, do)


def _with_conversation(
    store: Store, engine_session: str, do: Callable[[Session, Conversation], T]
) -> T | None:
    try:
        with store.begin() as session:
            conversation = by_engine_session(session, engine_session)
            return None if conversation is None else do(session, conversation)
    except (SQLAlchemyError, OSError) as error:
        _log.error("rights.not_done", error=type(error).__name__)
        raise NotDone from error
