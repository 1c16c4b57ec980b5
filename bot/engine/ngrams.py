"""Turns a text into countable pieces: words, pairs of words, and runs of letters within words.

Runs of letters forgive the spelling of somebody in distress; pairs keep "not ok" apart from "ok".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_PLACEHOLDER = re.compile(r"<([A-Za-z_]+?)(?:_\d+)?>")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_WORD = re.compile(r"<\w+>|[^\W_]+(?:'[^\W_]+)*|[?!]")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_SHORTEST_RUN = 2
_LONGEST_RUN = 5
_LONGEST_TEXT = 2000


def pieces(text: str) -> Counter[str]:
    """How often each piece occurs in `text`. Only its first 2,000 characters count."""
    words = _words(text[:_LONGEST_TEXT])
    found: Counter[str] = Counter(words)
    found.update(f"{first} {second}" for first, second in zip(["^", *words], [*words, "$"], strict=True))
    for word in words:
        if word[0] != "<":
            found.update(_runs(f"_{word}_"))
    return found


def is_run(piece: str) -> bool:
    """Whether a piece is a run of letters, and not a word or a pair."""
    return piece[0] == "#"


def as_read(text: str) -> str:
    """`text` as a network for plain English should read it: `<PERSON_2>` is "person"."""
    return _PLACEHOLDER.sub(lambda found: found[1].replace("_", " "), text[:_LONGEST_TEXT])


def _words(text: str) -> list[str]:
    """Lower-case words. `<PERSON_2>` becomes `<person>`, every number `<n>`, "sooooo" "soo"."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2019", "'").lower()
    plain = _PLACEHOLDER.sub(r" <\1> ", plain)
    return _WORD.findall(_NUMBER.sub(" <n> ", _DRAWN_OUT.sub(r"\1\1", plain)))


def _runs(word: str) -> list[str]:
    return [
        "#" + word[start : start + length]
        for length in range(_SHORTEST_RUN, min(_LONGEST_RUN, len(word)) + 1)
        for start in range(len(word) - length + 1)
    ]
