"""Guides are read and checked as a whole, and a mistake says what to do."""

from pathlib import Path

import pytest
import yaml

from content import Content, ContentError
from content.guides import AnswerKind, Kind, read_guides

CONTENT = Content.load()
ROOT = Path(__file__).resolve().parents[2]
INTENTS = yaml.safe_load((ROOT / "domain.yml").read_text())["intents"]

SMALL = """
intent: small
kind: exercise
title: Small
intro: [Hello there.]
steps:
  - key: one
    ask: ["What is it?"]
    answer: words
  - key: two
    say: ["You said {one}."]
    answer: go_on
done: ["It was {one}."]
left: [Okay.]
"""


def read_one(tmp_path: Path, text: str) -> object:
    (tmp_path / "small.yml").write_text(text)
    return read_guides(tmp_path)["small"]


def test_a_small_guide_is_read(tmp_path: Path) -> None:
    read_one(tmp_path, SMALL)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("intent: small", "intent: other", "Call the file other.yml"),
        ("answer: words", "answer: anything", "Write words, go_on"),
        ("answer: go_on", "answer: words", "has 'answer: go_on'"),
        ("key: two", "key: one", "each with a key of its own"),
        ("key: one", "key: One thing", "one word in small letters"),
        ("You said {one}.", "You said {two}.", "two.*is no step before it"),
        ("It was {one}.", "It was {three}.", "three.*is no step before it"),
        ("kind: exercise", "kind: questionnaire", "A questionnaire has 'scoring'"),
        ("You said {one}.", "You said {one.", "brace is not closed"),
    ],
)
def test_a_mistake_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in SMALL
    with pytest.raises(ContentError, match=problem):
        read_one(tmp_path, SMALL.replace(old, new, 1))


@pytest.mark.parametrize("guide", CONTENT.guides.values(), ids=lambda guide: guide.intent)
def test_every_guide_can_be_started_by_what_somebody_says(guide: object) -> None:
    assert guide.intent in INTENTS  # type: ignore[attr-defined]


def test_what_a_step_takes_are_intents() -> None:
    for guide in CONTENT.guides.values():
        for step in guide.steps:
            assert set(step.takes) <= set(INTENTS), f"{guide.intent}: {step.key}"


@pytest.mark.parametrize(("name", "items", "most"), [("phq9", 9, 27), ("gad7", 7, 21), ("wsas", 5, 40)])
def test_the_questionnaires_have_their_items_and_say_whose_they_are(name: str, items: int, most: int) -> None:
    scoring = CONTENT.guides[name].scoring
    assert scoring is not None
    assert (len(scoring.items), scoring.most) == (items, most)
    assert "Spitzer" in scoring.attribution or "Marks" in scoring.attribution


@pytest.mark.parametrize("name", ["phq9", "gad7"])
def test_each_item_has_the_four_usual_answers(name: str) -> None:
    guide = CONTENT.guides[name]
    assert guide.scoring is not None
    for key in guide.scoring.items:
        step = guide.step(key)
        assert step is not None
        assert step.answer.choice is not None
        assert [(str(option.title), option.value) for option in step.answer.choice.options] == [
            ("Not at all", 0),
            ("Several days", 1),
            ("More than half the days", 2),
            ("Nearly every day", 3),
        ]


def test_the_lines_are_those_of_nhs_talking_therapies() -> None:
    lines = {
        name: (CONTENT.guides[name].scoring.caseness, CONTENT.guides[name].scoring.reliable_change)  # type: ignore[union-attr]
        for name in ("phq9", "gad7")
    }
    assert lines == {"phq9": (10, 6), "gad7": (8, 4)}


def test_the_ninth_item_alone_raises_the_alarm_at_anything_above_nothing() -> None:
    found = {
        (guide.intent, step.key): step.alarm.above
        for guide in CONTENT.guides.values()
        for step in guide.steps
        if step.alarm is not None
    }
    assert found == {("phq9", "better_off_dead"): 0}


def test_the_safety_plan_has_its_six_parts() -> None:
    plan = CONTENT.guides["safety_plan"]
    assert plan.kind is Kind.PLAN
    assert [step.answer.kind for step in plan.steps] == [AnswerKind.WORDS] * 6
    assert all(step.title for step in plan.steps)
