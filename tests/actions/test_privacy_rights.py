"""What is kept is told in counts; statistics can be stopped; deletion is asked about, then done."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text

from content import Content
from store.models import Message, Person
from store.session import Store
from tests.actions.calling import Rasa

RIGHTS = Content.load().rights


def people(store: Store) -> int:
    with store.read() as unit:
        return unit.scalar(select(func.count()).select_from(Person)) or 0


def messages(store: Store) -> int:
    with store.read() as unit:
        return unit.scalar(select(func.count()).select_from(Message)) or 0


def test_it_tells_how_much_is_kept(rasa: Rasa) -> None:
    rasa.slots["mood"] = 4
    rasa.runs("action_checkin_done")
    said = rasa.says("action_what_we_keep")
    assert "taken out: 1." in said
    assert "check-ins: 1." in said
    assert RIGHTS.what_we_keep.statistics_on in said
    assert "asked to help" not in said, "only what there is"


def test_it_tells_that_the_team_was_asked(rasa: Rasa) -> None:
    rasa.runs("action_talk_to_a_person")
    assert "asked to help: 1." in rasa.says("action_what_we_keep")


def test_nothing_kept_is_said_plainly(rasa_with: Callable[..., Rasa]) -> None:
    assert rasa_with(session="unknown").says("action_what_we_keep") in RIGHTS.what_we_keep.nothing_found


def test_statistics_stop_and_stay_stopped(rasa: Rasa, store: Store) -> None:
    assert rasa.says("action_stop_statistics") in RIGHTS.statistics_stopped
    assert rasa.says("action_stop_statistics") in RIGHTS.statistics_already_stopped
    assert RIGHTS.what_we_keep.statistics_off in rasa.says("action_what_we_keep")
    with store.read() as unit:
        assert unit.scalar(select(Person.shares_statistics)) is False


def test_deletion_is_asked_about_first(rasa: Rasa, store: Store) -> None:
    rasa.hears("delete my data", "delete_my_data")
    [reply] = rasa.runs("action_delete_my_data")
    assert [button["payload"] for button in reply["buttons"]] == ["/confirm_delete", "/deny"]
    assert messages(store) == 1


def test_a_yes_deletes(rasa: Rasa, store: Store) -> None:
    rasa.hears("delete my data", "delete_my_data")
    rasa.runs("action_delete_my_data")
    rasa.hears("yes", "affirm")
    assert rasa.says("action_affirm") in RIGHTS.delete.done
    assert (people(store), messages(store)) == (0, 0)


def test_the_button_deletes(rasa: Rasa, store: Store) -> None:
    rasa.hears("delete my data", "delete_my_data")
    rasa.runs("action_delete_my_data")
    rasa.hears("/confirm_delete", "confirm_delete")
    assert rasa.says("action_confirm_delete") in RIGHTS.delete.done
    assert messages(store) == 0


def test_a_no_keeps_everything(rasa: Rasa, store: Store) -> None:
    rasa.hears("delete my data", "delete_my_data")
    rasa.runs("action_delete_my_data")
    rasa.hears("no", "deny")
    assert rasa.says("action_deny") in RIGHTS.delete.kept
    assert messages(store) == 1


@pytest.mark.parametrize("words", ["no dont delete it", "don’t delete it", "actually keep it", "wait do not"])
def test_a_no_that_was_taken_for_a_yes_deletes_nothing(rasa: Rasa, store: Store, words: str) -> None:
    rasa.hears("delete my data", "delete_my_data")
    rasa.runs("action_delete_my_data")
    rasa.hears(words, "confirm_delete")
    assert rasa.says("action_confirm_delete") in RIGHTS.delete.kept
    assert messages(store) == 1


def test_a_yes_that_answers_no_question_deletes_nothing(rasa: Rasa, store: Store) -> None:
    rasa.hears("yes delete it", "confirm_delete")
    assert rasa.says("action_confirm_delete") in RIGHTS.delete.ask
    assert messages(store) == 1


def test_a_question_asked_long_ago_is_asked_again(rasa: Rasa, store: Store) -> None:
    rasa.hears("delete my data", "delete_my_data")
    rasa.runs("action_delete_my_data")
    for text_since in ("my cat is asleep", "its raining", "im tired"):
        rasa.hears(text_since, "small_talk")
    rasa.hears("yes delete it", "confirm_delete")
    assert rasa.says("action_confirm_delete") in RIGHTS.delete.ask
    assert messages(store) == 1


def test_it_says_what_stays_because_staff_were_asked(rasa: Rasa, store: Store) -> None:
    rasa.runs("action_talk_to_a_person")
    rasa.hears("delete my data", "delete_my_data")
    rasa.runs("action_delete_my_data")
    rasa.hears("yes delete it", "confirm_delete")
    assert rasa.says("action_confirm_delete") in RIGHTS.delete.done_but_for_the_team
    assert people(store) == 1


def test_a_deletion_that_failed_is_not_called_done(rasa: Rasa, store: Store) -> None:
    rasa.hears("delete my data", "delete_my_data")
    rasa.runs("action_delete_my_data")
    with store.begin() as unit:
        unit.execute(text("DROP TABLE mood_checkin"))
    rasa.hears("yes delete it", "confirm_delete")
    assert rasa.says("action_confirm_delete") in RIGHTS.delete.not_done
    assert messages(store) == 1, "whole or not at all"
