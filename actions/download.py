"""A copy of everything that is held about a person: on the web, a page of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from actions.capabilities import Capabilities
from actions.own_data import NotDone, with_conversation
from actions.turn import Choice, Event, Turn
from content import Variants
from content.rights import OnlyOnTheWeb

MY_DATA: Final = "my_data"
"""The card that leads to the page."""


@dataclass(frozen=True, slots=True)
class DownloadMyData:
    """Leads to the page on the web; offers a person elsewhere."""

    needs: Capabilities
    name: str = "action_download_my_data"

    async def run(self, turn: Turn) -> list[Event]:
        """Say where it is."""
        await lead_to_the_page(turn, self.needs, self.needs.content.rights.download)
        return []


async def lead_to_the_page(
    turn: Turn, needs: Capabilities, words: OnlyOnTheWeb, choices: tuple[Choice, ...] = ()
) -> None:
    """Say that the page has it, or, where there is no page, that the team can help."""
    try:
        channel = await with_conversation(needs.store, turn.session, lambda _session, of: of.channel)
    except NotDone:
        turn.say(needs.content.rights.failed)
        return
    if channel is None:
        nothing: Variants = needs.content.rights.what_we_keep.nothing_found
        turn.say(nothing)
    elif channel == "web":
        turn.say(words.web, choices=choices, card=MY_DATA)
    else:
        turn.say(words.elsewhere, choices=(*choices, Choice(words.ask_the_team, "want_human")))
