"""People's names that a small network finds by what stands around them: names in no list, names that are words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from privacy.redaction.engine import Reading
from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import is_mistyped, is_ordinary, lexicon
from privacy.redaction.recognisers.words import FUNCTION_WORDS, WordsRecogniser, bare, possessive
from privacy.redaction.tagger import load_tagger, people

# Names that are so much oftener words that only the rules of `person` may say that they are names.
_RULES_ONLY: Final = frozenset(
    {"will", "may", "hope", "guy", "van", "eve", "sunday", "buddy", "princess", "miles", "jazz"}
)


class LearntPersonRecogniser(WordsRecogniser):
    """The network's names. It is asked for people only, whatever else a network might see."""

    LABEL = Label.PERSON

    def __init__(self) -> None:
        super().__init__()
        self._tagger = load_tagger()

    def spans(self, reading: Reading) -> Iterator[tuple[int, int, float]]:
        """Each name, without a possessive."""
        may_be = {place for place in range(len(reading.words)) if may_be_name(reading, place)}
        if (
            not may_be
        ):  # then the network, which costs more than all the rules, could find nothing that counts
            return
        for first, stop in people(self._tagger, reading.words):
            begin = next((place for place in range(first, stop) if place in may_be), stop)
            if begin < stop:
                start, end = reading.matches[begin].start(), reading.matches[stop - 1].end()
                yield start, end - possessive(reading.words[stop - 1]), 0.7


def may_be_name(reading: Reading, place: int) -> bool:
    """Whether the word at `place` could be a name at all: listed as one, or no word that is known."""
    word = bare(reading.words[place])
    if word in lexicon("given_names"):
        return True
    if word in FUNCTION_WORDS or word in _RULES_ONLY:
        return False
    if word in lexicon("given_names_that_are_words"):
        return True
    start = reading.matches[place].start()
    marked = start > 0 and reading.folded[start - 1] in "@#/._"
    unknown = len(word) > 2 and word.isalpha() and not is_ordinary(word) and not is_mistyped(word)
    return unknown and not marked
