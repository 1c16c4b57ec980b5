"""Towns and areas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from privacy.redaction.engine import Reading
from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import lexicon
from privacy.redaction.recognisers.words import WordsRecogniser

# Words that lead to a place, the strong ones to nothing else.
_LIVES: Final = re.compile(
    r"(?:live[sd]?|living|moved?|moving|born|grew up|raised|based|stay(?:ing|ed)?|relocated|up"
    r"|down|over|back|from|originally|been|stuck|went|go|going|drive|drove|train"
    r"|bus) (?:[a-z]+ )?(?:in|to|near|from|outside|round|around)$|(?:^|\W)im from$|(?:^"
    r"|\W)i'm from$|(?:^|\W)from$"
)
_PREPOSITIONS: Final = frozenset(
    {"in", "to", "from", "near", "at", "around", "outside", "through", "round", "of", "via"}
)
_PRODUCTS: Final = lexicon("location_products")
_LONGEST: Final = 4


class LocationRecogniser(WordsRecogniser):
    """A town whose name is nothing else, anywhere; one that is a word or a person too, after "live in" or the like."""

    LABEL = Label.LOCATION

    def spans(self, reading: Reading) -> Iterator[tuple[int, int, float]]:
        """The longest town at each place."""
        words, place = reading.words, 0
        while place < len(words):
            stop = self._town(reading, place)
            if stop is None:
                place += 1
                continue
            yield reading.matches[place].start(), reading.matches[stop - 1].end(), 0.7
            place = stop

    def _town(self, reading: Reading, place: int) -> int | None:
        words = reading.words
        longest = _LONGEST if words[place] in _first_words() else 1
        for stop in range(min(place + longest, len(words)), place, -1):
            name = " ".join(words[place:stop]).replace("'", "").replace("-", " ")
            if words[stop : stop + 1] and words[stop] in _PRODUCTS:
                continue
            if name in lexicon("places"):
                return stop
            if name in lexicon("places_that_are_words") and self._led(reading, place):
                return stop
        return None

    def _led(self, reading: Reading, place: int) -> bool:
        if not place or reading.words[place - 1] not in _PREPOSITIONS:
            return False
        before = reading.folded[
            max(reading.matches[place].start() - 30, 0) : reading.matches[place].start()
        ].rstrip()
        return _LIVES.search(before) is not None


@cache
def _first_words() -> frozenset[str]:
    """The first words of towns of several words."""
    return frozenset(
        town.split()[0]
        for name in ("places", "places_that_are_words")
        for town in lexicon(name)
        if " " in town
    )
