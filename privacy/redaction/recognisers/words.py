"""The base of recognisers that read word by word, and what small words tell about their neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from privacy.redaction.engine import Reading
from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import is_ordinary, lexicon

# Words that never begin or end a proper name in a message.
FUNCTION_WORDS: Final = lexicon("function_words")

RELATIONS: Final = lexicon("relations")


class WordsRecogniser(EntityRecognizer):
    """Finds stretches of words; a subclass says where they begin and end.

    What a list alone speaks for, and the network takes for ordinary words (`DOUBTED`), is not claimed; what the words
    around it make certain (`CERTAIN`) is claimed whatever the network says.
    """

    LABEL: ClassVar[Label]
    DOUBTED: ClassVar[float] = 0.15
    CERTAIN: ClassVar[float] = 0.75

    def __init__(self) -> None:
        super().__init__(supported_entities=[self.LABEL.value], name=type(self).__name__)

    def load(self) -> None:
        """The lists are read when first asked for."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """What was found in the message that `nlp_artifacts` reads."""
        if not isinstance(nlp_artifacts, Reading):
            return []
        return [
            RecognizerResult(self.LABEL.value, start, end, score)
            for start, end, score in self.spans(nlp_artifacts)
            if score >= self.CERTAIN or nlp_artifacts.belief(start, end) >= self.DOUBTED
        ]

    def spans(self, reading: Reading) -> Iterator[tuple[int, int, float]]:
        """The start, end and score of each find, in characters of the message."""
        raise NotImplementedError


def is_proper(word: str) -> bool:
    """Whether a word is more likely a name of something than a word of the language."""
    if word in FUNCTION_WORDS or not word[0].isalpha():
        return False
    return word in lexicon("places") or word in lexicon("given_names") or not is_ordinary(word)


def may_be_proper(word: str) -> bool:
    """Whether a word could be part of a name: a surname, a word-like name or town, or a proper word."""
    return is_proper(word) or any(
        word in lexicon(name) for name in ("surnames", "given_names_that_are_words", "places_that_are_words")
    )


def is_name(word: str) -> bool:
    """Whether `word` is a given name and nothing else."""
    if word in lexicon("given_names"):
        return True
    first, hyphen, second = word.partition("-")
    return bool(hyphen) and first in lexicon("given_names") and second.isalpha()


def bare(word: str) -> str:
    """A word without its possessive, also where the apostrophe is left out: "molly's", "mollys"."""
    return word[: len(word) - possessive(word)]


def possessive(word: str) -> int:
    """How many letters at the end of `word` are a possessive."""
    if word.endswith("'s"):
        return 2
    if word.endswith("s'"):
        return 1
    names = lexicon("given_names")
    if (
        word.endswith("s")
        and len(word) > 3
        and word not in names
        and word not in lexicon("surnames")
        and word[:-1] in names
        and not is_ordinary(word)
    ):
        return 1
    return 0
