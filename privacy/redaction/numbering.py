"""The number in a placeholder: the same person keeps the same number, and nobody's name is kept for it."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from privacy.redaction.entities import Label
from privacy.redaction.normalise import normalise

_KEY_BYTES: Final = 32
_GIVEN: Final = "GIVEN"  # a given name seen as part of a full name, so that "scott" finds "scott brennan"
_NUMBERS = frozenset({Label.PHONE, Label.NHS_NUMBER, Label.CARD})


class Numbering:
    """Numbers the identifiers of one conversation.

    `key` is 32 random bytes made for the conversation and destroyed with it. `known` maps keyed hashes
    (HMAC-SHA-256, RFC 2104) to numbers; it can be kept as JSON and handed back for the next message. Raises
    `ValueError` for a short key.
    """

    def __init__(self, key: bytes, known: Mapping[str, int] | None = None) -> None:
        if len(key) < _KEY_BYTES:
            raise ValueError(f"A numbering key needs at least {_KEY_BYTES} bytes.")
        self._key = key
        self._known = dict(known or {})

    @property
    def known(self) -> dict[str, int]:
        """The numbers given so far, for storing: it names nobody to those who lack the key."""
        return dict(self._known)

    def number(self, label: str, identifier: str) -> int:
        """The number of `identifier` among those with `label`, counting from 1; a new one if it is new."""
        words = _canonical(label, identifier)
        if label == Label.PERSON:
            return self._number_of_person(words)
        return self._known.setdefault(self._name(label, words), self._next(label))

    def _number_of_person(self, words: str) -> int:
        """A given name alone is the person last known by it; a second surname is a second person."""
        given, _, surname = words.partition(" ")
        whole, alone = self._name(Label.PERSON, words), self._name(Label.PERSON, given)
        first = self._name(_GIVEN, given)
        number = self._known.get(whole)
        if number is None and not surname:
            number = self._known.get(first)
        elif number is None and first not in self._known:
            number = self._known.get(alone)
        if number is None:
            number = self._next(Label.PERSON)
        self._known[whole] = number
        if surname:
            self._known.setdefault(first, number)
        return number

    def _next(self, label: str) -> int:
        return 1 + max((n for name, n in self._known.items() if name.startswith(f"{label}:")), default=0)

    def _name(self, label: str, words: str) -> str:
        message = f"{label}\x00{words}".encode("utf-8", "surrogatepass")
        return f"{label}:{hmac.new(self._key, message, sha256).hexdigest()[:32]}"


def _canonical(label: str, identifier: str) -> str:
    """The part of an identifier that stays when it is typed differently: "07700 900 123", "07700900123"."""
    folded = normalise(identifier).folded
    if label in _NUMBERS:
        digits = "".join(character for character in folded if character.isdigit())
        return digits.removeprefix("0044").removeprefix("44").lstrip("0") or folded
    if label in (Label.POSTCODE, Label.NI_NUMBER, Label.ID):
        return "".join(character for character in folded if character.isalnum())
    return " ".join(folded.split())
