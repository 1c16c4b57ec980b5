"""What steers is never swallowed by a guide, and what is told in a guide is never taken for steering."""

import pytest

from actions.guide_steering import ALWAYS, WHEN_ASKED_FOR, steers
from content import Content
from content.guides import Step
from tests.rasa.test_domain import ALWAYS_OPEN

GUIDES = Content.load().guides


def step(guide: str, key: str) -> Step:
    found = GUIDES[guide].step(key)
    assert found is not None
    return found


WORDS = step("thought_record", "signs_for")
NUMBER = step("thought_record", "how_strong")
CHOICE = step("phq9", "interest")
PEOPLE = step("safety_plan", "professionals")
ANSWERS_HERE = {"grief", "vent", "drink_or_drugs"}
"""Open in the other forms, but what somebody tells in a guide is often just that."""


def test_what_is_always_open_is_open_here_too() -> None:
    assert ALWAYS_OPEN - ANSWERS_HERE <= ALWAYS | WHEN_ASKED_FOR


@pytest.mark.parametrize("intent", sorted(ALWAYS))
@pytest.mark.parametrize("at", [WORDS, NUMBER, CHOICE])
def test_what_is_always_open_steers_however_it_is_put(intent: str, at: Step) -> None:
    assert steers(at, "a rather long message that could be nearly anything at all", intent)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("skip", "skip"),
        ("can we skip this one please", "skip"),
        ("go back", "go_back"),
        ("i want to change my last answer please", "go_back"),
        ("should i stop taking my sertraline before the exam", "medication_question"),
        ("can we do the breathing", "breathing"),
        ("lets do a mood check-in instead of this", "checkin"),
        ("show me my scores from before", "my_scores"),
    ],
)
def test_what_is_asked_for_steers(text: str, intent: str) -> None:
    assert steers(WORDS, text, intent)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("everything goes back to how it was before dad left", "go_back"),
        ("my doctor put me on tablets and they did nothing for me", "medication_question"),
        ("he said i was useless and that nobody listens to me", "abuse_of_bot"),
        ("i breathe slowly and count when it comes", "breathing"),
        ("i try to look around the room at five things", "grounding"),
        ("my cat died in the spring", "grief"),
        ("i feel so low all the time", "feel_low"),
        ("no", "deny"),
    ],
)
def test_what_is_told_is_an_answer(text: str, intent: str) -> None:
    assert not steers(WORDS, text, intent)


@pytest.mark.parametrize("text", ["my gp", "the crisis team", "my key worker at the clinic", "samaritans"])
@pytest.mark.parametrize("intent", ["want_human", "helplines"])
def test_somebody_to_turn_to_is_an_answer_to_who_that_is(text: str, intent: str) -> None:
    assert not steers(PEOPLE, text, intent)
    assert steers(WORDS, text, intent)


@pytest.mark.parametrize(
    "text",
    ["can i talk to someone now", "i need a person", "please get me someone", "talk to a person", "human"],
)
def test_asking_for_a_person_is_heard_even_there(text: str) -> None:
    assert steers(PEOPLE, text, "want_human")


@pytest.mark.parametrize("text", ["Not at all", "not at all", "nearly every day."])
def test_one_of_the_choices_is_an_answer_whatever_it_was_taken_for(text: str) -> None:
    assert not steers(CHOICE, text, "not_now")


def test_a_bare_number_is_an_answer_to_a_number() -> None:
    assert not steers(NUMBER, "7", "goodbye")
