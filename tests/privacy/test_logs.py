"""Logs hold no content, whoever writes them and however: each test logs from a real process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRET = "quillabeth varnishaw 07700900813"


def logged(program: str, level: str = "debug") -> tuple[list[dict[str, Any]], str]:
    """What a program writes that logs through Harbour's logs, as events and as it is."""
    begin = f"""
    import asyncio, enum, gc, logging, threading, warnings
    import structlog
    from privacy import crashes, logs
    SECRET = {SECRET!r}
    logs.configure(level={level!r})
    crashes.seal()
    log = structlog.get_logger()
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(begin) + textwrap.dedent(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout == ""
    for part in (SECRET, *SECRET.split()):
        assert part not in ran.stderr
    return [json.loads(line) for line in ran.stderr.splitlines()], ran.stderr


def test_what_is_known_is_written() -> None:
    (event,), _ = logged(
        """
        Reason = enum.StrEnum("Reason", {"LATE": "late"})
        log.error("engine.unavailable", reason=Reason.LATE, count=3, error="ValueError", action="action_affirm")
        """
    )
    assert event.pop("timestamp")
    assert event == {
        "event": "engine.unavailable",
        "level": "error",
        "reason": "late",
        "count": 3,
        "error": "ValueError",
        "action": "action_affirm",
    }


@pytest.mark.parametrize(
    "call",
    [
        "log.error(SECRET)",
        "log.error('some.thing', text=SECRET)",
        "log.error('some.thing', reason=SECRET, kind=SECRET, error=SECRET, action=SECRET, path=SECRET)",
        "log.error('some.thing', frames=[SECRET], logger=SECRET, filename=SECRET, level=SECRET, withheld=SECRET)",
        "log.error('some.thing', _text=SECRET, **{SECRET: 1})",
        "log.error('some.thing', count=7700900813)",
        "log.error('some.thing %s', SECRET)",
        "log.error('some.thing', error=[SECRET], kind={SECRET: 1}, count=None, action=[SECRET])",
        "log.error()",
        "log.error({'text': SECRET})",
        "log.error('some.thing', stack_info=True, exc_info=ValueError(SECRET))",
        "log.bind(text=SECRET).warning('some.thing')",
    ],
)
def test_nothing_that_a_patient_may_fill_is_written(call: str) -> None:
    events, written = logged(call)
    assert len(events) == 1
    assert "7700900813" not in written


def test_an_exception_keeps_its_kind_and_places() -> None:
    (event,), _ = logged(
        """
        try:
            int(SECRET)
        except ValueError:
            log.exception("some.thing")
        """
    )
    assert event["error"] == "ValueError"
    assert event["frames"] == ["<string>:11 <module>"]


@pytest.mark.parametrize(
    "call",
    [
        "logging.getLogger('library').debug('it said %s', SECRET)",
        "logging.getLogger('library').error(SECRET, stack_info=True)",
        "logging.getLogger('library').error({'text': SECRET})",
        "logging.getLogger('library').error('written badly: %d %d', SECRET)",
        "logging.getLogger('library').error('said', extra={'text': SECRET})",
        "logging.getLogger(SECRET).error('said')",
        "logging.getLogger(SECRET.split()[0]).error('said')",
        "logging.getLogger('uvicorn.error').info('read %s', SECRET)",
        "logging.getLogger('uvicorn.access').warning('GET %s', SECRET)",
        "import spacy; logging.getLogger('spacy').warning(SECRET)",
        (
            "own = logging.getLogger('own'); own.addHandler(logging.StreamHandler()); own.propagate = False\n"
            "logging.getLogger('own').error(SECRET)"
        ),
        "warnings.warn(SECRET)",
    ],
)
def test_a_library_loses_its_words(call: str) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import logging, warnings\nfrom privacy import crashes, logs\nlogs.configure(level='debug')\n"
                f"crashes.seal()\nSECRET = {SECRET!r}\n{call}"
            ),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stderr, "that something was said is told"
    assert not any(part in ran.stderr for part in SECRET.split())


@pytest.mark.parametrize(
    ("program", "event"),
    [
        ("raise ValueError(SECRET)", "process.failed"),
        (
            (
                "def fail(): raise ValueError(SECRET)\n"
                "thread = threading.Thread(target=fail, name=SECRET); thread.start(); thread.join()"
            ),
            "thread.failed",
        ),
        (
            "class Fails:\n    def __del__(self): raise ValueError(SECRET)\nFails()",
            "clean_up.failed",
        ),
        (
            (
                "async def fail(): raise ValueError(SECRET)\n"
                "async def run():\n    task = asyncio.create_task(fail(), name=SECRET)\n    await asyncio.sleep(0)\n"
                "    del task\n    gc.collect()\n"
                "asyncio.run(run(), debug=True)"
            ),
            "library",
        ),
    ],
)
def test_what_nobody_caught_is_told_without_words(program: str, event: str) -> None:
    events, _ = logged(program, level="info")
    (failed,) = [each for each in events if each["event"] == event]
    assert failed["error"] == "ValueError"
    assert failed["frames"]


def test_a_level_leaves_out_what_is_below_it() -> None:
    assert logged("log.info('some.thing'); logging.getLogger('library').info('x')", "warning")[0] == []
    assert len(logged("log.debug('some.thing'); logging.getLogger('library').debug('x')", "debug")[0]) == 2
