"""A practice, ward, hospital or clinic called by its name; national services and kinds of ward are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from privacy.redaction.engine import Reading
from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import lexicon
from privacy.redaction.recognisers.named import NamedPlaceRecogniser, saint

_COUNTED: Final = [
    ["days"],
    ["nights"],
    ["weeks"],
    ["months"],
    ["hours"],
    ["hrs"],
    ["wks"],
    ["times"],
    ["years"],
]
"""What is counted on a ward is not its number: "on the ward 11 days"."""
_CARE_WORDS: Final = lexicon("healthcare_care_words")


class HealthcareRecogniser(NamedPlaceRecogniser):
    """ "riverside surgery", "rowan ward", "ward 14", "the maudsley"."""

    LABEL = Label.HEALTHCARE
    KINDS: ClassVar[frozenset[str]] = lexicon("healthcare_kinds")
    TWO_WORD_KINDS: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {
            ("medical", "centre"),
            ("health", "centre"),
            ("medical", "center"),
            ("health", "center"),
            ("medical", "practice"),
            ("medical", "group"),
            ("group", "practice"),
            ("health", "clinic"),
            ("general", "hospital"),
            ("county", "hospital"),
            ("royal", "infirmary"),
            ("royal", "hospital"),
            ("day", "hospital"),
            ("community", "hospital"),
            ("gp", "surgery"),
            ("gp", "practice"),
            ("doctors", "surgery"),
            ("walk-in", "centre"),
            ("dental", "practice"),
            ("dental", "surgery"),
            ("foundation", "trust"),
            ("nhs", "trust"),
            ("childrens", "hospital"),
            ("children's", "hospital"),
            ("psychiatric", "hospital"),
            ("university", "hospital"),
            ("wellbeing", "centre"),
            ("recovery", "centre"),
            ("care", "centre"),
        }
    )
    PROPER_ONLY: ClassVar[frozenset[str]] = frozenset({"unit", "practice", "general", "royal"})
    GENERIC: ClassVar[frozenset[str]] = lexicon("healthcare_generic")
    # Hospitals that go by a name of their own.
    OWN_NAMES: ClassVar[frozenset[str]] = lexicon("healthcare_own_names")

    def other_spans(self, reading: Reading) -> Iterator[tuple[int, int, float]]:
        """ "ward 14", "ward 3b", a saint beside words of care, and hospitals known by one word."""
        words = reading.words
        for place, word in enumerate(words):
            if (
                word == "ward"
                and place + 1 < len(words)
                and words[place + 1][0].isdigit()
                and len(words[place + 1]) < 4
                and words[place + 2 : place + 3] not in _COUNTED
            ):
                yield reading.matches[place].start(), reading.matches[place + 1].end(), 0.75
            elif word in self.OWN_NAMES:
                start = place - 1 if place and words[place - 1] == "the" else place
                yield reading.matches[start].start(), reading.matches[place].end(), 0.75
        if not _CARE_WORDS.isdisjoint(words):
            for start, end in saint(reading):
                if " ".join(words[start:end]) not in lexicon("places"):
                    yield reading.matches[start].start(), reading.matches[end - 1].end(), 0.7
