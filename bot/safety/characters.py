"""Characters made plain: case, look-alikes, invisible marks and emoji, with the way back to the original."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# Letters of other scripts (and shapes) that look like ours and do not fold under NFKD.
_LOOK_ALIKES: Final = dict(
    zip(
        "аеорсхуіјѕһԁӏвнкмтгпɡɑιοαερτυκνβηƖǀıøđłħŧꜱᴀᴅᴇɪᴋʟɴᴏᴛ",
        "aeopcxyijshdlvhkmtrngaioaeptukvbnlliodlhtsadeiklnot",
        strict=True,
    )
)
_APOSTROPHES: Final = frozenset("’‘ʼ＇`´′‛ʹ")
# Letters that show as nothing: used, like zero-width marks, to break a word in two.
_FILLERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Pictures that carry meaning here. All others become a space: a skull, for one, mostly means laughter.
_EMOJI: Final = {
    "💊": " tablets ",
    "🔪": " knife ",
    "🗡": " knife ",
    "🔫": " gun ",
    "🩸": " blood ",
    "⚰": " coffin ",
    "🪦": " grave ",
    "😂": " lol ",
    "🤣": " lol ",
    "😹": " lol ",
    "😆": " lol ",
    "👍": " yes ",
    "👎": " no ",
}


@dataclass(frozen=True, slots=True)
class PlainText:
    """Lower-case text in plain letters; `origins[i]` is the code point of the original that gave character i."""

    text: str
    origins: tuple[int, ...] | None

    def origin(self, index: int) -> int:
        """The original's code point for the character at `index`."""
        return index if self.origins is None else self.origins[index]


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    if character in _EMOJI:
        return _EMOJI[character]
    if character in _FILLERS or unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return ""
    folded = unicodedata.normalize("NFKD", character).lower()
    letters = "".join(_LOOK_ALIKES.get(part, part) for part in folded if not unicodedata.combining(part))
    return letters if letters.isascii() else " "


def make_plain(text: str) -> PlainText:
    """Fold `text` (NFKD without marks, which implies NFKC) to plain lower-case ASCII and remember the offsets."""
    if text.isascii():
        return PlainText(text.lower(), None)
    characters: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        plain = character.lower() if character.isascii() else _plain(character)
        characters.append(plain)
        origins.extend([index] * len(plain))
    return PlainText("".join(characters), tuple(origins))
