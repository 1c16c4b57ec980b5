"""What Harbour says about itself, and when a message cannot be taken in."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence, Variants


@dataclass(frozen=True, config=CHECKED)
class FirstNotice:
    """What a person is told before anything else: a bot, not an emergency service, what is kept."""

    title: Sentence
    bot: Sentence
    not_emergency: Sentence
    help_now: Sentence
    kept: Sentence
    not_kept: Sentence
    rights: Sentence
    statistics: Sentence
    start: Sentence
    start_without_statistics: Sentence


@dataclass(frozen=True, config=CHECKED)
class MessageNotices:
    """Why a message was not taken in. `too_long` holds ``{limit}``, `too_fast` holds ``{minutes}``."""

    empty: Variants
    too_long: Variants
    unreadable: Variants
    no_words: Variants
    arrived_twice: Variants
    too_fast: Variants
    not_saved: Variants
    choice_gone: Variants


@dataclass(frozen=True, config=CHECKED)
class SessionNotices:
    """Why a chat has stopped."""

    ended: Variants
    expired: Variants
    deleted: Variants


@dataclass(frozen=True, config=CHECKED)
class HandoverNotices:
    """A person was asked for, has joined (``{name}``, ``{role}``), or has handed back.

    `asked` holds ``{target}``; `asked_unstaffed` is for when nobody is on shift. A clinician who does not write is
    `quiet`, and after a while `gone` (both hold ``{name}``): then the bot answers again.
    """

    asked: Variants
    asked_unstaffed: Variants
    waiting: Variants
    joined: Variants
    handed_back: Variants
    quiet: Variants
    gone: Variants
    reply_not_sent: Variants


@dataclass(frozen=True, config=CHECKED)
class Notices:
    """Everything in notices.yml."""

    first_notice: FirstNotice
    greeting: Variants
    statistics_refused: Sentence
    message: MessageNotices
    session: SessionNotices
    handover: HandoverNotices
