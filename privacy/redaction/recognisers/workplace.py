"""Where somebody works; a shop merely visited says nothing, so an employer needs words of work beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from privacy.redaction.engine import Reading
from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import lexicon
from privacy.redaction.recognisers.words import FUNCTION_WORDS, WordsRecogniser, bare, is_name, is_proper

_WORK: Final = re.compile(
    r"(?<!\w)(?:work(?:s|ed|in|ing)?(?: [a-z]+){0,2}? (?:at|for|in|down)|(?:job|jobs|boss|bosses"
    r"|manager|managers|supervisor|shift|shifts|colleague|colleagues|contract|apprenticeship"
    r"|placement"
    r"|role|career|interview|staff|nights|days|post|temping|employed|training|trainee|apprentice"
    r"|driver|cleaner|hr|redundant|team leader)(?: [a-z]+){0,2}? (?:at|for|from|by|in)"
    r"|employed by|sacked (?:from|by)|fired (?:from|by)|(?:laid off|let go"
    r"|made redundant) (?:from|by)|quit|my job at|start(?:ed|ing)? at|just started at|drive for"
    r"|driving for|deliver(?:ing)? for|packing (?:at|for)"
    r"|been (?:at|with)|employer is"
    r"|(?:firm|company) called|(?:clean|cook|teach|temp|guard|finished) (?:at|for)"
    r"|i(?:'m| am|m) (?:a [a-z]+ )?(?:at|for)|transferred (?:to"
    r"|from)) (?=(?P<name>[a-z0-9&]))"
)
_TENURE: Final = re.compile(
    r"^(?:[ ]+(?:for|about|over|nearly|almost))?[ ]+(?:\d+|two|three|four|five|six|seven|eight"
    r"|nine|ten|twelve|fifteen|twenty|thirty|a|many)[ ]*\+?[ ]*(?:years?|yrs?|months?|weeks?"
    r"|decades?)"
)
_ENDINGS: Final = lexicon("workplace_endings")
_NO_NAME: Final = lexicon("workplace_no_name")

# Words that lead to a place of work only if it is a known one, has a firm's ending or is followed by a time.
_LOOSE_LEADS: Final = (
    "been ",
    "clean",
    "cook",
    "teach",
    "temp ",
    "guard",
    "finished",
    "start",
    "just started",
    "i",
    "quit",
    "transferred",
)


class WorkplaceRecogniser(WordsRecogniser):
    """An employer known by name, or an unknown name, right after words of work: "boss at clarkes motors"."""

    LABEL = Label.WORKPLACE
    LONGEST: ClassVar[int] = 4

    def spans(self, reading: Reading) -> Iterator[tuple[int, int, float]]:
        """Each employer that words of work lead to."""
        starts = {match.start(): place for place, match in enumerate(reading.matches)}
        for match in _WORK.finditer(reading.folded):
            place = starts.get(match.start("name"))
            if place is not None:
                yield from self._employer(reading, place, match.group())

    def _employer(self, reading: Reading, place: int, lead: str) -> Iterator[tuple[int, int, float]]:
        words = reading.words
        first = place + 1 if words[place] == "the" else place
        if first >= len(words) or words[first] in _NO_NAME or words[first] in FUNCTION_WORDS:
            return
        end = self._end(words, first)
        if end is None or all(is_name(bare(word)) for word in words[first:end]):
            return
        known = any(
            " ".join(words[first:stop]).replace("'", "").replace(" & ", "&") in lexicon("employers")
            for stop in range(first + 1, end + 1)
        )
        after = reading.folded[reading.matches[end - 1].end() :]
        if (
            not known
            and words[end - 1] not in _ENDINGS
            and lead.startswith(_LOOSE_LEADS)
            and not _TENURE.match(after)
        ):
            return
        if lead.startswith("been ") and not _TENURE.match(after):
            return
        start = place if first != place and end - first <= 2 else first
        yield reading.matches[start].start(), reading.matches[end - 1].end(), 0.75

    def _end(self, words: list[str], first: int) -> int | None:
        """Where the employer's name ends: the longest known one, or proper words, or words up to a firm's ending."""
        stops = range(min(first + self.LONGEST, len(words)), first, -1)
        for stop in stops:
            if " ".join(words[first:stop]).replace("'", "").replace(" & ", "&") in lexicon("employers"):
                return stop
        for stop in stops:
            inner = words[first:stop]
            if (
                len(inner) > 1
                and inner[-1] in _ENDINGS
                and not any(word in FUNCTION_WORDS - {"and", "of"} for word in inner)
            ):
                return stop
        stop = first
        while stop < len(words) and stop - first < self.LONGEST and _is_name(words[stop]):
            stop += 1
        return stop if stop > first else None


def _is_name(word: str) -> bool:
    return is_proper(word) and word not in lexicon("places") and word not in _NO_NAME
