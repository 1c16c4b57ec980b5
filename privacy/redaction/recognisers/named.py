"""Institutions called by a name and a kind: "brookfield high", "rowan ward", "riverside surgery"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from privacy.redaction.engine import Reading
from privacy.redaction.gazetteer import lexicon
from privacy.redaction.recognisers.words import (
    FUNCTION_WORDS,
    RELATIONS,
    WordsRecogniser,
    bare,
    is_proper,
    may_be_proper,
)

_LEADS: Final = lexicon("named_leads")
_SAINT: Final = frozenset({"st", "saint", "st.", "sts"})
_LONGEST: Final = 4


class NamedPlaceRecogniser(WordsRecogniser):
    """A name of one to four words, then a word of `KINDS`.

    The name's words are proper ones ("lancaster uni"), or any that are neither `GENERIC` nor function words where
    a preposition leads them in ("at brookfield high").
    """

    KINDS: ClassVar[frozenset[str]]
    TWO_WORD_KINDS: ClassVar[frozenset[tuple[str, str]]] = frozenset()
    PROPER_ONLY: ClassVar[frozenset[str]] = frozenset()
    GENERIC: ClassVar[frozenset[str]]
    OWN_NAMES: ClassVar[frozenset[str]] = frozenset()

    def spans(self, reading: Reading) -> Iterator[tuple[int, int, float]]:
        """Each kind with the name before it, each "university of" with the name after it, each well-known name."""
        words = reading.words
        for place, word in enumerate(words):
            if word in self.KINDS:
                two = place + 1 < len(words) and (word, words[place + 1]) in self.TWO_WORD_KINDS
                yield from self._named(reading, place, place + 1 + two)
            elif place + 1 < len(words) and (word, words[place + 1]) in self.TWO_WORD_KINDS:
                yield from self._named(reading, place, place + 2)
        yield from self.other_spans(reading)

    def other_spans(self, reading: Reading) -> Iterator[tuple[int, int, float]]:
        """What a subclass finds besides."""
        return iter(())

    def _named(self, reading: Reading, kind: int, end: int) -> Iterator[tuple[int, int, float]]:
        words = reading.words
        start = kind
        while start > 0 and kind - start < _LONGEST and self._is_part(words, start - 1):
            start -= 1
        while start < kind and words[start] in ("and", "&", ",", "of"):
            start += 1
        name = words[start:kind]
        if any(bare(word) in RELATIONS for word in name):
            return  # "my mom's surgery"
        before = start - 1 if start and words[start - 1] == "the" else start
        led = before == 0 or words[before - 1] in _LEADS
        if not name or not self._names(name, led, words[kind]):
            return
        yield reading.matches[start].start(), reading.matches[end - 1].end(), 0.8

    def _is_part(self, words: list[str], place: int) -> bool:
        word = words[place]
        if word in _SAINT or (word == "." and place and words[place - 1] == "st"):
            return True
        return word[0].isalpha() and word not in FUNCTION_WORDS and word not in self.GENERIC

    def _names(self, name: list[str], led: bool, kind: str) -> bool:
        if name[0] in _SAINT:
            return len(name) > 1
        if any(is_proper(word) for word in name) or " ".join(name) in lexicon("places"):
            return kind not in self.PROPER_ONLY or len(name) < _LONGEST
        return led and kind not in self.PROPER_ONLY and len(name) < _LONGEST


def saint(reading: Reading) -> Iterator[tuple[int, int]]:
    """The places [start, end) of each "st bedes" or "st mary's" among the words."""
    for place, word in enumerate(reading.words[:-1]):
        if word in _SAINT:
            name = place + (2 if reading.words[place + 1] == "." else 1)
            if (
                name < len(reading.words)
                and reading.words[name][0].isalpha()
                and may_be_proper(bare(reading.words[name]).removesuffix("s"))
            ):
                yield place, name + 1
