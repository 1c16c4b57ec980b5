"""What the bot offers after it has said a feeling back, and how it lists who can help."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence, Variants


@dataclass(frozen=True, config=CHECKED)
class OfferButtons:
    """The titles of the choices in an offer."""

    talk: Sentence
    small_thing: Sentence
    not_now: Sentence


@dataclass(frozen=True, config=CHECKED)
class HelplinesIntro:
    """The words above the list of helplines."""

    intro: Variants


@dataclass(frozen=True, config=CHECKED)
class Offers:
    """Everything in offers.yml. `invite` leaves room to say more where an offer would be one too many."""

    offer: Variants
    invite: Variants
    which: Variants
    yes_to_nothing: Variants
    no_to_nothing: Variants
    buttons: OfferButtons
    helplines: HelplinesIntro
