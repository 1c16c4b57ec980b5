"""What is kept is told in counts and kinds, never in values; and a message is shown as it is stored."""

from collections.abc import Callable

from sqlalchemy import select

from content import Content
from privacy.keyring import Keyring
from privacy.text import from_store
from privacy.vault import Vault
from store import holds
from store.conversations import append, by_engine_session
from store.models import ContactDetail, Person, Speaker
from store.session import Store
from tests.actions.calling import Rasa

RIGHTS = Content.load().rights


def somebody(store: Store) -> Person:
    with store.read() as unit:
        return unit.scalars(select(Person)).one()


def test_it_tells_how_much_is_kept_and_for_how_long(rasa: Rasa) -> None:
    rasa.slots["mood"] = 4
    rasa.runs("action_checkin_done")
    said = rasa.says("action_what_we_keep")
    assert "taken out: 1. We keep them for 1 year" in said
    assert "check-ins: 1." in said
    assert RIGHTS.what_we_keep.statistics_on in said
    assert "asked to help" not in said, "only what there is"
    assert "Ways to reach you" not in said


def test_every_right_is_one_press_away(rasa: Rasa) -> None:
    last = rasa.runs("action_what_we_keep")[-1]
    assert [button["payload"] for button in last["buttons"]] == [
        "/download_my_data",
        "/how_stored",
        "/correct_my_data",
        "/stop_statistics",
        "/delete_my_data",
    ]


def test_it_tells_what_is_part_of_a_care_record(rasa: Rasa) -> None:
    rasa.runs("action_talk_to_a_person")
    said = rasa.says("action_what_we_keep")
    assert "asked to help: 1." in said
    assert "part of your care record, because the team was asked to help: 1. They stay for 20 years" in said


def test_contact_details_are_told_by_kind_and_never_by_value(rasa: Rasa, store: Store) -> None:
    person = somebody(store)
    vault = Vault(Keyring.of(b"v" * 32))
    with store.begin() as unit:
        for kind, value in (("phone", "07700 900123"), ("name", "Priya")):
            sealed = vault.seal(value, owner=person.pseudonym, purpose=f"contact:{kind}")
            unit.add(ContactDetail(person_id=person.id, kind=kind, sealed=sealed))
    said = rasa.says("action_what_we_keep")
    assert "your name and your phone number" in said
    assert "kept for 90 days" in said
    assert "07700" not in said
    assert "Priya" not in said


def test_a_legal_hold_is_told(rasa: Rasa, store: Store) -> None:
    with store.begin() as unit:
        holds.place(unit, somebody(store), "complaint")
    assert "A complaint is being looked into" in rasa.says("action_what_we_keep")


def test_nothing_kept_is_said_plainly(rasa_with: Callable[..., Rasa]) -> None:
    assert rasa_with(session="unknown").says("action_what_we_keep") in RIGHTS.what_we_keep.nothing_found


def test_the_message_before_is_shown_as_it_is_stored(rasa: Rasa, store: Store) -> None:
    with store.begin() as unit:
        conversation = by_engine_session(unit, rasa.session)
        assert conversation
        for words in ("i saw <PERSON_1> and <PERSON_2> in <LOCATION_1>", "how was my message stored"):
            append(unit, conversation, Speaker.PATIENT, from_store(words))
    intro, shown, replaced = (reply["text"] for reply in rasa.runs("action_how_stored"))
    assert intro in RIGHTS.how_stored.intro
    assert shown == "i saw <PERSON_1> and <PERSON_2> in <LOCATION_1>"
    assert "names of people (2) and places (1)" in replaced


def test_a_message_in_which_nothing_was_replaced_says_so(rasa: Rasa) -> None:
    assert RIGHTS.how_stored.nothing_replaced in rasa.says("action_how_stored")
