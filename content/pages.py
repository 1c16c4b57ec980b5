"""The fixed words of the patients' pages: headings, labels, and what is said when a page cannot be had."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence


@dataclass(frozen=True, config=CHECKED)
class Header:
    """What is at the top of every page."""

    get_help: Sentence
    leave: Sentence
    skip_to_content: Sentence
    skip_to_newest: Sentence


@dataclass(frozen=True, config=CHECKED)
class Start:
    """Headings on the page before the chat, whose sentences are in notices.yml."""

    about_kept: Sentence
    about_statistics: Sentence
    already_open: Sentence
    back_to_chat: Sentence


@dataclass(frozen=True, config=CHECKED)
class Chat:
    """Labels around the conversation."""

    title: Sentence
    you: Sentence
    notice: Sentence
    conversation: Sentence
    write: Sentence
    your_words: Sentence
    send: Sentence
    choices: Sentence
    what_we_keep: Sentence
    kept_intro: Sentence
    see_new: Sentence
    end: Sentence
    end_explained: Sentence
    privacy: Sentence
    person_here: Sentence


@dataclass(frozen=True, config=CHECKED)
class Live:
    """What the page says by itself when its script runs."""

    writing: Sentence
    sending: Sentence
    offline: Sentence
    back_online: Sentence
    not_sent: Sentence
    try_again: Sentence
    new_below: Sentence
    close: Sentence


@dataclass(frozen=True, config=CHECKED)
class HelpPage:
    """The page of helplines."""

    title: Sentence
    others: Sentence
    back: Sentence


@dataclass(frozen=True, config=CHECKED)
class PrivacySection:
    """One question about what is kept, and its answer."""

    heading: Sentence
    body: tuple[Sentence, ...]


@dataclass(frozen=True, config=CHECKED)
class PrivacyPage:
    """What is kept, in plain words."""

    title: Sentence
    sections: tuple[PrivacySection, ...]
    back: Sentence


@dataclass(frozen=True, config=CHECKED)
class StoppedPages:
    """Pages in place of the one that was asked for. Each is shown with the helplines."""

    ended_title: Sentence
    start_again: Sentence
    not_found_title: Sentence
    not_found: Sentence
    not_ours_title: Sentence
    not_ours: Sentence
    too_big: Sentence
    wrong_title: Sentence
    wrong: Sentence
    busy: Sentence


@dataclass(frozen=True, config=CHECKED)
class Pages:
    """Everything in pages.yml."""

    header: Header
    start: Start
    chat: Chat
    live: Live
    help: HelpPage
    privacy: PrivacyPage
    stopped: StoppedPages
