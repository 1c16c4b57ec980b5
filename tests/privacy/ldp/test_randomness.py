"""Whole numbers are drawn evenly, shown for every pair of bytes that the system could give."""

from __future__ import annotations

from collections import Counter

import pytest

from privacy.ldp.randomness import SecretSource


class Again(Exception):
    """The source asked for more bytes."""


@pytest.mark.parametrize("bound", [1, 2, 3, 7, 100, 200, 255])
def test_every_number_below_a_bound_has_the_same_number_of_bytes_that_lead_to_it(bound: int) -> None:
    found: Counter[int] = Counter()
    for drawn in range(1 << 16):
        blocks = iter([drawn.to_bytes(2)])

        def fill(size: int, blocks: object = blocks) -> bytes:
            assert size == 2
            block = next(blocks, None)  # type: ignore[call-overload]
            if block is None:
                raise Again
            return bytes(block)

        try:
            found[SecretSource(0, fill).below(bound)] += 1
        except Again:
            found[-1] += 1
    again = found.pop(-1, 0)
    assert again < 256
    assert set(found) == set(range(bound))
    assert len(set(found.values())) == 1


def test_bytes_are_never_used_twice() -> None:
    handed_out: list[bytes] = []

    def fill(size: int) -> bytes:
        handed_out.append(bytes((len(handed_out) * size + place) % 251 for place in range(size)))
        return handed_out[-1]

    source = SecretSource(7, fill)
    drawn = [source.below(256**2 - 1) for _ in range(9)]
    # Three bytes a draw, and a block's last byte is let go.
    assert len(handed_out) == 5
    assert len(set(drawn)) == 9


def test_there_is_nothing_below_zero() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        SecretSource().below(0)
