"""Exercises go step by step, take any answer, and stop when asked."""

from content import Content
from content.exercises import SENSES
from tests.actions.calling import Rasa

GROUNDING = Content.load().exercises.grounding
BREATHING = Content.load().exercises.breathing


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


def test_choosing_offers_each_exercise_and_neither(rasa: Rasa) -> None:
    [reply] = rasa.runs("action_choose_exercise")
    assert [button["payload"] for button in reply["buttons"]] == ["/breathing", "/grounding", "/not_now"]
