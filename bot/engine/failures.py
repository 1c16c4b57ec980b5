"""What went wrong while one message was being answered.

Rasa swallows an action's exception and answers with what is left. The channel must know instead, so that
the patient gets Harbour's honest reply. Each turn runs under `noting()`, and every action that fails notes
its failure here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from traceback import extract_tb

_noted: ContextVar[list[BaseException] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[BaseException]]:
    """Collect the failures of whatever runs inside."""
    failures: list[BaseException] = []
    token = _noted.set(failures)
    try:
        yield failures
    finally:
        _noted.reset(token)


def note(failure: BaseException) -> None:
    """Remember a failure, if somebody is collecting."""
    failures = _noted.get()
    if failures is not None:
        failures.append(failure)


def where(error: BaseException) -> str:
    """The kind of an exception, its causes and the line that raised it: never its message.

    Messages and frames can hold what a person said; class names and line numbers cannot.
    """
    kinds: list[str] = []
    current: BaseException | None = error
    place = ""
    while current is not None and len(kinds) < 8:
        kinds.append(type(current).__name__)
        frames = extract_tb(current.__traceback__)
        if frames:
            place = f" at {'/'.join(frames[-1].filename.split('/')[-3:])}:{frames[-1].lineno}"
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return " < ".join(kinds) + place
