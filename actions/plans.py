"""Plans in a person's own words: shown, changed part by part, and shown to the team if they want that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from actions.guides import StartGuide, opened
from actions.own_data import NotDone, with_conversation
from actions.turn import Choice, Event, Turn, set_slot
from content.guides import AnswerKind, Guide, Step, squashed
from content.sentences import fill
from privacy.text import WrittenText
from store import guides
from store.columns import Answers
from store.models import Conversation

SLOT: Final = "plan_do"
_CHANGE: Final = "change:"
_SHARE: Final = "share"
_UNSHARE: Final = "unshare"


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """Makes a plan, or shows the one that is there and offers to change it. `guide` is its intent; without it, the
    intent of the message says which."""

    needs: Capabilities
    guide: str | None = None
    name: str = "action_open_plan"

    async def run(self, turn: Turn) -> list[Event]:
        """Show it, change it, share it, or begin."""
        guide = self.needs.content.guides[self.guide or turn.intents(1)[-1]]
        try:
            return [set_slot(SLOT, None), *await self._do(turn, guide, str(turn.slot(SLOT) or ""))]
        except NotDone:
            turn.say(self.needs.content.guiding.not_kept)
            return [set_slot(SLOT, None)]

    async def _do(self, turn: Turn, guide: Guide, what: str) -> list[Event]:
        parts = await _parts(turn, self.needs, guide)
        if parts is None or await self._under_way(turn, guide):
            return await StartGuide(self.needs, guide.intent).run(turn)
        if what in (_SHARE, _UNSHARE):
            return await self._share(turn, guide, what == _SHARE)
        part = _named(guide, what, turn.text)
        if part is not None:
            return await self._change(turn, guide, part, parts)
        turn.say(self.needs.content.plans.here)
        await show_plan(turn, self.needs, guide)
        return []

    async def _under_way(self, turn: Turn, guide: Guide) -> bool:
        found = await with_conversation(
            self.needs.store,
            turn.session,
            lambda session, of: guides.progress_in(session, of.person_id, guide.intent) is not None,
        )
        return bool(found)

    async def _change(self, turn: Turn, guide: Guide, part: Step, parts: Answers) -> list[Event]:
        def begin(session: Session, conversation: Conversation) -> None:
            guides.begin(
                session, conversation.person_id, guide.intent, part.key, answers=parts, last_step=part.key
            )

        await with_conversation(self.needs.store, turn.session, begin)
        turn.say(self.needs.content.plans.change)
        return opened()

    async def _share(self, turn: Turn, guide: Guide, shared: bool) -> list[Event]:
        def share(session: Session, conversation: Conversation) -> None:
            plan = guides.plan(session, conversation.person_id, guide.intent)
            if plan is not None:
                plan.shared = shared

        await with_conversation(self.needs.store, turn.session, share)
        words = self.needs.content.plans
        turn.say(words.shared if shared else words.unshared)
        return []


async def show_plan(turn: Turn, needs: Capabilities, guide: Guide) -> None:
    """The plan as it stands, and what can be done with it."""
    plan = await with_conversation(
        needs.store, turn.session, lambda session, of: _as_kept(session, of, guide.intent)
    )
    if plan is None:
        return
    parts, shared, channel = plan
    words = needs.content.plans
    turn.say_exactly(WrittenText("\n\n".join(_lines(needs, guide, parts))))
    titles = words.buttons
    sharing = (titles.unshare, _UNSHARE) if shared else (titles.share, _SHARE)
    changing = [
        Choice(fill(titles.change, name=step.part), guide.intent, SLOT, _CHANGE + step.key)
        for step in _parts_of(guide)
    ]
    all_choices = (
        *changing,
        Choice(sharing[0], guide.intent, SLOT, sharing[1]),
        Choice(titles.leave, "not_now"),
    )
    turn.say(words.what_now, choices=all_choices, card="my_data" if channel == "web" else None)


def _lines(needs: Capabilities, guide: Guide, parts: Answers) -> list[str]:
    """Each part under its name, in the person's own words."""
    words, guiding = needs.content.plans, needs.content.guiding
    said = {key: guiding.say_over(str(answer)) for key, answer in parts.items() if answer is not None}
    return [f"{step.part}: {said.get(step.key, str(words.empty))}" for step in _parts_of(guide)]


def _as_kept(session: Session, conversation: Conversation, kind: str) -> tuple[Answers, bool, str] | None:
    plan = guides.plan(session, conversation.person_id, kind)
    return None if plan is None else (dict(plan.parts), plan.shared, conversation.channel)


async def _parts(turn: Turn, needs: Capabilities, guide: Guide) -> Answers | None:
    def parts(session: Session, conversation: Conversation) -> Answers | None:
        plan = guides.plan(session, conversation.person_id, guide.intent)
        return None if plan is None else dict(plan.parts)

    return await with_conversation(needs.store, turn.session, parts)


def _parts_of(guide: Guide) -> list[Step]:
    return [step for step in guide.steps if step.answer.kind is not AnswerKind.GO_ON]


def _named(guide: Guide, what: str, text: str) -> Step | None:
    """The part to change: the one that a button stands for, or whose title is in the message."""
    if what.startswith(_CHANGE):
        return guide.step(what.removeprefix(_CHANGE))
    plain = squashed(text)
    named = [step for step in _parts_of(guide) if squashed(step.part) in plain]
    return named[0] if named else None
