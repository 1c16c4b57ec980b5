"""What the actions need from the rest of Harbour, handed over once when it starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clinic.clock import ResponseTargets
from content import Content
from store.session import Store


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The words, the store, and how soon a human promises to respond.

    `staff_were_asked` is called after an escalation was committed, to wake whoever watches the queue.
    `staffed` says whether anybody is on shift to read it: no time is promised when nobody is.
    """

    content: Content
    store: Store
    targets: ResponseTargets
    staff_were_asked: Callable[[], None]
    staffed: bool = True
