"""The last mood is put right in the chat; a page leads on to messages, where there is one."""

import pytest
from sqlalchemy import select

from content import Content
from store import holds
from store.conversations import by_engine_session
from store.models import MoodCheckin, Person
from store.session import Store
from tests.actions.calling import Rasa

RIGHTS = Content.load().rights


def moods(store: Store) -> list[int]:
    with store.read() as unit:
        return list(unit.scalars(select(MoodCheckin.mood).order_by(MoodCheckin.at)))


@pytest.fixture
def checked_in(rasa: Rasa) -> Rasa:
    for mood in (7, 4):
        rasa.slots["mood"] = mood
        rasa.runs("action_checkin_done")
    return rasa


def test_a_number_changes_the_last_mood_alone(checked_in: Rasa, store: Store) -> None:
    checked_in.hears("change my mood to 6", "correct_mood")
    assert "from 4 to 6" in checked_in.says("action_correct_mood")
    assert moods(store) == [7, 6]


def test_without_a_number_nothing_changes_until_it_is_said_what(checked_in: Rasa, store: Store) -> None:
    checked_in.hears("that mood was wrong", "correct_mood")
    [reply] = checked_in.runs("action_correct_mood")
    assert "4" in reply["text"]
    assert [button["payload"] for button in reply["buttons"]] == ["/remove_mood", "/not_now"]
    assert moods(store) == [7, 4]


def test_a_yes_takes_it_out(checked_in: Rasa, store: Store) -> None:
    checked_in.hears("that mood was wrong", "correct_mood")
    checked_in.runs("action_correct_mood")
    checked_in.hears("yes", "affirm")
    assert "4" in checked_in.says("action_affirm")
    assert moods(store) == [7]


@pytest.mark.parametrize("words", ["change my mood to 60", "change my mood to -2"])
def test_a_number_off_the_scale_changes_nothing(checked_in: Rasa, store: Store, words: str) -> None:
    checked_in.hears(words, "correct_mood")
    checked_in.runs("action_correct_mood")
    assert moods(store) == [7, 4]


def test_without_a_mood_it_says_so(rasa: Rasa) -> None:
    rasa.hears("change my mood to 6", "correct_mood")
    assert rasa.says("action_correct_mood") in RIGHTS.mood.none
    assert rasa.says("action_remove_mood") in RIGHTS.mood.none


def test_under_a_legal_hold_no_mood_changes(checked_in: Rasa, store: Store) -> None:
    with store.begin() as unit:
        holds.place(unit, unit.scalars(select(Person)).one(), "court")
    assert checked_in.says("action_remove_mood") in RIGHTS.mood.none
    assert moods(store) == [7, 4]


@pytest.mark.parametrize("action", ["action_download_my_data", "action_correct_my_data"])
def test_on_the_web_the_page_is_one_press_away(rasa: Rasa, action: str) -> None:
    [reply] = rasa.runs(action)
    assert reply["custom"] == {"card": "my_data"}


@pytest.mark.parametrize("action", ["action_download_my_data", "action_correct_my_data"])
def test_elsewhere_the_team_is_offered_instead(rasa: Rasa, store: Store, action: str) -> None:
    with store.begin() as unit:
        conversation = by_engine_session(unit, rasa.session)
        assert conversation
        conversation.channel = "sms"
    [reply] = rasa.runs(action)
    assert not reply["custom"]
    assert reply["buttons"][-1]["payload"] == "/want_human"
