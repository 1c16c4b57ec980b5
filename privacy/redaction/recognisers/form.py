"""The base of every recogniser of identifiers that have a form: numbers, addresses, named places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from presidio_analyzer import Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from privacy.redaction.engine import Reading
from privacy.redaction.entities import Label


class FormRecogniser(PatternRecognizer):
    """Matches `PATTERNS` on the lower-cased message.

    A pattern's group `found`, where it has one, is the identifier; the rest is what must stand around it. A word
    of `CONTEXT` near a match adds `BOOST` to the pattern's score; what stays below the engine's threshold is
    dropped.
    """

    LABEL: ClassVar[Label]
    PATTERNS: ClassVar[list[Pattern]]
    CONTEXT: ClassVar[list[str]] = []
    BOOST: ClassVar[float] = 0.4
    BEFORE: ClassVar[int] = 40
    AFTER: ClassVar[int] = 25

    def __init__(self) -> None:
        super().__init__(
            supported_entity=self.LABEL.value,
            patterns=self.PATTERNS,
            context=self.CONTEXT,
            name=type(self).__name__,
        )
        # Presidio compiles with DOTALL, MULTILINE and IGNORECASE through `regex`; the text is lower case already,
        # and `re` is twice as fast on it.
        self._forms = [(re.compile(pattern.regex), pattern) for pattern in self.PATTERNS]
        self._context = (
            re.compile(r"(?<![a-z])(?:" + "|".join(self.CONTEXT) + r")(?![a-z])") if self.CONTEXT else None
        )

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """What was found in `text`, with the place of each."""
        folded = nlp_artifacts.folded if isinstance(nlp_artifacts, Reading) else text.lower()
        # A number may be broken over two lines.
        return list(self._found(folded.replace("\n", " "))) if self.may_hold(folded) else []

    def may_hold(self, folded: str) -> bool:
        """A quick look that spares the patterns when a message cannot hold the identifier."""
        return True

    def accepts(self, found: str, folded: str, start: int, end: int) -> bool:
        """Whether what matched is one: checksums, known prefixes, words that only look like it."""
        return True

    def score(self, base: float, found: str, near: bool) -> float:
        """The score of a match: `base` is the pattern's, `near` whether a word of CONTEXT stands near it."""
        return min(base + self.BOOST, 1.0) if near else base

    def _found(self, folded: str) -> Iterator[RecognizerResult]:
        for form, pattern in self._forms:
            for match in form.finditer(folded):
                start, end = match.span("found" if "found" in form.groupindex else 0)
                if start < end and self.accepts(folded[start:end], folded, start, end):
                    near = self._near(folded, start, end)
                    score = self.score(pattern.score, folded[start:end], near)
                    yield self.result(start, end, score)

    def _near(self, folded: str, start: int, end: int) -> bool:
        if self._context is None:
            return False
        around = f"{folded[max(start - self.BEFORE, 0) : start]}\x00{folded[end : end + self.AFTER]}"
        return self._context.search(around) is not None

    def result(self, start: int, end: int, score: float) -> RecognizerResult:
        """One find, as Presidio wants it."""
        return RecognizerResult(self.LABEL.value, start, end, score)


def has_digit(folded: str) -> bool:
    """Whether any ASCII digit stands in the message."""
    return any(digit in folded for digit in "0123456789")
