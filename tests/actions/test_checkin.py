"""The check-in takes a number, keeps it, says it back, and lets itself be left."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from content import Content, Variants
from store.models import MoodCheckin
from store.session import Store
from tests.actions.calling import Rasa

WORDS = Content.load().checkin


def kept(store: Store) -> list[int]:
    with store.read() as unit:
        return list(unit.scalars(select(MoodCheckin.mood)))


def answers(rasa: Rasa, text: str) -> None:
    rasa.hears(text, "mood_number")
    rasa.takes("mood", text)


def test_it_asks_keeps_reflects_and_offers(rasa: Rasa, store: Store) -> None:
    rasa.hears("check in", "checkin")
    rasa.opens("checkin_form")
    assert rasa.says("action_ask_checkin_form_mood") in WORDS.ask
    answers(rasa, "about a 3")
    assert rasa.runs("validate_checkin_form") == []
    assert rasa.slots["mood"] == 3
    reflection, offer = rasa.runs("action_checkin_done")
    assert "3" in reflection["text"]
    assert [button["payload"] for button in offer["buttons"]] == [
        "/want_to_talk",
        "/want_exercise",
        "/want_human",
        "/not_now",
    ]
    assert kept(store) == [3]
    assert rasa.slots["mood"] is None, "so that it can be done again"


def test_a_good_day_is_not_pressed_with_exercises(rasa: Rasa) -> None:
    rasa.slots["mood"] = 8
    _, offer = rasa.runs("action_checkin_done")
    assert "/want_exercise" not in [button["payload"] for button in offer["buttons"]]


@pytest.mark.parametrize(("text", "ways"), [("15", WORDS.out_of_range), ("awful", WORDS.ask_again)])
def test_it_asks_again_kindly_once(rasa: Rasa, text: str, ways: Variants) -> None:
    rasa.opens("checkin_form")
    rasa.says("action_ask_checkin_form_mood")
    answers(rasa, text)
    assert rasa.says("validate_checkin_form") in ways
    assert rasa.slots["mood"] is None
    assert rasa.runs("action_ask_checkin_form_mood") == [], "not asked twice in one breath"


def test_after_two_misses_it_lets_the_number_go(rasa: Rasa, store: Store) -> None:
    rasa.opens("checkin_form")
    for text in ("awful", "really awful"):
        answers(rasa, text)
        assert rasa.says("validate_checkin_form")
    answers(rasa, "i said awful")
    assert rasa.runs("validate_checkin_form") == []
    assert rasa.slots["requested_slot"] is None
    assert rasa.says("action_checkin_done") in WORDS.gave_up
    assert kept(store) == []


@pytest.mark.parametrize("text", ["stop", "not now", "later", "no"])
def test_it_can_be_left_in_plain_words(rasa: Rasa, store: Store, text: str) -> None:
    rasa.opens("checkin_form")
    answers(rasa, text)
    assert rasa.runs("validate_checkin_form") == []
    assert rasa.says("action_checkin_done") in WORDS.left
    assert kept(store) == []


def test_a_mood_that_cannot_be_kept_is_owned_up_to(rasa_with: Callable[..., Rasa]) -> None:
    rasa = rasa_with(session="a session that nobody knows")
    rasa.slots["mood"] = 5
    assert rasa.says("action_checkin_done").startswith(WORDS.not_saved[0])


def test_nothing_is_filled_by_the_sentence_that_opened_it(rasa: Rasa) -> None:
    rasa.hears("check in", "checkin")
    assert rasa.runs("validate_checkin_form") == []
    assert rasa.slots == {}
