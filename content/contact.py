"""The page on which a person may leave a way to reach them."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from content.pages import PrivacySection
from content.reading import CHECKED
from content.sentences import Sentence


@dataclass(frozen=True, config=CHECKED)
class ContactField:
    """One thing that can be shared. After `held`, the page shows the last two digits or the first letter."""

    label: Sentence
    hint: Sentence
    new: Sentence
    held: Sentence
    held_without_hint: Sentence
    change: Sentence
    take_back: Sentence


@dataclass(frozen=True, config=CHECKED)
class ContactForm:
    """The form, with the three fields in the order in which they are asked for."""

    heading: Sentence
    intro: Sentence
    save: Sentence
    back: Sentence
    problem: Sentence
    name: ContactField
    phone: ContactField
    email: ContactField


@dataclass(frozen=True, config=CHECKED)
class ContactDone:
    """What is said after something was shared or taken back."""

    shared: Sentence
    taken_back: Sentence


@dataclass(frozen=True, config=CHECKED)
class ContactProblems:
    """Why something could not be kept, kindly."""

    nothing: Sentence
    name: Sentence
    phone: Sentence
    phone_abroad: Sentence
    phone_of_a_service: Sentence
    email: Sentence


@dataclass(frozen=True, config=CHECKED)
class ContactPage:
    """Everything in contact.yml."""

    link: Sentence
    title: Sentence
    purpose: Sentence
    choice: Sentence
    not_a_call: Sentence
    who: Sentence
    safe: Sentence
    sections: tuple[PrivacySection, ...]
    form: ContactForm
    done: ContactDone
    problems: ContactProblems
