"""Random tokens, kept only as hashes: whoever reads the database cannot use one."""

from __future__ import annotations

import secrets
from hashlib import sha256


def new_token() -> str:
    """256 random bits, safe in a URL or a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token. One round is enough: nobody can guess 256 random bits."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
