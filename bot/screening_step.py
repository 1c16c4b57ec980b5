"""The screen as the journey runs it: on every message, within a deadline, and failing towards help."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import partial

import structlog

from bot.intake import Context
from bot.safety.screen import Screen
from bot.safety.screening import Reason, ResponseNeeded, Screening

_log = structlog.get_logger()

_SURELY_QUICK = 1000
"""Characters. The screen takes time in proportion to the text, so so few cannot be late; handing them to another
thread would cost more than reading them."""

COULD_NOT_READ = Screening(
    response=ResponseNeeded.RESPOND_TODAY,
    reasons=(
        Reason(
            category="screen_failed",
            explanation="The safety screen could not read this message, so a person should.",
            start=0,
            end=0,
        ),
    ),
    score=1.0,
)
"""What is answered when the screen fails or is late: as if danger may be there, so that a person reads it."""


class ScreeningStep:
    """Runs the screen; a long text in a thread of its own, so that it can be given up on."""

    def __init__(self, screen: Screen, deadline_seconds: float) -> None:
        self._screen = screen
        self._deadline = deadline_seconds
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="screen")

    def screen(self, typed: str, context: Context) -> Screening:
        """The response that the message needs, read with what came before it. Never raises."""
        read = partial(self._screen.screen, typed, earlier=context.earlier, asked=context.asked)
        try:
            if len(typed) <= _SURELY_QUICK:
                return read()
            return self._threads.submit(read).result(timeout=self._deadline)
        except TookTooLong:
            _log.error("screen.late", deadline_seconds=self._deadline)
        except Exception as error:
            # Any failure at all: a person must read what the screen could not.
            _log.error("screen.failed", error=type(error).__name__)
        return COULD_NOT_READ
