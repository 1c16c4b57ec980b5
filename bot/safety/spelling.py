"""How words are really typed: slips, text-speak, dialect, leet and words broken up to slip past a filter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

_LEET: Final = str.maketrans("013457$@!|8", "oieastsail" + "b")
_LEET_L: Final = str.maketrans("013457$@!|8", "oleastsall" + "b")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
_DOSE: Final = re.compile(r"(\d+(?:\.\d+)?)(mgs?|mcg|g|ml)")
_TIME: Final = re.compile(r"\d{1,2}(?:[:.]\d\d)?(?:am|pm)|\d{1,2}:\d\d")
_BIG_DOSE_MG: Final = 2000
_COUNT: Final = re.compile(r"(\d+)x|x(\d+)")
_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "s": (), "d": ("would",), "ll": ("will",), "ve": ("have",), "re": ("are",)
}  # fmt: skip
_SHORTEST_SLIP: Final = 5
_LONGEST_WORD: Final = 24
_NEIGHBOURS: Final[Mapping[str, str]] = {
    "a": "seiou", "b": "vn", "c": "vks", "d": "sf", "e": "wraiou", "f": "dg", "g": "fh", "h": "gj", "i": "uoaey",
    "j": "hk", "k": "jlc", "l": "k", "m": "n", "n": "mb", "o": "ipaeu", "p": "o", "q": "w", "r": "et", "s": "adzc",
    "t": "ry", "u": "yiaeo", "v": "cb", "w": "qe", "x": "zc", "y": "tui", "z": "xs",
}  # fmt: skip


def number_token(amount: float) -> str:
    """A stand-in for a number by size: #few (under 3), #some (3 to 7), #many (8 to 199), #lots (200 or more)."""
    if amount < 3:
        return "#few"
    if amount < 8:
        return "#some"
    return "#many" if amount < 200 else "#lots"


def slips_of(word: str) -> set[str]:
    """The likely one-key mistypings of `word`: a letter left out, two swapped, one doubled, a near key or vowel."""
    slips: set[str] = set()
    for at, letter in enumerate(word):
        before, after = word[:at], word[at + 1 :]
        slips.add(before + after)
        slips.add(before + letter + letter + after)
        if after:
            slips.add(before + after[0] + letter + after[1:])
        slips.update(before + near + after for near in _NEIGHBOURS.get(letter, ""))
    return {slip for slip in slips if len(slip) >= _SHORTEST_SLIP} - {word}


