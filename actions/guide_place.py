"""Where a person is in a guide: the store's row, beside the guide and the step of the content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from content.guides import Guide, Guiding, Kind, Step
from content.sentences import Retold, placeholders
from privacy.text import WrittenText
from store import guides as kept
from store.columns import Answers
from store.guide_models import GuideProgress
from store.models import Conversation, now

FORM: Final = "guide_form"
SLOT: Final = "guide_answer"
CHOSEN: Final = "chosen"
"""The intent behind the buttons of a step: it has no words of its own."""

_LONGEST_RETOLD: Final = 300
_STALE_AFTER: Final = {Kind.QUESTIONNAIRE: timedelta(days=2)}
"""A questionnaire asks about the last two weeks: its answers do not add up with those of another time."""


@dataclass(frozen=True, slots=True)
class Place:
    """A guide that is under way. `step` is None when every step was gone through."""

    guide: Guide
    step: Step | None
    answers: Answers
    is_part: bool
    """Whether only a part is gone through, as when one part of a plan is changed."""


def find(needs: Capabilities, session: Session, conversation: Conversation) -> Place | None:
    """Where the person is in the guide that they went on with last; None when nothing is under way.

    What is too old to go on with, or what the content does not have any more, goes.
    """
    while True:
        progress = kept.current(session, conversation.person_id)
        if progress is None:
            return None
        place = of(needs, progress)
        if place is not None:
            return place
        session.delete(progress)
        session.flush()


def of(needs: Capabilities, progress: GuideProgress) -> Place | None:
    """The place that a row stands for; None when it is stale or its step is gone."""
    guide = needs.content.guides.get(progress.guide)
    if guide is None or progress.changed_at < now() - _STALE_AFTER.get(guide.kind, timedelta(days=3650)):
        return None
    step = guide.step(progress.step) if progress.step else None
    if step is None and progress.step:
        return None
    return Place(guide, step, dict(progress.answers), progress.last_step is not None)


def step_after(guide: Guide, progress: GuideProgress) -> str:
    """The key of the step that follows; empty at the end."""
    if progress.step == progress.last_step:
        return ""
    following = guide.after(progress.step)
    return following.key if following else ""


def retold(
    ways: Retold, place: Place, guiding: Guiding, **more: str | int
) -> tuple[Retold, dict[str, str | int]]:
    """Those ways that hold only what was answered, if there are any, and the values to fill them with."""
    told = {key: _in_words(place.guide.step(key), answer, guiding) for key, answer in place.answers.items()}
    values = {key: words for key, words in told.items() if words is not None} | more
    fitting = [way for way in ways if placeholders(way) <= values.keys()]
    if fitting:
        return Retold(fitting), values
    left_out: dict[str, str | int] = {
        name: guiding.skipped_word for way in ways for name in placeholders(way)
    }
    return ways, left_out | values


def _in_words(step: Step | None, answer: object, guiding: Guiding) -> str | int | None:
    if answer is None:
        return None
    if step is not None and step.answer.choice is not None:
        titles = [option.title for option in step.answer.choice.options if str(option.value) == str(answer)]
        return titles[0] if titles else str(answer)
    if isinstance(answer, int):
        return answer
    words = guiding.say_over(" ".join(str(answer).split()))
    short = words if len(words) <= _LONGEST_RETOLD else words[:_LONGEST_RETOLD].rsplit(" ", 1)[0] + " …"
    return WrittenText(re.sub(r"[.\s]+$", "", short))
