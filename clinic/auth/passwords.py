"""Passwords: which are refused, and how one is kept (argon2id, RFC 9106)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

SHORTEST: Final = 12
LONGEST: Final = 256

# argon2-cffi's default is the second recommended option of RFC 9106, section 4: 64 MiB, 3 passes, 4 lanes.
_HASHER: Final = PasswordHasher()
# Each check takes 64 MiB, so a flood of sign-ins waits here instead of filling the memory.
_AT_ONCE: Final = BoundedSemaphore(2)
_COMMON: Final = frozenset(
    (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split()
)
_SEQUENCES: Final = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def hash_password(password: str) -> str:
    """The argon2id hash to keep, with its own salt and parameters."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def matches(password: str, kept: str) -> bool:
    """Whether `password` is the one that was kept."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept, _normal(password))
        except VerifyMismatchError:
            return False


def problem_with(password: str, *, about: Iterable[str] = ()) -> str | None:
    """What is wrong with `password`, as a sentence, or None. `about` holds words of its owner: name, email."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. Three or four random words work well."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    plain = _normal(password).casefold()
    core = "".join(letter for letter in plain if letter.isalpha())
    if plain in _COMMON or core in _COMMON or _is_pattern(plain):
        return "This password is one of the first that anybody would try. Choose another."
    if core and any(len(word) >= 3 and core == word.casefold() * (len(core) // len(word)) for word in about):
        return "This password is your own name or email. Choose another."
    return None


def _is_pattern(plain: str) -> bool:
    repeats = any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, 5))
    return repeats or any(plain in run or plain in run[::-1] for run in _SEQUENCES)


def _normal(password: str) -> str:
    # The same letters typed on another keyboard may be other code points (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", password)
