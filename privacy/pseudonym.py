"""The stable name of a person inside the store, which does not say who they are."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Final, Self, final

_SEAL: Final = object()
_MINIMUM_KEY_BYTES: Final = 32


@final
class Pseudonym(str):
    """A keyed name for one person on one channel. Only `Pseudonyms` makes one; a plain `str` is refused."""

    __slots__ = ()

    def __new__(cls, value: str, seal: object = None) -> Self:
        """Refuse everybody but `Pseudonyms`. Raises `TypeError`."""
        if seal is not _SEAL:
            raise TypeError("Only privacy.pseudonym.Pseudonyms can make a Pseudonym.")
        return super().__new__(cls, value)

    @classmethod
    def from_store(cls, value: str) -> Self:
        """Give a column's value its type back."""
        return cls(value, _SEAL)


class Pseudonyms:
    """Turns a phone number or a browser session into a `Pseudonym`: HMAC-SHA-256 (RFC 2104) under a key kept
    outside the database. Without the key, phone numbers are too few to hide by hashing alone."""

    def __init__(self, key: bytes) -> None:
        if len(key) < _MINIMUM_KEY_BYTES:
            raise ValueError(f"The pseudonym key needs at least {_MINIMUM_KEY_BYTES} bytes.")
        self._key = key

    def of(self, channel: str, address: str) -> Pseudonym:
        """The pseudonym of `address` on `channel`: the same for the same pair, and unlinkable otherwise."""
        digest = hmac.new(self._key, f"{channel}\x00{address}".encode(), sha256).hexdigest()
        return Pseudonym(digest, _SEAL)
