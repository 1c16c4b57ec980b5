"""An answer that a human must see today: the team was asked, and now the person is asked plainly."""

from __future__ import annotations

from actions.asking_the_team import RESPONSE, Asked
from actions.capabilities import Capabilities
from actions.turn import Choice, Turn
from content.guides import Step

QUESTION = "thinking_of_ending_life"
"""The plain question; the next message is read by the safety screen together with it."""


def tell_alarm(turn: Turn, needs: Capabilities, step: Step, asked: Asked) -> None:
    """Say that it was heard and what happens next, then ask plainly. The safety conversation takes the answer."""
    if step.alarm is None:
        return
    if asked is not Asked.NOT_KEPT:
        needs.staff_were_asked()
    crisis = needs.content.crisis
    target = needs.targets.in_words(RESPONSE)
    turn.say(step.alarm.opening)
    if asked is Asked.NOT_KEPT:
        turn.say(crisis.what_happens_next.not_reached, card="helplines")
    elif asked is Asked.BEFORE:
        turn.say(crisis.waiting.heard)
    elif needs.staffed:
        turn.say(crisis.what_happens_next.staffed, target=target, card="helplines")
    else:
        turn.say(crisis.what_happens_next.unstaffed, card="helplines")
    titles = crisis.answer_buttons
    answers = tuple(Choice(title, "") for title in (titles.yes, titles.no, titles.not_sure))
    turn.say(crisis.questions[QUESTION], choices=answers, asked=QUESTION)
