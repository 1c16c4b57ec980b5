"""What a channel hands to the journey, and what the journey answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.safety.screening import ResponseNeeded
from privacy.text import RedactedText, WrittenText


@dataclass(frozen=True, slots=True)
class Choice:
    """A reply button that was pressed: which message offered it, and which of its buttons it was."""

    message_id: str
    index: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as a channel received it, its sender verified.

    `address` is the sender on that channel (a browser session, a phone number); `network_address` serves rate
    limits only. Neither is kept, and neither is shown when a delivery is printed.
    """

    channel: str
    address: str = field(repr=False)
    text: str | None = field(default=None, repr=False)
    choice: Choice | None = None
    delivery_id: str | None = None
    network_address: str | None = field(default=None, repr=False)
    continues: bool = False
    """Whether there must be a conversation to continue: a page left open must not start another by itself."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The message is kept and answered: everything new in the thread comes after `position`.

    `unkept` are replies that could not be kept because the person had just had everything erased: they are
    shown once, and the conversation is over.
    """

    conversation_id: str
    position: int
    response: ResponseNeeded
    escalation_id: str | None
    kept: RedactedText | WrittenText
    unkept: tuple[WrittenText, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The message was not kept; `notice` says why and what to do. `response` is what the screen read in it."""

    notice: WrittenText
    status: int
    retry_after: int | None = None
    response: ResponseNeeded = ResponseNeeded.NONE
