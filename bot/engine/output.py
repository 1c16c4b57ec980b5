"""Collects what the bot answers, in the only shapes that Harbour shows: text, buttons, a card."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel
from rasa.shared.exceptions import RasaException

_SHOWN = {"text", "buttons", "quick_replies", "custom"}
_UNSHOWABLE = {"image", "attachment", "elements"}


class UnknownContent(RasaException):
    """A response holds something that Harbour cannot show, so it must not be dropped in silence."""


class CollectedReplies(OutputChannel):
    """One turn's replies, in order."""

    def __init__(self) -> None:
        """Begin with none."""
        self.replies: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The name by which a response in domain.yml can be meant for this channel alone."""
        return "harbour"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Add one reply. Raises `UnknownContent` for images, attachments and the like."""
        content = {key: value for key, value in message.items() if value}
        if content.keys() & _UNSHOWABLE:
            raise UnknownContent("A response holds an image, an attachment or an element.")
        buttons = list(content.get("buttons") or []) + list(content.get("quick_replies") or [])
        if not content.keys() & _SHOWN:
            return
        self.replies.append(
            {
                "text": content.get("text", ""),
                "buttons": [{"title": button["title"], "payload": button["payload"]} for button in buttons],
                "custom": content.get("custom"),
            }
        )
