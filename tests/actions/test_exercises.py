"""Exercises go step by step, take any answer, and stop when asked."""

import pytest

from content import Content
from content.exercises import SENSES
from content.guides import Kind
from tests.actions.calling import Rasa

CONTENT = Content.load()
GROUNDING = CONTENT.exercises.grounding
BREATHING = CONTENT.exercises.breathing
CHOICE = CONTENT.exercises.choice


def answer(rasa: Rasa, sense: str, text: str) -> str:
    rasa.hears(text, "noticing")
    rasa.takes(f"grounding_{sense}", text)
    assert rasa.runs("validate_grounding_form") == []
    return str(rasa.slots[f"grounding_{sense}"])


def ask(rasa: Rasa, sense: str) -> str:
    return str(rasa.says(f"action_ask_grounding_form_grounding_{sense}"))


def test_grounding_goes_through_five_senses_and_forgets_what_was_noticed(rasa: Rasa) -> None:
    assert rasa.says("action_start_grounding") in GROUNDING.intro
    for sense in SENSES:
        assert ask(rasa, sense) in GROUNDING.step(sense).ask
        assert answer(rasa, sense, f"my blue door and <PERSON_1>, {sense}") == "True"
    assert rasa.says("action_grounding_done") in GROUNDING.done
    assert all(rasa.slots[f"grounding_{sense}"] is None for sense in SENSES)


def test_somebody_stuck_is_asked_for_less_and_then_taken_at_their_word(rasa: Rasa) -> None:
    rasa.runs("action_start_grounding")
    ask(rasa, "see")
    assert answer(rasa, "see", "dont know") == "None"
    assert ask(rasa, "see") == GROUNDING.step("see").short
    assert answer(rasa, "see", "i cant") == "True"


def test_nothing_to_smell_is_an_answer(rasa: Rasa) -> None:
    rasa.runs("action_start_grounding")
    assert answer(rasa, "smell", "nothing") == "True"


def test_grounding_can_be_left_half_way(rasa: Rasa) -> None:
    rasa.runs("action_start_grounding")
    answer(rasa, "see", "a lamp")
    answer(rasa, "touch", "stop")
    assert rasa.slots["requested_slot"] is None
    assert rasa.says("action_grounding_done") in GROUNDING.left
    assert rasa.slots["grounding_see"] is None, "the next round begins at the beginning"


def test_breathing_says_its_introduction_once(rasa: Rasa) -> None:
    first = [reply["text"] for reply in rasa.runs("action_breathing")]
    again = [reply["text"] for reply in rasa.runs("action_breathing")]
    assert first[0] in BREATHING.intro
    assert first[1:4] == again[:3] == list(BREATHING.rounds)
    assert first[-1] != again[-1], "what is asked after it is asked in other words"


def offered(rasa: Rasa) -> list[str]:
    [reply] = rasa.runs("action_choose_exercise")
    return [str(button["payload"]).removeprefix("/") for button in reply["buttons"]]


def test_choosing_offers_a_few_and_more_and_none(rasa: Rasa) -> None:
    rasa.hears("something to try", "want_exercise")
    *exercises, more, none = offered(rasa)
    assert 2 <= len(exercises) <= 4
    assert (more, none) == ("want_exercise", "not_now")


def test_asking_for_more_comes_to_every_exercise_once_and_then_begins_again(rasa: Rasa) -> None:
    seen: list[str] = []
    for _ in range(3):
        rasa.hears("show me more", "want_exercise")
        seen += [name for name in offered(rasa) if name not in ("want_exercise", "not_now")]
    assert sorted(seen) == sorted(CHOICE.titles)
    assert "want_exercise" not in [button["payload"][1:] for button in rasa.events[-1]["data"]["buttons"]]
    rasa.hears("something else", "want_exercise")
    assert offered(rasa)[0] == seen[0]


@pytest.mark.parametrize("intent", CHOICE.fitting)
def test_what_fits_comes_first(rasa: Rasa, intent: str) -> None:
    rasa.hears("how it is", intent)
    rasa.hears("something to try", "want_exercise")
    fitting = CHOICE.fitting[intent]
    assert tuple(offered(rasa)[: len(fitting)]) == fitting


def test_asked_again_later_the_first_ones_come_again(rasa: Rasa) -> None:
    rasa.hears("something to try", "want_exercise")
    first = offered(rasa)
    rasa.hears("not now", "not_now")
    rasa.hears("ok, something to try", "want_exercise")
    assert offered(rasa) == first


def test_every_exercise_there_is_can_be_chosen() -> None:
    guides = {name for name, guide in CONTENT.guides.items() if guide.kind is Kind.EXERCISE}
    assert set(CHOICE.titles) >= guides | {"breathing", "grounding"}
    assert set(CHOICE.titles) <= {*CONTENT.guides, "breathing", "grounding"}
