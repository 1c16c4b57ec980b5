"""Measures redaction beside Presidio as others ship it: recall, false alarms, time, and equity between names.

    python -m benchmarks.redaction [FOLDER] [--show] [--harbour-only] [--messages FILE ...]

Our own held-out messages are in benchmarks/messages: everyday ones as a service would see them, and a test of ones
written to tempt and to hide; nobody who wrote sentences or rules for the redactor has read either. FOLDER may hold
public texts: `presidio_research.jsonl`, `tweets_names.jsonl`, `negatives_chat.jsonl`, `negatives_distress.jsonl` and
`pii_dev.jsonl`, as its README describes. Recall is the share of identifiers that were wholly covered, whatever the
label. All shares have 95% intervals.
"""

from __future__ import annotations

import argparse
import json
import logging
import socket
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.intervals import shown
from benchmarks.redaction_systems import Found, System, harbour, presidio
from privacy.redaction.training import corpus

_MESSAGES: Final = Path(__file__).parent / "messages"
_HELD_OUT: Final = ("redaction_everyday.txt", "redaction_test.txt")
_WARM: Final = "my name is sam and i live in hull"


@dataclass(frozen=True, slots=True)
class Message:
    """A text and the identifiers that it holds."""

    text: str
    wanted: tuple[Found, ...]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--messages", type=Path, nargs="+", default=[_MESSAGES / name for name in _HELD_OUT])
    parser.add_argument("--show", action="store_true", help="print every miss and false alarm of Harbour's")
    parser.add_argument("--harbour-only", action="store_true")
    options = parser.parse_args()
    calls = _count_network_calls()
    logging.getLogger("tldextract").setLevel(logging.CRITICAL)  # Presidio's: it is only counted here
    systems = [harbour()]
    if not options.harbour_only:
        systems += [presidio("sm"), presidio("md")]
    for system in systems:
        system.find(_WARM)
    for file in options.messages:
        messages(systems, file, options.show, calls)
    if options.folder:
        public(systems, options.folder)
    equity(systems[0])


def messages(systems: list[System], file: Path, show: bool, calls: list[str]) -> None:
    """Recall by label, false alarms, messages left wholly clean, and time, on our own held-out messages."""
    rows = list(_marked(file)) if file.suffix == ".txt" else list(_lines(file))
    print(
        f"\n{file.name}: {len(rows)} messages, {sum(not row.wanted for row in rows)} without any identifier"
    )
    for system in systems:
        tally, times = Tally(), list[float]()
        calls_before = len(calls)
        for row in rows:
            began = time.perf_counter()
            found = system.find(row.text)
            times.append(time.perf_counter() - began)
            for line in tally.add(row, found):
                if show and system.name == "Harbour":
                    print(f"  {line}")
        print(f"\n{system.name}")
        tally.print()
        ordered = sorted(times)
        print(
            f"  {'time a message':34} p50 {statistics.median(ordered) * 1e3:.1f} ms"
            f"  p95 {ordered[int(len(ordered) * 0.95)] * 1e3:.1f} ms"
        )
        print(f"  {'network look-ups':34} {len(calls) - calls_before}")


def public(systems: list[System], folder: Path) -> None:
    """PERSON recall and false alarms on public texts, cased and in lower case."""
    print("\npublic texts")
    for name in ("presidio_research", "tweets_names"):
        for lower in (False, True):
            for system in systems:
                _people(system, name, list(_lines(folder / f"{name}.jsonl", lower)), lower)
    for name in ("negatives_chat", "negatives_distress"):
        rows = list(_lines(folder / f"{name}.jsonl"))
        for system in systems[:1]:
            touched = sum(bool(system.find(row.text)) for row in rows)
            print(f"  {name:18} {system.name:24} touched {shown(touched, len(rows))}")


def _people(system: System, name: str, rows: list[Message], lower: bool) -> None:
    hits = total = alarms = clean = 0
    for row in rows:
        found = system.find(row.text)
        for want in row.wanted:
            if want[2] == "PERSON":
                total += 1
                hits += _covered(want, found, row.text)
        if not row.wanted:
            clean += 1
            alarms += any(label == "PERSON" for _, _, label in found)
    case = "lower case" if lower else "as written"
    print(
        f"  {name:18} {case:11} {system.name:24} PERSON recall {shown(hits, total)}"
        f"  texts without a name touched {shown(alarms, clean)}"
    )


