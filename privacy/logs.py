"""Logs that hold no content: events have names, fields are few and known, and tracebacks carry no values.

A field that is not on the list is replaced by its type's name, so that a message logged by mistake shows as
``str`` and nothing more.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Final, TextIO

import structlog

SAFE_FIELDS: Final = frozenset(
    [
        "action",
        "attempts",
        "count",
        "deadline_seconds",
        "error",
        "event",
        "filename",
        "frames",
        "kind",
        "level",
        "lineno",
        "logger",
        "method",
        "milliseconds",
        "path",
        "port",
        "reason",
        "role",
        "route",
        "signal",
        "status",
        "timestamp",
    ]
)
"""The fields that may be written: names, counts and codes, none of which a patient can fill."""


def configure(stream: TextIO | None = None) -> None:
    """Send every log of this process, the libraries' included, through the filter, as one JSON line each."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=[_library_record, *_CHAIN],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"
    for noisy in ("httpx", "httpcore", "presidio-analyzer", "alembic", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*_CHAIN, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _library_record(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A library's message is replaced by where it was logged: its words may hold anything."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        if record.levelno < logging.WARNING and record.name.startswith("uvicorn"):
            return event
        event["event"] = "library"
        event["logger"], event["filename"], event["lineno"] = record.name, record.filename, record.lineno
        if record.exc_info and record.exc_info[0] is not None:
            event["exc_info"] = record.exc_info
    return event


def _frames_only(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception becomes its type and the places it passed, without its message and without values."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = [
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    event.pop("exception", None)
    event.pop("stack_info", None)
    return event


def _safe_fields(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in list(event):
        if name not in SAFE_FIELDS and not name.startswith("_"):
            event[name] = type(event[name]).__name__
    return event


_CHAIN: Final[tuple[Any, ...]] = (
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _frames_only,
    _safe_fields,
)
