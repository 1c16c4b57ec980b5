"""What one message costs, beside a stock Rasa bot in the same run.

    python -m benchmarks.journey [--quick]

Starts a whole Harbour (its own process and its Rasa) and the bot that `rasa init` makes, on loopback, and sends
both the same sentences with the same client. Prints: latency of the whole journey and messages a second with 1 and
20 conversations; the cost after 10 and after 400 turns; where a message's time goes, step by step; start-up time
and resident memory of each process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

from benchmarks.http_client import Connection
from benchmarks.running import RunningHarbour, running_harbour
from benchmarks.stock_bot import start_stock_bot
from bot.settings import Settings
from harbour.workbench import turn, workbench

SENTENCES = (
    "hello",
    "i feel a bit sad today",
    "cant sleep again its been weeks",
    "my mate sam thinks i should talk to someone about it",
    "yeah",
    "work is really stressful at the moment and my manager keeps piling it on",
    "no not really",
    "thanks that helps",
    "are you a bot",
    "im so anxious about my exam on tuesday i keep going over it in my head and i cant stop",
)

_TIMED = {
    "screening": {"screen"},
    "redactor": {"redact"},
    "intake": {"recall", "record"},
    "dialogue": {"replies"},
    "thread": {"say"},
}
"""The methods that are timed, by the part of the journey's steps that has them."""

_NAMED = {"replies": "Rasa and its actions", "say": "respond (keep the replies)"}

_TURNS = 20
"""The length of a conversation."""

