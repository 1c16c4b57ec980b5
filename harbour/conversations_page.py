"""The page of conversations, made from the content: what Harbour says in each, as a reader can follow it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from content import Content
from content.guides import AnswerKind, Guide, Kind, Step
from content.topics import Listens, Topic

_HEAD: Final = """# Conversations

What Harbour says, conversation by conversation, in the first of its ways of saying it: each sentence has others, and
none is said twice before all were said once. *Italics* are what a person does. Words in {braces} are filled in.

Danger is heard before any of this, in the middle of all of it, and answered from `data/content/crisis.yml`. So are
"person", "help", "stop", "later" and questions about one's data: a conversation that was left is taken up again by
"carry on". `harbour conversations` prints this page from `data/content/`; a test keeps the two the same."""

_KINDS: Final = {
    Kind.EXERCISE: ("Exercises", "Each ends by asking whether it helped."),
    Kind.PLAN: ("Plans", "Each is kept, shown again when asked for, and changed part by part."),
    Kind.QUESTIONNAIRE: ("Questionnaires", "Each can be skipped through, left, and taken up again."),
    Kind.REQUEST: ("Asking for something", "Each ends with what will be sent, and to whom."),
}


def page() -> str:
    """Markdown: the first meeting, feelings and troubles, questions, and each guide step by step."""
    content = Content.load()
    parts = [_HEAD, *_meeting(content), *_checking_in(content), *_small_things(content)]
    for kind, (title, about) in _KINDS.items():
        parts += [f"## {title}\n\n{about}", *_guides(content, kind)]
    return "\n\n".join([*parts, *_topics(content)])


def _meeting(content: Content) -> Iterator[str]:
    notice = content.notices.first_notice
    yield "## The first meeting"
    yield _said(
        notice.bot, notice.not_emergency, notice.help_now, notice.kept, notice.not_kept, notice.rights
    )
    yield _said(notice.statistics, choices=(notice.start, notice.start_without_statistics))
    yield _said(content.notices.greeting[0])


def _checking_in(content: Content) -> Iterator[str]:
    words = content.checkin
    yield "## Checking in"
    yield _said(words.ask[0])
    yield "*A number up to 3:*"
    buttons = words.buttons
    low = (buttons.talk, buttons.small_thing, buttons.person, buttons.not_now)
    yield _said(words.low[0], words.offer_when_low[0], choices=low)
    yield "*Any other number:*"
    yield _said(words.middle[0], words.offer[0], choices=(buttons.talk, buttons.not_now))


def _small_things(content: Content) -> Iterator[str]:
    words = content.exercises
    yield "## Something small to try"
    titles = words.choice.titles
    yield _said(words.choice.ask[0], choices=[*titles.values(), words.choice.buttons.not_now])
    yield "Those that fit what was said come first, a few at a time."
    yield f"### {titles['breathing']}"
    breathing = words.breathing
    again = (breathing.buttons.again, breathing.buttons.enough)
    yield _said(breathing.intro[0], *breathing.rounds, breathing.done[0], choices=again)
    yield f"### {titles['grounding']}"
    yield _said(words.grounding.intro[0], *(step.ask[0] for step in words.grounding.steps))
    yield _said(words.grounding.done[0])


def _guides(content: Content, kind: Kind) -> Iterator[str]:
    for guide in content.guides.values():
        if guide.kind is kind:
            yield f"### {guide.title}"
            yield _said(guide.intro[0])
            yield from (_step(step) for step in guide.steps)
            yield from _ending(guide)


def _step(step: Step) -> str:
    choice, number = step.answer.choice, step.answer.number
    said = _said(step.ways[0], choices=[option.title for option in choice.options] if choice else ())
    answered = {
        AnswerKind.NUMBER: f"*a number from {number.low} to {number.high}*" if number else "",
        AnswerKind.CHOICE: "*one of these*",
        AnswerKind.WORDS: "*their own words*",
        AnswerKind.GO_ON: "*anything, to go on*",
    }[step.answer.kind]
    return f"{said}\n\n{answered}"


def _ending(guide: Guide) -> Iterator[str]:
    if guide.scoring is None:
        yield _said(guide.done[0])
    else:
        yield _said(guide.scoring.below[0])
        yield f"*or, from {guide.scoring.caseness} on:*" if guide.scoring.caseness else "*or:*"
        yield _said(guide.scoring.from_caseness[0])


def _topics(content: Content) -> Iterator[str]:
    topics = content.topics.topics
    yield "## Feelings and troubles\n\nEach is said back first. *What can help* brings the rest."
    yield from (
        part for name, topic in topics.items() if topic.listens for part in _topic(content, name, topic)
    )
    yield "## Knowing about\n\nEach is answered at once."
    yield from (
        part for name, topic in topics.items() if not topic.listens for part in _topic(content, name, topic)
    )


def _topic(content: Content, name: str, topic: Topic) -> Iterator[str]:
    buttons, offers = content.topics.buttons, content.offers
    yield f"### {name.replace('_', ' ').capitalize()}"
    reflected = topic.reflects[:1] if topic.reflects else ()
    if topic.listens is Listens.AND_ASKS:
        yield _said(*reflected, choices=(buttons.more,))
    elif topic.listens is Listens.AND_OFFERS:
        ways_on = (offers.buttons.talk, offers.buttons.small_thing, buttons.more, offers.buttons.not_now)
        yield _said(*reflected, offers.offer[0], choices=ways_on)
    if topic.listens:
        yield f"*{buttons.more}:*"
        reflected = ()
    yield _said(*reflected, topic.about[0], topic.next[0])
    if topic.numbers:
        yield "\n".join(f"> * {content.helplines[key].line}" for key in topic.numbers)
    if topic.offer:
        titles = content.exercises.choice.titles
        exercises = [titles[exercise] for exercise in topic.tries]
        yield _said(topic.offer[0], choices=[*exercises, buttons.person, buttons.not_now])


def _said(*sentences: str, choices: Iterable[str] = ()) -> str:
    """A quotation, with a line for the choices under it."""
    lines: Sequence[str] = [
        *sentences,
        *([" · ".join(f"**{title}**" for title in choices)] if choices else []),
    ]
    return "\n>\n".join(f"> {_shown(line)}" for line in lines)


def _shown(line: str) -> str:
    return line.replace("<", "&lt;")
