"""The small language that the lexicon's phrases are written in, and its compiler.

A phrase is words in a row. Each word of a message becomes one character, so a phrase becomes a regular expression over
a string with one character a word: fast, and a match's position is a word's position.

    die               the word
    {tablets}         any entry of the slot `tablets` (an entry is itself a phrase)
    (a lot|loads)     any of these
    word?             perhaps
    {really}*3        up to three of these
    _2                up to two words of any kind, but no negation and no end of sentence
    ~8                up to eight words, sentences may end among them
    !now              the next word is not this
    <my               the word before is this; <!my it is not
    ^  $              the first and the last word of the message
    .                 the sentence or the message ends here
    #few #some #many #lots #dose #bigdose #time    numbers by size (see `spelling.number_token`)

Every repetition is bounded, so matching is linear in the length of the message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.safety.reading import BREAKS

_TOKEN: Final = re.compile(r"<!|[()|!<^$.]|\{[a-z_]+\}|_\d+|~\d+|\?|\*\d+|[a-z0-9#]+")
_FIRST_CODE: Final = 0x4E00
_UNKNOWN: Final = "x"


class PhraseError(ValueError):
    """A phrase in the lexicon cannot be understood."""


@dataclass(slots=True)
class Codes:
    """One character for each word of the vocabulary; every other word shares one."""

    by_word: dict[str, str] = field(default_factory=lambda: {mark: mark for mark in BREAKS})

    def code(self, word: str) -> str:
        """The character of `word`, which joins the vocabulary."""
        return self.by_word.setdefault(word, chr(_FIRST_CODE + len(self.by_word)))

    def encode(self, words: Sequence[str]) -> str:
        """The message as one character a word."""
        get = self.by_word.get
        return "".join([get(word, _UNKNOWN) for word in words])

    def any_of(self, words: frozenset[str]) -> str:
        """The character class of `words`."""
        return "".join(sorted(re.escape(self.code(word)) for word in words))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase. `needs`: from each of these sets, at least one character occurs wherever it matches."""

    source: str
    pattern: re.Pattern[str]
    needs: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a phrase: its regular expression, and the single words that it may be (None: not one word)."""

    regex: str
    words: frozenset[str] | None
    needs: tuple[frozenset[str], ...]
    firsts: frozenset[str] | None


class PhraseBook:
    """Compiles phrases over the given slots.

    `variants` ({plain words: [typed forms]}) lets a phrase use any typed form, which is read as the plain words, as it
    will be in a message. `alike` ({word: [others]}) are words that stand for each other in every phrase. `gap_stops`
    are words that a gap (`_2`) may not step over.
    """

    def __init__(
        self,
        slots: Mapping[str, Sequence[str]],
        variants: Mapping[str, Sequence[str]],
        alike: Mapping[str, Sequence[str]],
        gap_stops: Sequence[str],
    ) -> None:
        self.codes = Codes()
        self._slots = slots
        self._alike = alike
        typed_forms = {typed: plain for plain, forms in variants.items() for typed in forms}
        self._plain = {typed: plain.split() for typed, plain in typed_forms.items() if " " not in typed}
        self._pairs = {typed: plain for typed, plain in typed_forms.items() if " " in typed}
        self._pair = re.compile(rf"\b(?:{'|'.join(map(re.escape, self._pairs))})\b") if self._pairs else None
        self._ready: dict[str, _Part] = {}
        self._open: list[str] = []
        self._gap = f"[^{self.codes.any_of(frozenset(gap_stops) | BREAKS)}]"

    def compile(self, source: str) -> Phrase:
        """Compile one phrase; raises PhraseError, naming the phrase, when it is malformed."""
        part = self._parse(source)
        if not part.needs:
            raise PhraseError(f"every word may be left out of the phrase {source!r}")
        needs = tuple(frozenset(map(self.codes.code, words)) for words in part.needs)
        return Phrase(source, re.compile(part.regex), needs)

    def _parse(self, source: str) -> _Part:
        if self._pair:
            source = self._pair.sub(lambda found: self._pairs[found[0]], source)
        tokens = _TOKEN.findall(source)
        if "".join(tokens) != source.replace(" ", ""):
            raise PhraseError(f"cannot read the phrase {source!r}")
        part = self._choice(tokens, source)
        if tokens:
            raise PhraseError(f"a bracket is not opened in the phrase {source!r}")
        return part

    def _choice(self, tokens: list[str], source: str) -> _Part:
        options = [self._row(tokens, source)]
        while tokens and tokens[0] == "|":
            tokens.pop(0)
            options.append(self._row(tokens, source))
        return self._any(options)

    def _any(self, options: Sequence[_Part]) -> _Part:
        if len(options) == 1:
            return options[0]
        single = frozenset[str]().union(*(option.words for option in options if option.words))
        longer = [option.regex for option in options if option.words is None]
        if not longer:
            return self._one(single)
        firsts = frozenset[str]().union(*(option.firsts or () for option in options))
        known = all(option.firsts for option in options)
        one = [f"[{self.codes.any_of(single)}]"] if single else []
        return _Part(
            f"(?:{'|'.join([*longer, *one])})", None, (firsts,) if known else (), firsts if known else None
        )

    def _one(self, words: frozenset[str]) -> _Part:
        return _Part(f"[{self.codes.any_of(words)}]", words, (words,), words)

    def _row(self, tokens: list[str], source: str) -> _Part:
        parts: list[_Part] = []
        while tokens and tokens[0] not in "|)":
            parts.append(self._repeated(self._item(tokens, source), tokens))
        if not parts:
            raise PhraseError(f"an empty choice in the phrase {source!r}")
        return parts[0] if len(parts) == 1 else self._in_a_row(parts)

    def _in_a_row(self, parts: Sequence[_Part]) -> _Part:
        needs = tuple(need for part in parts for need in part.needs)
        firsts = next((part.firsts for part in parts if part.firsts), None)
        return _Part("".join(part.regex for part in parts), None, needs, firsts)

    def _repeated(self, part: _Part, tokens: list[str]) -> _Part:
        if not tokens or tokens[0][0] not in "?*":
            return part
        mark = tokens.pop(0)
        often = "?" if mark == "?" else f"{{0,{mark[1:]}}}"
        return _Part(f"(?:{part.regex}){often}", None, (), None)

    def _item(self, tokens: list[str], source: str) -> _Part:
        piece = tokens.pop(0)
        if piece == "(":
            part = self._choice(tokens, source)
            if not tokens or tokens.pop(0) != ")":
                raise PhraseError(f"a bracket is not closed in the phrase {source!r}")
            return part
        if piece[0] in "<!":
            return self._look(piece, self._item(tokens, source), source)
        if piece == "^":
            return _Part(r"\A", None, (), None)
        if piece == "$":
            return _Part(r"[.?]{0,3}\Z", None, (), None)
        if piece == ".":
            return _Part(r"(?=[.?]|\Z)", None, (), None)
        if piece[0] == "_":
            return _Part(f"{self._gap}{{0,{piece[1:]}}}?", None, (), None)
        if piece[0] == "~":
            return _Part(f".{{0,{piece[1:]}}}?", None, (), None)
        return self._slot(piece[1:-1], source) if piece[0] == "{" else self._word(piece, source)

    def _look(self, mark: str, part: _Part, source: str) -> _Part:
        if part.words is None:
            raise PhraseError(f"{mark} takes single words in the phrase {source!r}")
        sign = {"!": "?!", "<": "?<=", "<!": "?<!"}[mark]
        return _Part(f"({sign}{part.regex})", None, (), None)

    def _word(self, word: str, source: str) -> _Part:
        if not word[0].isalnum() and word[0] != "#":
            raise PhraseError(f"{word!r} is out of place in the phrase {source!r}")
        plain = self._plain.get(word, [word])
        ones = [self._one(frozenset((each, *self._alike.get(each, ())))) for each in plain]
        return ones[0] if len(ones) == 1 else self._in_a_row(ones)

    def _slot(self, name: str, source: str) -> _Part:
        if name in self._open or name not in self._slots:
            raise PhraseError(f"the slot {name!r} is unknown or contains itself, in {source!r}")
        if name not in self._ready:
            self._open.append(name)
            self._ready[name] = self._any([self._parse(str(entry)) for entry in self._slots[name]])
            self._open.pop()
        return self._ready[name]
