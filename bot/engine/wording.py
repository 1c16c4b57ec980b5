"""Chooses how to say a response of domain.yml: a way that this conversation has not heard, if there is one."""

from __future__ import annotations

import copy
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig


class UnsaidFirst(TemplatedNaturalLanguageGenerator):
    """Rasa's own generator picks at random, so the same sentence can come twice: to somebody in distress,
    that is a wall. This one takes the first way not said yet; when all were, the one said longest ago."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        """Speak with the responses of `domain`. Rasa builds it from `nlg` in endpoints.yml."""
        super().__init__(domain.responses if domain else {})

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The response to send, or None when domain.yml has none of that name."""
        slots = tracker.current_slot_values()
        ways = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not ways:
            return None
        last_said = {
            event.text: turn for turn, event in enumerate(tracker.events) if isinstance(event, BotUttered)
        }
        way = min(ways, key=lambda way: last_said.get(way.get("text"), -1))
        return self._fill_response(copy.deepcopy(way), slots, **kwargs)
