"""Processes that never outlive the one that started them."""

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def dies_with_parent() -> None:
    """For ``preexec_fn``: on Linux, the kernel kills the child when its parent dies, even of SIGKILL."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == 1:  # the parent died before the call above
            os._exit(1)


def stop(child: "subprocess.Popen[Any]", patience_seconds: float = 10) -> None:
    """End `child` and its whole group: asked first, and killed when it does not go in time.

    The child must have been started with ``start_new_session=True``, which makes it the leader of its group.
    """
    if child.poll() is None:
        signal_group(child, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            child.wait(patience_seconds)
    signal_group(child, signal.SIGKILL)  # also what the child left behind in its group
    child.wait()


def signal_group(child: "subprocess.Popen[Any]", number: signal.Signals) -> None:
    """Send a signal to the child's group, if any of it is left."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says the second of a group of zombies
        os.killpg(child.pid, number)
