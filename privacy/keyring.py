"""The vault's keys: the newest one seals, the older ones still open, and each has a short id.

The keys lie outside the database, and another process may add or destroy one at any time. So the ring reads them
again before each sealing, and whenever it meets a key id that it does not know: nobody restarts for a rotation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from threading import Lock
from typing import Final, NewType, Self, final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KeyId = NewType("KeyId", str)
"""Eight hexadecimal digits, derived from the key: it names the key and tells nothing about it."""

KEY_ID_BYTES: Final = 4
_LEAST_BYTES: Final = 32


@final
class Key:
    """One key-encryption key, known by its id. What was read is not kept, only what is derived from it (HKDF)."""

    __slots__ = ("first_version", "id", "wrapping")

    def __init__(self, material: bytes) -> None:
        if len(material) < _LEAST_BYTES:
            raise ValueError(f"A vault key needs at least {_LEAST_BYTES} bytes.")
        self.id: Final = KeyId(_derived(material, b"harbour vault key id", KEY_ID_BYTES).hex())
        self.wrapping: Final = AESGCM(_derived(material, b"harbour vault v2 wrapping", 32))
        self.first_version: Final = AESGCM(_derived(material, b"harbour vault v1", 32))

    def __repr__(self) -> str:
        return f"Key({self.id})"


class Keyring:
    """The keys that `read` gives, oldest first. Safe to share between threads."""

    def __init__(self, read: Callable[[], Sequence[bytes]]) -> None:
        """Raises what `read` raises, or `ValueError` when it gives no key or one that is too short."""
        self._read = read
        self._reading = Lock()
        self._material: tuple[bytes, ...] | None = None
        self._keys: tuple[Key, ...] = ()
        self.refresh()

    @classmethod
    def of(cls, *material: bytes) -> Self:
        """A ring of these keys, oldest first, that never changes."""
        return cls(partial(tuple, material))

    def refresh(self) -> None:
        """Read the keys again: new ones are there from now on, and destroyed ones are forgotten."""
        with self._reading:  # so that what was read first never replaces what was read last
            material = tuple(self._read())
            if material == self._material:
                return
            keys = tuple(Key(one) for one in material)
            _check(keys)
            self._keys, self._material = keys, material

    def newest(self) -> Key:
        """The key to seal under. Read again each time: a process that sealed under a key which was replaced
        a while ago could see its work destroyed with that key."""
        self.refresh()
        return self._keys[-1]

    def find(self, key_id: KeyId) -> Key | None:
        """The key of that id, read again if need be; None when it is not on the ring."""
        known = _with_id(self._keys, key_id)
        if known is not None:
            return known
        self.refresh()
        return _with_id(self._keys, key_id)

    @property
    def keys(self) -> tuple[Key, ...]:
        """Every key as last read, oldest first."""
        return self._keys


def _derived(material: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(material)


def _with_id(keys: Iterable[Key], key_id: KeyId) -> Key | None:
    return next((key for key in keys if key.id == key_id), None)


def _check(keys: Sequence[Key]) -> None:
    if not keys:
        raise ValueError("The vault needs a key.")
    if len({key.id for key in keys}) < len(keys):
        raise ValueError("Two vault keys have the same id: take one of them away.")
