"""The files of the vault's keys: ``vault`` is the first, then ``vault-2``, ``vault-3``; the last one seals.

A file appears whole, is never changed, and its number is never used again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"vault(?:-([1-9][0-9]{0,5}))?")
_TRIES: Final = 10


class MissingSecret(Exception):
    """A secret file is not there; the message says which."""


@dataclass(frozen=True, slots=True, order=True)
class KeyFile:
    """One key's file; the order is the order of age."""

    number: int
    path: Path


def vault_key_files(secrets: Path) -> list[KeyFile]:
    """The vault's key files in that folder, oldest first."""
    found = ((path, _NAME.fullmatch(path.name)) for path in secrets.glob("vault*"))
    return sorted(KeyFile(int(name[1] or 1), path) for path, name in found if name)


def read_vault_keys(secrets: Path) -> list[bytes]:
    """The keys, oldest first. Raises `MissingSecret` when there is none."""
    for _ in range(_TRIES):
        files = vault_key_files(secrets)
        if not files:
            break
        try:
            return [file.path.read_bytes().strip() for file in files]
        except FileNotFoundError:  # destroyed after the folder was listed
            continue
    raise MissingSecret(
        f"{secrets / 'vault'} is missing. Run `harbour prepare`, or bring it back from backup."
    )
