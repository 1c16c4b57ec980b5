"""A mood is read as people type it, and nothing else is taken for one."""

import pytest

from actions.leaving import wants_to_leave
from actions.moods import NotAMood, read_mood


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("3", 3),
        ("about a 3", 3),
        ("three", 3),
        ("Three.", 3),
        ("maybe a 6?", 6),
        ("6/10", 6),
        ("6 / 10", 6),
        ("6 out of 10", 6),
        ("six out of ten", 6),
        ("10", 10),
        ("10/10", 10),
        ("0", 0),
        ("zero", 0),
        ("nought", 0),
        ("4 or 5", 4),
        ("4-5", 4),
        ("between 2 and 3", 2),
        ("two to three", 2),
        ("4.5", 4),
        ("3ish", 3),
        ("id say 7 today", 7),
        ("<PERSON_1> said 5", 5),
        ("no one knows but a 2", 2),
        ("im at a one", 1),
    ],
)
def test_a_mood(text: str, mood: int) -> None:
    assert read_mood(text) == mood


@pytest.mark.parametrize("text", ["11", "-1", "100", "minus two", "10.5", "a hundred", "eleven out of ten"])
def test_off_the_scale(text: str) -> None:
    assert read_mood(text) is NotAMood.OUT_OF_RANGE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "awful",
        "no one cares",
        "one of those days",
        "<PERSON_2>",
        "3 kids and 2 jobs and 1 dog",
        "5 kids and 7 dogs",
        "lonely",
        "tenner",
        "/checkin",
    ],
)
def test_no_mood(text: str) -> None:
    assert read_mood(text) is NotAMood.NO_NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "Stop.",
        "not now",
        "later",
        "no thanks",
        "ok stop please",
        "skip it",
        "can we stop",
        "i don’t want to",
        "leave it for now",
        "never mind",
    ],
)
def test_wanting_to_leave(text: str) -> None:
    assert wants_to_leave(text)


@pytest.mark.parametrize(
    "text",
    ["a bus stop", "it wont stop", "nothing", "the door and a lamp", "no", "not too bad, a 6", "stop signs"],
)
def test_not_wanting_to_leave(text: str) -> None:
    assert not wants_to_leave(text)


def test_a_bare_no_leaves_only_where_it_answers_nothing() -> None:
    assert wants_to_leave("no", a_no_leaves=True)
    assert not wants_to_leave("no", a_no_leaves=False)
