"""A request to the team that was put together with the person: talking therapy, so far. Sent only on a yes."""

from __future__ import annotations

from typing import Final

from actions.asking_the_team import RESPONSE, Asked, ask_the_team
from actions.capabilities import Capabilities
from actions.guide_place import Place
from actions.turn import Turn

_SEND: Final = "send"
"""The key of the step that asks whether to send it, and the value of its yes."""
_EXPLANATION: Final = "Asks for talking therapy. The summary was made with them."


async def send_request(turn: Turn, needs: Capabilities, place: Place) -> bool:
    """Send the summary, if they said yes; whether anything was said about it."""
    if place.answers.get(_SEND) != _SEND:
        return False
    asked = await ask_the_team(
        needs,
        turn.session,
        category=place.guide.intent,
        explanation=_EXPLANATION,
        words=_summary(place),
    )
    words = needs.content.plans
    if asked is Asked.NOT_KEPT:
        turn.say(needs.content.crisis.what_happens_next.not_reached, card="helplines")
    elif needs.staffed:
        turn.say(words.referred, target=needs.targets.in_words(RESPONSE))
    else:
        turn.say(words.referred_unstaffed, card="helplines")
    return True


def _summary(place: Place) -> str:
    """Each answer as it is kept, redacted, under the key of its step."""
    told = ((key, answer) for key, answer in place.answers.items() if key != _SEND and answer is not None)
    return " | ".join(f"{key.replace('_', ' ')}: {answer}" for key, answer in told)
