"""Deletion is asked about, then done, with a receipt; what stays is told, with the reason."""

import pytest
from sqlalchemy import func, select, text

from content import Content
from store import holds
from store.forgetting import waiting
from store.models import ErasureReceipt, Message, Person
from store.session import Store
from store.tombstones import RECEIPT, Tombstones
from tests.actions.calling import Rasa

RIGHTS = Content.load().rights


def people(store: Store) -> int:
    with store.read() as unit:
        return unit.scalar(select(func.count()).select_from(Person)) or 0


def messages(store: Store) -> int:
    with store.read() as unit:
        return unit.scalar(select(func.count()).select_from(Message)) or 0


def asked_to_delete(rasa: Rasa) -> None:
    rasa.hears("delete my data", "delete_my_data")
    rasa.runs("action_delete_my_data")


def confirmed(rasa: Rasa) -> list[str]:
    rasa.hears("yes delete it", "confirm_delete")
    return [reply["text"] for reply in rasa.runs("action_confirm_delete")]


def test_deletion_is_asked_about_first(rasa: Rasa, store: Store) -> None:
    rasa.hears("delete my data", "delete_my_data")
    [reply] = rasa.runs("action_delete_my_data")
    assert [button["payload"] for button in reply["buttons"]] == ["/confirm_delete", "/deny"]
    assert messages(store) == 1


def test_a_yes_deletes(rasa: Rasa, store: Store) -> None:
    asked_to_delete(rasa)
    rasa.hears("yes", "affirm")
    assert rasa.runs("action_affirm")[0]["text"] in RIGHTS.delete.done
    assert (people(store), messages(store)) == (0, 0)


def test_the_button_deletes_and_gives_a_receipt(rasa: Rasa, store: Store, tombstones: Tombstones) -> None:
    asked_to_delete(rasa)
    rasa.hears("/confirm_delete", "confirm_delete")
    done, gone, receipt = (reply["text"] for reply in rasa.runs("action_confirm_delete"))
    assert done in RIGHTS.delete.done
    assert "chats: 1, messages: 1" in gone
    found = RECEIPT.search(receipt)
    assert found
    assert tombstones.with_receipt(found[0])
    with store.read() as unit:
        kept = unit.get_one(ErasureReceipt, found[0])
        assert kept.erased["messages"] == 1
        assert waiting(unit) == [rasa.session], "Rasa must forget it too"


def test_a_no_keeps_everything(rasa: Rasa, store: Store) -> None:
    asked_to_delete(rasa)
    rasa.hears("no", "deny")
    assert rasa.says("action_deny") in RIGHTS.delete.kept
    assert messages(store) == 1


@pytest.mark.parametrize("words", ["no dont delete it", "don’t delete it", "actually keep it", "wait do not"])
def test_a_no_that_was_taken_for_a_yes_deletes_nothing(rasa: Rasa, store: Store, words: str) -> None:
    asked_to_delete(rasa)
    rasa.hears(words, "confirm_delete")
    assert rasa.says("action_confirm_delete") in RIGHTS.delete.kept
    assert messages(store) == 1


def test_a_yes_that_answers_no_question_deletes_nothing(rasa: Rasa, store: Store) -> None:
    rasa.hears("yes delete it", "confirm_delete")
    assert rasa.says("action_confirm_delete") in RIGHTS.delete.ask
    assert messages(store) == 1


def test_a_question_asked_long_ago_is_asked_again(rasa: Rasa, store: Store) -> None:
    asked_to_delete(rasa)
    for text_since in ("my cat is asleep", "its raining", "im tired"):
        rasa.hears(text_since, "small_talk")
    rasa.hears("yes delete it", "confirm_delete")
    assert rasa.says("action_confirm_delete") in RIGHTS.delete.ask
    assert messages(store) == 1


def test_it_says_what_stays_because_staff_were_asked_and_whom_to_complain_to(
    rasa: Rasa, store: Store
) -> None:
    rasa.runs("action_talk_to_a_person")
    asked_to_delete(rasa)
    said = confirmed(rasa)
    assert said[0] in RIGHTS.delete.done_but_for_the_team
    assert "care record: 1. They are kept for 20 years" in " ".join(said)
    assert RIGHTS.delete.complain in said
    assert people(store) == 1


def test_under_a_legal_hold_nothing_goes_and_the_reason_is_told(rasa: Rasa, store: Store) -> None:
    with store.begin() as unit:
        holds.place(unit, unit.scalars(select(Person)).one(), "inquest")
    asked_to_delete(rasa)
    said = confirmed(rasa)
    assert said[0].startswith("A coroner has asked for it.")
    assert RIGHTS.delete.held in said
    assert RIGHTS.delete.complain in said
    assert messages(store) == 1


def test_a_deletion_that_failed_is_not_called_done(rasa: Rasa, store: Store, tombstones: Tombstones) -> None:
    asked_to_delete(rasa)
    with store.begin() as unit:
        unit.execute(text("DROP TABLE mood_checkin"))
    assert confirmed(rasa)[0] in RIGHTS.delete.not_done
    assert messages(store) == 1, "whole or not at all"
    assert tombstones.all() == []


def test_without_a_tombstone_nothing_is_deleted(rasa: Rasa, store: Store, tombstones: Tombstones) -> None:
    """A backup would bring it all back, and nobody would know."""
    tombstones._file.mkdir()
    asked_to_delete(rasa)
    assert confirmed(rasa)[0] in RIGHTS.delete.not_done
    assert messages(store) == 1
