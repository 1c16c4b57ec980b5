"""One offer, not two; a yes means what was offered; a second miss brings a person."""

from pathlib import Path

import pytest
import yaml

from actions import Capabilities
from actions.capabilities import refuse_statistics
from actions.executor import every_action
from clinic.clock import ResponseTargets
from content import Content, Variants
from store.erasure import Eraser
from store.session import Store
from store.tombstones import Tombstones
from tests.actions.calling import Rasa

ROOT = Path(__file__).resolve().parents[2]
CONTENT = Content.load()
OFFERS = CONTENT.offers
MISSED = CONTENT.fallback.not_understood
TOPICS = CONTENT.topics


def test_the_actions_are_those_of_the_domain(store: Store, tombstones: Tombstones) -> None:
    listed = yaml.safe_load((ROOT / "domain.yml").read_text())["actions"]
    needs = Capabilities(
        CONTENT, store, ResponseTargets(), lambda: None, Eraser(tombstones, refuse_statistics)
    )
    assert sorted(action.name for action in every_action(needs)) == sorted(listed)


def test_a_feeling_is_followed_by_one_offer(rasa: Rasa) -> None:
    rasa.hears("im so low", "feel_low")
    said_back, reply = rasa.runs("action_about")
    assert said_back["text"] in (TOPICS["feel_low"].reflects or ())
    assert said_back["buttons"] == []
    assert reply["text"] in OFFERS.offer
    assert [button["payload"] for button in reply["buttons"]] == [
        "/want_to_talk",
        "/want_exercise",
        "/feel_low",
        "/not_now",
    ]


def test_an_offer_is_not_made_again_a_moment_later(rasa: Rasa) -> None:
    rasa.hears("im so low", "feel_low")
    rasa.runs("action_about")
    said = set()
    for text in ("cant stop crying", "i hate this"):
        rasa.hears(text, "feel_low")
        _, reply = rasa.runs("action_about")
        assert reply["text"] in OFFERS.invite
        assert reply["buttons"] == []
        said.add(reply["text"])
    assert len(said) == 2, "and not in the same words"


def test_not_now_is_not_asked_about_twice(rasa: Rasa) -> None:
    rasa.hears("im so low", "feel_low")
    rasa.runs("action_about")
    rasa.hears("not now", "not_now")
    for text in ("so low", "crying", "still crying"):
        rasa.hears(text, "feel_low")
        assert rasa.runs("action_about")[-1]["text"] in OFFERS.invite


def test_a_miss_is_owned_up_to_and_a_second_brings_a_person(rasa: Rasa) -> None:
    rasa.hears("qwe", "nlu_fallback")
    assert rasa.says("action_did_not_understand") in MISSED.first
    rasa.hears("rty", "nlu_fallback")
    [reply] = rasa.runs("action_did_not_understand")
    assert reply["text"] in MISSED.again
    assert reply["buttons"][0]["payload"] == "/want_human"


def test_a_miss_suggests_the_two_likeliest_meanings(rasa: Rasa) -> None:
    rasa.hears(
        "cant sleep for money", "nlu_fallback", affirm=0.3, cant_sleep=0.25, money_trouble=0.2, grief=0.1
    )
    [reply] = rasa.runs("action_did_not_understand")
    assert reply["text"] in MISSED.guess
    assert [(button["title"], button["payload"]) for button in reply["buttons"]] == [
        (MISSED.meanings["cant_sleep"], "/cant_sleep"),
        (MISSED.meanings["money_trouble"], "/money_trouble"),
    ]


@pytest.mark.parametrize(
    "ranked", [{"cant_sleep": 0.03, "grief": 0.02}, {"cant_sleep": 0.4}, {"affirm": 0.4}]
)
def test_nothing_is_suggested_where_no_two_meanings_are_likely(rasa: Rasa, ranked: dict[str, float]) -> None:
    rasa.hears("qwe", "nlu_fallback", **ranked)
    [reply] = rasa.runs("action_did_not_understand")
    assert reply["text"] in MISSED.first
    assert reply["buttons"] == []


def test_a_miss_after_a_suggestion_brings_a_person(rasa: Rasa) -> None:
    rasa.hears("qwe", "nlu_fallback", cant_sleep=0.3, grief=0.2)
    rasa.runs("action_did_not_understand")
    rasa.hears("rty", "nlu_fallback", cant_sleep=0.3, grief=0.2)
    [reply] = rasa.runs("action_did_not_understand")
    assert reply["text"] in MISSED.again
    assert reply["buttons"][0]["payload"] == "/want_human"


def test_a_yes_to_a_suggestion_asks_which(rasa: Rasa) -> None:
    rasa.hears("qwe", "nlu_fallback", cant_sleep=0.3, delete_my_data=0.2)
    rasa.runs("action_did_not_understand")
    rasa.hears("yes", "affirm")
    [reply] = rasa.runs("action_affirm")
    assert reply["text"] in MISSED.which
    assert [button["payload"] for button in reply["buttons"]] == ["/cant_sleep", "/delete_my_data"]


