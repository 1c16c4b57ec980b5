"""Being reminded: only if asked for, and honest where nothing can be sent."""

from __future__ import annotations

from dataclasses import dataclass

from actions.capabilities import Capabilities
from actions.turn import Event, Turn


@dataclass(frozen=True, slots=True)
class Remind:
    """Says that this chat cannot reach somebody who has left it, and what would work instead."""

    needs: Capabilities
    name: str = "action_remind"

    async def run(self, turn: Turn) -> list[Event]:
        """Say so."""
        turn.say(self.needs.content.plans.remind)
        return []
