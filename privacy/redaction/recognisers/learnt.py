"""Identifiers that the network finds by what stands around them: names in no list, employers nobody has heard of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from privacy.redaction.engine import THRESHOLD, Reading
from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import is_mistyped, is_ordinary, lexicon
from privacy.redaction.recognisers.phone import HELPLINES
from privacy.redaction.recognisers.words import FUNCTION_WORDS, RELATIONS, bare, possessive
from privacy.redaction.tagger import LABELS, Beliefs

_CLAIMED: Final = 0.3
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
_CLAIMED_WORD: Final = 0.6
"""The same for a name of one word that is an ordinary one ("buttercup")."""
_CLAIMED_NAME: Final = 0.5
"""The same where that word is a given name too ("rich", "penny")."""
_ORGANISED: Final = frozenset({Label.SCHOOL, Label.WORKPLACE, Label.HEALTHCARE, Label.ADDRESS})
_PLACED: Final = _PLACES | _ORGANISED
_GOES_ON: Final = 0.2
"""How surely a word must belong to some identifier where the word before it is claimed for a place."""
_ENDINGS: Final = lexicon("institution_endings") | lexicon("workplace_endings")
_LONGEST_ENDING: Final = 3
_GENERIC: Final = lexicon("school_generic") | lexicon("healthcare_generic") | lexicon("workplace_no_name")
_EVERYBODYS: Final = lexicon("national_services")
_MONTHS: Final = frozenset({"april", "may", "june", "august"})
_BEFORE_A_MONTH: Final = frozenset(
    {"in", "since", "until", "till", "til", "during", "early", "mid", "late", "last", "next", "every", "this"}
)
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
            yield first, _end(reading, stop, label), label, score


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
        digits = "".join(filter(str.isdigit, text))
        return len(digits) >= _DIGITS_OF_AN_ID and digits not in HELPLINES
    if label is not Label.WORKPLACE and " ".join(words) in _EVERYBODYS:
        return False
    if label is Label.PERSON:
        around = reading.folded[max(reading.matches[first].start() - 2, 0) :][: len(text) + 2]
        if _ABBREVIATION.search(around) or _is_month(reading.words, first, stop):
            return False
        least = _CLAIMED_NAME if words[0] in lexicon("given_names_that_are_words") else _CLAIMED_WORD
        return score >= least or len(words) > 1 or not is_ordinary(words[0])
    if label not in _PLACES:
        return True
    if all(word.isdigit() or word in _GENERIC for word in words):
        return False
    return score >= _CLAIMED_ORDINARY or not all(is_ordinary(word) for word in words)


def _is_month(words: list[str], first: int, stop: int) -> bool:
    """Whether a name that is a month stands where a month does: "since may", "3 june", "last august"."""
    if stop - first > 1 or words[first] not in _MONTHS:
        return False
    before = words[max(first - 1, 0) : first]
    return any(word in _BEFORE_A_MONTH for word in before) or any(
        word[0].isdigit() for word in before + words[stop : stop + 1]
    )


def _is_replaced(reading: Reading, first: int, stop: int, replaced: list[tuple[int, int]]) -> bool:
    """Whether it is in a placeholder: a message may quote one."""
    start, end = reading.matches[first].start(), reading.matches[stop - 1].end()
    return any(start < to and since < end for since, to in replaced)


def _scored(sure: float) -> float:
    """Between the engine's threshold, which every claim has passed in its own way, and `_SUREST`."""
    return THRESHOLD + (_SUREST - THRESHOLD) * sure


def claims(beliefs: Beliefs) -> Iterator[tuple[int, int, Label, float]]:
    """Each identifier in `beliefs`: the words [first, stop), its label and how sure the surest word is, 0 to 1.

    Places that touch are one ("nisa on mill lane", "dunmore call centre"), under the label that most of it speaks for.
    """
    begins, goes_on = beliefs[:, 1::2], beliefs[:, 2::2]
    either = begins + goes_on
    labels = [LABELS[best] for best in either.argmax(axis=1)]
    sure = 1 - beliefs[:, 0]
    first = 0
    while first < len(labels):
        stop = first + 1
        if sure[first] < _CLAIMED or labels[first] not in _LEARNT:
            first = stop
            continue
        while stop < len(labels) and _continues(
            labels[first], labels[stop], sure[stop], begins[stop], goes_on[stop]
        ):
            stop += 1
        label = labels[first]
        if label in _PLACED:
            told = either[first:stop].sum(axis=0)
            label = max(_PLACED, key=lambda each: float(told[LABELS.index(each)]))
        yield first, stop, label, round(float(sure[first:stop].max()), 3)
        first = stop


def _continues(label: Label, following: Label, sure: float, begins: Beliefs, goes_on: Beliefs) -> bool:
    """Whether a word goes on with the identifier of `label` before it."""
    if label in _PLACED and following in _PLACED:
        return sure >= _GOES_ON
    at = LABELS.index(label)
    return sure >= _CLAIMED and following is label and goes_on[at] >= begins[at]


def _end(reading: Reading, stop: int, label: Label) -> int:
    if label is Label.PERSON:
        return _end_of_name(reading, stop)
    return _end_of_institution(reading.words, stop) if label in _ORGANISED else stop


def _end_of_institution(words: list[str], stop: int) -> int:
    """Where the name ends of a firm or a practice that the network saw to `stop`: after "scaffolding", "care home"."""
    for end in range(min(stop + _LONGEST_ENDING, len(words)), stop, -1):
        if any(" ".join(words[start:end]) in _ENDINGS for start in (stop - 1, stop)):
            return end
    return stop


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