def test_a_no_to_a_suggestion_brings_a_person(rasa: Rasa) -> None:
    rasa.hears("qwe", "nlu_fallback", cant_sleep=0.3, grief=0.2)
    rasa.runs("action_did_not_understand")
    rasa.hears("no", "deny")
    assert rasa.says("action_deny") in MISSED.again


def test_what_may_be_suggested_is_an_intent_and_needs_no_context() -> None:
    """A button must make sense at any time: a bare yes, or "yes, delete it", is never put into a mouth."""
    intents = set(yaml.safe_load((ROOT / "domain.yml").read_text())["intents"])
    assert set(MISSED.meanings) <= intents
    assert not {"affirm", "deny", "confirm_delete", "noticing", "mood_number", "skip"} & set(MISSED.meanings)


def test_a_form_that_was_answered_is_no_miss(rasa: Rasa) -> None:
    rasa.hears("a lamp, my phone", "noticing")
    rasa.hears("tea", "noticing")
    assert rasa.says("action_did_not_understand") in MISSED.first


def test_misses_far_apart_are_first_misses(rasa: Rasa) -> None:
    rasa.hears("qwe", "nlu_fallback")
    first = rasa.says("action_did_not_understand")
    for text in ("im sad", "my mum", "yes"):
        rasa.hears(text, "feel_low")
    rasa.hears("rty", "nlu_fallback")
    again = rasa.says("action_did_not_understand")
    assert again in MISSED.first
    assert again != first


@pytest.mark.parametrize(
    ("offering", "then"),
    [
        ("action_did_not_understand", "asked"),
        ("action_breathing", "Breathe in gently"),
        ("action_delete_my_data", "deleted"),
        ("action_choose_exercise", "Which"),
    ],
)
def test_a_yes_does_what_was_offered(rasa: Rasa, offering: str, then: str) -> None:
    rasa.hears("hm", "nlu_fallback")
    rasa.runs("action_did_not_understand")
    rasa.hears("hm", "nlu_fallback")
    rasa.runs(offering)
    rasa.hears("yes", "affirm")
    assert then.casefold() in rasa.says("action_affirm").casefold()


def test_a_yes_to_several_offers_asks_which(rasa: Rasa) -> None:
    rasa.hears("so low", "feel_low")
    rasa.runs("action_about")
    rasa.hears("yes", "affirm")
    [reply] = rasa.runs("action_affirm")
    assert reply["text"] in OFFERS.which
    assert "/want_to_talk" in [button["payload"] for button in reply["buttons"]]


def test_a_yes_to_several_exercises_names_them_again(rasa: Rasa) -> None:
    rasa.hears("i get panic attacks", "panic")
    rasa.runs("action_about")
    rasa.hears("yes please", "affirm")
    [reply] = rasa.runs("action_affirm")
    assert [button["payload"] for button in reply["buttons"]] == ["/breathing", "/grounding", "/not_now"]


@pytest.mark.parametrize(
    ("said", "intent", "action", "ways"),
    [
        ("yes", "affirm", "action_affirm", OFFERS.yes_to_nothing),
        ("no", "deny", "action_deny", OFFERS.no_to_nothing),
    ],
)
def test_what_can_help_is_not_what_a_yes_or_no_answers(
    rasa: Rasa, said: str, intent: str, action: str, ways: Variants
) -> None:
    """It stands under an open question: "Have you been able to tell anyone?" "No"."""
    rasa.hears("i cant pay the rent", "money_trouble")
    rasa.runs("action_about")
    rasa.hears(said, intent)
    assert rasa.says(action) in ways


def test_a_yes_to_a_response_with_buttons_is_taken_from_them(rasa: Rasa) -> None:
    rasa.hears("4", "mood_number")
    rasa.events.append(
        {
            "event": "bot",
            "text": "A check-in?",
            "data": {"buttons": [{"title": "Yes", "payload": "/checkin"}]},
        }
    )
    rasa.hears("yes", "affirm")
    assert rasa.runs("action_affirm") == []
    assert rasa.events[-1] == {"event": "active_loop", "timestamp": None, "name": "checkin_form"}


def test_a_yes_to_nothing_in_particular_asks_for_more(rasa: Rasa) -> None:
    rasa.hears("yes", "affirm")
    assert rasa.says("action_affirm") in OFFERS.yes_to_nothing


def test_a_no_leaves_what_was_offered(rasa: Rasa) -> None:
    rasa.hears("low", "feel_low")
    rasa.runs("action_about")
    rasa.hears("no", "deny")
    assert rasa.says("action_deny") == "utter_not_now"


def test_a_no_to_nothing_in_particular_is_all_right(rasa: Rasa) -> None:
    rasa.hears("no", "deny")
    assert rasa.says("action_deny") in OFFERS.no_to_nothing