@dataclass(frozen=True, slots=True)
class Spelling:
    """Turns what was typed into the lexicon's words.

    `known` is the lexicon's vocabulary; `single` maps one typed word to its plain words, `pairs` two words in a row;
    `guarded` are the words that are looked for even when letters are starred out.
    """

    known: frozenset[str]
    single: Mapping[str, tuple[str, ...]]
    pairs: Mapping[tuple[str, str], tuple[str, ...]]
    guarded: tuple[str, ...]

    @classmethod
    def build(
        cls,
        known: Iterable[str],
        variants: Mapping[str, Sequence[str]],
        guarded: Iterable[str],
        real_words: Iterable[str],
    ) -> Spelling:
        """Build from {plain words: [typed forms]}; `guarded` words also catch slips that are not `real_words`."""
        vocabulary = set(known)
        single: dict[str, tuple[str, ...]] = {}
        pairs: dict[tuple[str, str], tuple[str, ...]] = {}
        for plain, typed_forms in variants.items():
            for typed in typed_forms:
                first, _, second = typed.partition(" ")
                if second:
                    pairs[first, second] = tuple(plain.split())
                else:
                    single[typed] = tuple(plain.split())
        taken = vocabulary | set(single) | set(real_words)
        guarded = list(guarded)
        for word in guarded:
            vocabulary.add(word)
            for slip in slips_of(word) - taken:
                single.setdefault(slip, (word,))
        return cls(frozenset(vocabulary), single, pairs, tuple(sorted(set(guarded))))

    def knows(self, word: str) -> bool:
        """Whether `word` is in the vocabulary, or is a known way of typing something that is."""
        return word in self.known or word in self.single

    def plain_words(self, typed: str) -> tuple[str, ...] | None:
        """The plain words for one `typed` word, or None when it must be split or is not understood as a word."""
        if typed in self.single:
            return self.single[typed]
        if typed in self.known:
            return (typed,)
        if typed.isalpha():
            return self._unstretched(typed) if _stretched(typed) else self._full_ending(typed)
        if typed[0].isdigit() or typed[0] == "x":
            number = _number(typed)
            if number:
                return (number,)
        return self._disguised(typed)

    def _full_ending(self, word: str) -> tuple[str, ...]:
        """`endin` as `ending`, when that is a known word."""
        full = word + "g"
        return self.single.get(full, (full,)) if word.endswith("in") and self.knows(full) else (word,)

    def _disguised(self, typed: str) -> tuple[str, ...] | None:
        bare = typed.replace("'", "")
        if bare in self.single:
            return self.single[bare]
        if bare.isalpha():
            return self._without_ending(typed) or self._unstretched(bare)
        for alphabet in (_LEET, _LEET_L):
            word = bare.translate(alphabet)
            if word.isalpha() and self.knows(word):
                return self.single.get(word, (word,))
        joined = "".join(letter for letter in bare if letter.isalnum())
        if joined.isalpha() and len(joined) >= _SHORTEST_SLIP and self.knows(joined):
            return self.single.get(joined, (joined,))
        return self._starred(bare) if "*" in bare else None

    def _without_ending(self, typed: str) -> tuple[str, ...] | None:
        """`everybody'd` as `everyone would`, and `blade's` as `knife`."""
        word, mark, ending = typed.rpartition("'")
        if not mark or ending not in _ENDINGS:
            return None
        return (*self.single.get(word, (word,)), *_ENDINGS[ending])

    def _unstretched(self, word: str) -> tuple[str, ...]:
        """`pleaaase` and `killlll` as known words: each run of a letter shortened to two, then to one."""
        runs = [(letter, len(list(run))) for letter, run in groupby(word)]
        for longest in (2, 1):
            shorter = "".join(
                letter * (min(count, longest) if count > 2 else count) for letter, count in runs
            )
            if self.knows(shorter):
                return self.single.get(shorter, (shorter,))
        shorter = "".join(letter for letter, _ in runs)
        return self.single.get(shorter, (shorter,)) if self.knows(shorter) else (word,)

    def _starred(self, typed: str) -> tuple[str, ...] | None:
        """A guarded word with letters starred out (`su*cide`)."""
        if len(typed) > _LONGEST_WORD or typed.count("*") * 2 > len(typed):
            return None
        shape = re.compile("".join("[a-z]?" if part == "*" else re.escape(part) for part in typed))
        match = next((word for word in self.guarded if word[0] == typed[0] and shape.fullmatch(word)), None)
        return (match,) if match else None

    def split_letters(self, letters: str) -> list[tuple[int, int]] | None:
        """Cut letters typed apart (`killmyself` from `k i l l m y s e l f`) into known words: [(from, to)]."""
        letters = letters[:60]
        best: list[list[tuple[int, int]] | None] = [[]] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 14), end):
                before = best[start]
                if (
                    before is not None
                    and (end - start > 1 or letters[start] in "ia")
                    and self.knows(letters[start:end])
                ):
                    best[end] = [*before, (start, end)]
                    break
        cuts = best[len(letters)]
        return cuts if cuts and any(end - start >= 3 for start, end in cuts) else None


def _stretched(word: str) -> bool:
    return any(
        first == second == third for first, second, third in zip(word, word[1:], word[2:], strict=False)
    )


def _number(typed: str) -> str | None:
    if _NUMBER.fullmatch(typed):
        return number_token(float(typed.replace(",", "")[:9]))
    dose = _DOSE.fullmatch(typed)
    if dose:
        return "#bigdose" if dose[2].startswith("mg") and float(dose[1][:9]) >= _BIG_DOSE_MG else "#dose"
    if _TIME.fullmatch(typed):
        return "#time"
    count = _COUNT.fullmatch(typed)
    return number_token(float((count[1] or count[2])[:9])) if count else None
