"""What a message is about, as a linear model taught by our own sentences reads it: it may raise what the lexicon found.

Logistic regression over words in a row and letters in a row (TF-IDF; Salton and Buckley, 1988). It was chosen over a
fine-tuned encoder because it did far better for the same two cores: docs/decisions/0015 has both. Its thresholds are
chosen from the table that `harbour train screen` prints; the decision has that too, with the reasons.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.safety.ngrams import Counted, of_letters, of_words
from bot.safety.reading import Reading
from bot.safety.screening import ResponseNeeded, SafetyQuestion

MODEL: Final = Path(__file__).parent / "model" / "screen.npz"
DIGEST: Final = MODEL.with_suffix(".sha256")

RESPONSES: Final = tuple(ResponseNeeded)
CATEGORIES: Final = (
    "suicide",
    "self_harm",
    "overdose_taken",
    "child_abuse",
    "domestic_abuse",
    "harm_to_others",
    "psychosis",
    "eating_disorder",
    "medical_emergency",
    "third_party",
    "bereaved_by_suicide",
    "exploitation",
    "neglect",
)

# At least so likely must a response be, or a more urgent one. See docs/decisions/0015 before changing one.
THRESHOLDS: Final = {
    ResponseNeeded.RESPOND_NOW: 0.6,
    ResponseNeeded.RESPOND_TODAY: 0.8,
    ResponseNeeded.ASK: 0.85,
}
_STRETCH: Final = 60
"""Words that are read at once. Of a longer message every stretch is read, and the most urgent one counts."""
_STEP: Final = 30
_AROUND: Final = 2

Shares = NDArray[np.float32]


class ModelChanged(Exception):
    """The model's file is not the one whose SHA-256 stands beside it, or it is missing."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model takes a message to need. `danger` is how likely any response is, 0 to 1.

    The words [first, last) of the reading told most.
    """

    response: ResponseNeeded
    category: str
    danger: float
    first: int
    last: int


class Classifier:
    """Reads messages that were made plain. May be used from several threads at once, and keeps nothing."""

    def __init__(self, places: Mapping[str, int], rarity: Shares, weights: Shares, biases: Shares) -> None:
        """Take the n-grams' places, how rare each is (IDF), and weights (n-grams, RESPONSES + CATEGORIES)."""
        self._places = places
        self._rarity = rarity
        self._weights = weights
        self._biases = biases

    @classmethod
    def load(cls) -> Self:
        """The taught model. Raises `ModelChanged` if it is not the one that was reviewed."""
        content = MODEL.read_bytes() if MODEL.exists() else b""
        if hashlib.sha256(content).hexdigest() != DIGEST.read_text(encoding="ascii").split()[0]:
            raise ModelChanged(
                f"{MODEL.name} is not the reviewed one: bring it back from the repository, or make it again with "
                "`harbour train screen`."
            )
        kept = np.load(io.BytesIO(content), allow_pickle=False)
        names = bytes(kept["names"]).decode().split("\n")
        places = {name: place for place, name in enumerate(names)}
        return cls(places, *(kept[name].astype(np.float32) for name in ("rarity", "weights", "biases")))

    def read(self, reading: Reading, asked: SafetyQuestion | None = None) -> Opinion:
        """What the message needs, read after the question that was `asked`."""
        stretches: dict[tuple[str, ...], int] = {}  # one that was read already says nothing new
        for first in range(0, max(len(reading.words) - _STEP, 1), _STEP):
            stretches.setdefault(tuple(reading.words[first : first + _STRETCH]), first)
        opinions = [self._read(words, first, asked) for words, first in stretches.items()]
        return max(opinions, key=lambda opinion: (opinion.response.urgency, opinion.danger))

    def shares(self, words: Sequence[str], asked: SafetyQuestion | None = None) -> Shares:
        """How likely each of RESPONSES is for so many words, the most dangerous stretch of them: for the table."""
        stretches = [
            self._likely(self._weigh(words[first : first + _STRETCH], asked))[0]
            for first in range(0, max(len(words) - _STEP, 1), _STEP)
        ]
        return min(stretches, key=lambda shares: float(shares[0]))

    def _read(self, words: Sequence[str], offset: int, asked: SafetyQuestion | None) -> Opinion:
        weighed = self._weigh(words, asked)
        responses, categories = self._likely(weighed)
        needed = next(
            (needed for needed, least in THRESHOLDS.items() if _at_least(responses, needed) >= least),
            ResponseNeeded.NONE,
        )
        first, last = self._told_most(weighed, len(words))
        return Opinion(
            needed,
            CATEGORIES[int(categories.argmax())],
            _at_least(responses, ResponseNeeded.ASK),
            offset + first,
            offset + last,
        )

    def _weigh(self, words: Sequence[str], asked: SafetyQuestion | None) -> list[tuple[Counted, int, float]]:
        """The n-grams that the model knows, each with its place and its weight in this message."""
        return [
            *weigh(of_words(words, asked), self._places, self._rarity),
            *weigh(of_letters(words), self._places, self._rarity),
        ]

    def _likely(self, weighed: Sequence[tuple[Counted, int, float]]) -> tuple[Shares, Shares]:
        places = [place for _, place, _ in weighed]
        values = np.array([value for _, _, value in weighed], np.float32)
        scores = self._biases + (values @ self._weights[places] if places else 0)
        responses = np.exp(scores[: len(RESPONSES)] - scores[: len(RESPONSES)].max())
        return responses / responses.sum(), scores[len(RESPONSES) :]

    def _told_most(self, weighed: Sequence[tuple[Counted, int, float]], count: int) -> tuple[int, int]:
        """The words around the one that spoke most for danger."""
        told = np.zeros(max(count, 1))
        for counted, place, value in weighed:
            row = self._weights[place]
            worth = value * float(row[1 : len(RESPONSES)].max() - row[0])
            told[counted.first : counted.last] += worth / (counted.last - counted.first)
        most = int(told.argmax())
        return max(most - _AROUND, 0), min(most + _AROUND + 1, count)


def weigh(
    counted: Iterable[Counted], places: Mapping[str, int], rarity: Any
) -> Iterator[tuple[Counted, int, float]]:
    """Each known n-gram once, with its place and its weight: (1 + log count) x IDF, the whole of length 1."""
    found: dict[str, Counted] = {}
    counts: Counter[str] = Counter()
    for each in counted:
        if each.name in places:
            found.setdefault(each.name, each)
            counts[each.name] += 1
    values = {name: (1 + math.log(count)) * float(rarity[places[name]]) for name, count in counts.items()}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    for name, value in values.items():
        yield found[name], places[name], value / length


def _at_least(responses: Shares, needed: ResponseNeeded) -> float:
    return float(sum(responses[place] for place, each in enumerate(RESPONSES) if each >= needed))
