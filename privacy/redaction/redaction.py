"""A redacted message: what may be kept of what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from privacy.redaction.entities import Entity
from privacy.redaction.numbering import Numbering
from privacy.text import RedactedText, _redacted


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch [start, end) of the typed message and what is shown for it: itself, or one placeholder."""

    start: int
    end: int
    shown: str
    placeholder: bool


@dataclass(frozen=True, slots=True)
class Redaction:
    """The redacted `text` of a message and the `entities` that were found in it, in order, never overlapping.

    It holds nothing of the identifiers themselves.
    """

    text: RedactedText
    entities: tuple[Entity, ...]
    _pieces: tuple[Piece, ...] = field(repr=False, compare=False)
    before: RedactedText | None = field(default=None, repr=False)
    """The message before this one, as it must be kept from now on: an identifier began in it that this one ends."""

    def excerpt(self, start: int, end: int) -> RedactedText:
        """The redacted form of the typed span [start, end), in code points of the message.

        An identifier that the span touches is shown whole, as its placeholder; an empty span shows nothing.
        """
        touched = (piece for piece in self._pieces if piece.start < end and start < piece.end and start < end)
        return _redacted("".join(_part(piece, start, end) for piece in touched))


def withheld() -> Redaction:
    """What is kept of a message that could not be redacted: that there was one, and none of its words."""
    notice = _redacted("[This message could not be redacted, so its words were not kept.]")
    return Redaction(notice, (), ())


def _part(piece: Piece, start: int, end: int) -> str:
    if piece.placeholder:
        return piece.shown
    return piece.shown[max(start - piece.start, 0) : end - piece.start]


@dataclass(frozen=True, slots=True)
class Continued:
    """An identifier that began in the message `before`, at its code point `start`, and ends in this one.

    `whole` is all of it, and `entity` the part in this message.
    """

    before: RedactedText
    start: int
    whole: str = field(repr=False)
    entity: Entity


def build(
    typed: str, entities: tuple[Entity, ...], numbering: Numbering, continued: Continued | None = None
) -> Redaction:
    """Cut `entities`, sorted and apart from each other, out of `typed`."""
    pieces, before = tuple(_pieces(typed, entities, numbering, continued)), None
    if continued is not None:
        before = _redacted(continued.before[: continued.start] + pieces[0].shown)
    return Redaction(_redacted("".join(piece.shown for piece in pieces)), entities, pieces, before)


def _pieces(
    typed: str, entities: tuple[Entity, ...], numbering: Numbering, continued: Continued | None
) -> Iterable[Piece]:
    reached = 0
    for entity in entities:
        if reached < entity.start:
            yield Piece(reached, entity.start, _storable(typed[reached : entity.start]), False)
        part = typed[entity.start : entity.end]
        whole = continued.whole if continued is not None and entity == continued.entity else part
        number = numbering.number(entity.label, whole)
        yield Piece(entity.start, entity.end, f"<{entity.label}_{number}>", True)
        reached = entity.end
    if reached < len(typed):
        yield Piece(reached, len(typed), _storable(typed[reached:]), False)


def _storable(typed: str) -> str:
    """A lone surrogate cannot be written as UTF-8; U+FFFD stands for it, one for one."""
    if typed.isascii():
        return typed
    return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in typed)
