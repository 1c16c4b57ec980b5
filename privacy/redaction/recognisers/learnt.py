"""Identifiers that the network finds by what stands around them: names in no list, employers nobody has heard of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from privacy.redaction.engine import THRESHOLD, Reading
from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import is_mistyped, is_ordinary, lexicon
from privacy.redaction.recognisers.words import FUNCTION_WORDS, RELATIONS, bare, possessive
from privacy.redaction.tagger import LABELS, Beliefs

_CLAIMED: Final = 0.45
"""How surely a word must belong to some identifier. docs/decisions/0013 has the table that this was chosen from."""

# What has a form is left to the rules, which know it exactly: a score, a date or a helpline only looks like one.
_LEARNT: Final = frozenset(
    {
        Label.PERSON,
        Label.LOCATION,
        Label.ADDRESS,
        Label.SCHOOL,
        Label.WORKPLACE,
        Label.HEALTHCARE,
        Label.HANDLE,
        Label.ID,
    }
)
# A place called by one ordinary word ("willow", "the crown") needs more than a name does.
_PLACES: Final = frozenset({Label.SCHOOL, Label.WORKPLACE, Label.HEALTHCARE, Label.LOCATION})
_CLAIMED_ORDINARY: Final = 0.8
_GENERIC: Final = lexicon("school_generic") | lexicon("healthcare_generic") | lexicon("workplace_no_name")
_DIGITS_OF_AN_ID: Final = 3
_ABBREVIATION: Final = re.compile(
    r"\b(?:d\.o\.b|r\.i\.p|n\.h\.s|o\.c\.d|a\.s\.a\.p|e\.g|i\.e|p\.s|a\.m|p\.m)\b"
)
_PLACEHOLDER: Final = re.compile(r"<[a-z_]+_\d+>")
_NOT_A_NAME: Final = lexicon("person_titles") | RELATIONS
_LONGEST_REST: Final = 4
_UNKNOWN_FROM: Final = 3
_NO_INITIALS: Final = frozenset({"i", "a", "n", "u", "x", "o", "r", "y"})
_SUREST: Final = 0.69
"""Below the score of what a rule is sure of: of two claims on the same words, the rule's label is the better one."""


class LearntRecogniser(EntityRecognizer):
    """What the network claims, word for word; a possessive stays outside."""

    def __init__(self) -> None:
        super().__init__(supported_entities=[label.value for label in LABELS], name="LearntRecogniser")

    def load(self) -> None:
        """The network is read with the engine."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """What was found in the message that `nlp_artifacts` reads."""
        if not isinstance(nlp_artifacts, Reading) or not nlp_artifacts.words:
            return []
        return [
            RecognizerResult(label.value, *_place(nlp_artifacts, first, stop), _scored(score))
            for first, stop, label, score in self._claims(nlp_artifacts)
        ]

    def _claims(self, reading: Reading) -> Iterator[tuple[int, int, Label, float]]:
        """What the network claims, a person's name with the rest of it, and no more than the name."""
        replaced = [match.span() for match in _PLACEHOLDER.finditer(reading.folded)]
        for claimed, reached, label, score in claims(reading.beliefs):
            first, stop = _trimmed(reading.words, claimed, reached, label)
            if first >= stop or _is_replaced(reading, first, stop, replaced):
                continue
            if not _may_be(reading, first, stop, label, score):
                continue
            yield first, _end_of_name(reading, stop) if label is Label.PERSON else stop, label, score


def _trimmed(words: list[str], first: int, stop: int, label: Label) -> tuple[int, int]:
    """Without what never begins or ends an identifier: signs, small words, titles; a "the" may begin a place."""
    while first < stop and (
        _is_edge(words[first], label) and not (words[first] == "the" and first + 1 < stop)
    ):
        first += 1
    while first < stop and _is_edge(words[stop - 1], label):
        stop -= 1
    return first, stop


def _is_edge(word: str, label: Label) -> bool:
    if not any(character.isalnum() for character in word):
        return True
    return word in FUNCTION_WORDS and word not in ("will", "may") and label is not Label.ADDRESS


def _may_be(reading: Reading, first: int, stop: int, label: Label, score: float) -> bool:
    """Whether the words could be what they are claimed to be."""
    words = [bare(word) for word in reading.words[first:stop]]
    text = reading.folded[reading.matches[first].start() : reading.matches[stop - 1].end()]
    if label is Label.ID:
        return sum(character.isdigit() for character in text) >= _DIGITS_OF_AN_ID
    if label is Label.PERSON:
        return (
            _ABBREVIATION.search(
                reading.folded[max(reading.matches[first].start() - 2, 0) :][: len(text) + 2]
            )
            is None
        )
    if label not in _PLACES:
        return True
    if all(word.isdigit() or word in _GENERIC for word in words):
        return False
    return score >= _CLAIMED_ORDINARY or not all(is_ordinary(word) for word in words)


def _is_replaced(reading: Reading, first: int, stop: int, replaced: list[tuple[int, int]]) -> bool:
    """Whether it is in a placeholder: a message may quote one."""
    start, end = reading.matches[first].start(), reading.matches[stop - 1].end()
    return any(start < to and since < end for since, to in replaced)


def _scored(sure: float) -> float:
    """Between the engine's threshold, which every claim has passed in its own way, and `_SUREST`."""
    return THRESHOLD + (_SUREST - THRESHOLD) * sure


def claims(beliefs: Beliefs) -> Iterator[tuple[int, int, Label, float]]:
    """Each identifier in `beliefs`: the words [first, stop), its label and how sure that is, 0 to 1."""
    begins, goes_on = beliefs[:, 1::2], beliefs[:, 2::2]
    either = begins + goes_on
    best = either.argmax(axis=1)
    sure = 1 - beliefs[:, 0]
    claimed = [sure[word] >= _CLAIMED and LABELS[label] in _LEARNT for word, label in enumerate(best)]
    first = 0
    while first < len(best):
        stop = first + 1
        if claimed[first]:
            while (
                stop < len(best)
                and claimed[stop]
                and best[stop] == best[first]
                and goes_on[stop, best[stop]] >= begins[stop, best[stop]]
            ):
                stop += 1
            yield first, stop, LABELS[best[first]], round(float(np.mean(sure[first:stop])), 3)
        first = stop


def _end_of_name(reading: Reading, stop: int) -> int:
    """Where a name ends that the network saw to `stop`: after its initials, and a surname that stands beside it.

    A word that nobody knows is a surname there. One that is an ordinary word too ("heath") is left to the network.
    """
    words = reading.words
    if words[stop - 1].endswith("'s"):
        return stop
    end = place = stop
    while place < len(words) and place < stop + _LONGEST_REST:
        word = words[place]
        if len(word) == 1 and word.isalpha() and word not in _NO_INITIALS:
            place += 1 + (words[place + 1 : place + 2] == ["."])
        elif word.isalpha() and len(word) > 1 and _is_surname(word):
            place = end = place + 1
        else:
            break
    return end


def _is_surname(word: str) -> bool:
    plain = bare(word)
    if is_ordinary(plain) or plain in lexicon("places") or is_mistyped(plain):
        return False
    return plain in lexicon("surnames") or plain in lexicon("given_names") or len(plain) > _UNKNOWN_FROM


def _place(reading: Reading, first: int, stop: int) -> tuple[int, int]:
    start, end = reading.matches[first].start(), reading.matches[stop - 1].end()
    return start, end - possessive(reading.words[stop - 1])
