"""What the safety screen answers: a response needed, and why. It never grades a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ResponseNeeded(StrEnum):
    """The promise of speed by staff that a message calls for, from none to now (see docs/screen.md)."""

    NONE = "none"
    ASK = "ask"
    RESPOND_TODAY = "respond_today"
    RESPOND_NOW = "respond_now"

    @property
    def urgency(self) -> int:
        """0 (none) to 3 (now): for ordering only, never shown and never stored."""
        return _URGENCY[self]

    # All four are written out: `total_ordering` keeps the alphabetical ones that `str` already has.
    def __lt__(self, other: object) -> bool:
        if not isinstance(other, ResponseNeeded):
            return NotImplemented
        return self.urgency < other.urgency

    def __le__(self, other: object) -> bool:
        if not isinstance(other, ResponseNeeded):
            return NotImplemented
        return self.urgency <= other.urgency

    def __gt__(self, other: object) -> bool:
        if not isinstance(other, ResponseNeeded):
            return NotImplemented
        return self.urgency > other.urgency

    def __ge__(self, other: object) -> bool:
        if not isinstance(other, ResponseNeeded):
            return NotImplemented
        return self.urgency >= other.urgency


_URGENCY: Final = {response: rank for rank, response in enumerate(ResponseNeeded)}


class SafetyQuestion(StrEnum):
    """The plain questions the bot asks about danger; the next answer is read together with its question."""

    THINKING_OF_ENDING_LIFE = "thinking_of_ending_life"
    HURT_YOURSELF_TODAY = "hurt_yourself_today"
    SAFE_RIGHT_NOW = "safe_right_now"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the screen fired.

    `category` is a key such as ``overdose_taken``; `explanation` is a sentence that a clinician reads;
    `start` and `end` are the code-point offsets, in the text that was screened, of the words that fired
    (both 0 when no particular words did).
    """

    category: str
    explanation: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Screening:
    """The response needed, the reasons for it (most urgent first), and a score in 0..1."""

    response: ResponseNeeded
    reasons: tuple[Reason, ...]
    score: float