Say = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Load:
    """How a run went: seconds of each message, and messages a second."""

    seconds: list[float]
    per_second: float

    def milliseconds(self, percent: int) -> float:
        """A percentile of the latency, in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


async def load(conversations: Iterable[Say], messages: int) -> Load:
    """Send `messages` sentences in each conversation, all conversations at once."""
    seconds: list[float] = []

    async def one(say: Say, offset: int) -> None:
        for number in range(messages):
            began = time.perf_counter()
            await say(SENTENCES[(number + offset) % len(SENTENCES)])
            seconds.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(one(say, offset) for offset, say in enumerate(conversations)))
    return Load(seconds, len(seconds) / (time.perf_counter() - began))


async def harbour_conversation(harbour: RunningHarbour) -> Say:
    """A new patient's browser: start, then post messages as the page's script does."""
    connection = Connection(harbour.host, harbour.patients_port)
    origin = {"Origin": harbour.chat_url, "Sec-Fetch-Site": "same-origin"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    started = await connection.request("POST", "/start", b"", {**origin, **form})
    cookie = {"Cookie": re.split("[;,]", started.headers["set-cookie"])[0]}

    async def say(text: str) -> None:
        body = urlencode({"text": text, "delivery_id": os.urandom(12).hex()}).encode()
        headers = {**origin, **form, **cookie, "Accept": "application/json"}
        answer = await connection.request("POST", "/chat", body, headers)
        if answer.status != 200:
            raise RuntimeError(f"Harbour answered {answer.status}: {answer.body[:200]!r}")

    return say


async def stock_conversation(port: int, sender: str) -> Say:
    """A conversation with the stock bot, over the REST channel that `rasa init` sets up."""
    connection = Connection("127.0.0.1", port)

    async def say(text: str) -> None:
        body = json.dumps({"sender": sender, "message": text}).encode()
        headers = {"Content-Type": "application/json"}
        answer = await connection.request("POST", "/webhooks/rest/webhook", body, headers)
        if answer.status != 200:
            raise RuntimeError(f"The stock bot answered {answer.status}.")

    return say


Open = Callable[[str], Awaitable[Say]]


async def measure(name: str, open_conversation: Open, messages: int) -> tuple[float, float]:
    """Print the latency with 1 and 20 conversations, and the cost after 10 and 400 turns.

    Conversations have `_TURNS` turns, so that neither bot is measured on how it slows down, which comes after.
    Returns the p50 with one conversation, in milliseconds, and the messages a second with 20.
    """
    await load([await open_conversation("warm-up")], _TURNS)
    alone = await one_after_another(open_conversation, messages // _TURNS)
    print_load(f"{name}, 1 conversation", alone)
    at_once = Load([], 0)
    for each in range(max(messages // 20 // _TURNS, 1)):
        together = [await open_conversation(f"together-{each}-{number}") for number in range(20)]
        run = await load(together, _TURNS)
        at_once = Load(at_once.seconds + run.seconds, max(at_once.per_second, run.per_second))
    print_load(f"{name}, 20 conversations", at_once)
    say = await open_conversation("long")
    await load([say], 10)
    early = await load([say], 40)
    await load([say], 350)
    late = await load([say], 40)
    ratio = late.milliseconds(50) / early.milliseconds(50)
    print(
        f"   {name}: p50 after 10 turns {early.milliseconds(50):.1f} ms, after 400 {late.milliseconds(50):.1f} ms"
        f" ({ratio:.2f} times)",
        flush=True,
    )
    return alone.milliseconds(50), at_once.per_second


async def one_after_another(open_conversation: Open, conversations: int) -> Load:
    """Several conversations, never two at once."""
    seconds: list[float] = []
    began = time.perf_counter()
    for number in range(conversations):
        run = await load([await open_conversation(f"alone-{number}")], _TURNS)
        seconds += run.seconds
    return Load(seconds, len(seconds) / (time.perf_counter() - began))


def print_load(name: str, run: Load) -> None:
    """One row of the table."""
    p50, p95, p99 = (run.milliseconds(percent) for percent in (50, 95, 99))
    row(name, f"{p50:.1f}", f"{p95:.1f}", f"{p99:.1f}", f"{run.per_second:.0f}")


async def measure_steps(messages: int) -> None:
    """Time each step inside one process, by wrapping the real parts."""
    taken: dict[str, list[float]] = defaultdict(list)
    async with workbench(Settings()) as parts:
        steps = parts.journey.steps
        timed: dict[str, Any] = {
            part: _Timed(getattr(steps, part), names, taken) for part, names in _TIMED.items()
        }
        parts.journey.steps = replace(steps, **timed)
        for number in range(messages + 20):
            began = time.perf_counter()
            await turn(parts, "steps", SENTENCES[number % len(SENTENCES)])
            taken["the whole, without HTTP"].append(time.perf_counter() - began)
    print("\nWhere the time goes (1 conversation, milliseconds)")
    row("step", "p50", "p95", "p99", "")
    for step, seconds in taken.items():
        run = Load(seconds[20:], 0)
        row(_NAMED.get(step, step), *(f"{run.milliseconds(percent):.2f}" for percent in (50, 95, 99)), "")


class _Timed:
    """A part whose named methods note how long they took."""

    def __init__(self, part: object, names: set[str], taken: dict[str, list[float]]) -> None:
        self._part, self._names, self._taken = part, names, taken

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._part, name)
        if name not in self._names:
            return method
        if asyncio.iscoroutinefunction(method):
            return self._awaited(name, method)
        return self._called(name, method)

    def _called(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return method(*args, **kwargs)
            finally:
                self._taken[name].append(time.perf_counter() - began)

        return timed

    def _awaited(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        async def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return await method(*args, **kwargs)
            finally:
                self._taken[name].append(time.perf_counter() - began)

        return timed


def row(name: str, *cells: str) -> None:
    """One line of a table."""
    print(f"{name:<34}" + "".join(f"{cell:>12}" for cell in cells), flush=True)


def memory(pid: int) -> str:
    """Resident memory of a process and its children, in MB."""
    process = psutil.Process(pid)
    everyone = [process, *process.children(recursive=True)]
    return f"{sum(one.memory_info().rss for one in everyone) / 1e6:.0f} MB"


async def main(messages: int) -> None:
    """Run everything and print the tables."""
    print("The whole journey over HTTP (milliseconds; messages a second)")
    row("", "p50", "p95", "p99", "a second")
    with tempfile.TemporaryDirectory() as folder, running_harbour(Path(folder)) as harbour:
        ours = await measure("Harbour", lambda _name: harbour_conversation(harbour), messages)
        print(f"   Harbour: everything started in {harbour.start_seconds:.0f} s")
        print(f"   resident: Harbour {memory(harbour.harbour_pid)}, its Rasa {memory(harbour.rasa_pid)}")
    with start_stock_bot() as stock:
        port = int(stock.url.split(":")[2].split("/")[0])
        theirs = await measure("stock rasa init", lambda name: stock_conversation(port, name), messages)
        print(f"   stock rasa init: started in {stock.seconds_to_start:.0f} s")
        print(f"   resident: {', '.join(memory(pid) for pid in stock.pids)}")
    print(f"\nHarbour takes {ours[0] / theirs[0]:.2f} of the stock bot's p50 (goal: at most 0.6)")
    print(
        f"and carries {ours[1] / theirs[1]:.1f} times its messages with 20 conversations (goal: at least 3)"
    )
    await measure_steps(messages)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer messages: a look, not a figure to quote")
    asyncio.run(main(100 if parser.parse_args().quick else 500))
