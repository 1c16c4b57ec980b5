"""The secrets of one Harbour: files that only their owner reads, made once and never changed.

The vault may have further keys beside its first; `harbour.vault_keys` adds and destroys those.
"""

import os
import secrets
from pathlib import Path

from bot.key_files import vault_key_files
from harbour.home import disk_problems_explained
from harbour.problems import CannotStart

NAMES = ("engine", "pseudonym", "vault", "ledger", "session")
_BYTES = 32


def create_missing_secrets(home: Path) -> list[str]:
    """Make each missing secret in `home`/secrets: 32 random bytes, URL-safe, mode 0600. Returns the names made.

    A secret that is there is never replaced: with a new `vault` or `pseudonym` the records could not be read again.
    A first vault key that was retired is not missing while there are later ones.
    """
    folder = home / "secrets"
    with disk_problems_explained(home):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        later_keys = [file.path for file in vault_key_files(folder) if file.number > 1]
        for key in later_keys:
            _check(key)
        retired = {"vault"} if later_keys and not (folder / "vault").exists() else set()
        return [name for name in NAMES if name not in retired and create_secret(folder / name)]


def create_secret(file: Path) -> bool:
    """Whether `file` had to be made: 32 random bytes, URL-safe, mode 0600.

    It appears whole or not at all, even when the machine stops half-way.
    """
    if file.exists():
        _check(file)
        return False
    draft = file.with_name(f".{file.name}-{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(_BYTES))
            opened.flush()
            os.fsync(descriptor)
        os.link(draft, file)  # unlike a rename, this never replaces a secret that another process just made
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _check(file: Path) -> None:
    if not file.read_bytes().strip():
        raise CannotStart(f"the secret {file} is empty: bring it back from backup.")
    if file.stat().st_mode & 0o077:
        file.chmod(0o600)
