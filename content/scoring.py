"""Adding up a questionnaire, and what a difference between two scores may be called.

Missing items: a score is given while no more than `Scoring.most_missing` of them were left out, each taken for the
mean of those that were answered, and the sum rounded to a whole number, a half up. This is the rule by which the PHQ-9
is prorated with at most 2 of its 9 items missing, as in the guidance to IAPT services (the IAPT Data Handbook, 2011);
the text of the source has not been checked again. We hold the GAD-7 to at most 1 of 7 and the WSAS to at most 1 of 5
(for somebody who has no work), which is no looser. With more missing there is no score.

Change: `reliable_change` and `caseness` are those of NHS Talking Therapies (the IAPT Manual, chapter 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from content.guides import Scoring


class Change(Enum):
    """What may be said of a score beside an earlier one."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    BELOW_THE_LINE = "below_the_line"


def score(answers: Sequence[int | None], most_missing: int) -> int | None:
    """The sum of the answers, the missing ones taken for the mean of the rest; None when too many are missing."""
    given = [answer for answer in answers if answer is not None]
    if not given or len(answers) - len(given) > most_missing:
        return None
    # In whole numbers, so that a half is a half: floor(sum * n / given + 1/2).
    return (2 * sum(given) * len(answers) + len(given)) // (2 * len(given))


def is_case(total: int, scoring: Scoring) -> bool:
    """Whether a score is at or above the line from which services offer treatment."""
    return scoring.caseness is not None and total >= scoring.caseness


def change(before: int, after: int, scoring: Scoring) -> Change | None:
    """What happened between two scores; None for a questionnaire for which nothing is known about chance.

    Below the line: it was at or above it, is below it now, and has changed by more than chance would.
    """
    if scoring.reliable_change is None:
        return None
    if before - after >= scoring.reliable_change:
        crossed = is_case(before, scoring) and not is_case(after, scoring)
        return Change.BELOW_THE_LINE if crossed else Change.BETTER
    if after - before >= scoring.reliable_change:
        return Change.WORSE
    return Change.SAME


def recovered(first: Sequence[int], last: Sequence[int], scorings: Sequence[Scoring]) -> bool:
    """Recovery as NHS Talking Therapies counts it, over the PHQ-9 and the GAD-7 together.

    At caseness on either at first, and below both lines now.
    """
    began = any(is_case(total, scoring) for total, scoring in zip(first, scorings, strict=True))
    return began and not any(is_case(total, scoring) for total, scoring in zip(last, scorings, strict=True))
