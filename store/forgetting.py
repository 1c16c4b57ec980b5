"""What the dialogue engine must still forget: written with the erasure itself, struck off when it is done."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.models import EngineForgetting


def to_forget(session: Session, engine_sessions: Iterable[str]) -> None:
    """Note, in the caller's transaction, that the engine must forget these sessions."""
    for engine_session in engine_sessions:
        if session.get(EngineForgetting, engine_session) is None:
            session.add(EngineForgetting(engine_session=engine_session))


def waiting(session: Session) -> list[str]:
    """The sessions that the engine has not forgotten yet, oldest first."""
    return list(
        session.scalars(select(EngineForgetting.engine_session).order_by(EngineForgetting.since)).all()
    )


def forgotten(session: Session, engine_session: str) -> None:
    """The engine has forgotten it."""
    session.execute(delete(EngineForgetting).where(EngineForgetting.engine_session == engine_session))
