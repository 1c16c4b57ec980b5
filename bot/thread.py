"""The thread as the bot writes it: greetings, replies, endings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.delivery import Answered
from bot.intake import Taken
from bot.rasa_client import Reply
from content import Content
from privacy.pseudonym import Pseudonym
from privacy.text import WrittenText
from store import conversations
from store.forgetting import to_forget
from store.models import Conversation, Speaker, Turn
from store.session import Store
from store.signals import Signals

# Enough to keep from repeating oneself, and the same cost after ten turns as after four hundred.
_REMEMBERED_REPLIES = 40
_LONGEST_INTENT = 48


@dataclass(frozen=True, slots=True)
class Ended:
    """A conversation that was just closed."""

    conversation_id: str
    person_id: str
    engine_session: str


class Thread:
    """Adds what Harbour says to the store, and wakes whoever is waiting for it."""

    def __init__(self, store: Store, signals: Signals, content: Content) -> None:
        self._store = store
        self._signals = signals
        self._content = content

    def open(self, person: Pseudonym, channel: str, shares_statistics: bool) -> str:
        """The id of the person's open conversation, greeted if it is new."""
        with self._store.begin() as session:
            conversation = conversations.open_conversation(session, person, channel)
            conversation.person.shares_statistics = shares_statistics
            if conversation.length == 0:
                greeting = self._content.notices.greeting.pick()
                conversations.append(session, conversation, Speaker.BOT, greeting)
            return conversation.id

    def say(
        self,
        taken: Taken,
        replies: Sequence[Reply],
        *,
        asked: str | None = None,
        intent: str | None = None,
        speaker: Speaker = Speaker.BOT,
    ) -> Answered:
        """Keep the replies to a message, what it was about, and the safety question that is now open.

        The person may have had everything erased a moment ago: then the answer carries the replies, unkept.
        """
        answered = taken.answered
        if not replies:
            return answered
        # A clinician may have taken over while the bot was thinking: then the bot stays silent.
        silent_at = Turn.CLINICIAN if speaker == Speaker.BOT else None
        messages = [_columns(reply, speaker) for reply in replies]
        messages[0]["intent"] = intent and intent[:_LONGEST_INTENT]
        with self._store.begin(durable=False) as session:
            kept = conversations.extend(
                session, answered.conversation_id, messages, but_not_at=silent_at, asked=asked
            )
            gone = kept is None and session.get(Conversation, answered.conversation_id) is None
        if gone:
            return replace(answered, unkept=tuple(reply.text for reply in replies))
        self._signals.notify(answered.conversation_id)
        return answered

    def said_lately(self, conversation_id: str) -> list[WrittenText]:
        """What the bot said lately, oldest first."""
        with self._store.read() as session:
            recent = conversations.latest(session, conversation_id, Speaker.BOT, _REMEMBERED_REPLIES)
            return [WrittenText(message.text) for message in recent]

    def end(self, person: Pseudonym) -> Ended | None:
        """Close the person's conversation, if one is open."""
        with self._store.begin() as session:
            conversation = conversations.find_conversation(session, person)
            if conversation is None:
                return None
            conversation.turn = Turn.ENDED
            to_forget(session, [conversation.engine_session])
            ended = Ended(conversation.id, conversation.person_id, conversation.engine_session)
        self._signals.notify(ended.conversation_id)
        return ended


def _columns(reply: Reply, speaker: Speaker) -> dict[str, Any]:
    return {
        "speaker": speaker.value,
        "text": reply.text,
        "buttons": [{"title": str(button.title), "payload": button.payload} for button in reply.buttons],
        "card": reply.card,
        "intent": None,
    }
