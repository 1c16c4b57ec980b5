"""Who can be called or texted, shown whenever it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from actions.capabilities import Capabilities
from actions.turn import Event, Turn


@dataclass(frozen=True, slots=True)
class ShowHelplines:
    """Shows the helplines' card: Harbour draws it from helplines.yml, so that no number is written twice."""

    needs: Capabilities
    name: str = "action_show_helplines"

    async def run(self, turn: Turn) -> list[Event]:
        """Show them."""
        turn.say(self.needs.content.offers.helplines.intro, card="helplines")
        return []
