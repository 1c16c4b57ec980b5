"""A message as the screen reads it: plain words, where each came from, and where its sentences break."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.safety.characters import PlainText, make_plain
from bot.safety.spelling import Spelling

STOP: Final = "."
QUESTION: Final = "?"
BREAKS: Final = frozenset({STOP, QUESTION})

_PIECE: Final = re.compile(
    r"[a-z0-9$@][a-z0-9$@'*]*(?:[!|.\-_:,][a-z0-9$@*][a-z0-9$@'*]*)*|[.!?]+|[\n,;:()\"\-]+"
)
_BREAK_MARKS: Final = frozenset('.!?\n,;:()"-')
_PART: Final = re.compile(r"[a-z0-9$@'*]+|[.!?|]+|[,:]")
_APART: Final = re.compile(r"(?<![a-z0-9'])[a-z](?:[ .\-_*,/|]{1,3}[a-z]){2,59}(?![a-z0-9'])")


@dataclass(slots=True)
class Reading:
    """Plain words with, for each, the code points [start, end) of the original; `pauses` are softer breaks.

    A pause at index i is a comma, a dash, an ellipsis or a new line before word i: phrases may cross it, a negation
    may not.
    """

    words: list[str]
    starts: list[int]
    ends: list[int]
    pauses: set[int]

    def add(self, word: str, start: int, end: int) -> None:
        """Append one word (or a break) that the original's [start, end) gave."""
        self.words.append(word)
        self.starts.append(start)
        self.ends.append(end)

    def tail(self, count: int) -> Reading:
        """The last `count` words."""
        skipped = max(0, len(self.words) - count)
        pauses = {at - skipped for at in self.pauses if at >= skipped}
        return Reading(self.words[skipped:], self.starts[skipped:], self.ends[skipped:], pauses)

    def followed_by(self, later: Reading) -> Reading:
        """Both as one, with nothing between them (offsets stay each message's own)."""
        shift = len(self.words)
        return Reading(
            self.words + later.words,
            self.starts + later.starts,
            self.ends + later.ends,
            self.pauses | {at + shift for at in later.pauses},
        )


def read(text: str, spelling: Spelling) -> Reading:
    """Read `text`; time and memory are linear in its length."""
    plain = make_plain(text)
    reading = Reading([], [], [], set())
    at = 0
    for run in _APART.finditer(plain.text):
        _read_pieces(plain, at, run.start(), reading, spelling)
        _read_letters(plain, run, reading, spelling)
        at = run.end()
    _read_pieces(plain, at, len(plain.text), reading, spelling)
    return _without_staccato(reading)


def _read_pieces(plain: PlainText, start: int, end: int, reading: Reading, spelling: Spelling) -> None:
    single, known = spelling.single, spelling.known
    for piece in _PIECE.finditer(plain.text, start, end):
        typed = piece[0]
        if typed[0] in _BREAK_MARKS:
            _read_break(typed, plain, piece, reading)
            continue
        words = single.get(typed) or ((typed,) if typed in known else spelling.plain_words(typed))
        if words is None:
            _read_parts(plain, piece, reading, spelling)
        else:
            _add_words(words, plain, piece.start(), piece.end(), reading, spelling)


def _read_break(typed: str, plain: PlainText, piece: re.Match[str], reading: Reading) -> None:
    if "?" in typed:
        reading.add(QUESTION, plain.origin(piece.start()), plain.origin(piece.end() - 1) + 1)
    elif typed == "." or typed[0] == "!":
        reading.add(STOP, plain.origin(piece.start()), plain.origin(piece.end() - 1) + 1)
    else:
        reading.pauses.add(len(reading.words))


def _read_parts(plain: PlainText, piece: re.Match[str], reading: Reading, spelling: Spelling) -> None:
    """Words run together with marks between them (`self-harm`, `no.i`) are read one by one."""
    for part in _PART.finditer(plain.text, piece.start(), piece.end()):
        typed = part[0]
        if typed[0] in ".!?|":
            _read_break(typed, plain, part, reading)
        elif typed in ",:":
            reading.pauses.add(len(reading.words))
        else:
            words = spelling.plain_words(typed) or (typed,)
            _add_words(words, plain, part.start(), part.end(), reading, spelling)


def _read_letters(plain: PlainText, run: re.Match[str], reading: Reading, spelling: Spelling) -> None:
    """Letters typed apart: as words if they make known ones, else as they stand."""
    places = [at for at in range(run.start(), run.end()) if plain.text[at].isalpha()]
    letters = "".join(plain.text[at] for at in places)
    cuts = spelling.split_letters(letters)
    for first, last in cuts or [(at, at + 1) for at in range(len(letters))]:
        words = spelling.plain_words(letters[first:last]) or (letters[first:last],)
        _add_words(words, plain, places[first], places[last - 1] + 1, reading, spelling)


def _add_words(
    words: tuple[str, ...], plain: PlainText, first: int, last: int, reading: Reading, spelling: Spelling
) -> None:
    start, end = plain.origin(first), plain.origin(last - 1) + 1
    if reading.words and (reading.words[-1], words[0]) in spelling.pairs:
        merged = spelling.pairs[reading.words.pop(), words[0]]
        start, words = reading.starts.pop(), merged + words[1:]
        reading.ends.pop()
    for word in words:
        reading.add(word, start, end)


def _without_staccato(reading: Reading) -> Reading:
    """`I. Want. To. Die.` is one sentence: where most words are cut off by a stop, the stops are only pauses."""
    stops = reading.words.count(STOP)
    if stops < 3 or stops * 5 < len(reading.words) * 2:
        return reading
    calm = Reading([], [], [], set())
    for word, start, end in zip(reading.words, reading.starts, reading.ends, strict=True):
        if word == STOP:
            calm.pauses.add(len(calm.words))
        else:
            calm.add(word, start, end)
    return calm
