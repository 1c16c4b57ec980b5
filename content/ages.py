"""What is said to somebody who tells their age: what changes under 16, and who is there for them."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Variants


@dataclass(frozen=True, config=CHECKED)
class Ages:
    """Everything in ages.yml."""

    under_16: Variants
    under_19: Variants
    older: Variants
    not_said: Variants
