"""The sentences that the screen's network learns from: data/screen/train_*.txt, one message a line.

``respond_today|suicide|been planning it for weeks``; ``{asked:safe_right_now}`` before an answer names its question,
and `` // `` parts a message that came in several. Lines that begin with ``#`` are comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.safety.screening import ResponseNeeded, SafetyQuestion

FOLDER: Final = Path(__file__).resolve().parents[3] / "data" / "screen"
_LINE: Final = re.compile(
    r"(?P<response>\w+)\|(?P<category>\w+)\|(?:\{asked:(?P<asked>\w+)\} ?)?(?P<text>.+)"
)
BETWEEN: Final = " // "

# What the corpus calls by a shorter or an older name.
CATEGORY: Final = {
    "suicide_passive": "suicide",
    "overdose": "overdose_taken",
    "medical": "medical_emergency",
    "bereaved": "bereaved_by_suicide",
    "neglect_or_elder": "neglect",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A message, in the parts in which it came, and the response that it needs."""

    response: ResponseNeeded
    category: str
    parts: tuple[str, ...]
    asked: SafetyQuestion | None

    @property
    def text(self) -> str:
        """All of it, a line for each part."""
        return "\n".join(self.parts)


class BadLine(ValueError):
    """A line of the corpus is not written as it must be; the message says where."""


def read(file: Path) -> list[Said]:
    """The messages of one file. Raises `BadLine`."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    return [_said(line, f"{file.name}:{number}") for number, line in lines if line.strip() and line[0] != "#"]


def taught() -> list[Said]:
    """Every message that the network is taught. Raises `BadLine`."""
    return [said for file in sorted(FOLDER.glob("train_*.txt")) for said in read(file)]


def _said(line: str, where: str) -> Said:
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise BadLine(f"{where}: write it as response|category|text.")
    try:
        response = ResponseNeeded(found["response"])
        asked = SafetyQuestion(found["asked"]) if found["asked"] else None
    except ValueError as error:
        raise BadLine(f"{where}: {error}.") from None
    category = CATEGORY.get(found["category"], found["category"])
    return Said(response, category, tuple(found["text"].split(BETWEEN)), asked)
