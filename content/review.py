"""What a careful reader would send back: checked by tests, and by a service that changed a sentence.

The rules are the voice of the product: short, plain, no exclamation marks, no orders, no number that is not in
helplines.yml. They find what a machine can find; a person still reads every sentence in the crisis path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Final

from content.helplines import Helpline, Helplines
from privacy.text import WrittenText

READING_GRADE: Final = 6.0
"""The highest average Flesch-Kincaid grade: about 11 years old, as the NHS service manual asks."""
LONGEST_MESSAGE: Final = 50
"""Words in one message."""

_FORBIDDEN: Final = (
    "calm down",
    "you should",
    "you must",
    "at least",
    "i understand exactly",
    "i know how you feel",
    "always here",
    "it will be fine",
    "everything will be",
    "cheer up",
    "commit suicide",
    "committed suicide",
    "failed attempt",
    "attention seeking",
    "promise",
    "secret",
    "pray",
    "diagnos",
    "hun,",
    "my love",
    "sweetheart",
    "awesome",
)
_NUMBER: Final = re.compile(r"\b\d(?:[ -]?\d){2,}\b")
_WORD: Final = re.compile(r"[a-z]+(?:['’][a-z]+)*", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.?:]+(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence to change: where it is, and why."""

    key: str
    text: str
    problem: str


def sentences(part: object, key: str = "") -> Iterator[tuple[str, WrittenText]]:
    """Every sentence under a part of the content, with the key where it stands. Helplines are left out."""
    if isinstance(part, Helpline):
        return
    if isinstance(part, WrittenText):
        yield key, part
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from sentences(value, f"{key}.{name}".lstrip("."))
    elif isinstance(part, tuple):
        for number, value in enumerate(part):
            yield from sentences(value, f"{key}.{number}")
    elif is_dataclass(part):
        for field in fields(part):
            yield from sentences(getattr(part, field.name), f"{key}.{field.name}".lstrip("."))


def review(written: Iterable[tuple[str, str]], helplines: Helplines) -> list[Finding]:
    """What is wrong with these sentences, one by one. Empty when nothing was found."""
    known = {_digits(contact.to) for line in helplines.listed_everywhere() for contact in line.contacts}
    return [Finding(key, text, problem) for key, text in written for problem in _problems(text, known)]


def reading_grade(texts: Iterable[str]) -> float:
    """The Flesch-Kincaid grade of all these texts together (Kincaid et al., 1975)."""
    words = sentence_count = syllables = 0
    for text in texts:
        found = _WORD.findall(text)
        words += len(found)
        sentence_count += max(1, len(_SENTENCE_END.findall(text)))
        syllables += sum(_syllables(word) for word in found)
    return 0.39 * words / sentence_count + 11.8 * syllables / words - 15.59


def _problems(text: str, known_numbers: set[str]) -> Iterator[str]:
    if "!" in text:
        yield "It has an exclamation mark."
    if len(text.split()) > LONGEST_MESSAGE:
        yield f"It has more than {LONGEST_MESSAGE} words."
    if text.count("?") > 1:
        yield "It asks more than one question."
    for phrase in _FORBIDDEN:
        if re.search(rf"\b{re.escape(phrase)}", text.casefold()):
            yield f"It says '{phrase}'."
    for number in _NUMBER.findall(text):
        if _digits(number) not in known_numbers:
            yield f"{number} is not a number in helplines.yml."


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _syllables(word: str) -> int:
    """Vowel groups, without a silent final e: near enough for an average."""
    plain = re.sub(r"['’].*", "", word.casefold())
    groups = len(re.findall(r"[aeiouy]+", plain))
    silent = plain.endswith("e") and not plain.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)
