"""A copy of a message with its disguises taken off, and the way back to the message's own offsets.

People (and those who test us) type `𝓈𝒶𝓂`, `j\u200bohn` with a zero-width space inside, or `Ѕаm` in Cyrillic. The
recognisers read plain letters; what they find is cut out of what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# The look-alikes of Latin letters that NFKD (Unicode Standard Annex 15) does not already take apart.
_LOOKS_LIKE = {
    **dict(zip("аеорсухіјѕԁһӏԛԝѵвкмнтгп", "aeopcyxijsdhlqwvbkmhtrn", strict=True)),
    **dict(zip("АЕОРСУХІЈЅВКМНТӀԚԜ", "AEOPCYXIJSBKMHTIQW", strict=True)),
    **dict(zip("αορνικτυχεηωβγ", "aopviktuxenwby", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢɑɡıøłđħ", "abcdefghijklmnoprtuvwyzagioldh", strict=True)),
    **dict(zip("ØŁĐĦ", "OLDH", strict=True)),
    **dict.fromkeys("‘’‛ʼ`´′＇", "'"),
    **dict.fromkeys("“”„″", '"'),
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "Æ": "AE",
    "Œ": "OE",
    "þ": "th",
    "ð": "d",
    "\u3164": "",
    "\u115f": "",
    "\u1160": "",
}
_SPACES = frozenset({"Zs", "Zl", "Cc"})
_INVISIBLE = frozenset({"Cf", "Mn", "Me"})


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` as a reader would see it, its case kept; `starts[i]` and `ends[i]` bound, in the message that
    was typed, the code points that character i came from."""

    text: str
    folded: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The typed span behind the characters [start, end), which must not be empty."""
        return self.starts[start], self.ends[end - 1]


# "j a m i e", "b.r.o.w.n": four letters or more, each by itself; kisses ("x x x x") are not a word.
_SPACED: Final = re.compile(r"(?<![^\W_])([^\W\d_])([ .*_-]{1,2})(?:[^\W\d_]\2){2,}[^\W\d_](?![^\W_])")
_KISSES: Final = frozenset("xoXO .*_-")
# A sign that nobody types inside a number or between single letters: a picture, a bullet, a heart.
_PICTURE: Final = re.compile(
    r"(?<=\d)[^\w\s!-~£€]+(?=\d)|(?<=\b[^\W\d_])[^\w\s!-~£€]+(?=[^\W\d_])|(?<=[^\W\d_])[^\w\s!-~£€]+(?=[^\W\d_]\b)"
)


def normalise(typed: str) -> Normalised:
    """Take the disguises off `typed`. Accepts any `str`, lone surrogates too."""
    if typed.isascii() and typed.isprintable():
        offsets = range(len(typed) + 1)
        return _joined(Normalised(typed, typed.lower(), offsets[:-1], offsets[1:]))
    shown: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for offset, character in enumerate(typed):
        plain = _plain(character)
        if not plain and ends and unicodedata.category(character) in ("Mn", "Me"):
            ends[-1] = offset + 1  # an accent is cut out with its letter
        for letter in plain:
            shown.append(letter)
            starts.append(offset)
            ends.append(offset + 1)
    text = "".join(shown)
    return _joined(Normalised(text, text.lower(), starts, ends))


def _joined(reading: Normalised) -> Normalised:
    """Without the signs that were put between the letters of a word or the digits of a number to hide it."""
    dropped = {
        place
        for spaced in _SPACED.finditer(reading.text)
        if not _KISSES.issuperset(spaced.group())
        for place in range(spaced.start(), spaced.end())
        if not reading.text[place].isalpha()
    }
    if not reading.text.isascii():
        dropped.update(
            place for sign in _PICTURE.finditer(reading.text) for place in range(sign.start(), sign.end())
        )
    if not dropped:
        return reading
    kept = [place for place in range(len(reading.text)) if place not in dropped]
    text = "".join(reading.text[place] for place in kept)
    return Normalised(
        text, text.lower(), [reading.starts[place] for place in kept], [reading.ends[place] for place in kept]
    )


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    """What one typed code point reads as: often itself, nothing if invisible, letters if it is a ligature."""
    if character == "\n" or (character.isascii() and character.isprintable()):
        return character
    return "".join(shown for part in unicodedata.normalize("NFKD", character) for shown in _plain_part(part))


def _plain_part(part: str) -> str:
    if part in _LOOKS_LIKE:
        return _LOOKS_LIKE[part]
    category = unicodedata.category(part)
    if category in _INVISIBLE:
        return ""
    if category in _SPACES:
        return " "
    if category == "Cs":
        return "\ufffd"  # a lone surrogate, which no encoding can carry
    if category == "Pd":
        return "-"
    if category == "Nd":
        return str(unicodedata.digit(part))
    return part if len(part.lower()) == 1 else "".join(letter for letter in part.lower() if letter.isalnum())