def equity(system: System) -> None:
    """PERSON recall by the origin of the name: each name in six frames of its own draw."""
    frames = _plain_lines(_MESSAGES / "name_frames.txt")
    groups = _groups(_plain_lines(_MESSAGES / "names_by_origin.txt", comments=True))
    shares = {}
    print(f"\nrecall by origin of the name ({system.name})")
    for group, names in groups.items():
        hits = total = 0
        for number, name in enumerate(names):
            for turn in range(6):
                frame = frames[(number * 7 + turn * 11) % len(frames)]
                text, want = _framed(frame, name)
                total += 1
                hits += _covered(want, system.find(text), text)
        shares[group] = hits / total
        print(f"  {group:30} {shown(hits, total)}")
    mean = statistics.mean(shares.values())
    worst = min(shares, key=lambda group: shares[group])
    print(f"  mean {100 * mean:.1f}; lowest {worst}, {100 * (mean - shares[worst]):.1f} points below it")


def _framed(frame: str, name: str) -> tuple[str, Found]:
    slot = "{full}" if "{full}" in frame else "{given}"
    shown_name = name.lower() if slot == "{full}" else name.split(maxsplit=1)[0].lower()
    start = frame.index(slot)
    return frame.replace(slot, shown_name), (start, start + len(shown_name), "PERSON")


@dataclass
class Tally:
    """What was found of what was wanted."""

    total: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    claimed: int = 0
    sound: int = 0
    clean: int = 0
    touched: int = 0
    whole: int = 0
    identifying: int = 0

    def add(self, row: Message, found: list[Found]) -> Iterator[str]:
        """Count one message; say what was missed and what was touched for nothing."""
        missed = [want for want in row.wanted if not _covered(want, found, row.text)]
        false = [each for each in found if not any(each[0] < w[1] and w[0] < each[1] for w in row.wanted)]
        self.total.update(label for _, _, label in row.wanted)
        self.found.update(want[2] for want in row.wanted if want not in missed)
        self.claimed += len(found)
        self.sound += len(found) - len(false)
        self.clean += not row.wanted
        self.touched += bool(not row.wanted and found)
        self.identifying += bool(row.wanted)
        self.whole += bool(row.wanted and not missed)
        for what, spans in (("missed", missed), ("false", false)):
            for start, end, label in spans:
                yield f"{what} {label} {row.text[start:end]!r} in {row.text!r}"

    def print(self) -> None:
        """The shares."""
        for label in sorted(self.total, key=lambda label: -self.total[label]):
            print(f"  {label:34} {shown(self.found[label], self.total[label])}  of {self.total[label]}")
        print(f"  {'recall':34} {shown(self.found.total(), self.total.total())}")
        print(f"  {'precision':34} {shown(self.sound, self.claimed)}")
        print(f"  {'clean messages touched':34} {shown(self.touched, self.clean)}")
        print(f"  {'identifying messages left clean':34} {shown(self.whole, self.identifying)}")


def _covered(want: Found, found: Iterable[Found], text: str) -> bool:
    """Whether every letter and digit of an identifier lies in something that was found."""
    hidden = {place for start, end, _ in found for place in range(start, end)}
    return all(place in hidden for place in range(want[0], want[1]) if text[place].isalnum())


def _marked(file: Path) -> Iterator[Message]:
    for sample in corpus.read(file):
        yield Message(sample.text, tuple((start, end, str(label)) for start, end, label in sample.spans))


def _lines(file: Path, lower: bool = False) -> Iterator[Message]:
    for line in file.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        text = row["text"]
        if lower and len(text.lower()) == len(text):
            text = text.lower()
        wanted = tuple((each["start"], each["end"], each["label"]) for each in row.get("entities", ()))
        yield Message(text, wanted)


def _plain_lines(file: Path, comments: bool = False) -> list[str]:
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return lines if comments else [line for line in lines if not line.startswith("#")]


def _groups(lines: list[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    group = ""
    for line in lines:
        if line.startswith("#"):
            group = line.removeprefix("#").strip()
        else:
            groups[group].append(line)
    return groups


def _count_network_calls() -> list[str]:
    """From now on every look-up of a name and every connection is counted, and still made."""
    calls: list[str] = []
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def counted_look_up(*args: Any, **kwargs: Any) -> Any:
        calls.append("getaddrinfo")
        return look_up(*args, **kwargs)

    def counted_connect(self: socket.socket, address: Any) -> None:
        calls.append("connect")
        connect(self, address)

    socket.getaddrinfo = counted_look_up
    socket.socket.connect = counted_connect  # type: ignore[method-assign, assignment]
    return calls


if __name__ == "__main__":
    main()
