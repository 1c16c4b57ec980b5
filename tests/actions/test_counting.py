"""Being counted stops and starts as the person says."""

from sqlalchemy import select

from content import Content
from store.models import Person
from store.session import Store
from tests.actions.calling import Rasa

RIGHTS = Content.load().rights


def counted(store: Store) -> bool:
    with store.read() as unit:
        return unit.scalars(select(Person.shares_statistics)).one()


def test_statistics_stop_and_stay_stopped(rasa: Rasa, store: Store) -> None:
    assert rasa.says("action_stop_statistics") in RIGHTS.statistics_stopped
    assert rasa.says("action_stop_statistics") in RIGHTS.statistics_already_stopped
    assert RIGHTS.what_we_keep.statistics_off in rasa.says("action_what_we_keep")
    assert counted(store) is False


def test_a_person_may_be_counted_again(rasa: Rasa, store: Store) -> None:
    rasa.runs("action_stop_statistics")
    last = rasa.runs("action_what_we_keep")[-1]
    assert "/start_statistics" in [button["payload"] for button in last["buttons"]]
    assert rasa.says("action_start_statistics") in RIGHTS.statistics_started
    assert rasa.says("action_start_statistics") in RIGHTS.statistics_already_started
    assert counted(store) is True
