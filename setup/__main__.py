"""``python -m setup TASK``: any Python 3.7 may start it; it carries on under the Python 3.11 that it finds."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from setup.errors import SetupError
from setup.find_python import VERSION, find_python


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Turns SIGTERM into the same tidy ending as Ctrl-C."""
    raise KeyboardInterrupt


def _continue_under(python: str) -> None:
    os.execv(python, [python, "-m", "setup", *sys.argv[1:]])


def main() -> int:
    """Run the named task; the exit status is the task's own, or 1 after one sentence on standard error."""
    signal.signal(signal.SIGTERM, _stop)
    sys.dont_write_bytecode = True
    try:
        if sys.version_info[:2] != VERSION:
            _continue_under(find_python())
        from setup.tasks import run_task  # needs 3.11, so it is imported only under it

        return run_task(sys.argv[1:])
    except SetupError as error:
        print(f"harbour: {error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
