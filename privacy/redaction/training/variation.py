"""Each sentence as other people might have typed it: other names and places, other capitals, slips of the thumb.

Every pass over the corpus draws anew, so that the network hardly ever reads the same message twice.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from privacy.redaction.entities import Label
from privacy.redaction.training import sentences
from privacy.redaction.training.corpus import Sample, build, parts_of

_KEPT: Final = 0.35
"""How often an identifier stays as it was written."""
_BORROWED: Final = (Label.SCHOOL, Label.WORKPLACE, Label.HEALTHCARE, Label.ADDRESS)
"""Labels whose identifiers are exchanged among the sentences: their names are too many ways made to be invented."""
_BETWEEN: Final = (" ", ". ", ", ", " and ", " but ", " cos ", "\n", " so ", "... ", "! ", "? ", "  ")
_TITLES: Final = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "doctor",
        "sir",
        "prof",
        "professor",
        "pc",
        "sgt",
        "nurse",
        "rev",
        "father",
        "sister",
    ]
)
_DIGITS: Final = frozenset(
    {Label.PHONE, Label.NHS_NUMBER, Label.NI_NUMBER, Label.CARD, Label.ID, Label.POSTCODE, Label.IP_ADDRESS}
)


class Variation:
    """Draws variations of `samples`; the same seed draws the same."""

    def __init__(self, samples: Sequence[Sample], seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - sentences are no secret
        self._plain = [sample for sample in samples if not sample.spans]
        self._pool: dict[Label, list[str]] = defaultdict(list)
        for sample in samples:
            for start, end, label in sample.spans:
                self._pool[label].append(sample.text[start:end])

    def of(self, samples: Iterable[Sample]) -> Iterator[Sample]:
        """One variation of each sample."""
        for sample in samples:
            varied = self._exchanged(sample)
            if self._chance.random() < 0.25:
                varied = self._joined(varied, self._chance.choice(self._plain))
            yield self._recased(self._mistyped(varied))

    def _exchanged(self, sample: Sample) -> Sample:
        """The message with other identifiers in place of some; the same name twice stays the same name."""
        drawn: dict[str, str] = {}

        def exchange() -> Iterator[tuple[str, Label | None]]:
            before = ""
            for part, label in parts_of(sample):
                if label is None:
                    yield part, None
                else:
                    key = part.lower()
                    if key not in drawn:
                        drawn[key] = self._other(part, label, before)
                    yield drawn[key], label
                before = part

        return build(exchange())

    def _other(self, part: str, label: Label, before: str) -> str:
        if self._chance.random() < _KEPT:
            return part
        if label is Label.PERSON:
            return _like(part, self._person(part, before))
        if label is Label.LOCATION:
            return _like(part, sentences.place(self._chance))
        if label in _BORROWED:
            return (
                _like(part, self._chance.choice(self._pool[label])) if self._chance.random() < 0.6 else part
            )
        if label in _DIGITS:
            return "".join(
                self._chance.choice("0123456789") if sign.isdigit() and place else sign
                for place, sign in enumerate(part)
            )
        return part

    def _person(self, part: str, before: str) -> str:
        """Another name of the same make: a surname after a title, a full name for a full name."""
        words = part.split()
        title = (before.lower().replace(".", " ").split() or [""])[-1] in _TITLES
        if len(words) == 1 and title:
            return sentences.surname(self._chance)
        if len(words) == 1 and len(part.strip(".")) > 2:
            return sentences.given_name(self._chance)
        if len(words) in (2, 3) and all(len(word) > 2 for word in words):
            middle = self._chance.choice(
                [
                    "",
                    "",
                    "",
                    "",
                    f" {self._chance.choice('abcdefghjklmnprstvw')}",
                    f" {self._chance.choice('abcdefghjklmnprstvw')}.",
                ]
            )
            return f"{sentences.given_name(self._chance)}{middle} {sentences.surname(self._chance)}"
        return part

    def _joined(self, first: Sample, second: Sample) -> Sample:
        if self._chance.random() < 0.5:
            first, second = second, first
        between = self._chance.choice(_BETWEEN)
        return build(iter([*parts_of(first), (between, None), *parts_of(second)]))

    def _mistyped(self, sample: Sample) -> Sample:
        """Now and then a letter dropped, doubled, swapped or mistaken, in names as in words."""
        if self._chance.random() < 0.5:
            return sample
        return build((sentences.mistyped(self._chance, part), label) for part, label in parts_of(sample))

    def _recased(self, sample: Sample) -> Sample:
        """Mostly as written; else all small, all capital, or with the capitals of a careful writer."""
        draw = self._chance.random()
        if draw < 0.46:
            return sample
        if draw < 0.76:
            return _spelt(sample, lambda part, _label: part.lower())
        if draw < 0.79:
            return _spelt(sample, lambda part, _label: part.upper())
        if draw < 0.88:
            return _spelt(sample, self._shouted_here_and_there)
        cased = _spelt(sample, lambda part, label: _titled(part) if label in _NAMED else part)
        return _with_capitals(cased) if draw < 0.96 else cased

    def _shouted_here_and_there(self, part: str, _label: Label | None) -> str:
        """Capitals where they mean nothing: on any word, or on every one as in a headline."""
        share = self._chance.choice((0.1, 0.25, 0.25, 1.0))
        return " ".join(
            word[:1].upper() + word[1:] if self._chance.random() < share else word for word in part.split(" ")
        )


_NAMED: Final = frozenset(
    {Label.PERSON, Label.LOCATION, Label.ADDRESS, Label.SCHOOL, Label.WORKPLACE, Label.HEALTHCARE}
)


def _spelt(sample: Sample, spell: Callable[[str, Label | None], str]) -> Sample:
    """The message respelt piece by piece; pieces whose length would change stay."""

    def respelt(part: str, label: Label | None) -> str:
        spelt = spell(part, label)
        return spelt if len(spelt) == len(part) else part

    return build((respelt(part, label), label) for part, label in parts_of(sample))


def _with_capitals(sample: Sample) -> Sample:
    letters = list(sample.text)
    begins = True
    for place, letter in enumerate(letters):
        alone = letter == "i" and not (
            sample.text[max(place - 1, 0) : place].isalnum() or sample.text[place + 1 : place + 2].isalnum()
        )
        if letter.isalpha() and (begins or alone) and len(letter.upper()) == 1:
            letters[place] = letter.upper()
        begins = letter in ".!?\n" or (begins and not letter.isalnum())
    return Sample("".join(letters), sample.spans)


def _titled(part: str) -> str:
    return " ".join(
        word[:1].upper() + word[1:] if word not in ("of", "the", "and") else word for word in part.split(" ")
    )


def _like(part: str, other: str) -> str:
    """`other` with the capitals of `part`."""
    letters = [letter for letter in part if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return other.upper()
    if letters and letters[0].isupper():
        return _titled(other)
    return other.lower()
