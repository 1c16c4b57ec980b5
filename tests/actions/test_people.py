"""Asking for a person raises an escalation before anything is promised; numbers are always open."""

from collections.abc import Callable

from sqlalchemy import select, text

from content import Content
from store.models import Escalation
from store.session import Store
from tests.actions.calling import Rasa

HANDOVER = Content.load().notices.handover
NOT_REACHED = Content.load().crisis.what_happens_next.not_reached


def escalations(store: Store) -> list[Escalation]:
    with store.read() as unit:
        return list(unit.scalars(select(Escalation)))


def test_it_raises_an_escalation_with_the_words_and_a_target(
    rasa: Rasa, store: Store, woken: list[str]
) -> None:
    assert "4 hours" in rasa.says("action_talk_to_a_person")
    [raised] = escalations(store)
    assert raised.response == "respond_today"
    assert raised.message_id is not None
    assert raised.reasons == [
        {
            "category": "asked_for_a_person",
            "explanation": "Asked to talk to a person.",
            "words": "hello, can i talk to someone",
        }
    ]
    assert woken == ["woken"]


def test_asking_twice_adds_to_the_same_escalation(rasa: Rasa, store: Store) -> None:
    rasa.runs("action_talk_to_a_person")
    assert rasa.says("action_talk_to_a_person") in HANDOVER.waiting
    assert len(escalations(store)) == 1


def test_no_time_is_promised_when_nobody_is_on_shift(rasa_with: Callable[..., Rasa], store: Store) -> None:
    [reply] = rasa_with(staffed=False).runs("action_talk_to_a_person")
    assert reply["text"] in HANDOVER.asked_unstaffed
    assert reply["custom"] == {"card": "helplines"}
    assert len(escalations(store)) == 1


def test_a_request_that_could_not_be_kept_is_said_to_have_failed(
    rasa: Rasa, store: Store, woken: list[str]
) -> None:
    with store.begin() as unit:
        unit.execute(text("DROP TABLE escalation_event"))
    [reply] = rasa.runs("action_talk_to_a_person")
    assert reply["text"] in NOT_REACHED
    assert reply["custom"] == {"card": "helplines"}
    assert escalations(store) == [], "nothing half-written"
    assert woken == []


def test_a_conversation_that_nobody_knows_is_not_promised_a_person(rasa_with: Callable[..., Rasa]) -> None:
    assert rasa_with(session="unknown").says("action_talk_to_a_person") in NOT_REACHED


def test_helplines_ask_harbour_for_the_card_and_write_no_number(rasa: Rasa) -> None:
    [reply] = rasa.runs("action_show_helplines")
    assert reply["custom"] == {"card": "helplines"}
    assert not any(character.isdigit() for character in reply["text"])
