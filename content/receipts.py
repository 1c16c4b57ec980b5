"""The receipt of an erasure, in words: what went, what stays and for how long, and whom to complain to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from content.periods import in_words
from content.rights import Rights
from content.sentences import fill
from privacy.text import WrittenText


def receipt_in_words(
    rights: Rights,
    code: str,
    at: datetime,
    erased: Mapping[str, int],
    kept: Mapping[str, int],
    periods: Mapping[str, int],
) -> list[WrittenText]:
    """The sentences of a receipt, in the order in which they are read."""
    words = rights.delete
    gone = [fill(words.counts[kind], count=count) for kind, count in erased.items() if count]
    lines = [fill(words.gone, kinds=", ".join(gone))] if gone else []
    if kept.get("clinical_record"):
        period = in_words(periods["clinical_records"])
        lines.append(fill(words.record_stays, count=kept["clinical_record"], period=period))
    if "legal_hold" in kept:
        lines.append(words.held)
    if kept:
        lines.append(words.complain)
    lines.append(fill(words.receipt, receipt=code, date=day_in_words(at)))
    return lines


def day_in_words(at: datetime) -> str:
    """Such as "3 May 2026", in UTC."""
    return f"{at.day} {at:%B} {at.year}"
