"""Making an account behind a one-time link, in two steps: who and which password, then a code from the app.

Between the steps nothing is written to the database. What was given travels through the browser, sealed and
bound to the link, so an account exists only once its code has been seen to work.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict
from typing import Final

from sqlalchemy.orm import Session

from clinic import audit
from clinic.auth import accounts, codes, sessions, setup_links
from clinic.auth.accounts import NewAccount
from clinic.auth.tokens import hash_of
from privacy.vault import CannotUnseal, Sealed, Vault
from store.models import Role, now

FIRST_ROLES: Final = tuple(Role)
"""The first account may do everything, until there are colleagues to share it with."""


class WrongCode(Exception):
    """The code does not match the key that was shown."""


def seal_between_steps(vault: Vault, token: str, account: NewAccount) -> str:
    """The account that is being made, for a hidden field of the second form."""
    sealed = vault.seal(json.dumps(asdict(account)), owner=hash_of(token), purpose="set-up")
    return urlsafe_b64encode(sealed.envelope).decode()


def unseal_between_steps(vault: Vault, token: str, field: str) -> NewAccount:
    """What `seal_between_steps` sealed for the same link. Raises `LinkRefused` when it was tampered with."""
    try:
        envelope = Sealed(urlsafe_b64decode(field.encode("ascii")))
        text = vault.unseal(envelope, owner=hash_of(token), purpose="set-up")
    except (CannotUnseal, ValueError) as error:
        raise setup_links.LinkRefused("This form has changed on its way. Open the link again.") from error
    return NewAccount(**json.loads(text))


def finish(session: Session, vault: Vault, token: str, account: NewAccount, code: str) -> str:
    """Make the account, spend the link and sign in; returns the session's token.

    Raises `WrongCode` or `LinkRefused`, and then nothing has changed.
    """
    step = codes.step_of(account.totp_secret, code, now())
    if step is None:
        raise WrongCode
    roles = setup_links.use(session, token)
    chosen = FIRST_ROLES if roles is None else [Role(role) for role in roles]
    if accounts.email_is_taken(session, account.email):
        raise setup_links.LinkRefused("Somebody has an account with this email. Sign in instead.")
    staff = accounts.create(session, vault, account, chosen, last_totp_step=step)
    audit.record(session, audit.Deed.SIGNED_IN, staff_id=staff.id)
    return sessions.start(session, staff)
