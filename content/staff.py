"""What staff may send with one press: reviewed replies, which they read and change before they go."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence


@dataclass(frozen=True, config=CHECKED)
class ReplyTemplate:
    """One reply, and the name under which staff find it."""

    name: Sentence
    text: Sentence


@dataclass(frozen=True, config=CHECKED)
class StaffWords:
    """Everything in staff.yml."""

    reply_templates: tuple[ReplyTemplate, ...]
