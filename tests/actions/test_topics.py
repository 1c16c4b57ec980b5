"""A feeling is said back before anything is explained; a question is answered; what helps and whom to ask are there."""

from typing import Any

import pytest
import yaml

from bot.cards import card_as_text
from content import Content
from content.loading import FOLDER
from content.topics import Listens
from tests.actions.calling import Rasa

CONTENT = Content.load()
OFFERS = CONTENT.offers
TOPICS = CONTENT.topics.topics
LISTENING = [name for name, topic in TOPICS.items() if topic.listens is not None]
ASKING = [name for name, topic in TOPICS.items() if topic.listens is Listens.AND_ASKS]
TELLING = [name for name, topic in TOPICS.items() if topic.listens is None]


def press_what_can_help(rasa: Rasa, intent: str) -> list[dict[str, Any]]:
    """A choice that is pressed has no text."""
    rasa.latest = {"text": None, "intent": {"name": intent, "confidence": 1.0}, "entities": []}
    rasa.events.append({"event": "user", "text": None, "parse_data": rasa.latest})
    return rasa.runs("action_about")


@pytest.mark.parametrize("intent", ASKING)
def test_a_trouble_is_said_back_and_nothing_is_pushed(rasa: Rasa, intent: str) -> None:
    rasa.hears("its like this", intent)
    [reply] = rasa.runs("action_about")
    assert reply["text"] in (TOPICS[intent].reflects or ())
    assert [button["payload"] for button in reply["buttons"]] == [f"/{intent}"]


@pytest.mark.parametrize("intent", LISTENING)
def test_what_can_help_is_told_when_it_is_asked_for(rasa: Rasa, intent: str) -> None:
    topic = TOPICS[intent]
    rasa.hears("its like this", intent)
    rasa.runs("action_about")
    about, where_next, offer = press_what_can_help(rasa, intent)
    assert about["text"] in topic.about
    assert where_next["text"] in topic.next
    assert offer["text"] in (topic.offer or ())


@pytest.mark.parametrize("intent", LISTENING)
def test_when_there_are_no_new_words_to_say_it_back_it_is_told(rasa: Rasa, intent: str) -> None:
    topic = TOPICS[intent]
    for _ in topic.reflects or ():
        rasa.hears("still like this", intent)
        assert rasa.runs("action_about")[0]["text"] in (topic.reflects or ())
    rasa.hears("and still", intent)
    assert rasa.runs("action_about")[0]["text"] in topic.about


@pytest.mark.parametrize("intent", TELLING)
def test_a_question_is_answered_at_once(rasa: Rasa, intent: str) -> None:
    topic = TOPICS[intent]
    rasa.hears("what is it", intent)
    said = [reply["text"] for reply in rasa.runs("action_about")]
    parts = [part for part in (topic.reflects, topic.about, topic.next, topic.offer) if part]
    assert len(said) == len(parts)
    assert all(text in part for text, part in zip(said, parts, strict=True))


@pytest.mark.parametrize("intent", TOPICS)
def test_whom_to_call_is_shown_from_the_one_file_of_numbers(rasa: Rasa, intent: str) -> None:
    rasa.hears("what is it", intent)
    replies = [*rasa.runs("action_about"), *press_what_can_help(rasa, intent)]
    cards = {reply["custom"]["card"] for reply in replies if reply["custom"]}
    numbers = TOPICS[intent].numbers
    assert cards == ({f"topic:{intent}"} if numbers else set())
    for card in cards:
        assert card_as_text(CONTENT, card) == [CONTENT.helplines[key].line for key in numbers]


def test_a_card_of_a_topic_that_is_gone_shows_nothing() -> None:
    assert card_as_text(CONTENT, "topic:taken_out") == []


@pytest.mark.parametrize("intent", [name for name, topic in TOPICS.items() if topic.tries])
def test_the_offer_names_the_exercises_that_fit_a_person_and_neither(rasa: Rasa, intent: str) -> None:
    rasa.hears("its like this", intent)
    rasa.runs("action_about")
    offer = press_what_can_help(rasa, intent)[-1] if intent in LISTENING else rasa.events[-1]["data"]
    payloads = [button["payload"] for button in offer["buttons"]]
    assert payloads == [*(f"/{name}" for name in TOPICS[intent].tries), "/want_human", "/not_now"]


def test_an_offer_turned_down_is_not_made_again(rasa: Rasa) -> None:
    rasa.hears("i get panic attacks", "panic")
    rasa.runs("action_about")
    rasa.hears("not now", "not_now")
    rasa.hears("the panic is back", "panic")
    last = rasa.runs("action_about")[-1]
    assert last["text"] in OFFERS.invite
    assert last["buttons"] == []


def test_the_same_question_twice_is_answered_in_other_words(rasa: Rasa) -> None:
    rasa.hears("what is depression", "ask_depression")
    first = {reply["text"] for reply in rasa.runs("action_about")}
    rasa.hears("but what is it", "ask_depression")
    assert first.isdisjoint(reply["text"] for reply in rasa.runs("action_about"))


def test_every_topic_has_a_rule_that_leads_to_it() -> None:
    rules = yaml.safe_load((FOLDER.parent / "rules" / "topics.yml").read_text())["rules"]
    assert [rule["steps"][0]["intent"] for rule in rules] == list(TOPICS)
    assert {step["action"] for rule in rules for step in rule["steps"][1:]} == {
        "action_deactivate_loop",
        "action_about",
    }
