"""The safety screen: reads one message and says what response is needed, and why.

The score is a number for ordering and for measuring, never for grading a person. It is the response's own band (none
from 0, ask from 0.4, respond_today from 0.65, respond_now from 0.9) plus up to 0.09 for further reasons, so that a more
urgent response always scores higher.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bot.safety.answers import read_answer
from bot.safety.classifier import Classifier, Opinion
from bot.safety.context import Context, Hit
from bot.safety.lexicon import FOLDER, Lexicon
from bot.safety.reading import STOP, Reading, read
from bot.safety.screening import Reason, ResponseNeeded, SafetyQuestion, Screening

_BANDS: Final = {
    ResponseNeeded.NONE: 0.0,
    ResponseNeeded.ASK: 0.4,
    ResponseNeeded.RESPOND_TODAY: 0.65,
    ResponseNeeded.RESPOND_NOW: 0.9,
}
_FOR_EACH_MORE: Final = 0.03
_AT_MOST: Final = 0.09
_DISTRESS: Final = 0.1
_REMEMBERED: Final = 60
"""How many words of the earlier messages are read together with this one."""

_SHORT: Final = 25
"""Words that a message may have to be read by the network as the end of the earlier ones."""

_ACROSS: Final = 0.9
"""How likely danger must be that only shows when messages are read together."""
_DESPITE: Final = 0.97
"""Where explicit logic has explained every phrase of danger away ("i do not want to die", a film, a figure of speech),
the model must be so sure of danger to be heard: it is poor at negation, and the logic is good at it."""

_BESIDE: Final = 0.6
"""The same where the lexicon found nothing but a turn of phrase that is known to be harmless ("took two paracetamol for
my headache")."""

_SHORT_ANSWER: Final = 5
"""Up to so many words an answer to a plain question is left to explicit logic, which reads them better."""

_READS: Final = "Reads like"
_READS_LIKE: Final = {
    "suicide": "thoughts of suicide, or of not wanting to live",
    "self_harm": "self-harm",
    "overdose_taken": "an overdose or a poisoning",
    "child_abuse": "a child who is being harmed",
    "domestic_abuse": "abuse by a partner or at home",
    "harm_to_others": "harm to somebody else",
    "psychosis": "voices, or beliefs that frighten",
    "eating_disorder": "an eating disorder",
    "medical_emergency": "a medical emergency",
    "third_party": "somebody else in danger",
    "bereaved_by_suicide": "the loss of somebody to suicide",
    "exploitation": "somebody who is being used or controlled",
    "neglect": "an adult who is not being looked after, or is being harmed",
}
"""What a clinician reads of each category that the network knows."""

_log = logging.getLogger(__name__)


class Screen:
    """Reads every message. It never raises: when it fails it answers as if danger may be there."""

    def __init__(self, lexicon: Lexicon, classifier: Classifier) -> None:
        self._lexicon = lexicon
        self._classifier = classifier

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Screen:
        """Load the lexicon and the network; raises LexiconError or ModelChanged rather than start with a broken one."""
        return cls(Lexicon.load(folder), Classifier.load())

    def screen(
        self, text: str, *, earlier: Sequence[str] = (), asked: SafetyQuestion | None = None
    ) -> Screening:
        """Screen `text`, with the patient's up to three `earlier` messages and the question just `asked`."""
        try:
            return self._screen(text, tuple(earlier)[-3:], asked)
        except Exception as error:  # whatever went wrong, a person may be in danger
            _log.error("the safety screen failed: %s", type(error).__name__)
            return _failed()

    def _screen(self, text: str, earlier: Sequence[str], asked: SafetyQuestion | None) -> Screening:
        reading = read(text, self._lexicon.spelling)
        context = self._context(reading)
        found = self._reasons(reading, context)
        explained = bool(found) and all(response is ResponseNeeded.NONE for response, _ in found)
        if earlier:
            found += self._across(reading, earlier)
            found += self._taken_back(context, earlier)
        if asked is not None:
            response, category, explanation = read_answer(context, asked)
            explained = explained or response is ResponseNeeded.NONE
            if response > ResponseNeeded.NONE:
                found.append((response, Reason(category, explanation, 0, len(text))))
        if len(reading.words) > (_SHORT_ANSWER if asked else 0):
            beside = 0.0 if found or not context.has_harmless_turn() else _BESIDE
            found += self._read_as_a_whole(reading, earlier, asked, _DESPITE if explained else beside)
        return _compose(found, distressed=context.anywhere("distress_now"))

    def _context(self, reading: Reading) -> Context:
        return Context(self._lexicon, reading, self._lexicon.book.codes.encode(reading.words))

    def _hits(self, context: Context) -> list[Hit]:
        """What the lexicon finds, weighed by what stands around it."""
        return [context.weigh(hit) for hit in context.hits()]

    def _reasons(self, reading: Reading, context: Context) -> list[tuple[ResponseNeeded, Reason]]:
        found = []
        for hit in self._hits(context):
            start, end = reading.starts[hit.first], reading.ends[hit.last - 1]
            found.append((hit.response, Reason(hit.entry.category, hit.entry.reason, start, end)))
        return found

    def _read_as_a_whole(
        self, reading: Reading, earlier: Sequence[str], asked: SafetyQuestion | None, least: float
    ) -> list[tuple[ResponseNeeded, Reason]]:
        """What the model makes of the message, and of a short one together with those before it.

        It may raise, and never lowers. What it finds less likely than `least` to be danger is not heard. Should it
        fail, what the lexicon found stands, and staff are told as well.
        """
        try:
            own = self._classifier.read(reading, asked)
            found = [_reason(reading, own)] if own.response > ResponseNeeded.NONE else []
            found = found if own.danger >= least else []
            if earlier and asked is None and len(reading.words) <= _SHORT:
                found += self._read_across(reading, earlier, own, least)
        except Exception as error:  # whatever went wrong, a person may be in danger
            _log.error("the screen's model failed: %s", type(error).__name__)
            failed = _failed()
            return [(failed.response, reason) for reason in failed.reasons]
        return found

    def _read_across(
        self, reading: Reading, earlier: Sequence[str], own: Opinion, least: float
    ) -> Iterator[tuple[ResponseNeeded, Reason]]:
        """Danger that only shows when the message is read as the end of those before it."""
        before = self._before(earlier)
        together = before.followed_by(reading)
        if not self._classifier.suspects(together):
            return
        whole = self._classifier.read(together)
        sure = whole.danger >= max(least, _ACROSS) and whole.response > own.response
        if sure and whole.response > self._classifier.read(before).response:
            explanation = f"{_reads_like(whole)} (over several messages)"
            yield whole.response, Reason(whole.category, explanation, 0, reading.ends[-1])

    def _before(self, earlier: Sequence[str]) -> Reading:
        """The last words of the earlier messages, a stop after each."""
        before = Reading([], [], [], set())
        for message in earlier:
            before = before.followed_by(read(message, self._lexicon.spelling))
            before.add(STOP, 0, 0)
        return before.tail(_REMEMBERED)

    def _across(self, reading: Reading, earlier: Sequence[str]) -> list[tuple[ResponseNeeded, Reason]]:
        """What only shows when the messages are read as one ("ive taken" / "all of them")."""
        before = Reading([], [], [], set())
        for message in earlier:
            before = before.followed_by(read(message, self._lexicon.spelling))
        before = before.tail(_REMEMBERED)
        border = len(before.words)
        joined = before.followed_by(reading)
        found = []
        for hit in self._hits(self._context(joined)):
            if hit.first < border < hit.last:
                start, end = joined.starts[border], joined.ends[hit.last - 1]
                reason = Reason(hit.entry.category, f"{hit.entry.reason} (over several messages)", start, end)
                found.append((hit.response, reason))
        return found

    def _taken_back(self, context: Context, earlier: Sequence[str]) -> list[tuple[ResponseNeeded, Reason]]:
        """A later "jk" or "forget it" does not undo what was said: it is asked about."""
        if not context.anywhere("taken_back"):
            return []
        for message in earlier:
            reading = read(message, self._lexicon.spelling)
            if any(hit.response > ResponseNeeded.NONE for hit in self._hits(self._context(reading))):
                reason = Reason(
                    "taken_back", "Spoke of danger in an earlier message, then took it back", 0, 0
                )
                return [(ResponseNeeded.ASK, reason)]
        return []


def _reason(reading: Reading, opinion: Opinion) -> tuple[ResponseNeeded, Reason]:
    start, end = reading.starts[opinion.first], reading.ends[opinion.last - 1]
    return opinion.response, Reason(opinion.category, _reads_like(opinion), start, end)


def _reads_like(opinion: Opinion) -> str:
    return f"{_READS} {_READS_LIKE[opinion.category]}"


def _compose(found: Sequence[tuple[ResponseNeeded, Reason]], *, distressed: bool) -> Screening:
    telling = sorted((item for item in found if item[0] > ResponseNeeded.NONE), key=_most_urgent_first)
    reasons = {(reason.category, reason.explanation): reason for _, reason in reversed(telling)}
    ordered = tuple(reversed(reasons.values()))
    response = telling[0][0] if telling else ResponseNeeded.NONE
    if response is ResponseNeeded.NONE:
        return Screening(response, (), _DISTRESS * (distressed + bool(found)))
    return Screening(response, ordered, _BANDS[response] + min(_AT_MOST, _FOR_EACH_MORE * (len(ordered) - 1)))


def _most_urgent_first(item: tuple[ResponseNeeded, Reason]) -> tuple[int, bool, int]:
    """The lexicon's reasons, which say what was said, come before the model's, which say what it reads like."""
    response, reason = item
    return -response.urgency, reason.explanation.startswith(_READS), reason.start


def _failed() -> Screening:
    """Staff must be told and help must be shown, which respond_today does; a false respond_now would teach distrust."""
    explanation = "The safety screen could not read this message, so it may be about danger"
    return Screening(
        ResponseNeeded.RESPOND_TODAY,
        (Reason("screen_failed", explanation, 0, 0),),
        _BANDS[ResponseNeeded.RESPOND_TODAY],
    )
