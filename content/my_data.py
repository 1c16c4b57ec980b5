"""The words of the page on which a person finds everything that is held about them."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence


@dataclass(frozen=True, config=CHECKED)
class MyDataPage:
    """Headings, labels and buttons."""

    title: Sentence
    lead: Sentence
    save: Sentence
    save_explained: Sentence
    print_explained: Sentence
    back: Sentence
    counting: Sentence
    stop_counting: Sentence
    start_counting: Sentence
    moods: Sentence
    moods_explained: Sentence
    measures: Sentence
    measure: Sentence
    score: Sentence
    no_score: Sentence
    left_out: Sentence
    plans: Sentence
    plan: Sentence
    plan_shared: Sentence
    guides: Sentence
    exercises: Sentence
    contacts: Sentence
    could_not_open: Sentence
    conversations: Sentence
    conversation: Sentence
    care_record: Sentence
    kept_until: Sentence
    take_back: Sentence
    take_back_explained: Sentence
    take_back_confirm: Sentence
    note: Sentence
    note_explained: Sentence
    note_label: Sentence
    note_send: Sentence
    noticed: Sentence
    help: Sentence
    help_answer_by: Sentence
    kept_for: Sentence
    deleting: Sentence
    delete: Sentence
    delete_explained: Sentence
    delete_confirm: Sentence
    none: Sentence
    done_taken_back: Sentence
    done_note: Sentence
    cannot: Sentence


@dataclass(frozen=True, config=CHECKED)
class ReceiptPage:
    """The receipt of an erasure."""

    title: Sentence
    save: Sentence
    not_found: Sentence


@dataclass(frozen=True, config=CHECKED)
class MyDataWords:
    """Everything in my_data.yml. The rest says codes in words: responses needed, states, steps, outcomes, kinds."""

    page: MyDataPage
    receipt: ReceiptPage
    you: Sentence
    taken_back: Sentence
    counted: Sentence
    not_counted: Sentence
    after_deletion: Sentence
    needed: dict[str, Sentence]
    states: dict[str, Sentence]
    steps: dict[str, Sentence]
    outcomes: dict[str, Sentence]
    kinds: dict[str, Sentence]
    link: Sentence
    receipt_link: Sentence
