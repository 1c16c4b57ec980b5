"""One-time links through which accounts are made: the first, and those of invited colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from clinic.auth.accounts import accounts_exist
from clinic.auth.tokens import hash_of, new_token
from store.models import Role, SetupLink, Staff, now

GOOD_FOR: Final = timedelta(hours=24)


class LinkRefused(Exception):
    """The link cannot be made or used; the message is a sentence for staff."""


def new_setup_link(session: Session) -> str:
    """The token of a new link, good for 24 hours and for one account; only its hash is kept.

    Links made earlier stop working. Raises `LinkRefused` when somebody can sign in already.
    """
    if accounts_exist(session):
        raise LinkRefused("An account exists already. Sign in instead.")
    session.execute(delete(SetupLink).where(SetupLink.used_at.is_(None), SetupLink.invited_by.is_(None)))
    token = new_token()
    session.add(SetupLink(token_hash=hash_of(token), expires_at=now() + GOOD_FOR))
    return token


def invite(session: Session, roles: Iterable[Role], invited_by: Staff) -> str:
    """The token of a link that makes one account with these roles, within 24 hours.

    Raises `LinkRefused` without a role, or when whoever invites may not.
    """
    chosen = [str(role) for role in roles]
    if not chosen:
        raise LinkRefused("Choose what your colleague may do.")
    if not invited_by.active or Role.ADMIN not in invited_by.roles:
        raise LinkRefused("Only an administrator can invite.")
    token = new_token()
    session.add(
        SetupLink(
            token_hash=hash_of(token), roles=chosen, invited_by=invited_by.id, expires_at=now() + GOOD_FOR
        )
    )
    return token


def check(session: Session, token: str) -> list[str] | None:
    """The roles that the link invites to; None for the first account's. Raises `LinkRefused` unless it works now."""
    link = session.get(SetupLink, hash_of(token))
    if link is None or link.used_at is not None or link.expires_at <= now():
        raise LinkRefused("This link has been used, or is more than 24 hours old.")
    if link.roles is None and accounts_exist(session):
        raise LinkRefused("An account exists already. Sign in instead.")
    inviter = session.get(Staff, link.invited_by) if link.invited_by else None
    if link.roles is not None and (inviter is None or not inviter.active):
        raise LinkRefused("Whoever invited you has no account any more. Ask for another link.")
    return link.roles


def use(session: Session, token: str) -> list[str] | None:
    """Spend the link; as `check`. Raises `LinkRefused` when it cannot be used, or when another request was faster."""
    roles = check(session, token)
    unspent = SetupLink.token_hash == hash_of(token), SetupLink.used_at.is_(None)
    spend = update(SetupLink).where(*unspent).values(used_at=now()).returning(SetupLink.token_hash)
    if session.scalar(spend) is None:
        raise LinkRefused("This link has just been used.")
    return roles
