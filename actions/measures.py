"""Questionnaires: the score, what it means in plain words, and how it has changed. Never a grade of a person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from actions.own_data import NotDone, with_conversation
from actions.turn import Turn
from content.guides import Guide, Scoring
from content.scoring import change, is_case, score
from content.sentences import Retold
from store.columns import Answers
from store.guide_models import Measure
from store.guides import latest_measures


def keep_measure(session: Session, person_id: str, guide: Guide, answers: Answers) -> Measure:
    """Add it up and keep it. The score is None when too much was left out."""
    assert guide.scoring is not None, "checked when it was read"  # noqa: S101
    given = [answers.get(item) for item in guide.scoring.items]
    total = score([each if isinstance(each, int) else None for each in given], guide.scoring.most_missing)
    measure = Measure(person_id=person_id, questionnaire=guide.intent, answers=answers, score=total)
    session.add(measure)
    session.flush()
    return measure


async def tell_result(turn: Turn, needs: Capabilities, guide: Guide) -> None:
    """Say what the last one came to, and how that stands beside the one before."""
    assert guide.scoring is not None, "checked when it was read"  # noqa: S101
    try:
        scores = await with_conversation(
            needs.store,
            turn.session,
            lambda session, of: [
                each.score for each in latest_measures(session, of.person_id, guide.intent, 10)
            ],
        )
    except NotDone:
        turn.say(needs.content.guiding.not_kept)
        return
    turn.say(guide.done)
    if not scores or scores[-1] is None:
        turn.say(guide.scoring.no_score)
        return
    turn.say(_meaning(guide.scoring, scores[-1]), score=scores[-1], most=guide.scoring.most)
    earlier = [each for each in scores[:-1] if each is not None]
    if earlier:
        _tell_change(turn, needs, guide.scoring, earlier[-1], scores[-1])


def _meaning(scoring: Scoring, total: int) -> Retold:
    return scoring.from_caseness if is_case(total, scoring) else scoring.below


def _tell_change(turn: Turn, needs: Capabilities, scoring: Scoring, before: int, after: int) -> None:
    changed = change(before, after, scoring)
    if changed is not None:
        ways = getattr(needs.content.guiding.change, changed.value)
        turn.say(ways, before=before, score=after)
