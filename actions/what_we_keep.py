"""What is kept about a person, told in counts and kinds; and how their last message is stored."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from actions.own_data import NotDone, with_conversation
from actions.turn import Choice, Event, Turn
from content import fill
from content.periods import in_words
from content.rights import Rights
from privacy.text import WrittenText
from store import conversations
from store.models import Conversation, Speaker
from store.rights import Held, held

_PLACEHOLDER: Final = re.compile(r"<([A-Z_]+)_\d+>")


@dataclass(frozen=True, slots=True)
class WhatWeKeep:
    """How much is kept about this person, by kind, for how long, and what they can do about it."""

    needs: Capabilities
    name: str = "action_what_we_keep"

    async def run(self, turn: Turn) -> list[Event]:
        """Tell."""
        rights = self.needs.content.rights
        words = rights.what_we_keep
        try:
            kept = await with_conversation(
                self.needs.store, turn.session, lambda session, of: held(session, of.person)
            )
        except NotDone:
            turn.say(rights.failed)
            return []
        if kept is None:
            turn.say(words.nothing_found)
            return []
        turn.say(words.intro)
        turn.say_exactly(WrittenText("\n\n".join(self._lines(kept))))
        turn.say_exactly(words.choices, choices=_choices(rights, kept))
        return []

    def _lines(self, kept: Held) -> list[WrittenText]:
        words, long = self.needs.content.rights.what_we_keep, self._how_long
        plain = kept.messages - kept.clinical_messages
        lines = [fill(words.messages, count=plain, period=long("conversations"))]
        if kept.escalations:
            lines.append(fill(words.escalations, count=kept.escalations))
        if kept.clinical_messages:
            period = long("clinical_records")
            lines.append(fill(words.clinical, count=kept.clinical_messages, period=period))
        if kept.checkins:
            lines.append(fill(words.moods, count=kept.checkins, period=long("moods")))
        if kept.measures:
            lines.append(fill(words.measures, count=kept.measures, period=long("measures")))
        if kept.plans:
            lines.append(fill(words.plans, count=kept.plans, period=long("plans")))
        if kept.guides:
            lines.append(fill(words.guides, count=kept.guides, period=long("exercises")))
        if kept.contact_kinds:
            kinds = _joined([words.contact_kinds.get(kind, kind) for kind in kept.contact_kinds])
            lines.append(fill(words.contacts, kinds=kinds, period=long("contact_details")))
        if kept.hold:
            lines.append(fill(words.hold, reason=self.needs.content.rights.holds[kept.hold]))
        lines.append(words.statistics_on if kept.shares_statistics else words.statistics_off)
        return lines

    def _how_long(self, kind: str) -> str:
        return in_words(self.needs.periods[kind])


@dataclass(frozen=True, slots=True)
class HowStored:
    """The last message as it is stored, and what was replaced in it."""

    needs: Capabilities
    name: str = "action_how_stored"

    async def run(self, turn: Turn) -> list[Event]:
        """Show it."""
        rights = self.needs.content.rights
        words = rights.how_stored
        try:
            text = await with_conversation(self.needs.store, turn.session, _the_one_before)
        except NotDone:
            turn.say(rights.failed)
            return []
        if text is None:
            turn.say(words.nothing_yet)
            return []
        turn.say(words.intro)
        turn.say_exactly(text)
        turn.say_exactly(replaced_in_words(rights, text))
        return []


def replaced_in_words(rights: Rights, text: str) -> WrittenText:
    """The sentence that says what was taken out of a stored message."""
    counts = Counter(_PLACEHOLDER.findall(text))
    if not counts:
        return rights.how_stored.nothing_replaced
    labels = rights.how_stored.labels
    kinds = [f"{labels.get(label, labels['ID'])} ({count})" for label, count in counts.items()]
    return fill(rights.how_stored.replaced, kinds=_joined(kinds))


def _the_one_before(session: Session, conversation: Conversation) -> WrittenText | None:
    """The person's message before the one that asks; redacted when it was kept."""
    last = conversations.latest(session, conversation.id, Speaker.PATIENT, 2)
    return WrittenText(last[0].text) if last else None


def _choices(rights: Rights, kept: Held) -> tuple[Choice, ...]:
    titles = rights.what_we_keep.buttons
    if kept.shares_statistics:
        counting = Choice(titles.stop_counting, "stop_statistics")
    else:
        counting = Choice(titles.start_counting, "start_statistics")
    return (
        Choice(titles.download, "download_my_data"),
        Choice(titles.how_stored, "how_stored"),
        Choice(titles.correct, "correct_my_data"),
        counting,
        Choice(titles.delete, "delete_my_data"),
    )


def _joined(parts: list[str] | list[WrittenText]) -> str:
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else "".join(parts)
