"""How scores and moods have gone: in words, and never as a grade of the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from actions.own_data import NotDone, with_conversation
from actions.turn import Choice, Event, Turn
from content.guides import Guide, Kind, Scoring, of_kind
from content.receipts import day_in_words
from content.scoring import recovered
from content.sentences import fill
from privacy.text import WrittenText
from store.guide_models import Measure
from store.guides import latest_measures
from store.models import Conversation, MoodCheckin

_MOST_SHOWN: Final = 6
_FOR_RECOVERY: Final = ("phq9", "gad7")
_CARD: Final = "my_data"


@dataclass(frozen=True, slots=True)
class _History:
    """What is kept, oldest first, by questionnaire; and the channel, for the web has a page of it all."""

    measures: dict[str, list[tuple[str, int | None]]]
    moods: list[tuple[str, int]]
    channel: str


@dataclass(frozen=True, slots=True)
class MyScores:
    """Shows the last few of each."""

    needs: Capabilities
    name: str = "action_my_scores"

    async def run(self, turn: Turn) -> list[Event]:
        """Show them."""
        words = self.needs.content.measures
        try:
            history = await with_conversation(self.needs.store, turn.session, self._history)
        except NotDone:
            turn.say(self.needs.content.rights.failed)
            return []
        if history is None or not (history.moods or any(history.measures.values())):
            titles = words.buttons
            again = [
                Choice(titles.phq9, "phq9"),
                Choice(titles.gad7, "gad7"),
                Choice(titles.checkin, "checkin"),
            ]
            turn.say(words.none, choices=(*again, Choice(titles.not_now, "not_now")))
            return []
        turn.say(words.intro)
        for guide in of_kind(self.needs.content.guides, Kind.QUESTIONNAIRE):
            self._tell(turn, guide, history.measures.get(guide.intent, []))
        if history.moods:
            lines = [fill(words.mood, date=day, mood=mood) for day, mood in history.moods]
            turn.say_exactly(WrittenText("\n\n".join([words.moods, *lines])))
        if self._recovered(history):
            turn.say(words.recovered)
        turn.say(words.not_a_grade, card=_CARD if history.channel == "web" else None)
        return []

    def _history(self, session: Session, of: Conversation) -> _History:
        measures = {
            guide.intent: [
                _line(each) for each in latest_measures(session, of.person_id, guide.intent, _MOST_SHOWN)
            ]
            for guide in of_kind(self.needs.content.guides, Kind.QUESTIONNAIRE)
        }
        lately = (
            select(MoodCheckin)
            .where(MoodCheckin.person_id == of.person_id)
            .order_by(MoodCheckin.at.desc())
            .limit(_MOST_SHOWN)
        )
        moods = [(day_in_words(each.at), each.mood) for each in reversed(session.scalars(lately).all())]
        return _History(measures, moods, of.channel)

    def _tell(self, turn: Turn, guide: Guide, kept: list[tuple[str, int | None]]) -> None:
        if not kept or guide.scoring is None:
            return
        words, most = self.needs.content.measures, guide.scoring.most
        lines = [
            fill(words.line_without, date=day)
            if total is None
            else fill(words.line[0], date=day, count=total, most=most)
            for day, total in kept
        ]
        turn.say_exactly(WrittenText("\n\n".join([f"{guide.title}:", *lines])))

    def _recovered(self, history: _History) -> bool:
        """Over the first and the last of both questionnaires that are shown."""
        scorings: list[Scoring] = []
        first: list[int] = []
        last: list[int] = []
        for name in _FOR_RECOVERY:
            guide = self.needs.content.guides.get(name)
            totals = [total for _, total in history.measures.get(name, []) if total is not None]
            if guide is None or guide.scoring is None or len(totals) < 2:
                return False
            scorings.append(guide.scoring)
            first.append(totals[0])
            last.append(totals[-1])
        return recovered(first, last, scorings)


def _line(measure: Measure) -> tuple[str, int | None]:
    return day_in_words(measure.at), measure.score
