"""A conversation as the patient sees it: read from the store once, then only shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.cards import CRISIS, MY_DATA, card_helplines
from bot.channels.web.room_parts import WebRoom
from content import Content, Helpline, fill
from privacy.text import WrittenText
from store import conversations
from store.models import Conversation, Message, Speaker, Staff, Turn
from store.tombstones import RECEIPT

_KIND = {
    Speaker.PATIENT: "you",
    Speaker.BOT: "bot",
    Speaker.CLINICIAN: "clinician",
    Speaker.NOTICE: "notice",
}


@dataclass(frozen=True, slots=True)
class CardView:
    """Numbers to call or text. `urgent` is the crisis card, which has words of its own."""

    helplines: Sequence[Helpline]
    urgent: bool


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message. `kind` is ``you``, ``bot``, ``clinician`` or ``notice``; `choices` can still be pressed."""

    id: str
    position: int
    kind: str
    who: str
    text: str
    kept: str | None
    card: CardView | None
    choices: tuple[str, ...]
    at: datetime
    my_data: bool
    """Whether it leads to the page of the person's own data."""
    receipt: str | None
    """The receipt of a deletion that it tells of."""


@dataclass(frozen=True, slots=True)
class ThreadView:
    """The messages after a position, the last position there is, and the clinician who is here, if one is."""

    conversation_id: str
    messages: tuple[MessageView, ...]
    position: int
    clinician: WrittenText | None
    ended: bool


def open_chat(room: WebRoom, token: str) -> str | None:
    """The id of the open conversation of a browser session; None when there is none."""
    with room.store.read() as session:
        conversation = conversations.find_conversation(session, room.pseudonyms.of("web", token))
        return conversation.id if conversation else None


def thread_by_id(room: WebRoom, conversation_id: str, after: int) -> ThreadView | None:
    """The conversation of that id, open or ended; None when it was erased."""
    with room.store.read() as session:
        conversation = session.get(Conversation, conversation_id)
        return _view(room, session, conversation, after) if conversation else None


def receipt_in(text: str) -> str | None:
    """The code of a receipt that the bot gave in `text`, if it gave one."""
    found = RECEIPT.search(text)
    return found[0] if found else None


def urgent_card(content: Content) -> CardView:
    """The crisis card, for where no message carries it."""
    return CardView(card_helplines(content, CRISIS), urgent=True)


def _view(room: WebRoom, session: Session, conversation: Conversation, after: int) -> ThreadView:
    messages = conversations.messages_after(session, conversation.id, after)
    last_own = max((one.position for one in messages if one.speaker == Speaker.PATIENT), default=0)
    views = tuple(_message(room, one, answered=one.position < last_own) for one in messages)
    return ThreadView(
        conversation_id=conversation.id,
        messages=views,
        position=max(after, conversation.length),
        clinician=_clinician(room, session, conversation),
        ended=conversation.turn == Turn.ENDED,
    )


def _message(room: WebRoom, message: Message, *, answered: bool) -> MessageView:
    card = _card(room.content, message.card)
    text = _words(room, message)
    if card is not None and card.urgent and text == room.content.crisis.card.first:
        text = ""  # the card opens with these words
    return MessageView(
        id=message.id,
        position=message.position,
        kind=_KIND[Speaker(message.speaker)],
        who=_who(room, message),
        text=text,
        kept=str(message.text) if message.speaker == Speaker.PATIENT else None,
        card=card,
        choices=() if answered else tuple(button["title"] for button in message.buttons),
        at=message.at,
        my_data=message.card == MY_DATA,
        receipt=receipt_in(text) if message.speaker == Speaker.BOT else None,
    )


def _card(content: Content, card: str | None) -> CardView | None:
    helplines = card_helplines(content, card)
    return CardView(helplines, urgent=card == CRISIS) if helplines else None


def _words(room: WebRoom, message: Message) -> str:
    """What a clinician wrote reaches the patient as written; everything else as it is kept."""
    if message.sealed is None:
        return str(message.text)
    return room.vault.unseal(message.sealed, owner=message.conversation_id, purpose="reply")


def _who(room: WebRoom, message: Message) -> str:
    words = room.content.pages.chat
    if message.speaker == Speaker.CLINICIAN and message.staff is not None:
        return _name(message.staff)
    return {Speaker.PATIENT: words.you, Speaker.NOTICE: words.notice}.get(
        Speaker(message.speaker), WrittenText(room.service_name)
    )


def _clinician(room: WebRoom, session: Session, conversation: Conversation) -> WrittenText | None:
    if conversation.turn != Turn.CLINICIAN:
        return None
    spoken = conversations.latest(session, conversation.id, Speaker.CLINICIAN, 1)
    staff = spoken[0].staff if spoken else None
    if staff is None:
        return None
    return fill(room.content.pages.chat.person_here, name=staff.first_name, role=staff.job_title)


def _name(staff: Staff) -> str:
    return f"{staff.first_name}, {staff.job_title}"
