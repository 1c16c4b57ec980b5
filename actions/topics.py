"""Knowing about: what is said back to a feeling or a trouble, what it is, what helps, and where to go."""

from __future__ import annotations

from dataclasses import dataclass

from actions.capabilities import Capabilities
from actions.offers import make_an_offer
from actions.turn import Choice, Event, Turn
from content.topics import Listens, Topic

_OFFERED_LATELY = 3
_DECLINED_LATELY = 6


@dataclass(frozen=True, slots=True)
class About:
    """Answers by the intent just heard.

    A topic that listens first only says it back, until "What can help" is pressed or it has no other words for it.
    """

    needs: Capabilities
    name: str = "action_about"

    async def run(self, turn: Turn) -> list[Event]:
        """Answer."""
        intent = turn.intents(1)[-1]
        topic = self.needs.content.topics[intent]
        if topic.listens is None or _wants_to_know(turn, intent, topic):
            self._tell(turn, intent, topic)
        else:
            self._listen(turn, intent, topic)
        return []

    def _listen(self, turn: Turn, intent: str, topic: Topic) -> None:
        assert topic.reflects is not None, "checked when it was read"  # noqa: S101
        more = Choice(self.needs.content.topics.buttons.more, intent)
        if topic.listens is Listens.AND_ASKS:
            turn.say(topic.reflects, choices=[more])
        else:
            turn.say(topic.reflects)
            make_an_offer(turn, self.needs, more)

    def _tell(self, turn: Turn, intent: str, topic: Topic) -> None:
        if topic.reflects is not None and topic.listens is None:
            turn.say(topic.reflects)
        turn.say(topic.about)
        turn.say(topic.next, card=f"topic:{intent}" if topic.numbers else None)
        self._offer(turn, topic)

    def _offer(self, turn: Turn, topic: Topic) -> None:
        """One offer, unless it was made or turned down a moment ago."""
        if topic.offer is None:
            return
        buttons, titles = self.needs.content.topics.buttons, self.needs.content.exercises.choice.titles
        person, not_now = Choice(buttons.person, "want_human"), Choice(buttons.not_now, "not_now")
        choices = [*(Choice(titles[name], name) for name in topic.tries), person, not_now]
        offered = set(topic.tries or ["want_human"]) <= set(turn.offered(_OFFERED_LATELY))
        declined = not {"not_now", "deny"}.isdisjoint(turn.intents(_DECLINED_LATELY))
        if offered or declined:
            turn.say(self.needs.content.offers.invite)
        else:
            turn.say(topic.offer, choices=choices)


def _wants_to_know(turn: Turn, intent: str, topic: Topic) -> bool:
    """Whether "What can help" was pressed (a choice has no text), or all there is to say back was said."""
    pressed = not turn.text and intent in turn.offered()
    return pressed or set(topic.reflects or ()) <= set(turn.said)
