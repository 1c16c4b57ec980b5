"""Guides, step by step: starting one, asking a step, taking its answer. One form walks every guide.

The place is kept by the store and not by Rasa, so that it outlasts an interruption, danger, and the night.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy.orm import Session

from actions import guide_place
from actions.asking_the_team import Asked, raise_for
from actions.capabilities import Capabilities
from actions.guide_alarm import tell_alarm
from actions.guide_answers import NotAnAnswer, read_answer
from actions.guide_place import CHOSEN, FORM, SLOT, Place, find, retold, step_after
from actions.guide_steering import names_another, steers
from actions.leaving import wants_to_leave
from actions.own_data import NotDone, with_conversation
from actions.turn import Choice, Event, Turn, leave_form, not_for_the_form, open_form, set_slot
from content.guides import AnswerKind, Guide, Step
from privacy.text import RedactedText, WrittenText
from store import conversations, guides
from store.models import Conversation, Speaker

T = TypeVar("T")

_TRIES: Final = 2
"""Asked again this often for one of the choices, then the step is left out."""
_MOST_NUMBERS: Final = 11


@dataclass(frozen=True, slots=True)
class StartGuide:
    """Begins the guide that was asked for, or goes on with it where it was left. `guide` is its intent; without it,
    the intent of the message says which."""

    needs: Capabilities
    guide: str | None = None
    name: str = "action_start_guide"

    async def run(self, turn: Turn) -> list[Event]:
        """Begin: say what it is, and open the form, which asks the first step."""
        guide = self.needs.content.guides.get(self.guide or turn.intents(1)[-1])
        if guide is None:
            turn.say(self.needs.content.guiding.nothing_open)
            return []
        try:
            resumed = await self._begin(turn, guide)
        except NotDone:
            turn.say(self.needs.content.guiding.not_kept)
            return [leave_form()]
        turn.say(self.needs.content.guiding.resumed if resumed else guide.intro)
        return opened()

    async def _begin(self, turn: Turn, guide: Guide) -> bool | None:
        """Whether it was under way already."""

        def begin(session: Session, conversation: Conversation) -> bool:
            before = guides.progress_in(session, conversation.person_id, guide.intent)
            place = guide_place.of(self.needs, before) if before is not None else None
            if before is None or place is None or place.is_part or not place.answers:
                guides.begin(session, conversation.person_id, guide.intent, guide.steps[0].key)
                return False
            guides.move(before, before.step)
            return True

        return await with_conversation(self.needs.store, turn.session, begin)


@dataclass(frozen=True, slots=True)
class AskStep:
    """Puts the step where the person is, unless it was just put again in other words."""

    needs: Capabilities
    name: str = f"action_ask_{FORM}_{SLOT}"

    async def run(self, turn: Turn) -> list[Event]:
        """Ask."""
        guiding = self.needs.content.guiding
        try:
            place = await with_conversation(
                self.needs.store, turn.session, lambda session, of: find(self.needs, session, of)
            )
        except NotDone:
            turn.say(guiding.not_kept)
            return []
        if place is None or place.step is None:
            turn.say(guiding.nothing_open)
            return []
        asked_again = {*guiding.choose_one, *guiding.out_of_range, place.step.short}
        if asked_again.isdisjoint(turn.said_this_turn):
            ways, values = retold(place.step.ways, place, guiding)
            turn.say_exactly(ways.pick(turn.said, **values), choices=choices(place.step, self.needs))
        return []


@dataclass(frozen=True, slots=True)
class ValidateAnswer:
    """Takes an answer and keeps it; gives back to the rules what is no answer."""

    needs: Capabilities
    name: str = f"validate_{FORM}"

    async def run(self, turn: Turn) -> list[Event]:
        """Check what the form has taken."""
        answer = turn.just_filled(SLOT)
        if answer is None:
            return []
        if answer is True:
            return [set_slot(SLOT, True)]
        try:
            return await self._checked(turn, str(answer))
        except NotDone:
            turn.say(self.needs.content.guiding.not_kept)
            return [set_slot(SLOT, None), leave_form()]

    async def _checked(self, turn: Turn, answer: str) -> list[Event]:
        place = await self._in_store(turn, lambda session, of: find(self.needs, session, of))
        if place is None or place.step is None:
            turn.say(self.needs.content.guiding.nothing_open)
            return [set_slot(SLOT, None), leave_form()]
        intent = turn.intents(1)[-1]
        if intent == CHOSEN:
            return await self._pressed(turn, place.step, answer)
        if self._is_for_the_rules(place, place.step, answer, intent):
            return [not_for_the_form(FORM), set_slot(SLOT, None)]
        if wants_to_leave(answer):
            await self._in_store(turn, leave)
            turn.say(place.guide.left)
            return [set_slot(SLOT, None), leave_form()]
        found = read_answer(place.step, answer)
        if isinstance(found, NotAnAnswer) and self._asked_again(turn, place, place.step, found):
            return [set_slot(SLOT, None)]
        return await self._take(turn, place.step, None if isinstance(found, NotAnAnswer) else found)

    def _is_for_the_rules(self, place: Place, step: Step, text: str, intent: str) -> bool:
        return steers(step, text, intent) or names_another(
            self.needs.content.guides, place.guide, text, intent
        )

    async def _pressed(self, turn: Turn, step: Step, answer: str) -> list[Event]:
        """A button of this step; one of a step that has passed only has the question asked again."""
        key, _, value = answer.partition("=")
        if key != step.key:
            turn.say(self.needs.content.guiding.choice_gone)
            return [set_slot(SLOT, None)]
        found = read_answer(step, value)
        return await self._take(turn, step, None if isinstance(found, NotAnAnswer) else found)

    def _asked_again(self, turn: Turn, place: Place, step: Step, found: NotAnAnswer) -> bool:
        """Ask once more in other words; not for ever."""
        guiding = self.needs.content.guiding
        misses = _misses(turn, place, self.needs)
        if found is NotAnAnswer.STUCK:
            if misses or step.short is None:
                return False
            turn.say_exactly(step.short)
            return True
        if misses >= _TRIES:
            return False
        ways = guiding.out_of_range if found is NotAnAnswer.OUT_OF_RANGE else guiding.choose_one
        turn.say(ways, choices=choices(step, self.needs))
        return True

    async def _take(self, turn: Turn, step: Step, found: int | str | None) -> list[Event]:
        """Keep the answer and go on; an answer that a human must see is passed on in the same transaction."""

        def take(session: Session, conversation: Conversation) -> tuple[bool, Asked | None]:
            progress = guides.current(session, conversation.person_id)
            if progress is None:
                raise NotDone
            guide = self.needs.content.guides[progress.guide]
            progress.answers = {**progress.answers, step.key: _kept(session, conversation, step, found)}
            guides.move(progress, step_after(guide, progress))
            asked = self._alarm(session, conversation, step, found) if _alarms(step, found) else None
            return progress.step == "", asked

        try:
            done, asked = await self._in_store(turn, take) or (False, None)
        except NotDone:
            if not _alarms(step, found):
                raise
            done, asked = False, Asked.NOT_KEPT
        if asked is not None:
            tell_alarm(turn, self.needs, step, asked)
            return [set_slot(SLOT, None), leave_form()]
        return [set_slot(SLOT, True if done else None)]

    def _alarm(
        self, session: Session, conversation: Conversation, step: Step, found: int | str | None
    ) -> Asked:
        options = step.answer.choice.options if step.answer.choice else ()
        title = next((str(option.title) for option in options if option.value == found), str(found))
        explanation = step.alarm.explanation.format(answer=title) if step.alarm else ""
        return raise_for(session, conversation, self.needs, category="questionnaire", explanation=explanation)

    async def _in_store(self, turn: Turn, do: Callable[[Session, Conversation], T]) -> T | None:
        return await with_conversation(self.needs.store, turn.session, do)


def opened() -> list[Event]:
    """The form opens, and asks the step that the store names."""
    return [set_slot(SLOT, None), open_form(FORM)]


def leave(session: Session, conversation: Conversation) -> bool:
    """Close the guide that is under way: what was answered goes. Whether there was one."""
    progress = guides.current(session, conversation.person_id)
    if progress is not None:
        session.delete(progress)
    return progress is not None


def choices(step: Step, needs: Capabilities) -> tuple[Choice, ...]:
    """The buttons of a step: its options or numbers, and passing over it."""
    titles = needs.content.guiding.buttons
    if step.answer.kind is AnswerKind.GO_ON:
        return (_button(step, titles.go_on, "go_on"),)
    found: list[Choice] = []
    if step.answer.choice is not None:
        found = [_button(step, option.title, str(option.title)) for option in step.answer.choice.options]
    if step.answer.number is not None:
        numbers = range(step.answer.number.low, step.answer.number.high + 1)
        if len(numbers) <= _MOST_NUMBERS:
            found = [_button(step, WrittenText(str(number)), str(number)) for number in numbers]
    return (*found, Choice(titles.skip, "skip"))


def _button(step: Step, title: WrittenText, value: str) -> Choice:
    return Choice(title, CHOSEN, SLOT, f"{step.key}={value}")


def _alarms(step: Step, found: int | str | None) -> bool:
    return step.alarm is not None and isinstance(found, int) and found > step.alarm.above


def _misses(turn: Turn, place: Place, needs: Capabilities) -> int:
    """How often this step was asked again since it was last put."""
    assert place.step is not None  # noqa: S101  # the caller looked
    guiding = needs.content.guiding
    ways, values = retold(place.step.ways, place, guiding)
    put = {ways.pick([way], **values) for way in ways} | {str(way).format(**values) for way in ways}
    again = {*guiding.choose_one, *guiding.out_of_range, place.step.short}
    misses = 0
    for sentence in reversed(turn.said):
        if sentence in put:
            break
        misses += sentence in again
    return misses


def _kept(
    session: Session, conversation: Conversation, step: Step, found: int | str | None
) -> RedactedText | WrittenText | int | None:
    """What is kept of an answer: a number, an option's value, or the person's words as the store redacted them."""
    if found is None or isinstance(found, int):
        return found
    if step.answer.kind is AnswerKind.CHOICE:
        return WrittenText(found)
    if step.answer.kind is AnswerKind.GO_ON:
        return None
    said = conversations.latest(session, conversation.id, Speaker.PATIENT, 1)
    return said[0].text if said else None
