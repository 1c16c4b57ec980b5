"""What a process says when something in it goes wrong that nobody caught: kinds and places, never words.

Python prints the message of an exception, and messages quote what they failed on.
"""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from types import TracebackType
from typing import TextIO

import structlog

_log = structlog.get_logger()


def seal() -> None:
    """From now on, what nobody catches is logged through `privacy.logs`, which must be configured.

    Call it when all is loaded and before the first words are read. Until then, what stops a start is shown whole:
    it is for whoever starts Harbour, and no patient has said anything yet.
    """
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable
    setattr(warnings, "showwarning", _warned)  # noqa: B010 - replaced on purpose


def _uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    _log.critical("process.failed", exc_info=error)


def _uncaught_in_thread(failed: threading.ExceptHookArgs) -> None:
    _log.error("thread.failed", exc_info=failed.exc_value)


def _unraisable(failed: sys.UnraisableHookArgs) -> None:
    _log.error("clean_up.failed", exc_info=failed.exc_value)


def _warned(
    _message: Warning | str,
    _category: type[Warning],
    filename: str,
    lineno: int,
    _file: TextIO | None = None,
    _line: str | None = None,
) -> None:
    logger = logging.getLogger("py.warnings")
    logger.handle(logger.makeRecord(logger.name, logging.WARNING, filename, lineno, "", (), None))
