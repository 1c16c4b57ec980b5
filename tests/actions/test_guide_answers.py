"""A choice is taken by its title, its number or its words; a number from what somebody typed."""

import pytest

from actions.guide_answers import NotAnAnswer, read_answer
from content import Content
from content.guides import Step

GUIDES = Content.load().guides


def step(guide: str, key: str) -> Step:
    found = GUIDES[guide].step(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Not at all", 0),
        ("not at all really", 0),
        ("several days", 1),
        ("SEVERAL DAYS.", 1),
        ("i'd say more than half the days", 2),
        ("more than half the days", 2),
        ("nearly every day i think", 3),
        ("0", 0),
        ("3", 3),
        ("2.", 2),
        ("4", NotAnAnswer.NOT_ON_THE_LIST),
        ("blue", NotAnAnswer.NOT_ON_THE_LIST),
        ("several days or nearly every day", NotAnAnswer.NOT_ON_THE_LIST),
        ("", NotAnAnswer.NOT_ON_THE_LIST),
    ],
)
def test_the_four_answers_of_a_questionnaire(text: str, value: object) -> None:
    assert read_answer(step("phq9", "interest"), text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", "not_at_all"), ("4", "extremely"), ("very difficult", "very"), ("5", NotAnAnswer.NOT_ON_THE_LIST)],
)
def test_where_options_have_no_numbers_a_number_is_the_place_on_the_list(text: str, value: object) -> None:
    assert read_answer(step("phq9", "difficulty"), text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8", 8),
        ("about a 3", 3),
        ("seven", 7),
        ("9", NotAnAnswer.OUT_OF_RANGE),
        ("x", NotAnAnswer.NOT_ON_THE_LIST),
    ],
)
def test_a_number_on_a_scale_of_its_own(text: str, value: object) -> None:
    assert read_answer(step("wsas", "home"), text) == value


def test_words_are_taken_as_they_are() -> None:
    words = "i dont know why but my boss just walked straight past me without a word"
    assert read_answer(step("thought_record", "situation"), words) == words
    assert read_answer(step("thought_record", "situation"), "dunno") is NotAnAnswer.STUCK
