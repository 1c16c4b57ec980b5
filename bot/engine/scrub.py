"""Keeps what people say out of Rasa's logs.

Rasa writes messages, slots and whole conversations into its errors, its warnings, its debug lines and its
tracebacks. There is no list of those places that stays complete. So, once conversations are served, a log
record from anywhere but `bot.engine` keeps its level, its logger and its line number, and loses its text;
an exception keeps its kinds and its place. Before that, while the model loads, logs are as Rasa writes them.
"""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from types import TracebackType
from typing import Any, TextIO

from bot.engine.failures import where

_OURS = "bot.engine"
_plain_record = logging.getLogRecordFactory()


def seal() -> None:
    """From now on, let no text through that we did not write."""
    logging.setLogRecordFactory(_sealed_record)
    setattr(warnings, "showwarning", _sealed_warning)  # noqa: B010  # replaced on purpose
    sys.excepthook = _sealed_exception
    threading.excepthook = _sealed_thread
    sys.unraisablehook = _sealed_clean_up
    logging.raiseExceptions = False  # a record that cannot be written would be printed with its arguments


def unseal() -> None:
    """Go back to Rasa's own logs."""
    logging.setLogRecordFactory(_plain_record)
    sys.excepthook = sys.__excepthook__
    threading.excepthook = threading.__excepthook__
    sys.unraisablehook = sys.__unraisablehook__
    logging.raiseExceptions = True


def _sealed_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = _plain_record(*args, **kwargs)
    if record.name == _OURS or record.name.startswith(_OURS + "."):
        return record
    error = record.exc_info[1] if record.exc_info else None
    if record.name.partition(".")[0] not in sys.modules and record.name != "root":
        record.name = "unknown"  # not called after a module, so it may be anything
    record.msg = f"{record.name} line {record.lineno} (text withheld)" + (
        f": {where(error)}" if error else ""
    )
    record.args = ()
    record.exc_info = None
    record.exc_text = None
    record.stack_info = None
    return record


def _sealed_warning(
    _message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    _file: TextIO | None = None,
    _line: str | None = None,
) -> None:
    name = "/".join(filename.split("/")[-3:])
    logging.getLogger(_OURS).warning("%s at %s:%s (text withheld)", category.__name__, name, lineno)


def _sealed_exception(
    _kind: type[BaseException], error: BaseException, _traceback: TracebackType | None
) -> None:
    logging.getLogger(_OURS).critical("The engine stops: %s", where(error))


def _sealed_thread(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value is not None:
        logging.getLogger(_OURS).error("A thread of the engine failed: %s", where(failed.exc_value))


def _sealed_clean_up(failed: sys.UnraisableHookArgs) -> None:
    if failed.exc_value is not None:
        logging.getLogger(_OURS).error("The engine failed in cleaning up: %s", where(failed.exc_value))
