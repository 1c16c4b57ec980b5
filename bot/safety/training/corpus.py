"""The sentences that the screen's model learns from: data/screen/train_*.txt, one message a line.

``respond_today|suicide|been planning it for weeks``; ``{asked:safe_right_now}`` before an answer names its question,
and `` // `` parts a message that came in several. Lines that begin with ``#`` are comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from bot.safety.screening import ResponseNeeded, SafetyQuestion

FOLDER: Final = Path(__file__).resolve().parents[3] / "data" / "screen"
DIALOGUE: Final = FOLDER.parent / "nlu"
_ENTITY: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
# Sentences of these may need a plain question: the screen learns nothing from them.
_MAY_BE_DANGER: Final = frozenset(
    {
        "ask_domestic_abuse",
        "ask_psychosis",
        "body_image",
        "drink_or_drugs",
        "feel_low",
        "feel_numb",
        "goodbye",
        "keep_a_secret",
        "relationship_trouble",
        "self_esteem",
        "trauma",
        "urge_surfing",
        "vent",
        "want_human",
        "worried_about_someone",
    }
)
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
    """Every message that the model is taught. Raises `BadLine`."""
    written = [said for file in sorted(FOLDER.glob("train_*.txt")) for said in read(file)]
    return written + list(dialogue())


def dialogue() -> Iterator[Said]:
    """What people say to a bot in passing, as the dialogue learns it (data/nlu): harmless, but for some intents."""
    for file in sorted(DIALOGUE.glob("*.yml")):
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if group.get("intent") and group["intent"] not in _MAY_BE_DANGER:
                for line in group["examples"].splitlines():
                    text = _ENTITY.sub(r"\1", line.strip().removeprefix("- "))
                    if text:
                        yield Said(ResponseNeeded.NONE, "chat", (text,), None)


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
