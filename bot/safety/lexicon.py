"""The lexicon: phrases that speak of danger, and of what only sounds like it, read from data/safety/*.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import yaml

from bot.safety.phrases import Phrase, PhraseBook, PhraseError
from bot.safety.screening import ResponseNeeded
from bot.safety.spelling import Spelling

FOLDER: Final = Path(__file__).resolve().parents[2] / "data" / "safety"
NOT_CATEGORIES: Final = frozenset({"slots", "spelling", "context", "traps"})
CONTEXTS: Final = frozenset(
    {
        "negation", "half_negation", "bare_no", "things",
        "past", "past_before", "far_past", "back_again", "present", "settled", "distress_now", "hurts_now", "soon",
        "fiction", "fiction_only", "fiction_quote", "fiction_mine", "own", "joins",
        "asked_about", "denied", "denied_but",
        "taken_back", "answer_yes", "answer_partly", "answer_no", "answer_not_really", "answer_but",
        "answer_fine", "answer_thought",
    }
)  # fmt: skip
_OPTIONS: Final = frozenset({"response", "reason", "phrases", "negation", "past", "soon", "fiction"})

Meaning = TypeVar("Meaning")


class LexiconError(ValueError):
    """A file under data/safety cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that people say, and the response that it calls for.

    `negatable`: a "not" before it takes it away. `past`: it is lowered when it is told as over. `soon`: it becomes
    respond_now beside words such as "tonight". `fiction`: it is nothing when told of a film, a book or a game.
    """

    category: str
    response: ResponseNeeded
    reason: str
    negatable: bool = True
    past: bool = False
    soon: bool = False
    fiction: bool = False


class PhraseSet(Generic[Meaning]):
    """Phrases with what each means, found together in one pass over a message."""

    def __init__(self, phrases: Sequence[tuple[Phrase, Meaning]]) -> None:
        bits = {
            need: 1 << at
            for at, need in enumerate(dict.fromkeys(n for phrase, _ in phrases for n in phrase.needs))
        }
        self._masks: dict[str, int] = {}
        for need, bit in bits.items():
            for code in need:
                self._masks[code] = self._masks.get(code, 0) | bit
        self._phrases = [(sum(bits[n] for n in set(p.needs)), p.pattern, meaning) for p, meaning in phrases]

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """What the phrases mean, one for each phrase."""
        return tuple(meaning for _, _, meaning in self._phrases)

    def find(self, codes: str) -> Iterator[tuple[int, int, Meaning]]:
        """Each match as (first word, last word + 1, meaning)."""
        present = 0
        get = self._masks.get
        for code in set(codes):
            present |= get(code, 0)
        if not present:
            return
        possible = [phrase for phrase in self._phrases if phrase[0] & present == phrase[0]]
        for _, pattern, meaning in possible:
            for match in pattern.finditer(codes):
                yield match.start(), match.end(), meaning

    def found(self, codes: str) -> bool:
        """Whether any phrase matches."""
        return next(self.find(codes), None) is not None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that data/safety says, compiled."""

    book: PhraseBook
    spelling: Spelling
    entries: PhraseSet[Entry]
    traps: PhraseSet[ResponseNeeded]
    context: Mapping[str, tuple[Phrase, ...]]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Lexicon:
        """Read and compile the folder; raises LexiconError when a file is missing or malformed."""
        slots = {name: _between_commas(value) for name, value in _mapping(folder / "slots.yml").items()}
        spelling = _mapping(folder / "spelling.yml")
        book = PhraseBook(slots, spelling["variants"], spelling["alike"], spelling["gap_stops"])
        files = sorted(path for path in folder.glob("*.yml") if path.stem not in NOT_CATEGORIES)
        entries = [item for path in files for item in _entries(path, book)]
        traps = list(_traps(folder / "traps.yml", book))
        context = {
            name: _phrases(value, book, name) for name, value in _mapping(folder / "context.yml").items()
        }
        if context.keys() != CONTEXTS:
            raise LexiconError(f"context.yml: missing or unknown {sorted(context.keys() ^ CONTEXTS)}")
        known = [word for word in book.codes.by_word if word[0].isalpha()]
        reader = Spelling.build(known, spelling["variants"], spelling["guarded"], spelling["real_words"])
        return cls(book, reader, PhraseSet(entries), PhraseSet(traps), context)


def _mapping(path: Path) -> dict[str, Any]:
    """The file's content. BaseLoader builds strings only, so that `no` and `off` stay words."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    except (OSError, yaml.YAMLError) as error:
        raise LexiconError(f"{path.name}: {error}") from error
    if not isinstance(content, dict):
        raise LexiconError(f"{path.name}: is not a mapping")
    return content


def _between_commas(value: str) -> list[str]:
    return [entry.strip() for entry in value.split(",") if entry.strip()]


def _phrases(sources: Sequence[object], book: PhraseBook, place: str) -> tuple[Phrase, ...]:
    try:
        return tuple(book.compile(str(source)) for source in sources)
    except PhraseError as error:
        raise LexiconError(f"{place}: {error}") from error


def _entries(path: Path, book: PhraseBook) -> Iterator[tuple[Phrase, Entry]]:
    content = _mapping(path)
    category = str(content["category"])
    for item in content["entries"]:
        unknown = item.keys() - _OPTIONS
        if unknown:
            raise LexiconError(f"{path.name}: unknown {sorted(unknown)}")
        entry = Entry(
            category,
            ResponseNeeded(item["response"]),
            str(item["reason"]),
            negatable=item.get("negation") != "false",
            past=item.get("past") == "true",
            soon=item.get("soon") == "true",
            fiction=item.get("fiction") == "true",
        )
        for phrase in _phrases(item["phrases"], book, path.name):
            yield phrase, entry


def _traps(path: Path, book: PhraseBook) -> Iterator[tuple[Phrase, ResponseNeeded]]:
    for item in _mapping(path)["traps"]:
        lowered_to = ResponseNeeded(item["lowers_to"])
        for phrase in _phrases(item["phrases"], book, path.name):
            yield phrase, lowered_to
