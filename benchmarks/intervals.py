"""How sure a measured share is."""

from __future__ import annotations

import math


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95% score interval of a proportion (Wilson 1927)."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, hits / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(centre - spread, 0.0), min(centre + spread, 1.0)


def shown(hits: int, count: int) -> str:
    """A share with its interval, in percent."""
    low, high = wilson(hits, count)
    return f"{100 * hits / max(1, count):5.1f} ({100 * low:4.1f} to {100 * high:5.1f})"
