"""Several recognisers may claim the same words; every claimed character goes, under the best label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from privacy.redaction.entities import Entity, Label

_NUMBERS: Final = frozenset({Label.ID, Label.CARD, Label.NHS_NUMBER, Label.NI_NUMBER, Label.IP_ADDRESS})


def apart(text: str, claims: Iterable[Entity]) -> tuple[Entity, ...]:
    """The claims in order of place, none overlapping.

    The longer wins ("61 duke street" over "duke"), then the stronger. What a losing claim covers besides is
    kept under its own label if it holds a letter or a digit; of a number, if it holds a digit.
    """
    kept: list[Entity] = []
    for claim in sorted(claims, key=_strength):
        rivals = sorted(other for other in kept if claim.start < other.end and other.start < claim.end)
        kept.extend(_left_over(text, claim, rivals) if rivals else [claim])
    return tuple(sorted(kept))


def _strength(claim: Entity) -> tuple[int, float, int, str]:
    return (claim.start - claim.end, -claim.score, claim.start, claim.label)


def _left_over(text: str, claim: Entity, rivals: list[Entity]) -> Iterator[Entity]:
    """The parts of `claim` before, between and after its rivals."""
    reached = claim.start
    for rival in rivals:
        yield from _words(text, reached, rival.start, claim)
        reached = max(reached, rival.end)
    yield from _words(text, reached, claim.end, claim)


def _words(text: str, start: int, end: int, claim: Entity) -> Iterator[Entity]:
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    if start < end and (claim.label not in _NUMBERS or any(map(str.isdigit, text[start:end]))):
        yield Entity(start, end, claim.label, claim.score)
