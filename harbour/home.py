"""The home folder: everything that Harbour and its Rasa write lies under it."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harbour.problems import CannotStart

_FOLDERS = ("secrets", "models", "logs", "cache", "tmp")


def prepare_home(home: Path) -> None:
    """Make the home's folders, readable by their owner only. Raises CannotStart when that cannot be done."""
    with disk_problems_explained(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in _FOLDERS:
            (home / name).mkdir(mode=0o700, exist_ok=True)
            _close_to_others(home / name)
        probe = home / "tmp" / f"writable-{os.getpid()}"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()


def _close_to_others(folder: Path) -> None:
    """A folder that was made or restored with another mode; one that somebody else owns is theirs to close."""
    state = folder.stat()
    if state.st_mode & 0o077 and state.st_uid == os.geteuid():
        folder.chmod(0o700)


@contextmanager
def only_user_of(home: Path) -> Iterator[None]:
    """Hold the home for one running Harbour. Raises CannotStart when another has it."""
    with disk_problems_explained(home):
        lock = (home / "running").open("a+", encoding="ascii")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(
                f"Harbour already runs from {home} (process {lock.read().strip() or 'unknown'}): "
                "stop it, or set HARBOUR_HOME to another folder."
            ) from None
        with disk_problems_explained(home):
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            _empty(home / "tmp")
            _empty(home / "rasa" / "tmp")
        yield


@contextmanager
def disk_problems_explained(home: Path) -> Iterator[None]:
    """Turn a full disk or a forbidden folder into CannotStart."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CannotStart(
                f"the disk that holds {home} is full: free some space and start again."
            ) from error
        raise CannotStart(
            f"{error.filename or home} cannot be written ({error.strerror}): "
            "correct its permissions, or set HARBOUR_HOME to a folder that can be written."
        ) from error


def _empty(folder: Path) -> None:
    """Remove what an earlier run that was killed left behind, such as unpacked models."""
    for left in folder.glob("*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
