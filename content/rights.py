"""What a person is told about their own data when they ask."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence, Variants


@dataclass(frozen=True, config=CHECKED)
class WhatWeKeep:
    """The counts, each with ``{count}``, and how to change them."""

    intro: Variants
    messages: Sentence
    moods: Sentence
    escalations: Sentence
    statistics_on: Sentence
    statistics_off: Sentence
    choices: Sentence
    nothing_found: Variants


@dataclass(frozen=True, config=CHECKED)
class DeleteButtons:
    """The titles of the two choices before deletion."""

    do_it: Sentence
    leave_it: Sentence


@dataclass(frozen=True, config=CHECKED)
class Delete:
    """Asking first, then saying what was done.

    `done_but_for_the_team` is for when conversations stay because a human was asked to help in them.
    """

    ask: Variants
    done: Variants
    done_but_for_the_team: Variants
    kept: Variants
    not_done: Variants
    buttons: DeleteButtons


@dataclass(frozen=True, config=CHECKED)
class Rights:
    """Everything in rights.yml."""

    what_we_keep: WhatWeKeep
    statistics_stopped: Variants
    statistics_already_stopped: Variants
    delete: Delete
    failed: Variants
