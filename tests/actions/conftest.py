"""A real store, real content, and a conversation in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from actions import Capabilities
from actions.capabilities import refuse_statistics
from clinic.clock import ResponseTargets
from content import Content
from privacy.pseudonym import Pseudonyms
from privacy.text import WrittenText
from privacy.tombstone import TombstoneKey
from store.audit import AuditHead
from store.base import Base
from store.conversations import append, open_conversation
from store.erasure import Eraser
from store.models import Speaker
from store.session import Store
from store.tombstones import Tombstones
from tests.actions.calling import Rasa
from tests.actions.guiding import Walk

CONTENT = Content.load()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'harbour.db'}")
    Base.metadata.create_all(store.engine)
    with store.begin() as unit:
        unit.add(AuditHead())
    yield store
    store.close()


@pytest.fixture
def session(store: Store) -> str:
    """The engine's name for a conversation in which somebody said hello."""
    with store.begin() as unit:
        pseudonym = Pseudonyms(b"k" * 32).of("web", "somebody")
        conversation = open_conversation(unit, pseudonym, "web")
        conversation.person.shares_statistics = True
        append(unit, conversation, Speaker.PATIENT, WrittenText("hello, can i talk to someone"))
        return conversation.engine_session


@pytest.fixture
def woken() -> list[str]:
    """One entry each time staff were woken."""
    return []


@pytest.fixture
def tombstones(tmp_path: Path) -> Tombstones:
    return Tombstones(tmp_path / "tombstones", TombstoneKey(b"k" * 32))


@pytest.fixture
def rasa_with(store: Store, session: str, woken: list[str], tombstones: Tombstones) -> Callable[..., Rasa]:
    def build(*, staffed: bool = True, session: str = session) -> Rasa:
        wake = lambda: woken.append("woken")  # noqa: E731
        eraser = Eraser(tombstones, refuse_statistics)
        needs = Capabilities(CONTENT, store, ResponseTargets(), wake, eraser, staffed=staffed)
        return Rasa(needs, session)

    return build


@pytest.fixture
def rasa(rasa_with: Callable[..., Rasa]) -> Rasa:
    return rasa_with()


@pytest.fixture
def walk(rasa: Rasa, store: Store) -> Walk:
    return Walk(rasa, store)
