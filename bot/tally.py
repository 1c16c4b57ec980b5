"""The last step: when a person's period closes, one perturbed report may be drawn. Nothing else about use is counted.

What is true of a person is worked out from the clinical record at that moment, handed to `store.statistics`,
and not kept; what is kept is one value, changed by chance.
"""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from privacy.ldp.statistics import Statistics
from store.models import Conversation, Escalation, Message, MoodCheckin, Person, Speaker, now
from store.session import Store
from store.statistics import close_period, send_drawn, withdraw

_QUIET_FOR: Final = timedelta(hours=6)
"""A conversation that has been quiet for this long is over, as far as counting goes."""
_SENT_ONE_IN: Final = 4

_TOPIC_OF: Final = MappingProxyType(
    {
        "feel_low": 0,
        "feel_numb": 0,
        "feel_anxious": 1,
        "feel_stressed": 1,
        "cant_sleep": 2,
        "relationship_trouble": 3,
        "feel_lonely": 3,
        "grief": 4,
        "work_or_study_trouble": 5,
        "money_trouble": 5,
        "feel_angry": 6,
        "medication_question": 6,
    }
)
"""Which value of the statistic "topic" each intent belongs to."""


class Tally:
    """Draws reports, and sends them later in a secret order."""

    def __init__(self, store: Store, statistics: Statistics, ledger_key: bytes) -> None:
        self._store = store
        self._statistics = statistics
        self._key = ledger_key

    def close(self, person_id: str) -> bool:
        """Draw this quarter's report for a person, unless they refused or it was drawn; whether one was drawn."""
        with self._store.begin() as session:
            # Held until this is kept: whoever stops meanwhile waits, and then finds the report to discard.
            person = session.get(Person, person_id, with_for_update=True)
            if person is None:
                return False
            today = datetime.now(UTC).date()
            return close_period(
                session,
                self._statistics,
                self._key,
                person.pseudonym,
                _known(session, person, _quarter_began(today)),
                today=today,
                consents=person.shares_statistics,
            )

    def close_quiet(self) -> int:
        """Draw for everyone whose talk has been quiet for hours and was never ended; how many were drawn."""
        with self._store.read() as session:
            quiet = session.scalars(
                select(Conversation.person_id)
                .join(Person)
                .where(Person.shares_statistics, Conversation.last_at < now() - _QUIET_FOR)
                .where(
                    Conversation.last_at
                    >= datetime.combine(_quarter_began(now().date()), datetime.min.time(), UTC)
                )
                .distinct()
            ).all()
        return sum(self.close(person_id) for person_id in quiet)

    def send(self) -> int:
        """Send some of the drawn reports, each by chance: a random delay. How many were sent."""
        with self._store.begin() as session:
            return send_drawn(session, one_in=_SENT_ONE_IN)

    def stop(self, session: Session, person: Person) -> None:
        """Count this person no more, and discard a report that was drawn and not sent."""
        person.shares_statistics = False
        withdraw(session, self._key, person.pseudonym, today=datetime.now(UTC).date())


def _known(session: Session, person: Person, since: date) -> dict[str, int | None]:
    """What there is to tell of a person in this quarter, by attribute; None where there is nothing."""
    began = datetime.combine(since, datetime.min.time(), UTC)
    conversations = select(Conversation.id).where(Conversation.person_id == person.id)
    said = Message.conversation_id.in_(conversations) & (Message.at >= began)
    spoken = session.scalars(select(Message.at).where(said, Message.speaker == Speaker.PATIENT)).all()
    intents = session.scalars(select(Message.intent).where(said, Message.intent.in_(_TOPIC_OF))).all()
    mood = session.scalar(
        select(MoodCheckin.mood)
        .where(MoodCheckin.person_id == person.id, MoodCheckin.at >= began)
        .order_by(MoodCheckin.at.desc())
        .limit(1)
    )
    topics = [_TOPIC_OF[intent] for intent in intents if intent is not None]
    return {
        "topic": _most_common(topics),
        "mood": mood,
        "asked_for_a_person": _asked_for_a_person(session, person, began) if spoken else None,
        "time_of_day": _most_common([_time_of_day(at) for at in spoken]),
    }


def _asked_for_a_person(session: Session, person: Person, since: datetime) -> int:
    conversations = select(Conversation.id).where(Conversation.person_id == person.id)
    reasons = session.scalars(
        select(Escalation.reasons).where(
            Escalation.conversation_id.in_(conversations), Escalation.raised_at >= since
        )
    )
    return int(any(reason["category"] == "asked_for_a_person" for each in reasons for reason in each))


def _time_of_day(at: datetime) -> int:
    """Morning, afternoon, evening, night: 0 to 3, from six o'clock UTC on."""
    return ((at.hour - 6) % 24) // 6


def _most_common(values: list[int]) -> int | None:
    """The value seen most; one of them by chance when several are."""
    if not values:
        return None
    counts = Counter(values)
    most = max(counts.values())
    return secrets.choice([value for value, count in counts.items() if count == most])


def _quarter_began(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
