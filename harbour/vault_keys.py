"""Adding a vault key and destroying one, while Harbour may be running."""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.key_files import KeyFile, vault_key_files
from harbour.home import disk_problems_explained
from harbour.problems import CannotStart
from harbour.secret_files import create_secret
from privacy.keyring import Key

SETTLED_SECONDS: Final = 600
"""How old the newest key must be before another is destroyed. A unit of work that sealed under the old one is
committed or given up within seconds; this is a hundred times as long."""
_CONDEMNED: Final = ".retired-"


@contextmanager
def only_rotation_of(home: Path) -> Iterator[Path]:
    """Hold the home's secrets, so that one process at a time changes keys; gives their folder.

    Raises `CannotStart` when another process does, or when there is no key yet.
    """
    folder = home / "secrets"
    if not vault_key_files(folder):
        raise CannotStart(
            f"{folder} has no vault key: run `harbour prepare`, or bring the secrets back from backup."
        )
    with disk_problems_explained(home), (home / "rotating").open("a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                "the vault's keys are being changed by another process: let it finish."
            ) from None
        _finish_destroying(folder)
        yield folder


def add_key(folder: Path) -> Key:
    """A new key, the newest from this moment on."""
    last = vault_key_files(folder)[-1]
    file = folder / f"vault-{last.number + 1}"
    create_secret(file)
    _sync(folder)
    return key_in(file)


def destroy_key(folder: Path, key: KeyFile) -> None:
    """Take a key away for good. A process that reads the folder from now on does not see it.

    It is written over before it is removed; a disk that keeps old blocks, and a backup, may still hold it.
    """
    condemned = folder / f"{_CONDEMNED}{key.path.name}"
    key.path.rename(condemned)
    _sync(folder)
    _finish_destroying(folder)


def key_in(file: Path) -> Key:
    """The key that a file holds. Raises `CannotStart` when it holds none."""
    try:
        return Key(file.read_bytes().strip())
    except ValueError as error:
        raise CannotStart(f"the secret {file} is empty or cut short: bring it back from backup.") from error


def seconds_until_settled(newest: KeyFile) -> float:
    """How long until keys older than this one may be destroyed; 0 when they may."""
    return max(0.0, newest.path.stat().st_mtime + SETTLED_SECONDS - time.time())


def _finish_destroying(folder: Path) -> None:
    for condemned in folder.glob(f"{_CONDEMNED}*"):
        with condemned.open("r+b") as file:
            file.write(secrets.token_bytes(max(1, condemned.stat().st_size)))
            file.flush()
            os.fsync(file.fileno())
        condemned.unlink()
    _sync(folder)


def _sync(folder: Path) -> None:
    """Wait until the disk has the folder's names."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
