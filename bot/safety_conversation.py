"""What the bot says when there may be danger: fixed, reviewed words, chosen here and never by Rasa."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.rasa_client import Button, Reply
from bot.safety.screening import ResponseNeeded, SafetyQuestion, Screening
from content import Content
from content.sentences import Variants, fill
from privacy.text import WrittenText

_ABOUT_NOW: Final = SafetyQuestion.SAFE_RIGHT_NOW
_QUESTION_FOR: Final = {
    "self_harm": SafetyQuestion.HURT_YOURSELF_TODAY,
    "overdose_taken": SafetyQuestion.HURT_YOURSELF_TODAY,
    "child_abuse": _ABOUT_NOW,
    "domestic_abuse": _ABOUT_NOW,
    "harm_to_others": _ABOUT_NOW,
    "psychosis": _ABOUT_NOW,
    "medical_emergency": _ABOUT_NOW,
    "third_party": _ABOUT_NOW,
}
# Once suicide has been said outright, asking whether it is thought of would be not to have listened.
_NEXT_QUESTION_FOR: Final = {
    "suicide": SafetyQuestion.HURT_YOURSELF_TODAY,
    "says_thinking_of_ending_life": SafetyQuestion.HURT_YOURSELF_TODAY,
}
_UNCLEAR_ANSWERS_BEFORE_LETTING_GO: Final = 2


@dataclass(frozen=True, slots=True)
class Danger:
    """What is known at this turn. `said` is what the bot said lately, oldest first; `staff_told` is whether
    an escalation is kept; `already_waiting` is whether one was open before this message."""

    screening: Screening
    asked: SafetyQuestion | None
    said: Sequence[str]
    staff_told: bool
    already_waiting: bool
    target: str
    """The response target in words, such as "5 minutes"."""

    @property
    def category(self) -> str:
        """The category of the most urgent reason."""
        return self.screening.reasons[0].category if self.screening.reasons else "anything"

    def said_of(self, ways: Variants) -> list[WrittenText]:
        """Which of these ways of saying a thing have been said, oldest first; several may share a message."""
        filled = [fill(way, target=self.target) for way in ways]
        return [way for message in self.said for way in filled if way in message]

    def unsaid(self, ways: Variants) -> WrittenText:
        """A way of saying a thing that has not been said yet, or the one said longest ago."""
        return ways.pick(self.said_of(ways), target=self.target)


@dataclass(frozen=True, slots=True)
class SafetyReply:
    """What to say, and the question that the next message may answer."""

    replies: tuple[Reply, ...]
    asked: SafetyQuestion | None


class SafetyConversation:
    """Chooses the words. It stays with the person, asks plainly, and does not say a sentence twice."""

    def __init__(
        self, content: Content, *, staffed: bool, closed: Callable[[str], bool] = lambda _: False
    ) -> None:
        """`closed` says whether the service is closed now for a response needed."""
        self._words = content.crisis
        self._staffed = staffed
        self._closed = closed

    def reply(self, danger: Danger) -> SafetyReply:
        """The bot's next words for the response needed."""
        response = danger.screening.response
        if response is ResponseNeeded.RESPOND_NOW:
            return self._danger_now(danger)
        if response is ResponseNeeded.RESPOND_TODAY:
            return self._help_today(danger)
        if danger.asked is not None:
            return self._answered(danger, danger.asked)
        if response is ResponseNeeded.NONE:
            return self._stay(danger)
        return self._ask(danger)

    def card(self) -> Reply:
        """The crisis card alone, for when a clinician has the conversation."""
        return Reply(self._words.card.first, (), "crisis")

    def _danger_now(self, danger: Danger) -> SafetyReply:
        """Numbers first, then words."""
        if danger.already_waiting:
            return SafetyReply((self.card(), _say(danger.unsaid(self._words.waiting.heard))), None)
        ending = self._words.respond_now
        opening = self._heard(danger) or danger.unsaid(ending.opening(danger.category))
        return SafetyReply(
            (
                self.card(),
                _say(opening, danger.unsaid(ending.then)),
                _say(self._what_happens_next(danger)),
            ),
            None,
        )

    def _help_today(self, danger: Danger) -> SafetyReply:
        ending = self._words.respond_today
        opening = self._heard(danger) or danger.unsaid(ending.opening(danger.category))
        question = self._not_yet_asked(danger)
        closing = [_say(danger.unsaid(self._words.waiting.heard))]
        if not danger.already_waiting:
            closing = [_say(self._what_happens_next(danger), danger.unsaid(ending.then), card="helplines")]
        asking = [self._question(question, danger)] if question else self._plan_offer(danger)
        return SafetyReply((_say(opening), *closing, *asking), question)

    def _stay(self, danger: Danger) -> SafetyReply:
        """Help is on its way: no exercise and no small talk, but somebody who heard, and the next thing to do."""
        heard = _say(danger.unsaid(self._words.waiting.heard))
        left = [
            way
            for way in self._words.respond_now.then
            if way not in danger.said_of(self._words.respond_now.then)
        ]
        return SafetyReply(
            (heard, _say(left[0] if left else danger.unsaid(self._words.waiting.still_waiting))), None
        )

    def _ask(self, danger: Danger) -> SafetyReply:
        question = _QUESTION_FOR.get(danger.category, SafetyQuestion.THINKING_OF_ENDING_LIFE)
        opening = danger.unsaid(self._words.ask.opening(danger.category))
        return SafetyReply((_say(opening), self._question(question, danger)), question)

    def _answered(self, danger: Danger, asked: SafetyQuestion) -> SafetyReply:
        """The answer was clear and safe, or it was not clear: then it is asked once more, and let go."""
        answers = self._words.answers[asked]
        if danger.screening.response is ResponseNeeded.NONE:
            safe = answers.said_yes if asked is _ABOUT_NOW else answers.said_no
            return SafetyReply((_say(danger.unsaid(safe)), *self._plan_offer(danger)), None)
        tries = len(danger.said_of(answers.unclear))
        reply = _say(danger.unsaid(answers.unclear), card="helplines" if tries else None)
        again = asked if tries < _UNCLEAR_ANSWERS_BEFORE_LETTING_GO else None
        return SafetyReply((reply,), again)

    def _plan_offer(self, danger: Danger) -> list[Reply]:
        """A safety plan, where there was danger and staff know of it. Offered once: a second offer would not be
        listening to the first no."""
        words = self._words.plan_offer
        if not danger.staff_told or danger.said_of(words.ask):
            return []
        buttons = (Button(words.make, "/safety_plan"), Button(words.not_now, "/not_now"))
        return [Reply(danger.unsaid(words.ask), buttons, None)]

    def _heard(self, danger: Danger) -> WrittenText | None:
        """A yes to a plain question is thanked for as an answer."""
        if danger.asked is None:
            return None
        answers = self._words.answers[danger.asked]
        harmful = answers.said_no if danger.asked is _ABOUT_NOW else answers.said_yes
        return danger.unsaid(harmful)

    def _not_yet_asked(self, danger: Danger) -> SafetyQuestion | None:
        """The plain question for the category, unless it was asked already in this conversation."""
        question = _NEXT_QUESTION_FOR.get(danger.category) or _QUESTION_FOR.get(danger.category, _ABOUT_NOW)
        if question is danger.asked:
            question = _ABOUT_NOW
        ways = self._words.questions[question]
        return None if danger.said_of(ways) else question

    def _question(self, question: SafetyQuestion, danger: Danger) -> Reply:
        buttons = self._words.answer_buttons
        return Reply(
            danger.unsaid(self._words.questions[question]),
            tuple(Button(title, "") for title in (buttons.yes, buttons.no, buttons.not_sure)),
            None,
        )

    def _what_happens_next(self, danger: Danger) -> WrittenText:
        """Only what is true: no promise that nobody would keep."""
        words = self._words.what_happens_next
        if not danger.staff_told:
            return danger.unsaid(words.not_reached)
        if not self._staffed:
            return danger.unsaid(words.unstaffed)
        if self._closed(danger.screening.response.value):
            return danger.unsaid(words.closed)
        return danger.unsaid(words.staffed)


def _say(*sentences: WrittenText, card: str | None = None) -> Reply:
    return Reply(WrittenText(" ".join(sentences)), (), card)
