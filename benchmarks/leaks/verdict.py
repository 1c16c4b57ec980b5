"""What was found where, and whether it may stand there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from benchmarks.leaks.canaries import KINDS, WORDS, Canary
from benchmarks.leaks.commands import COMMAND
from benchmarks.leaks.planting import Planting, Said
from benchmarks.leaks.rows import long_rows
from benchmarks.leaks.search import Hit, Search
from benchmarks.leaks.staff import OPENING
from benchmarks.leaks.staff import PERSON as STAFF
from bot.admission import clean
from bot.settings import Settings
from privacy.redaction import Redactor

_STORES = ("harbour.db", "tracker.db")


@dataclass(frozen=True)
class Leak:
    """A canary where it must not be. Prints without what was written."""

    canary: Canary
    channel: str
    place: str
    encoding: str
    offset: int

    def __str__(self) -> str:
        return f"{self.canary!r} ({self.channel}): {self.place}, at {self.offset}, {self.encoding}"


@dataclass(frozen=True)
class Count:
    """How many canaries were planted, missed by redaction, and leaked by a path."""

    planted: int = 0
    missed: int = 0
    leaked: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.planted + other.planted, self.missed + other.missed, self.leaked + other.leaked)


@dataclass
class Verdict:
    """Judges what is found. `let_through` are the canaries that redaction leaves in what is kept."""

    planting: Planting
    search: Search
    let_through: frozenset[int]
    leaks: list[Leak] = field(default_factory=list)
    searched: Counter[str] = field(default_factory=Counter)
    found_where_it_may_stand: Counter[str] = field(default_factory=Counter)
    _empty_lines: set[bytes] = field(default_factory=set, repr=False)
    core_dumps: list[Path] = field(default_factory=list)
    readable_by_others: list[Path] = field(default_factory=list)

    @classmethod
    def of(cls, planting: Planting, redactor: Redactor) -> Verdict:
        """Redact once more all that was said, to know what redaction misses."""
        search = Search(planting.canaries)
        left = [_left(said, search, redactor) for said in planting.said if said.to_be_kept]
        return cls(planting, search, frozenset().union(*left))

    def file(self, path: Path, name: str) -> None:
        """A file: only the stores may hold what is kept, and that is what redaction let through."""
        try:
            data = path.read_bytes()
        except OSError:  # removed, or a socket
            return
        is_store = path.name.startswith(_STORES)

        def may_stand(hit: Hit) -> bool:
            return is_store and hit.canary.number in self.let_through

        self._judge("files", name, data, may_stand)
        for row in long_rows(path) if path.suffix == ".db" else ():
            self._weigh("files", f"a row of {name}", self._new_hits([row]), may_stand)

    def output(self, name: str, data: bytes) -> None:
        """What a process printed, or was started with: nothing may be there."""
        self._judge("outputs", name, data, lambda _hit: False)

    def answer(self, person: str, asked: str, data: bytes) -> None:
        """What came back to somebody: their own words, and for staff what is kept."""

        def may_stand(hit: Hit) -> bool:
            own = person in self.planting.owners[hit.canary.number]
            return own or (person in (STAFF, OPENING) and hit.canary.number in self.let_through)

        place = f"the answer to {person.rstrip('0123456789 ')} ({asked})"
        self.searched["answers"] += 1
        self.searched["bytes"] += len(data)
        # Most lines of a page stand on every page.
        hits = self._new_hits(data.split(b"\n"))
        group = OPENING if person == OPENING else COMMAND if asked == COMMAND else "answers"
        self._weigh(group, place, hits, may_stand)

    def _new_hits(self, lines: list[bytes]) -> list[Hit]:
        """What is in `lines`, less those in which nothing was before."""
        new = [line for line in lines if line not in self._empty_lines]
        hits = list(self.search.hits(b"\n".join(new)))
        if not hits:
            self._empty_lines.update(new)
        return hits

    def _judge(self, what: str, name: str, data: bytes, may_stand: Callable[[Hit], bool]) -> None:
        self.searched[what] += 1
        self.searched["bytes"] += len(data)
        self._weigh(what, name, self.search.hits(data), may_stand)

    def _weigh(self, what: str, name: str, hits: Iterable[Hit], may_stand: Callable[[Hit], bool]) -> None:
        for hit in hits:
            if may_stand(hit):
                self.found_where_it_may_stand[what] += 1
            else:
                channel = self._channels[hit.canary.number]
                self.leaks.append(Leak(hit.canary, channel, name, hit.encoding, hit.offset))

    @cached_property
    def _channels(self) -> dict[int, str]:
        return {canary.number: said.channel for said in self.planting.said for canary in said.canaries}

    @property
    def is_clean(self) -> bool:
        """Whether nothing got out but by redaction."""
        return not (self.leaks or self.core_dumps or self.readable_by_others)

    def summary(self, most: int) -> list[str]:
        """In lines: what got out, and where; at most so many of each."""
        lines = [str(leak) for leak in self.leaks[:most]]
        lines += [f"a core dump: {path}" for path in self.core_dumps[:most]]
        lines += [f"others may read {path}" for path in self.readable_by_others[:most]]
        return [*lines, f"{len(self.leaks)} leaks by a path" if not self.is_clean else "no path leaked"]

    def counts(self) -> dict[tuple[str, str], Count]:
        """By channel and kind."""
        leaked = {leak.canary.number for leak in self.leaks}
        found: dict[tuple[str, str], Count] = defaultdict(Count)
        for said in self.planting.said:
            for canary in said.canaries:
                one = Count(1, canary.number in self.let_through, canary.number in leaked)
                found[said.channel, canary.kind] += one
        return found


def _left(said: Said, search: Search, redactor: Redactor) -> set[int]:
    """The canaries that redaction leaves in a message, whole or cut to the longest that is kept."""
    longest = Settings.model_fields["longest_message"].default
    typed = clean(said.text)
    kept = {str(redactor.redact(said.opening + text).text) for text in {typed, typed[:longest]}}
    return {hit.canary.number for text in kept for hit in search.hits(text.encode())}


def tables(counts: dict[tuple[str, str], Count], *, full: bool = False) -> str:
    """What was planted, missed and leaked: by kind, by channel and, if wanted, by both."""
    kinds = [*KINDS, WORDS]
    channels = sorted({channel for channel, _ in counts})
    lines = [_row("kind", ("planted", "missed", "", "leaked"))]
    lines += [_counted(kind, [counts[c, kind] for c in channels if (c, kind) in counts]) for kind in kinds]
    lines += ["", _row("channel (identifiers)", ("planted", "missed", "", "leaked"))]
    lines += [_counted(c, [counts[c, kind] for kind in KINDS if (c, kind) in counts]) for c in channels]
    if full:
        lines += ["", _row("channel, kind", ("planted", "missed", "", "leaked"))]
        lines += [_counted(f"{c}, {kind}", [counts[c, kind]]) for c, kind in sorted(counts)]
    return "\n".join(lines)


def _counted(name: str, counts: list[Count]) -> str:
    all_of_them = sum(counts, Count())
    if name.endswith(WORDS):  # they are kept as they were typed
        return _row(name, (f"{all_of_them.planted}", "-", "", f"{all_of_them.leaked}"))
    rate = f"{all_of_them.missed / max(all_of_them.planted, 1):.0%}"
    return _row(name, (f"{all_of_them.planted}", f"{all_of_them.missed}", rate, f"{all_of_them.leaked}"))


def _row(name: str, cells: tuple[str, str, str, str]) -> str:
    return f"{name:<40}" + "".join(f"{cell:>10}" for cell in cells)
