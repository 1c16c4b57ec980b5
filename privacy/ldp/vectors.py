"""The vectors that hold the samplers in Python and in JavaScript to the same reports for the same bytes.

python -m privacy.ldp.vectors      makes vectors.json again
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import shake_256
from pathlib import Path
from typing import Any, Final

from privacy.ldp.mechanisms import mechanism
from privacy.ldp.randomness import SecretSource

VECTORS: Final = Path(__file__).parent / "vectors.json"
_BYTES: Final = 4096
# Randomised response, sets that are listed, sets that are drawn cell by cell, and scales.
_CHOICES: Final = ((2, "1"), (3, "2"), (5, "2"), (8, "0.5"), (8, "2"), (16, "1"), (40, "1"), (5000, "8"))
_SCALES: Final = ((5, "1", False), (11, "2", False), (12, "2", True))
_OF_EACH: Final = 24


class Recorded:
    """Gives out the bytes of a text's hash, in order: no chance at all."""

    def __init__(self, seed: str) -> None:
        self._bytes = shake_256(seed.encode()).digest(_BYTES)
        self._at = 0

    def __call__(self, size: int) -> bytes:
        """The next `size` bytes. Raises `IndexError` when there are no more."""
        start, self._at = self._at, self._at + size
        if self._at > _BYTES:
            raise IndexError("There are no more recorded bytes.")
        return self._bytes[start : self._at]

    @property
    def given(self) -> bytes:
        """What was given out so far."""
        return self._bytes[: self._at]


def made() -> list[dict[str, Any]]:
    """Every vector: a rule for browsers, and reports with the value and the bytes (in hex) that they come from."""
    return [{"rule": rule.for_browsers(), "reports": list(_reports(name, rule))} for name, rule in _rules()]


def _rules() -> Iterator[tuple[str, Any]]:
    for domain, epsilon in _CHOICES:
        yield f"subset {domain} {epsilon}", mechanism(domain, epsilon)
    for domain, epsilon, apart in _SCALES:
        name = f"ordinal {domain} {epsilon}"
        yield name, mechanism(domain, epsilon, ordinal=True, not_applicable=apart)


def _reports(name: str, rule: Any) -> Iterator[dict[str, Any]]:
    for number in range(_OF_EACH):
        value = number * (rule.domain - 1) // (_OF_EACH - 1)
        recorded = Recorded(f"{name} {number}")
        report = rule.perturb(value, SecretSource(fill=recorded))
        yield {"value": value, "bytes": recorded.given.hex(), "report": list(report)}


if __name__ == "__main__":
    VECTORS.write_text(json.dumps(made()).replace('{"rule"', '\n{"rule"') + "\n", encoding="utf-8")
