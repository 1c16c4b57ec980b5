"""The redactor: what was typed goes in, what may be kept comes out."""

from __future__ import annotations

import secrets
from typing import Final, Self

from presidio_analyzer import AnalyzerEngine

from privacy.redaction.engine import LANGUAGE, build_engine
from privacy.redaction.entities import Entity
from privacy.redaction.normalise import normalise
from privacy.redaction.numbering import Numbering
from privacy.redaction.overlaps import apart
from privacy.redaction.recognisers import every_recogniser
from privacy.redaction.redaction import Continued, Redaction, build
from privacy.redaction.tagger import Tagger
from privacy.text import RedactedText

_SHORT: Final = 8
"""Words that a message may have to be read as the end of the one before it."""
_TAIL: Final = 60


class Redactor:
    """Finds identifiers and replaces them by typed, numbered placeholders such as `<PERSON_1>`.

    It keeps nothing between calls and may be used from several threads at once.
    """

    def __init__(self, engine: AnalyzerEngine) -> None:
        self._engine = engine

    @classmethod
    def load(cls) -> Self:
        """Read the name lists and the model. Raises `ModelChanged` if the model is not the reviewed one."""
        return cls(build_engine(every_recogniser(), Tagger.load()))

    def redact(
        self, text: str, numbering: Numbering | None = None, before: RedactedText | None = None
    ) -> Redaction:
        """The redaction of `text`, any `str` at all; `numbering` is the conversation's, if it has one.

        `before` is what the same person sent just before: "my name is", and then the name; half a number, and then
        the rest. Offsets in the result are code points of `text`.
        """
        numbering = numbering or Numbering(secrets.token_bytes(32))
        entities = self._found(text)
        continued = None
        if before and len(text.split()) <= _SHORT:
            entities, continued = self._read_on(before, text, entities)
        kept = apart(text, entities)
        if continued is not None and continued.entity not in kept:
            continued = None
        return build(text, kept, numbering, continued)

    def _read_on(
        self, before: RedactedText, text: str, alone: list[Entity]
    ) -> tuple[list[Entity], Continued | None]:
        """What is found when a short message is read as the end of the one before it, besides `alone`."""
        tail = before[before.rfind(">") + 1 :][-_TAIL:]
        joined = f"{tail}\n{text}"
        shift = len(tail) + 1
        read = apart(joined, self._found(joined))
        later = [_shifted(entity, shift) for entity in read if entity.start >= shift]
        for entity in read:
            if entity.start < len(tail) and entity.end > shift:
                part = Entity(0, entity.end - shift, entity.label, entity.score)
                whole, start = joined[entity.start : entity.end], len(before) - len(tail) + entity.start
                rest = [each for each in [*alone, *later] if each.start >= part.end]
                return [part, *rest], Continued(before, start, whole, part)
        return [*alone, *later], None

    def _found(self, text: str) -> list[Entity]:
        reading = normalise(text)
        if not reading.text:
            return []
        results = self._engine.analyze(reading.text, LANGUAGE)
        return [
            Entity(*reading.span(found.start, found.end), found.entity_type, round(found.score, 3))
            for found in results
        ]


def _shifted(entity: Entity, by: int) -> Entity:
    return Entity(entity.start - by, entity.end - by, entity.label, entity.score)
