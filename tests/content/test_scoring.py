"""Scores are exact for every way of answering, and change is called what NHS Talking Therapies calls it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import Content
from content.guides import Scoring
from content.scoring import Change, change, is_case, recovered, score

GUIDES = Content.load().guides


def scoring(name: str) -> Scoring:
    found = GUIDES[name].scoring
    assert found is not None
    return found


NAMES = ["phq9", "gad7", "wsas"]
answers = {
    name: st.lists(
        st.one_of(st.none(), st.integers(0, scoring(name).highest_item)),
        min_size=len(scoring(name).items),
        max_size=len(scoring(name).items),
    )
    for name in NAMES
}


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_a_whole_questionnaire_is_the_plain_sum(name: str, data: st.DataObject) -> None:
    of = scoring(name)
    whole = data.draw(
        st.lists(st.integers(0, of.highest_item), min_size=len(of.items), max_size=len(of.items))
    )
    total = score(whole, of.most_missing)
    assert total == sum(whole)
    assert 0 <= total <= of.most


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_missing_items_are_the_mean_of_the_rest_or_there_is_no_score(name: str, data: st.DataObject) -> None:
    of = scoring(name)
    given_answers = data.draw(answers[name])
    there = [answer for answer in given_answers if answer is not None]
    total = score(given_answers, of.most_missing)
    if len(given_answers) - len(there) > of.most_missing:
        assert total is None
    else:
        assert total is not None
        exact = Fraction(sum(there) * len(of.items), len(there))
        assert abs(total - exact) <= Fraction(1, 2)
        assert sum(there) <= total <= of.most


@given(data=st.data())
def test_leaving_out_one_that_is_the_mean_changes_nothing(data: st.DataObject) -> None:
    value = data.draw(st.integers(0, 3))
    assert score([value] * 8 + [None], 2) == 9 * value


@pytest.mark.parametrize(
    ("given_answers", "most_missing", "total"),
    [
        ([0] * 9, 2, 0),
        ([3] * 9, 2, 27),
        ([1, 1, 1, 1, 1, 1, 1, None, None], 2, 9),
        ([2, 1, 1, 1, 1, 1, 1, None, None], 2, 10),  # 8 of 7 items: 10.29
        ([1, 1, 1, 1, 1, 1, None, None, None], 2, None),
        ([3, 3, 3, 3, 3, 3, None], 1, 21),
        ([1, 0, 0, 0, 0, 0, None], 1, 1),  # 1.17
        ([1, 1, 1, 0, 0, 0, None], 1, 4),  # 3.5, a half up
        ([1, 1, 1, 0, 0, None, None], 1, None),
        ([None] * 7, 7, None),
        ([8, 8, 8, 8, None], 1, 40),
    ],
)
def test_these_scores(given_answers: list[int | None], most_missing: int, total: int | None) -> None:
    assert score(given_answers, most_missing) == total


@pytest.mark.parametrize("name", ["phq9", "gad7"])
@given(data=st.data())
def test_change_is_one_thing_both_ways(name: str, data: st.DataObject) -> None:
    of = scoring(name)
    assert of.reliable_change is not None
    before, after = data.draw(st.integers(0, of.most)), data.draw(st.integers(0, of.most))
    there, back = change(before, after, of), change(after, before, of)
    better = {Change.BETTER, Change.BELOW_THE_LINE}
    assert (there in better) == (back is Change.WORSE)
    assert (there is Change.SAME) == (abs(before - after) < of.reliable_change)
    if there is Change.BELOW_THE_LINE:
        assert is_case(before, of)
        assert not is_case(after, of)


@pytest.mark.parametrize(
    ("name", "before", "after", "called"),
    [
        ("phq9", 16, 10, Change.BETTER),
        ("phq9", 15, 9, Change.BELOW_THE_LINE),
        ("phq9", 10, 5, Change.SAME),
        ("phq9", 4, 10, Change.WORSE),
        ("gad7", 11, 7, Change.BELOW_THE_LINE),
        ("gad7", 8, 5, Change.SAME),
        ("gad7", 3, 7, Change.WORSE),
        ("wsas", 30, 2, None),
    ],
)
def test_these_changes(name: str, before: int, after: int, called: Change | None) -> None:
    assert change(before, after, scoring(name)) is called


def test_recovery_is_over_both_questionnaires() -> None:
    both = [scoring("phq9"), scoring("gad7")]
    assert recovered([12, 5], [9, 7], both), "at caseness on either at first"
    assert not recovered([12, 5], [9, 8], both), "and below both now"
    assert not recovered([9, 7], [2, 2], both), "who was below both cannot recover"
