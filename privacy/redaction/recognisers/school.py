"""Schools, colleges and universities called by their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from privacy.redaction.engine import Reading
from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import lexicon
from privacy.redaction.recognisers.named import NamedPlaceRecogniser, saint
from privacy.redaction.recognisers.words import FUNCTION_WORDS

_HOSPITAL_WORDS: Final = lexicon("school_hospital_words")
# Saints who are towns are places (recogniser of towns), unless a word says school.
_WELL_KNOWN: Final = lexicon("school_well_known")
_KNOWN_NEEDS: Final = frozenset({"imperial", "harrow", "eton"})


class SchoolRecogniser(NamedPlaceRecogniser):
    """ "brookfield high", "lancaster uni", "university of leeds", "st bedes"."""

    LABEL = Label.SCHOOL
    KINDS: ClassVar[frozenset[str]] = lexicon("school_kinds")
    TWO_WORD_KINDS: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {
            ("sixth", "form"),
            ("6th", "form"),
            *(
                (first, "school")
                for first in [
                    "high",
                    "primary",
                    "secondary",
                    "grammar",
                    "infant",
                    "junior",
                    "nursery",
                    "prep",
                    "middle",
                ]
            ),
        }
        | {("high", "skl"), ("primary", "academy"), ("community", "college"), ("technical", "college")}
    )
    PROPER_ONLY: ClassVar[frozenset[str]] = lexicon("school_proper_only")
    GENERIC: ClassVar[frozenset[str]] = lexicon("school_generic")

    def other_spans(self, reading: Reading) -> Iterator[tuple[int, int, float]]:
        """ "university of X", a saint that is no town and no hospital, and initials that everyone knows."""
        words = reading.words
        hospital = not _HOSPITAL_WORDS.isdisjoint(words)
        for start, end in saint(reading):
            town = " ".join(words[start:end]).replace("saint", "st") in lexicon("places")
            if not town and not hospital:
                yield reading.matches[start].start(), reading.matches[end - 1].end(), 0.7
        for place, word in enumerate(words):
            if word in ("university", "uni", "college") and words[place + 1 : place + 2] == ["of"]:
                end = place + 2
                while (
                    end < len(words)
                    and end < place + 5
                    and words[end][0].isalpha()
                    and words[end] not in FUNCTION_WORDS
                ):
                    end += 1
                    if words[end - 1] in lexicon("places"):
                        break
                if end > place + 2 and words[end - 1] not in ("life", "hard", "knocks"):
                    yield reading.matches[place].start(), reading.matches[end - 1].end(), 0.8
            elif word in _WELL_KNOWN and (word not in _KNOWN_NEEDS or "uni" in words or "student" in words):
                yield reading.matches[place].start(), reading.matches[place].end(), 0.7
