"""The word lists that come with the redactor, read once. Their README says where each comes from."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_STRETCHED = re.compile(r"(.)\1{2,}")
_DATA = Path(__file__).parent / "data"


@cache
def lexicon(name: str) -> frozenset[str]:
    """The lines of `data/<name>.txt`, comments left out."""
    lines = (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def is_ordinary(word: str) -> bool:
    """Whether `word`, lower-cased, is an ordinary word of English or of chat, in any of its forms."""
    words = lexicon("words")
    bare = word.replace("'", "")
    if _STRETCHED.search(bare):  # "sooooo", "oldddd"
        bare = _STRETCHED.sub(r"\1", bare)
    return (
        word in words
        or bare in words
        or word.isdigit()
        or any(
            bare.endswith(end) and bare[: -len(end)] in words for end in ("s", "es", "ed", "ing", "d", "in")
        )
    )
