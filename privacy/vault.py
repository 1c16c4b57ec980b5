"""The vault: what must be readable again is encrypted, and bound to whose it is and what it is for.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce for each envelope. The person and the purpose are
authenticated as associated data, so an envelope moved to another row does not open.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12


class CannotUnseal(Exception):
    """The envelope was altered, moved to another person or purpose, or sealed under another key."""


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """An encrypted envelope: version (1 byte), nonce (12), ciphertext with tag."""

    envelope: bytes

    def __repr__(self) -> str:
        return f"Sealed({len(self.envelope)} bytes)"


class Vault:
    """Seals and unseals text under one key, which is kept outside the database."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("The vault key needs at least 32 bytes.")
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"harbour vault v1").derive(key)
        self._cipher = AESGCM(derived)

    def seal(self, text: str, *, owner: str, purpose: str) -> Sealed:
        """Encrypt `text` for `owner` (a pseudonym or an id) and `purpose` (``totp``, ``reply``)."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        ciphertext = self._cipher.encrypt(nonce, text.encode(), _bound_to(owner, purpose))
        return Sealed(_VERSION + nonce + ciphertext)

    def unseal(self, sealed: Sealed, *, owner: str, purpose: str) -> str:
        """The text that was sealed for the same owner and purpose. Raises `CannotUnseal`."""
        version, nonce, ciphertext = _parts(sealed.envelope)
        if version != _VERSION:
            raise CannotUnseal("This envelope has a version that this Harbour does not know.")
        try:
            return self._cipher.decrypt(nonce, ciphertext, _bound_to(owner, purpose)).decode()
        except InvalidTag as error:
            raise CannotUnseal("This envelope was altered, moved, or sealed under another key.") from error


def _parts(envelope: bytes) -> tuple[bytes, bytes, bytes]:
    return envelope[:1], envelope[1 : 1 + _NONCE_BYTES], envelope[1 + _NONCE_BYTES :]


def _bound_to(owner: str, purpose: str) -> bytes:
    # A length before the owner, so that no other pair joins to the same bytes.
    return f"{len(owner)}:{owner}:{purpose}".encode()
