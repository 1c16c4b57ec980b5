"""Identifiers that the network finds by what stands around them: names in no list, employers nobody has heard of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from privacy.redaction.engine import Reading
from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import is_mistyped, is_ordinary, lexicon
from privacy.redaction.recognisers.words import bare, possessive
from privacy.redaction.tagger import LABELS, Beliefs

_CLAIMED: Final = 0.3
"""How surely a word must belong to some identifier. docs/decisions/0013 has the table that this was chosen from."""

# A number is an identifier by its form, which rules know exactly; the network must be surer of one than they.
_BY_FORM: Final = frozenset(
    {Label.PHONE, Label.POSTCODE, Label.NHS_NUMBER, Label.NI_NUMBER, Label.CARD, Label.IP_ADDRESS, Label.URL}
)
_CLAIMED_BY_FORM: Final = 0.9
_LONGEST_REST: Final = 4
_UNKNOWN_FROM: Final = 3
_NO_INITIALS: Final = frozenset({"i", "a", "n", "u", "x", "o", "r", "y"})
_SURELY: Final = 0.72
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
            RecognizerResult(label.value, *_place(nlp_artifacts, first, stop), _SURELY * score)
            for first, stop, label, score in self._claims(nlp_artifacts)
        ]

    def _claims(self, reading: Reading) -> Iterator[tuple[int, int, Label, float]]:
        """What the network claims, a person's name with the rest of it."""
        for first, stop, label, score in claims(reading.beliefs):
            end = _end_of_name(reading, stop) if label is Label.PERSON else stop
            yield first, end, label, score


def claims(beliefs: Beliefs) -> Iterator[tuple[int, int, Label, float]]:
    """Each identifier in `beliefs`: the words [first, stop), its label and how sure that is, 0 to 1."""
    begins, goes_on = beliefs[:, 1::2], beliefs[:, 2::2]
    either = begins + goes_on
    best = either.argmax(axis=1)
    sure = 1 - beliefs[:, 0]
    claimed = [
        sure[word] >= (_CLAIMED_BY_FORM if LABELS[label] in _BY_FORM else _CLAIMED)
        for word, label in enumerate(best)
    ]
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
