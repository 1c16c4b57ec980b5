"""The vault: what must be readable again is encrypted, and bound to whose it is and what it is for.

Each envelope has a data key of its own, used once, and holds it wrapped under a key-encryption key that it names
(envelope encryption). So a key is replaced by wrapping 32 bytes anew, and the text inside is never touched.
Both layers are AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces. Both authenticate the version, the person
and the purpose as associated data, and the wrapped key its key's id as well: an envelope that was moved to another
row, or whose parts were exchanged, does not open.

    version 2:  2 (1 byte) · key id (4) · nonce (12) · wrapped data key (32 + 16) · nonce (12) · text (n + 16)
    version 1:  1 (1 byte) · nonce (12) · text (n + 16), straight under the key; opened, and no longer made
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.keyring import KEY_ID_BYTES, Key, KeyId, Keyring

VERSION_1: Final = b"\x01"
VERSION_2: Final = b"\x02"
_NONCE: Final = 12
_TAG: Final = 16
_DATA_KEY: Final = 32
_WRAPPED: Final = _NONCE + _DATA_KEY + _TAG
PREFIX_BYTES: Final = 1 + KEY_ID_BYTES
"""How much of a version 2 envelope says under which key it is."""
_WRONG: Final = "This envelope was altered, moved, or sealed under another key."


class CannotUnseal(Exception):
    """The envelope was altered, moved to another person or purpose, or sealed under a key that is not here."""


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """An encrypted envelope, as described above."""

    envelope: bytes

    def __repr__(self) -> str:
        return f"Sealed({len(self.envelope)} bytes)"


@dataclass(frozen=True, slots=True, repr=False)
class _Parts:
    """A version 2 envelope, taken apart. `wrapped` and `text` each begin with their nonce."""

    key_id: bytes
    wrapped: bytes
    text: bytes

    def joined(self) -> Sealed:
        return Sealed(VERSION_2 + self.key_id + self.wrapped + self.text)


class Vault:
    """Seals and unseals text under the keys of a ring, which are kept outside the database."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring: Final = keyring

    def seal(self, text: str, *, owner: str, purpose: str) -> Sealed:
        """Encrypt `text` for `owner` (a pseudonym or an id) and `purpose` (``totp``, ``reply``)."""
        data_key = AESGCM.generate_key(_DATA_KEY * 8)
        bound = _bound_to(owner, purpose)
        wrapped = _wrap(self.keyring.newest(), data_key, bound)
        return _Parts(*wrapped, _encrypt(AESGCM(data_key), text.encode(), b"text" + bound)).joined()

    def unseal(self, sealed: Sealed, *, owner: str, purpose: str) -> str:
        """The text that was sealed for the same owner and purpose. Raises `CannotUnseal`."""
        if sealed.envelope[:1] == VERSION_1:
            return self._unseal_first_version(sealed.envelope[1:], owner, purpose)
        parts = _parts(sealed)
        bound = _bound_to(owner, purpose)
        return _decrypt(AESGCM(self._data_key(parts, bound)), parts.text, b"text" + bound).decode()

    def rewrap(self, sealed: Sealed, *, owner: str, purpose: str) -> Sealed:
        """The same text under the newest key; `sealed` itself when it is already.

        A version 1 envelope is sealed anew; otherwise only the data key is opened. Raises `CannotUnseal`.
        """
        newest = self.keyring.newest()
        if key_of(sealed) == newest.id:
            return sealed
        if sealed.envelope[:1] == VERSION_1:
            return self.seal(self.unseal(sealed, owner=owner, purpose=purpose), owner=owner, purpose=purpose)
        parts = _parts(sealed)
        bound = _bound_to(owner, purpose)
        return _Parts(*_wrap(newest, self._data_key(parts, bound), bound), parts.text).joined()

    def _data_key(self, parts: _Parts, bound: bytes) -> bytes:
        key = self.keyring.find(KeyId(parts.key_id.hex()))
        if key is None:
            raise CannotUnseal(
                f"This envelope is under the vault key {parts.key_id.hex()}, which is not among the secrets: "
                "bring it back from backup."
            )
        return _decrypt(key.wrapping, parts.wrapped, _bound_key(parts.key_id, bound))

    def _unseal_first_version(self, ciphertext: bytes, owner: str, purpose: str) -> str:
        """It names no key, so each is tried, the oldest first."""
        bound = f"{len(owner)}:{owner}:{purpose}".encode()
        for key in self.keyring.keys:
            try:
                return _decrypt(key.first_version, ciphertext, bound).decode()
            except CannotUnseal:
                continue
        raise CannotUnseal(_WRONG)


def key_of(sealed: Sealed) -> KeyId | None:
    """The id of the key that an envelope says it is under; None for version 1, which does not say."""
    envelope = sealed.envelope
    return KeyId(envelope[1:PREFIX_BYTES].hex()) if envelope[:1] == VERSION_2 else None


def prefix_under(key_id: KeyId) -> bytes:
    """How every envelope under that key begins."""
    return VERSION_2 + bytes.fromhex(key_id)


def _parts(sealed: Sealed) -> _Parts:
    envelope = sealed.envelope
    if envelope[:1] != VERSION_2:
        raise CannotUnseal("This envelope has a version that this Harbour does not know.")
    rest = envelope[PREFIX_BYTES:]
    return _Parts(envelope[1:PREFIX_BYTES], rest[:_WRAPPED], rest[_WRAPPED:])


def _wrap(key: Key, data_key: bytes, bound: bytes) -> tuple[bytes, bytes]:
    """The key's id, and the data key under it."""
    key_id = bytes.fromhex(key.id)
    return key_id, _encrypt(key.wrapping, data_key, _bound_key(key_id, bound))


def _encrypt(cipher: AESGCM, plain: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + cipher.encrypt(nonce, plain, bound)


def _decrypt(cipher: AESGCM, ciphertext: bytes, bound: bytes) -> bytes:
    if len(ciphertext) < _NONCE + _TAG:
        raise CannotUnseal("This envelope was cut short.")
    try:
        return cipher.decrypt(ciphertext[:_NONCE], ciphertext[_NONCE:], bound)
    except InvalidTag as error:
        raise CannotUnseal(_WRONG) from error


def _bound_to(owner: str, purpose: str) -> bytes:
    # Lengths before each, so that no other pair joins to the same bytes.
    return VERSION_2 + b"".join(len(part).to_bytes(4) + part for part in (owner.encode(), purpose.encode()))


def _bound_key(key_id: bytes, bound: bytes) -> bytes:
    return b"key" + key_id + bound
