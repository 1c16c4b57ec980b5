"""Logs that hold no content: events have names, fields are few, and each field takes only what no patient can fill.

A field that is not known is left out, its name included, and `withheld` counts those. A library's record keeps its
level, its logger and its line, and loses its words before any handler sees them. An exception keeps its kind and
its places. This holds at every level: at ``debug`` more is said, and none of it is content.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from enum import Enum
from typing import Any, Final, Literal, TextIO

import structlog

Level = Literal["debug", "info", "warning", "error"]

EVENT: Final = re.compile(r"[a-z_]{1,40}(\.[a-z_]{1,40}){1,2}")
"""The form of an event's name: ``engine.unavailable``."""

_ACTION: Final = re.compile(r"(action|validate)_[a-z_]{1,48}")
_LOGGER: Final = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_LARGEST: Final = 10**7
"""A number as long as a telephone number is no count."""

_exceptions: set[str] = set()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and abs(value) < _LARGEST


def _is_constant(value: object) -> bool:
    return isinstance(value, Enum)


def _is_exception(value: object) -> bool:
    """Whether it is the name of a class of exceptions that exists in this process."""
    if not isinstance(value, str):
        return False
    if value not in _exceptions:
        _exceptions.update(_names_below(BaseException))
    return value in _exceptions


def _is_action(value: object) -> bool:
    return isinstance(value, str) and _ACTION.fullmatch(value) is not None


FIELDS: Final[Mapping[str, Callable[[object], bool]]] = {
    "action": _is_action,
    "attempts": _is_number,
    "count": _is_number,
    "deadline_seconds": _is_number,
    "error": _is_exception,
    "kind": _is_constant,
    "milliseconds": _is_number,
    "port": _is_number,
    "reason": _is_constant,
    "status": _is_number,
}
"""The fields that may be given, and what each may hold: numbers, members of an enumeration, names of our own code."""


def configure(stream: TextIO | None = None, level: Level = "info") -> None:
    """Send every log of this process, the libraries' included, through the filter, as one JSON line each."""
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=[_library_record, *_STAMPS],
        )
    )
    logging.setLogRecordFactory(_without_words)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "spacy"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for noisy in ("httpx", "httpcore", "presidio-analyzer", "alembic", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING if level != "debug" else logging.DEBUG)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _known_fields,
            _frames_only,
            *_STAMPS,
            _ours,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class _Ours(dict[str, Any]):
    """An event that passed the filter."""


class _Handler(logging.StreamHandler[TextIO]):
    """Writes records. One that cannot be written is not shown: Python would print its arguments."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Say only that there was one. A stream that is closed or full has nobody to tell."""
        self.stream.write('{"event": "log.unwritable"}\n')


def _without_words(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A record for every handler there is, those that libraries add included: without the library's own words."""
    record = logging.LogRecord(*args, **kwargs)
    if not isinstance(record.msg, _Ours):
        error = record.exc_info[1] if record.exc_info else None
        record.failure = _failure(error) if error is not None else {}
        record.msg, record.args = "(words withheld)", ()
    record.exc_info = record.exc_text = record.stack_info = None
    return record


def _library_record(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """What a library logged, as where it was logged: its words may hold anything."""
    record: logging.LogRecord = event["_record"]
    kept = {name: value for name, value in event.items() if name in _STRUCTLOGS_OWN}
    place = {"logger": _module(record.name), "filename": record.filename, "lineno": record.lineno}
    return {"event": "library", **kept, **place, **getattr(record, "failure", {})}


def _module(logger: str) -> str:
    """A logger's name, if it is called after a module that is loaded; else it may be anything."""
    root = logger.partition(".")[0].replace("-", "_")
    return logger if _LOGGER.fullmatch(logger) and (root in sys.modules or root == "py") else "unknown"


def _known_fields(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Only what `FIELDS` lets through. An event whose name is not of the usual form may be somebody's words."""
    kept: dict[str, Any] = {
        name: value for name, value in event.items() if name in FIELDS and FIELDS[name](value)
    }
    name = event.get("event")
    named = isinstance(name, str) and EVENT.fullmatch(name)
    withheld = len(event.keys() - kept.keys() - {"event", "exc_info"} - _STRUCTLOGS_OWN)
    kept |= {"withheld": withheld} if withheld else {}
    kept |= {name: event[name] for name in _STRUCTLOGS_OWN & event.keys()}
    return {"event": name if named else "unnamed", "exc_info": event.get("exc_info"), **kept}


def _frames_only(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception becomes its kind and the places it passed, without its message and without values."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event.update(_failure(error))
    return event


def _ours(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return _Ours(event)


def _failure(error: BaseException) -> dict[str, Any]:
    places = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__, limit=40)
    ]
    return {"error": type(error).__name__, "frames": places}


def _names_below(kind: type[BaseException]) -> set[str]:
    found, left = {kind.__name__}, [kind]
    while left:
        below = type.__subclasses__(left.pop())
        found.update(each.__name__ for each in below)
        left.extend(below)
    return found


_STRUCTLOGS_OWN: Final = frozenset({"_record", "_from_structlog"})
_STAMPS: Final[tuple[Any, ...]] = (
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
