"""What is said around a plan that somebody made, and around what follows from one: a referral, a reminder."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence, Variants


@dataclass(frozen=True, config=CHECKED)
class PlanButtons:
    """The titles of what can be done with a plan; `change` holds ``{name}``, what the part is called."""

    change: Sentence
    share: Sentence
    unshare: Sentence
    leave: Sentence


@dataclass(frozen=True, config=CHECKED)
class PlanWords:
    """Everything in plans.yml. `remind` is the honest answer where nothing can be sent."""

    here: Variants
    change: Variants
    shared: Variants
    unshared: Variants
    empty: Sentence
    what_now: Variants
    referred: Variants
    referred_unstaffed: Variants
    remind: Variants
    buttons: PlanButtons
