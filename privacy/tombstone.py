"""What is left of a person who was erased: a keyed mark, which says nobody's name and joins to no record.

The mark is an HMAC of the pseudonym under a key of its own, derived (HKDF, RFC 5869) from the pseudonym key, so
that a backup can be searched for the person again, and nothing else can be done with it.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from privacy.pseudonym import Pseudonym

_MINIMUM_KEY_BYTES: Final = 32
_RECEIPT_BYTES: Final = 10
"""80 bits: nobody finds a receipt by trying."""


class TombstoneKey:
    """Makes marks and receipt codes. Raises `ValueError` for a key of fewer than 32 bytes."""

    def __init__(self, pseudonym_key: bytes) -> None:
        if len(pseudonym_key) < _MINIMUM_KEY_BYTES:
            raise ValueError(f"The pseudonym key needs at least {_MINIMUM_KEY_BYTES} bytes.")
        self._key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"harbour tombstone v1").derive(
            pseudonym_key
        )

    def mark(self, person: Pseudonym | str) -> str:
        """The mark of a pseudonym: 64 hexadecimal digits. A plain `str` is one found in a file's bytes."""
        return hmac.new(self._key, f"person\x00{person}".encode(), sha256).hexdigest()

    def receipt(self, mark: str, at: datetime) -> str:
        """The code of the receipt for one erasure, such as ``R-7K2M-XQ4D-A3NB-KZ5T``: made again, never kept."""
        digest = hmac.new(self._key, f"receipt\x00{mark}\x00{at.isoformat()}".encode(), sha256).digest()
        code = base64.b32encode(digest[:_RECEIPT_BYTES]).decode()
        return "R-" + "-".join(code[start : start + 4] for start in range(0, len(code), 4))
