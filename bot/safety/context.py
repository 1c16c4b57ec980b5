"""What stands around a phrase and changes what it means: negation, time, fiction, figures of speech."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.safety.lexicon import Entry, Lexicon
from bot.safety.reading import QUESTION, STOP, Reading
from bot.safety.screening import ResponseNeeded

_BEFORE: Final = 10
"""How many words back a negation may stand."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: words [first, last) of a reading, the entry that it belongs to and the response it calls for."""

    first: int
    last: int
    entry: Entry
    response: ResponseNeeded


class Context:
    """Weighs the hits of one message. A hit is lowered only by what stands in its own sentence or on its own words."""

    def __init__(self, lexicon: Lexicon, reading: Reading, codes: str) -> None:
        self._lexicon = lexicon
        self._reading = reading
        self._codes = codes
        self._seen: dict[tuple[str, int, int], bool] = {}
        self._found_traps: list[tuple[int, int, ResponseNeeded]] | None = None

    def hits(self) -> list[Hit]:
        """What the lexicon finds, before it is weighed."""
        found = self._lexicon.entries.find(self._codes)
        return [Hit(first, last, entry, entry.response) for first, last, entry in found]

    def weigh(self, hit: Hit) -> Hit:
        """The hit with the response that it calls for where it stands."""
        response = self._negated(hit, hit.response)
        if response is ResponseNeeded.NONE or self._is_told_of(hit):
            return replace(hit, response=ResponseNeeded.NONE)
        if hit.entry.past and self._is_past(hit):
            response = min(response, self._told_as_over())
        elif hit.entry.soon and self._near(hit, "soon"):
            response = ResponseNeeded.RESPOND_NOW
        return replace(hit, response=min(response, self._trapped(hit)))

    def _negated(self, hit: Hit, response: ResponseNeeded) -> ResponseNeeded:
        if not hit.entry.negatable:
            return response
        if self._stands_before(hit, "half_negation"):
            return min(response, ResponseNeeded.ASK)
        denied = self._stands_before(hit, "negation") or (
            self._is_thing(hit) and self._stands_before(hit, "bare_no")
        )
        return ResponseNeeded.NONE if denied else response

    def _is_thing(self, hit: Hit) -> bool:
        return any(phrase.pattern.match(self._codes, hit.first) for phrase in self._lexicon.context["things"])

    def _stands_before(self, hit: Hit, name: str) -> bool:
        """Whether such a phrase ends where the hit begins, with no pause between."""
        since = max(0, hit.first - _BEFORE, self._sentence(hit)[0])
        for phrase in self._lexicon.context[name]:
            for match in phrase.pattern.finditer(self._codes, since, hit.first):
                if match.end() == hit.first and not self._pause_between(match.start(), hit.first):
                    return True
        return False

    def _pause_between(self, first: int, last: int) -> bool:
        return any(at in self._reading.pauses for at in range(first + 1, last + 1))

    def _sentence(self, hit: Hit) -> tuple[int, int]:
        codes = self._codes
        start = max(codes.rfind(STOP, 0, hit.first), codes.rfind(QUESTION, 0, hit.first)) + 1
        ends = [at for at in (codes.find(STOP, hit.last), codes.find(QUESTION, hit.last)) if at >= 0]
        return start, min(ends, default=len(codes))

    def _near(self, hit: Hit, name: str) -> bool:
        start, end = self._sentence(hit)
        start, end = max(start, hit.first - 25), min(end, hit.last + 25)
        key = (name, start, end)
        if key not in self._seen:
            self._seen[key] = any(
                p.pattern.search(self._codes, start, end) for p in self._lexicon.context[name]
            )
        return self._seen[key]

    def _linked(self, hit: Hit, name: str) -> bool:
        """Whether such a phrase is in the same clause: nothing but plain words between it and the hit."""
        start, end = self._sentence(hit)
        for phrase in self._lexicon.context[name]:
            for match in phrase.pattern.finditer(self._codes, start, end):
                if self._one_clause(hit, match.start(), match.end()):
                    return True
        return False

    def _one_clause(self, hit: Hit, start: int, end: int) -> bool:
        if start < hit.last and hit.first < end:
            return True
        first, last = (end, hit.first) if end <= hit.first else (hit.last, start)
        between = any(
            phrase.pattern.search(self._codes, first, last) for phrase in self._lexicon.context["joins"]
        )
        return not between and not any(at in self._reading.pauses for at in range(first, last + 1))

    def _is_told_of(self, hit: Hit) -> bool:
        """Whether the words are only reported: a question that was answered no, old history, a song, a film, a game."""
        if hit.entry.negatable and self._stands_before(hit, "asked_about") and self.anywhere("denied"):
            return not self.anywhere("denied_but")
        if self._is_long_over(hit):
            return True
        if self._is_quoted(hit):
            return True
        return hit.entry.fiction and self._is_fiction(hit)

    def _is_quoted(self, hit: Hit) -> bool:
        """Words of a song, a play or a game, unless it is said that they are one's own as well."""
        names = ("fiction_quote",) if self._is_own(hit) else ("fiction_quote", "fiction_only")
        return any(self._near(hit, name) for name in names) and not self._near(hit, "fiction_mine")

    def _is_fiction(self, hit: Hit) -> bool:
        """Told of a film or a game, and of nobody whom the writer calls "i" or "my"."""
        return self._linked(hit, "fiction") and not self._is_own(hit)

    def _is_own(self, hit: Hit) -> bool:
        """Whether it is told of somebody whom the writer calls "i" or "my"."""
        own = self._lexicon.context["own"]
        return any(phrase.pattern.search(self._codes, max(0, hit.first - 3), hit.last) for phrase in own)

    def _is_past(self, hit: Hit) -> bool:
        past = self._linked(hit, "past") or self._stands_before(hit, "past_before")
        past = past or (self._near(hit, "past") and self.anywhere("settled"))
        return past and not self._near(hit, "present")

    def anywhere(self, name: str) -> bool:
        """Whether such a phrase is anywhere in the message."""
        return any(phrase.pattern.search(self._codes) for phrase in self._lexicon.context[name])

    def has_harmless_turn(self) -> bool:
        """Whether a figure of speech, or another known harmless turn of phrase, is anywhere in the message."""
        return any(to is ResponseNeeded.NONE for _, _, to in self._traps())

    def _is_long_over(self, hit: Hit) -> bool:
        """Told as long ago and as settled, with nothing that hurts now: whatever it was, it is history."""
        over = self.anywhere("far_past") and self.anywhere("settled")
        return over and not self.anywhere("hurts_now") and not self.anywhere("back_again")

    def _told_as_over(self) -> ResponseNeeded:
        """Nothing where it is said to be settled, or is long ago, and nothing hurts now; else asked about."""
        over = self.anywhere("settled")
        return ResponseNeeded.NONE if over and not self.anywhere("hurts_now") else ResponseNeeded.ASK

    def _traps(self) -> list[tuple[int, int, ResponseNeeded]]:
        """The figures of speech in the message, looked for only once something was found to weigh."""
        if self._found_traps is None:
            self._found_traps = list(self._lexicon.traps.find(self._codes))
        return self._found_traps

    def _trapped(self, hit: Hit) -> ResponseNeeded:
        lowered = [to for first, last, to in self._traps() if first < hit.last and hit.first < last]
        return min(lowered, default=ResponseNeeded.RESPOND_NOW)
