"""What a person is told about their own data when they ask."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence, Variants


@dataclass(frozen=True, config=CHECKED)
class KeepButtons:
    """The titles of what can be done about what is kept."""

    download: Sentence
    how_stored: Sentence
    correct: Sentence
    stop_counting: Sentence
    start_counting: Sentence
    delete: Sentence


@dataclass(frozen=True, config=CHECKED)
class WhatWeKeep:
    """The counts, each with ``{count}`` and how long it is kept, and how to change them."""

    intro: Variants
    messages: Sentence
    clinical: Sentence
    moods: Sentence
    measures: Sentence
    plans: Sentence
    guides: Sentence
    escalations: Sentence
    contacts: Sentence
    contact_kinds: dict[str, Sentence]
    hold: Sentence
    statistics_on: Sentence
    statistics_off: Sentence
    choices: Sentence
    nothing_found: Variants
    buttons: KeepButtons


@dataclass(frozen=True, config=CHECKED)
class HowStored:
    """One message as it is stored. `labels` are the words for what the placeholders stand for."""

    intro: Variants
    nothing_yet: Variants
    nothing_replaced: Sentence
    replaced: Sentence
    labels: dict[str, Sentence]


@dataclass(frozen=True, config=CHECKED)
class OnlyOnTheWeb:
    """What a page of the web chat can do, and what is said where there is no such page."""

    web: Variants
    elsewhere: Variants
    ask_the_team: Sentence


@dataclass(frozen=True, config=CHECKED)
class MoodButtons:
    """The titles around a mood check-in that was wrong."""

    correct: Sentence
    take_out: Sentence
    leave: Sentence


@dataclass(frozen=True, config=CHECKED)
class MoodCorrection:
    """Putting the last mood check-in right: ``{before}`` is what it was, ``{mood}`` what it is."""

    changed: Variants
    removed: Variants
    which: Variants
    none: Variants
    buttons: MoodButtons


@dataclass(frozen=True, config=CHECKED)
class DeleteButtons:
    """The titles of the two choices before deletion."""

    do_it: Sentence
    leave_it: Sentence


@dataclass(frozen=True, config=CHECKED)
class Delete:
    """Asking first, then saying what was done, with a receipt.

    `done_but_for_the_team` is for when conversations stay because a human was asked to help in them, `held` for when
    everything must stay. `counts` are the words for each kind that was deleted.
    """

    ask: Variants
    done: Variants
    done_but_for_the_team: Variants
    held: Sentence
    held_because: Sentence
    gone: Sentence
    counts: dict[str, Sentence]
    record_stays: Sentence
    complain: Sentence
    receipt: Sentence
    kept: Variants
    not_done: Variants
    buttons: DeleteButtons


@dataclass(frozen=True, config=CHECKED)
class Rights:
    """Everything in rights.yml. `holds` says, by code, why everything must stay for now."""

    what_we_keep: WhatWeKeep
    how_stored: HowStored
    download: OnlyOnTheWeb
    correct: OnlyOnTheWeb
    mood: MoodCorrection
    statistics_stopped: Variants
    statistics_already_stopped: Variants
    statistics_started: Variants
    statistics_already_started: Variants
    delete: Delete
    holds: dict[str, Sentence]
    failed: Variants
    not_changed: Variants
