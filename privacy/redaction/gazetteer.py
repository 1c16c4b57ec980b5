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
        or (bare.endswith("in") and f"{bare}g" in words)
        or any(
            bare.endswith(end) and bare[: -len(end)] in words for end in ("s", "es", "ed", "ing", "d", "in")
        )
    )


def is_mistyped(word: str) -> bool:
    """Whether a long `word` is an ordinary one but for one letter: dropped, added, mistaken or swapped."""
    if len(word) < 6:
        return False
    words, letters = lexicon("words"), "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return (
        any(left + right[1:] in words for left, right in cuts if right)
        or any(left + right[1] + right[0] + right[2:] in words for left, right in cuts if len(right) > 1)
        or any(left + letter + right[1:] in words for left, right in cuts if right for letter in letters)
        or any(left + letter + right in words for left, right in cuts for letter in letters)
    )
