"""What the actions need from the rest of Harbour, handed over once when it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from clinic.clock import ResponseTargets
from content import Content
from store.erasure import Eraser
from store.models import Person
from store.retention import PERIODS
from store.session import Store


def refuse_statistics(_session: Session, person: Person) -> None:
    """Note that the person does not want to be counted."""
    person.shares_statistics = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The words, the store, and how soon a human promises to respond.

    `staff_were_asked` is called after an escalation was committed, to wake whoever watches the queue.
    `count_no_more` takes a person out of the statistics, from now on. `eraser` erases a person, and `erased` is
    called when that was committed. `periods` says how many days each kind of thing is kept. `staffed` says whether
    anybody is on shift to read the queue: no time is promised when nobody is.
    """

    content: Content
    store: Store
    targets: ResponseTargets
    staff_were_asked: Callable[[], None]
    eraser: Eraser
    staffed: bool = True
    count_no_more: Callable[[Session, Person], None] = refuse_statistics
    erased: Callable[[], None] = lambda: None
    periods: Mapping[str, int] = field(default_factory=lambda: PERIODS)
