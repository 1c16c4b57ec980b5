"""A guide goes step by step, keeps its place through any interruption, and can be left."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from content import Content
from store.models import FinishedGuide, GuideProgress
from store.session import Store
from tests.actions.calling import Rasa
from tests.actions.guiding import Walk

CONTENT = Content.load()
THOUGHT = CONTENT.guides["thought_record"]
GUIDING = CONTENT.guiding


def asks(key: str) -> tuple[str, ...]:
    step = THOUGHT.step(key)
    assert step is not None
    return tuple(step.ways)


def place(store: Store) -> GuideProgress | None:
    with store.read() as session:
        return session.scalars(select(GuideProgress)).first()


def started(walk: Walk) -> Walk:
    walk.says("can we look at a thought", "thought_record")
    return walk


def test_it_says_what_it_is_and_asks_the_first_step(walk: Walk) -> None:
    walk.says("can we look at a thought", "thought_record")
    assert walk.replies[0]["text"] in THOUGHT.intro
    assert walk.replies[1]["text"] in asks("situation")


def test_it_goes_to_its_end_and_says_the_new_thought_back(walk: Walk, store: Store) -> None:
    started(walk)
    for answer in ("my boss walked past me", "im useless", "ashamed", "8", "he looked cross", "he was late"):
        walk.says(answer)
    assert "im useless" in walk.replies[-1]["text"], "the thought is said back, in their own words"
    walk.says("he may just have been busy <PERSON_1>")
    end = walk.says("4")
    assert "he may just have been busy (a name)" in end
    assert walk.replies[-1]["text"] in GUIDING.helping.ask
    assert place(store) is None, "what was answered is not kept when it is done"
    with store.read() as session:
        assert [each.guide for each in session.scalars(select(FinishedGuide))] == ["thought_record"]


@pytest.mark.parametrize(
    ("pressed", "said"),
    [("It helped", "helped"), ("Not really", "not_really"), ("It made it worse", "worse")],
)
def test_whether_it_helped_is_taken_kindly_and_kept(
    walk: Walk, store: Store, pressed: str, said: str
) -> None:
    started(walk)
    for answer in ("work", "im useless", "sad", "8", "a", "b", "c", "4"):
        walk.says(answer)
    assert walk.presses(pressed) in getattr(GUIDING.helping, said)
    with store.read() as session:
        assert session.scalars(select(FinishedGuide.helped)).all() == [said]


def test_a_step_can_be_skipped_and_gone_back_to(walk: Walk) -> None:
    started(walk)
    assert walk.says("skip this one", "skip") in asks("thought")
    answer = walk.says("go back", "go_back")
    assert any(way in answer for way in asks("situation"))
    walk.says("at home")
    assert walk.presses("Skip this one") in asks("feeling")


def test_what_was_skipped_is_not_said_back(walk: Walk) -> None:
    started(walk)
    for _ in range(7):
        walk.says("skip", "skip")
    end = walk.says("skip", "skip")
    assert "None" not in end
    assert "{" not in end


def test_back_at_the_start_stays_there(walk: Walk) -> None:
    started(walk)
    answer = walk.says("back", "go_back")
    assert answer.startswith(GUIDING.back_at_the_start[0])


def test_dont_know_is_asked_in_fewer_words_and_then_taken(walk: Walk) -> None:
    started(walk)
    step = THOUGHT.step("situation")
    assert step
    assert walk.says("i dont know") == step.short
    assert walk.says("dunno") in asks("thought")


def test_a_number_that_is_none_is_asked_again_and_then_let_go(walk: Walk) -> None:
    started(walk)
    for answer in ("work", "im useless", "sad"):
        walk.says(answer)
    assert walk.says("so strong") in GUIDING.choose_one
    assert walk.says("20") in GUIDING.out_of_range
    assert walk.says("argh") in asks("signs_for")


def test_pause_keeps_the_place_and_carry_on_comes_back(walk: Walk) -> None:
    started(walk)
    walk.says("my boss walked past me")
    assert walk.says("later", "pause") in GUIDING.paused
    assert not walk.open
    walk.says("carry on", "carry_on")
    assert walk.replies[-1]["text"] in asks("thought")


def test_it_resumes_in_a_new_session(
    walk: Walk, rasa_with: Callable[..., Rasa], store: Store, session: str
) -> None:
    """Tomorrow: Rasa remembers nothing, the store does."""
    started(walk)
    walk.says("my boss walked past me")
    tomorrow = Walk(rasa_with(), store)
    tomorrow.says("carry on", "carry_on")
    assert tomorrow.replies[-1]["text"] in asks("thought")


def test_starting_the_same_guide_again_goes_on_with_it(walk: Walk) -> None:
    started(walk)
    walk.says("my boss walked past me")
    walk.says("later", "pause")
    walk.says("can we do the thought record", "thought_record")
    assert walk.replies[0]["text"] in GUIDING.resumed
    assert walk.replies[-1]["text"] in asks("thought")


def test_danger_leaves_the_form_and_carry_on_resumes(walk: Walk) -> None:
    """Harbour has Rasa leave the form (an interrupt); the place stands."""
    started(walk)
    walk.says("my boss walked past me")
    walk._close()
    walk.says("carry on", "carry_on")
    assert walk.replies[-1]["text"] in asks("thought")


@pytest.mark.parametrize("text", ["stop", "can we stop this now"])
def test_stop_closes_it(walk: Walk, store: Store, text: str) -> None:
    started(walk)
    assert walk.says(text, "not_now") in THOUGHT.left
    assert place(store) is None
    assert walk.says("carry on", "carry_on") in GUIDING.nothing_open


def test_stop_is_heard_even_when_it_was_taken_for_something_else(walk: Walk, store: Store) -> None:
    started(walk)
    assert walk.says("no more please", "nlu_fallback") in THOUGHT.left
    assert place(store) is None


def test_not_now_to_an_offer_does_not_close_what_is_paused(walk: Walk, store: Store) -> None:
    started(walk)
    walk.says("my boss walked past me")
    walk.says("later", "pause")
    assert walk.says("not now", "not_now") == "utter_not_now"
    assert place(store) is not None


def test_a_person_is_asked_for_in_the_middle_and_the_place_stands(walk: Walk, woken: list[str]) -> None:
    started(walk)
    walk.says("can i talk to a real person", "want_human")
    assert woken == ["woken"]
    assert not walk.open
    walk.says("carry on", "carry_on")
    assert walk.replies[-1]["text"] in asks("situation")


def test_another_guide_by_name_begins_and_the_first_waits_behind_it(walk: Walk) -> None:
    started(walk)
    walk.says("my boss walked past me")
    walk.says("can we do worry time instead", "worry_time")
    assert walk.replies[0]["text"] in CONTENT.guides["worry_time"].intro
    walk.says("stop", "not_now")
    walk.says("carry on", "carry_on")
    assert walk.replies[-1]["text"] in asks("thought")


def test_an_answer_that_sounds_like_another_guide_is_an_answer(walk: Walk) -> None:
    started(walk)
    assert walk.says("i cant stop worrying about money", "worry_time") in asks("thought")


def test_a_button_of_a_step_that_has_passed_answers_nothing(walk: Walk, store: Store) -> None:
    started(walk)
    for answer in ("work", "im useless", "sad"):
        walk.says(answer)
    walk.says("8", "chosen", guide_answer="how_strong=8")
    answer = walk.says("3", "chosen", guide_answer="how_strong=3")
    assert answer.startswith(tuple(GUIDING.choice_gone))
    kept = place(store)
    assert kept
    assert kept.answers["how_strong"] == 8


def test_a_button_pressed_long_after_says_so(walk: Walk) -> None:
    assert walk.says("3", "chosen", guide_answer="how_strong=3") in GUIDING.choice_gone


def test_steering_outside_a_guide_does_no_harm(walk: Walk) -> None:
    for intent in ("skip", "go_back", "carry_on"):
        assert walk.says(intent, intent) in GUIDING.nothing_open
    assert walk.says("later", "pause") == "utter_not_now"


@pytest.mark.parametrize("guide", CONTENT.guides.values(), ids=lambda guide: guide.intent)
def test_every_guide_can_be_walked_to_its_end(walk: Walk, store: Store, guide: object) -> None:
    """By pressing the first button of every step, or typing a few words where there are none."""
    intent = guide.intent  # type: ignore[attr-defined]
    walk.says(f"can we do {intent}", intent)
    for _ in range(40):
        if not walk.open:
            break
        titles = [button["title"] for button in walk.replies[-1]["buttons"]]
        own = [title for title in titles if title != GUIDING.buttons.skip]
        said = walk.presses(own[0]) if own else walk.says("a few words of mine")
        assert said.strip()
    assert not walk.open
    assert place(store) is None


@pytest.mark.parametrize("guide", CONTENT.guides.values(), ids=lambda guide: guide.intent)
def test_every_guide_can_be_skipped_to_its_end(walk: Walk, store: Store, guide: object) -> None:
    intent = guide.intent  # type: ignore[attr-defined]
    walk.says(f"can we do {intent}", intent)
    for _ in range(40):
        if not walk.open:
            break
        said = walk.says("skip", "skip")
        assert "{" not in said
        assert "None" not in said
    assert not walk.open
    assert place(store) is None
