"""The safety plan is made together, kept, shown, changed part by part, and seen by the team only on a yes."""

import pytest
from sqlalchemy import select

from actions.ages import read_age
from content import Content
from store.conversations import append
from store.guide_models import Plan
from store.models import Conversation, Escalation, Speaker
from store.session import Store
from tests.actions.calling import Rasa
from tests.actions.guiding import Walk

CONTENT = Content.load()
PLAN = CONTENT.guides["safety_plan"]
PARTS = ["not sleeping", "a walk", "the park", "<PERSON_1> next door", "my gp", "not being alone at night"]


def made(walk: Walk) -> str:
    walk.says("i want a safety plan", "safety_plan")
    return [walk.says(part) for part in PARTS][-1]


def kept(store: Store) -> Plan:
    with store.read() as session:
        return session.scalars(select(Plan)).one()


def test_it_is_made_kept_and_shown(walk: Walk, store: Store) -> None:
    said = made(walk)
    assert kept(store).parts == dict(zip([step.key for step in PLAN.steps], PARTS, strict=True))
    assert not kept(store).shared
    for step, part in zip(PLAN.steps, PARTS, strict=True):
        assert f"{step.title}: {part.replace('<PERSON_1>', '(a name)')}" in said


def test_it_is_shown_again_another_day(walk: Walk) -> None:
    made(walk)
    said = walk.says("show me my safety plan", "safety_plan")
    assert said.startswith(CONTENT.plans.here[0])
    assert "a walk" in said


def test_one_part_is_changed_and_the_rest_stays(walk: Walk, store: Store) -> None:
    made(walk)
    said = walk.presses("Change: Things I can do on my own")
    assert any(way in said for way in PLAN.steps[1].ways)
    said = walk.says("a bath")
    assert "Things I can do on my own: a bath" in said
    assert kept(store).parts | {"alone": "a walk"} == dict(
        zip([step.key for step in PLAN.steps], PARTS, strict=True)
    )


def test_a_part_is_named_in_words(walk: Walk) -> None:
    made(walk)
    said = walk.says("change my warning signs in the safety plan", "safety_plan")
    assert any(way in said for way in PLAN.steps[0].ways)


def test_skipping_the_part_that_is_changed_keeps_what_was_there(walk: Walk, store: Store) -> None:
    made(walk)
    walk.presses("Change: Things I can do on my own")
    walk.says("skip", "skip")
    assert kept(store).parts["alone"] == "a walk"


def test_the_team_sees_it_only_if_that_is_wanted(walk: Walk, store: Store) -> None:
    made(walk)
    assert walk.presses("Let the team see it") in CONTENT.plans.shared
    assert kept(store).shared
    walk.says("my safety plan", "safety_plan")
    assert walk.presses("Hide it from the team") in CONTENT.plans.unshared
    assert not kept(store).shared


def test_a_plan_half_made_is_gone_on_with(walk: Walk) -> None:
    walk.says("i want a safety plan", "safety_plan")
    walk.says("not sleeping")
    walk.says("later", "pause")
    walk.says("my safety plan", "safety_plan")
    assert walk.replies[-1]["text"] in PLAN.steps[1].ways


def test_a_yes_to_the_offer_after_danger_makes_the_plan(walk: Walk, store: Store) -> None:
    """Harbour itself made the offer, so Rasa's memory of what was offered is older than the yes."""
    with store.begin() as session:
        conversation = session.scalars(select(Conversation)).one()
        append(
            session,
            conversation,
            Speaker.BOT,
            CONTENT.crisis.plan_offer.ask[1],
            buttons=[{"title": "Make a safety plan", "payload": "/safety_plan"}],
        )
    walk.rasa.hears("yes please", "affirm")
    assert walk.rasa.says("action_affirm") in PLAN.intro


REFERRAL = CONTENT.guides["self_referral"]


def referred(walk: Walk, button: str) -> str:
    walk.says("can i refer myself", "self_referral")
    for answer in ("panic on buses", "since spring", "cant get to work", "a course", "ride the bus"):
        walk.says(answer)
    assert "panic on buses" in walk.replies[-1]["text"], "the summary is read back before anything is sent"
    return walk.presses(button)


def test_a_referral_is_sent_on_a_yes_with_the_summary(walk: Walk, store: Store, woken: list[str]) -> None:
    assert "team" in referred(walk, "Yes, send it")
    with store.read() as session:
        [escalation] = session.scalars(select(Escalation))
        [reason] = escalation.reasons
    assert reason["category"] == "self_referral"
    assert "panic on buses" in reason["words"]
    assert "since spring" in reason["words"]
    assert woken == ["woken"]


def test_nothing_is_sent_on_a_no(walk: Walk, store: Store, woken: list[str]) -> None:
    assert referred(walk, "No, don't send it") in REFERRAL.done
    with store.read() as session:
        assert session.scalars(select(Escalation)).all() == []
    assert woken == []


def test_a_reminder_is_answered_honestly(rasa: Rasa) -> None:
    rasa.hears("remind me tomorrow", "reminder")
    assert "can't" in rasa.says("action_remind")


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("im 15", 15),
        ("fifteen", 15),
        ("i'm in year 9", 13),
        ("34", 34),
        ("im 14 nearly 15", 14),
        ("old", None),
    ],
)
def test_an_age_is_read(text: str, age: int | None) -> None:
    assert read_age(text) == age


@pytest.mark.parametrize(
    ("text", "words", "card"),
    [
        ("im 13", CONTENT.ages.under_16, "helplines"),
        ("im 17", CONTENT.ages.under_19, "helplines"),
        ("im 40", CONTENT.ages.older, None),
        ("how old do you have to be", CONTENT.ages.not_said, None),
    ],
)
def test_what_changes_under_sixteen_is_said(
    rasa: Rasa, text: str, words: tuple[str, ...], card: str | None
) -> None:
    rasa.hears(text, "tell_age")
    [reply] = rasa.runs("action_tell_age")
    assert reply["text"] in words
    assert (reply["custom"] or {}).get("card") == card
