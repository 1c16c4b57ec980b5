"""Presidio's engine with our recognisers alone: nothing default, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from spacy.tokens import Doc
from spacy.vocab import Vocab

from privacy.redaction.tagger import Beliefs, Tagger

LANGUAGE: Final = "en"
THRESHOLD: Final = 0.5  # a form that needs context scores less without it

# A word keeps its apostrophe and its hyphen, so that "molly's" and "anne-marie" are one word.
WORD: Final = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|\n|[^\w\s]|_")


class Reading(NlpArtifacts):
    """A message as the recognisers see it: lower-cased, cut into words, each with its place."""

    def __init__(self, text: str, engine: NlpEngine, tagger: Tagger) -> None:
        self.text = text
        self._tagger = tagger
        self.folded = text.lower()
        self.matches = list(WORD.finditer(self.folded))
        self.words = [match.group() for match in self.matches]
        offsets = [match.start() for match in self.matches]
        super().__init__([], Doc(_VOCAB), offsets, [], engine, LANGUAGE)

    @cached_property
    def beliefs(self) -> Beliefs:
        """What the network believes of each word."""
        return self._tagger.read(self.text, self.words, self.matches)

    def belief(self, start: int, end: int) -> float:
        """How surely the network takes some word in the characters [start, end) for part of an identifier."""
        inside = [
            place for place, match in enumerate(self.matches) if match.start() < end and start < match.end()
        ]
        return float(1 - self.beliefs[inside, 0].min()) if inside else 0.0

    @cached_property
    def cased(self) -> bool:
        """Whether the writer uses capitals as in print, so that a capital inside a sentence means a name."""
        letters = [character for character in self.text if character.isalpha()]
        capitals = sum(character.isupper() for character in letters)
        return bool(letters) and letters[0].isupper() and capitals * 4 < len(letters)


_VOCAB = Vocab()


class WordsEngine(NlpEngine):
    """Cuts a message into words, and has the network read them when a recogniser first asks."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger

    def load(self) -> None:
        """Nothing is loaded."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def process_text(self, text: str, language: str) -> Reading:
        """The words of `text`."""
        return Reading(text, self, self._tagger)

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 1, n_process: int = 1, **kwargs: Any
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """The words of each text, one by one."""
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:
        """Never: our recognisers weigh context themselves."""
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """Whether `word` holds no letter and no digit."""
        return not any(character.isalnum() for character in word)

    def get_supported_entities(self) -> list[str]:
        """None: it only cuts words."""
        return []

    def get_supported_languages(self) -> list[str]:
        """English."""
        return [LANGUAGE]


class NoEnhancer(ContextAwareEnhancer):
    """Leaves scores alone: each of our recognisers looks for its context where it matters, and Presidio's
    own lemma search copies every result deeply first."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """The results as they are."""
        return raw_results


def build_engine(recognisers: Iterable[EntityRecognizer], tagger: Tagger) -> AnalyzerEngine:
    """An engine that runs exactly `recognisers` over what `tagger` read."""
    registry = RecognizerRegistry(recognizers=list(recognisers), supported_languages=[LANGUAGE])
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=WordsEngine(tagger),
        context_aware_enhancer=NoEnhancer(),
        default_score_threshold=THRESHOLD,
        supported_languages=[LANGUAGE],
    )
