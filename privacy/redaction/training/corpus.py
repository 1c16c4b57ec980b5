r"""The sentences that the network learns from, as they were written, each identifier marked in its place.

A line is one message: ``me n [shaz|PERSON] arent talking since [hull|LOCATION]``. ``\n`` stands for a line break;
lines that begin with ``#`` are comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from privacy.redaction.entities import Label

WRITTEN: Final = Path(__file__).parent / "written"
_MARKED: Final = re.compile(r"\[([^\[\]|]+)\|([A-Z_]+)\]")

Span = tuple[int, int, Label]
"""The start and end of an identifier, in code points of the message, and its label."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A message and the identifiers in it, in order of place."""

    text: str
    spans: tuple[Span, ...] = ()


class BadLine(ValueError):
    """A line of a corpus is not written as it must be; the message says where and why."""


def read(file: Path) -> list[Sample]:
    """The messages of one file. Raises `BadLine`."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    return [
        _sample(line, f"{file.name}:{number}") for number, line in lines if line.strip() and line[0] != "#"
    ]


def written() -> list[Sample]:
    """Every message that was written for training. Raises `BadLine`."""
    return [sample for file in sorted(WRITTEN.glob("*.txt")) for sample in read(file)]


def _sample(line: str, where: str) -> Sample:
    return build(_parts(line.replace("\\n", "\n"), where))


def _parts(line: str, where: str) -> Iterator[tuple[str, Label | None]]:
    reached = 0
    for marked in _MARKED.finditer(line):
        yield line[reached : marked.start()], None
        if marked[2] not in Label.__members__:
            raise BadLine(f"{where}: there is no label {marked[2]}.")
        yield marked[1], Label(marked[2])
        reached = marked.end()
    rest = line[reached:]
    if any(sign in rest for sign in "[]|"):
        raise BadLine(f"{where}: a bracket or a bar stands outside a mark such as [shaz|PERSON].")
    yield rest, None


def build(parts: Iterator[tuple[str, Label | None]]) -> Sample:
    """Join pieces of text, some of them identifiers, into a message."""
    text, spans = "", list[Span]()
    for part, label in parts:
        if label is not None:
            spans.append((len(text), len(text) + len(part), label))
        text += part
    return Sample(text, tuple(spans))


def parts_of(sample: Sample) -> Iterator[tuple[str, Label | None]]:
    """The pieces of a message again: text between identifiers, and identifiers."""
    reached = 0
    for start, end, label in sample.spans:
        yield sample.text[reached:start], None
        yield sample.text[start:end], label
        reached = end
    yield sample.text[reached:], None
