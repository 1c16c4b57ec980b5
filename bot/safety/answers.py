"""An answer read with the plain safety question that was just asked."""

from __future__ import annotations

from typing import Final

from bot.safety.context import Context
from bot.safety.screening import ResponseNeeded, SafetyQuestion

_TELLING: Final = {
    SafetyQuestion.THINKING_OF_ENDING_LIFE: (
        "says_thinking_of_ending_life",
        "Asked plainly about ending their life, they said yes",
    ),
    SafetyQuestion.HURT_YOURSELF_TODAY: (
        "says_hurt_self_today",
        "Asked plainly whether they have hurt themselves today, they said yes",
    ),
    SafetyQuestion.SAFE_RIGHT_NOW: ("says_not_safe_now", "Asked plainly whether they are safe, they said no"),
}
_UNCLEAR: Final = ("unclear_answer", "Asked plainly about danger, they gave no clear answer")


def read_answer(context: Context, asked: SafetyQuestion) -> tuple[ResponseNeeded, str, str]:
    """The response that the answer calls for, with its category and explanation.

    A yes to hurting oneself today, or a no to being safe, is danger now: what was done, or how near it is, is not
    known yet. A yes to thoughts of ending life is for today, or now where the answer names a time. Only a clear
    answer the other way is nothing; "maybe", "i think so" or a change of subject stays to be asked.
    """
    yes, no, part = (context.anywhere(name) for name in ("answer_yes", "answer_no", "answer_partly"))
    but = context.anywhere("answer_but")
    if asked is SafetyQuestion.SAFE_RIGHT_NOW:
        telling = no or context.anywhere("answer_not_really")
        clear = (yes or context.anywhere("answer_fine")) and not (no or part or but)
        response = ResponseNeeded.RESPOND_NOW
    else:
        thought = asked is SafetyQuestion.THINKING_OF_ENDING_LIFE and context.anywhere("answer_thought")
        telling = yes or part or (thought and (but or not no))
        clear = no and not (yes or but)
        now = asked is SafetyQuestion.HURT_YOURSELF_TODAY or context.anywhere("soon")
        response = ResponseNeeded.RESPOND_NOW if now else ResponseNeeded.RESPOND_TODAY
    if telling:
        return response, *_TELLING[asked]
    return (ResponseNeeded.NONE, "", "") if clear else (ResponseNeeded.ASK, *_UNCLEAR)
