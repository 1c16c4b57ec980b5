"""The shipped matrices of the ordinal mechanism, and those designed on the spot.

    python -m privacy.ldp.matrices      makes matrices.json again (a few minutes)

What Harbour itself collects always uses a shipped matrix. One designed on the spot is the same for the same
machine and release; reports and their estimates must use one and the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from privacy.ldp.budget import Epsilon, exact
from privacy.ldp.design import design
from privacy.ldp.ordinal import OrdinalMatrix
from privacy.ldp.values import check_domain

SHIPPED: Final = Path(__file__).parent / "matrices.json"
LARGEST_DOMAIN: Final = 64
_STARTS_WHEN_SHIPPED: Final = 16
_STARTS_ON_THE_SPOT: Final = 2


def matrix(domain: int, epsilon: Epsilon, *, not_applicable: bool = False) -> OrdinalMatrix:
    """The mechanism for a scale of `domain` values. Raises `ValueError` for more than `LARGEST_DOMAIN`."""
    if check_domain(domain) > LARGEST_DOMAIN:
        raise ValueError(f"An ordinal domain may have at most {LARGEST_DOMAIN} values.")
    wanted = (domain, exact(epsilon), not_applicable)
    for entry in _entries():
        if _key(entry) == wanted:
            return OrdinalMatrix(epsilon, entry["weights"])
    starts = _STARTS_ON_THE_SPOT
    return OrdinalMatrix(epsilon, design(domain, epsilon, not_applicable=not_applicable, starts=starts))


def is_shipped(domain: int, epsilon: Epsilon, *, not_applicable: bool = False) -> bool:
    """Whether there is a shipped matrix, which is the same everywhere."""
    return any(_key(entry) == (domain, exact(epsilon), not_applicable) for entry in _entries())


def _entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return entries


def _key(entry: dict[str, Any]) -> tuple[int, Fraction, bool]:
    return entry["domain"], Fraction(entry["epsilon"]), entry["not_applicable"]


def _worth_shipping() -> Iterator[tuple[int, str, bool]]:
    for epsilon in ("1", "2"):
        yield from ((domain, epsilon, False) for domain in (*range(3, 13), 16, 22, 28))
        yield from ((domain, epsilon, True) for domain in (5, 6, 12))


def _make() -> None:
    entries = []
    for domain, epsilon, not_applicable in _worth_shipping():
        weights = design(domain, epsilon, not_applicable=not_applicable, starts=_STARTS_WHEN_SHIPPED)
        entries.append(
            {"domain": domain, "epsilon": epsilon, "not_applicable": not_applicable, "weights": weights}
        )
        print(f"{domain} values, epsilon {epsilon}{', and not applicable' if not_applicable else ''}")
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    SHIPPED.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    _make()
