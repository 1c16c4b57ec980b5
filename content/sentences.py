"""Sentences as content files hold them: one, or several ways of saying one thing."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Annotated, Final, Self, TypeAlias

from pydantic import BeforeValidator, GetCoreSchemaHandler, PlainSerializer
from pydantic_core import CoreSchema, core_schema

from privacy.text import WrittenText

PLACEHOLDERS: Final = frozenset(
    {
        *("target", "name", "role", "limit", "minutes", "mood", "count"),
        *("before", "date", "kinds", "period", "reason", "receipt"),
    }
)
"""The only words that a sentence may hold in braces; the code that says the sentence fills them."""


def _some_words(value: object) -> WrittenText:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("Write a sentence here, in quotes if it holds a colon or is only a number.")
    text = " ".join(value.split())
    placeholders(text)
    return WrittenText(text)


def _one_sentence(value: object) -> WrittenText:
    text = _some_words(value)
    unknown = placeholders(text) - PLACEHOLDERS
    if unknown:
        raise ValueError(
            f"{{{'}, {'.join(sorted(unknown))}}} cannot be filled in. "
            f"Use only: {', '.join(sorted(PLACEHOLDERS))}."
        )
    return text


def placeholders(text: str) -> frozenset[str]:
    """The names in braces in a sentence."""
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise ValueError("A brace is not closed. Write {name}, or leave braces out.") from error
    return frozenset(names)


def fill(text: WrittenText, **values: str | int) -> WrittenText:
    """The sentence with its placeholders filled by reviewed values (a target, a clinician's first name).

    Never fill a sentence with what a patient typed. Raises `KeyError` when a value is missing.
    """
    return WrittenText(text.format(**values)) if placeholders(text) else text


Sentence: TypeAlias = Annotated[
    WrittenText,
    BeforeValidator(_one_sentence),
    PlainSerializer(str, return_type=str),
]


class Variants(tuple[WrittenText, ...]):
    """Several ways of saying one thing, best first, so that a conversation need not repeat itself."""

    __slots__ = ()

    def pick(self, said: Sequence[str] = (), **values: str | int) -> WrittenText:
        """The first way that is not among the sentences already `said` (oldest first).

        When all have been said, the one said longest ago. Placeholders are filled from `values`.
        """
        ways = [fill(way, **values) for way in self]
        last_said = {sentence: turn for turn, sentence in enumerate(said)}
        return min(ways, key=lambda way: last_said.get(way, -1))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls._read)

    @classmethod
    def _read(cls, value: object) -> Self:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not value:
            raise ValueError("Write a list here: one way of saying it on each line that starts with '-'.")
        ways = cls(cls._sentence(way) for way in value)
        if len(set(ways)) < len(ways):
            raise ValueError("Two of these are the same. Change one or take it out.")
        return ways

    @classmethod
    def _sentence(cls, value: object) -> WrittenText:
        return _one_sentence(value)


class Retold(Variants):
    """Ways of saying one thing that may hold a person's own answers, by the keys of their steps: ``{situation}``.

    Whoever reads the file checks that the steps are there (`content.guides`).
    """

    __slots__ = ()

    @classmethod
    def _sentence(cls, value: object) -> WrittenText:
        return _some_words(value)
