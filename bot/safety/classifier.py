"""What a message is about, as models taught by our own sentences read it: they may raise what the lexicon found.

Two read it: logistic regression over words in a row and letters in a row (TF-IDF; Salton and Buckley, 1988), which
knows how people put things, and another over the sentence's vector (`meaning.py`), which knows what other words mean
the same. The geometric mean of their likelihoods counts, so that either may doubt. docs/decisions/0015 says why both.
The thresholds are chosen from the table that `harbour train screen` prints; the decision has that too, with reasons.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.safety import meaning
from bot.safety.meaning import Meaning
from bot.safety.ngrams import Counted, of_letters, of_words
from bot.safety.reading import BREAKS, Reading
from bot.safety.screening import ResponseNeeded, SafetyQuestion
from encoder.model_file import ModelChanged

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
    ResponseNeeded.RESPOND_NOW: 0.25,
    ResponseNeeded.RESPOND_TODAY: 0.35,
    ResponseNeeded.ASK: 0.3,
}
# The same for one sentence of several, which is read by itself as well, so that chat around it does not hide it.
THRESHOLDS_BY_ITSELF: Final = {
    ResponseNeeded.RESPOND_NOW: 0.4,
    ResponseNeeded.RESPOND_TODAY: 0.5,
    ResponseNeeded.ASK: 0.5,
}
_SHORTEST_SENTENCE: Final = 3
_STRETCH: Final = 60
"""Words that are read at once. Of a longer message every stretch is read, and the most urgent one counts."""
_STEP: Final = 30
_READ_TWICE: Final = 4
"""Of a longer message, so many stretches, the most dangerous by their words, are also read by their meaning."""
_AROUND: Final = 2
_SUSPECTED: Final = 0.3
_PLAINLY_HARMLESS: Final = 0.03
"""Where the words alone make danger less likely than this, its meaning is not read, which takes most of the time: on
the tuning messages it changed nothing."""

Shares = NDArray[np.float32]


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


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Some of a message's words, from the word at `offset` on, with their n-grams and what these alone say."""

    words: Sequence[str]
    offset: int
    weighed: Sequence[tuple[Counted, int, float]]
    responses: Shares
    categories: Shares
    thresholds: Mapping[ResponseNeeded, float] = field(default_factory=lambda: THRESHOLDS)

    @property
    def danger(self) -> float:
        """How likely any response is, by the n-grams."""
        return 1 - float(self.responses[0])


class Classifier:
    """Reads messages that were made plain. May be used from several threads at once, and keeps nothing."""

    def __init__(
        self, places: Mapping[str, int], rarity: Shares, weights: Shares, biases: Shares, meant: Meaning
    ) -> None:
        """Take the n-grams' places, how rare each is (IDF), and weights (n-grams, RESPONSES + CATEGORIES)."""
        self._places = places
        self._rarity = rarity
        self._weights = weights
        self._biases = biases
        self._meant = meant

    @classmethod
    def load(cls) -> Self:
        """The taught models. Raises `ModelChanged` if a file is not the one that was reviewed."""
        content = MODEL.read_bytes() if MODEL.exists() else b""
        if hashlib.sha256(content).hexdigest() != DIGEST.read_text(encoding="ascii").split()[0]:
            raise ModelChanged(
                f"{MODEL.name} is not the reviewed one: bring it back from the repository, or make it again with "
                "`harbour train screen`."
            )
        kept = np.load(io.BytesIO(content), allow_pickle=False)
        names = bytes(kept["names"]).decode().split("\n")
        places = {name: place for place, name in enumerate(names)}
        numbers = {name: kept[name].astype(np.float32) for name in kept.files if name != "names"}
        meant = Meaning.load({name: numbers[name] for name in meaning.NAMES})
        return cls(places, numbers["rarity"], numbers["weights"], numbers["biases"], meant)

    def read(self, reading: Reading, asked: SafetyQuestion | None = None) -> Opinion:
        """What the message needs, read after the question that was `asked`."""
        stretches = [*self._stretches(reading.words, asked), *self._sentences(reading.words, asked)]
        opinions = [
            self._opinion(stretch, responses) for stretch, responses in self._weighed(stretches, asked)
        ]
        return max(opinions, key=lambda opinion: (opinion.response.urgency, opinion.danger))

    def suspects(self, reading: Reading) -> bool:
        """Whether the words alone make danger likely enough to be worth a full reading."""
        return any(stretch.danger >= _SUSPECTED for stretch in self._stretches(reading.words, None))

    def shares(self, words: Sequence[str], asked: SafetyQuestion | None = None) -> Shares:
        """How likely each of RESPONSES is for so many words, the most dangerous stretch of them: for the table."""
        weighed = self._weighed(self._stretches(words, asked), asked)
        return min((shares for _, shares in weighed), key=lambda shares: float(shares[0]))

    def _weighed(
        self, stretches: Iterable[_Stretch], asked: SafetyQuestion | None
    ) -> Iterator[tuple[_Stretch, Shares]]:
        """The stretches that matter most, and how likely each of RESPONSES is by words and meaning together."""
        for stretch in sorted(stretches, key=lambda stretch: stretch.danger)[-_READ_TWICE:]:
            if stretch.danger < _PLAINLY_HARMLESS:
                yield stretch, stretch.responses
                continue
            both = np.sqrt(stretch.responses * self._meant.likely(stretch.words, asked))
            yield stretch, both / both.sum()

    def _stretches(self, words: Sequence[str], asked: SafetyQuestion | None) -> Iterator[_Stretch]:
        seen = set[tuple[str, ...]]()  # one that was read already says nothing new
        for offset in range(0, max(len(words) - _STEP, 1), _STEP):
            stretch = tuple(words[offset : offset + _STRETCH])
            if stretch not in seen:
                seen.add(stretch)
                weighed = self._weigh(stretch, asked)
                yield _Stretch(stretch, offset, weighed, *self._likely(weighed))

    def _sentences(self, words: Sequence[str], asked: SafetyQuestion | None) -> Iterator[_Stretch]:
        """Each sentence of several that may speak of danger, to be read by itself; a long message has stretches."""
        if len(words) > _STRETCH:
            return
        borders = [-1, *(place for place, word in enumerate(words) if word in BREAKS), len(words)]
        if all(word in BREAKS for word in words[borders[1] :]):
            return
        for before, after in pairwise(borders):
            if after - before > _SHORTEST_SENTENCE:
                sentence = words[before + 1 : after]
                for stretch in self._stretches(sentence, asked):
                    if stretch.danger >= _SUSPECTED:
                        yield replace(
                            stretch, offset=before + 1 + stretch.offset, thresholds=THRESHOLDS_BY_ITSELF
                        )

    def _opinion(self, stretch: _Stretch, responses: Shares) -> Opinion:
        needed = next(
            (needed for needed, least in stretch.thresholds.items() if _at_least(responses, needed) >= least),
            ResponseNeeded.NONE,
        )
        first, last = self._told_most(stretch.weighed, len(stretch.words))
        return Opinion(
            needed,
            CATEGORIES[int(stretch.categories.argmax())],
            _at_least(responses, ResponseNeeded.ASK),
            stretch.offset + first,
            stretch.offset + last,
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
