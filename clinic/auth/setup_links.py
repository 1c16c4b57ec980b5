"""The one-time link through which the first account is made."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from clinic.auth.accounts import accounts_exist
from clinic.auth.tokens import hash_of, new_token
from store.models import SetupLink, now

GOOD_FOR: Final = timedelta(hours=24)


class LinkRefused(Exception):
    """The link cannot be made or used; the message is a sentence for staff."""


def new_setup_link(session: Session) -> str:
    """The token of a new link, good for 24 hours and for one account; only its hash is kept.

    Links made earlier stop working. Raises `LinkRefused` when somebody can sign in already.
    """
    if accounts_exist(session):
        raise LinkRefused("An account exists already. Sign in instead.")
    session.execute(delete(SetupLink).where(SetupLink.used_at.is_(None)))
    token = new_token()
    session.add(SetupLink(token_hash=hash_of(token), expires_at=now() + GOOD_FOR))
    return token


def check(session: Session, token: str) -> None:
    """Raise `LinkRefused` unless `token` could be used now."""
    link = session.get(SetupLink, hash_of(token))
    if link is None or link.used_at is not None or link.expires_at <= now():
        raise LinkRefused("This link has been used, or is more than 24 hours old.")
    if accounts_exist(session):
        raise LinkRefused("An account exists already. Sign in instead.")


def use(session: Session, token: str) -> None:
    """Spend the link. Raises `LinkRefused` when it cannot be used, or when another request was faster."""
    check(session, token)
    unspent = SetupLink.token_hash == hash_of(token), SetupLink.used_at.is_(None)
    spend = update(SetupLink).where(*unspent).values(used_at=now()).returning(SetupLink.token_hash)
    if session.scalar(spend) is None:
        raise LinkRefused("This link has just been used.")
