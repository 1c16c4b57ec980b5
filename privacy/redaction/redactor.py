"""The redactor: what was typed goes in, what may be kept comes out."""

from __future__ import annotations

import secrets
from typing import Self

from presidio_analyzer import AnalyzerEngine

from privacy.redaction.engine import LANGUAGE, build_engine
from privacy.redaction.entities import Entity
from privacy.redaction.normalise import Normalised, normalise
from privacy.redaction.numbering import Numbering
from privacy.redaction.overlaps import apart
from privacy.redaction.recognisers import every_recogniser
from privacy.redaction.redaction import Redaction, build


class Redactor:
    """Finds identifiers and replaces them by typed, numbered placeholders such as `<PERSON_1>`.

    It keeps nothing between calls and may be used from several threads at once.
    """

    def __init__(self, engine: AnalyzerEngine) -> None:
        self._engine = engine

    @classmethod
    def load(cls) -> Self:
        """Read the name lists and the model. Raises `ModelChanged` if the model is not the reviewed one."""
        return cls(build_engine(every_recogniser()))

    def redact(self, text: str, numbering: Numbering | None = None) -> Redaction:
        """The redaction of `text`, any `str` at all; `numbering` is the conversation's, if it has one.

        Offsets in the result are code points of `text`.
        """
        reading = normalise(text)
        entities = apart(text, self._found(reading)) if reading.text else ()
        return build(text, entities, numbering or Numbering(secrets.token_bytes(32)))

    def _found(self, reading: Normalised) -> list[Entity]:
        results = self._engine.analyze(reading.text, LANGUAGE)
        return [
            Entity(*reading.span(found.start, found.end), found.entity_type, round(found.score, 3))
            for found in results
        ]
