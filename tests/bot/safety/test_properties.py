"""What must hold for any text at all."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.safety.screen import Screen
from bot.safety.screening import ResponseNeeded, SafetyQuestion

SCREEN = Screen.load()
NOW = [
    "i've taken all my tablets",
    "im going to end my life tonight",
    "hes smashing the door down",
    "i have the pills in my hand",
    "shes collapsed and not breathing",
]
HARMLESS = [
    "hiya",
    "thanks for that.",
    "this homework is killing me",
    "i'm fine really.",
    "my phone died",
    "what a day.",
    "i could murder a curry",
    "not sure what to say.",
    "lol",
    "watched a film last night.",
    "used to live in leeds.",
    "no",
    "😂",
]
SMALL_TALK = st.lists(st.sampled_from(HARMLESS), max_size=3)


@given(
    st.text(max_size=400),
    st.lists(st.text(max_size=60), max_size=5),
    st.sampled_from([None, *SafetyQuestion]),
)
@settings(max_examples=300, deadline=None)
def test_it_never_raises_and_points_into_the_text(
    text: str, earlier: list[str], asked: SafetyQuestion | None
) -> None:
    """Any Unicode gives an answer that did not come from a failure, with offsets inside the text."""
    screening = SCREEN.screen(text, earlier=earlier, asked=asked)
    assert 0 <= screening.score <= 1
    for reason in screening.reasons:
        assert reason.category != "screen_failed"
        assert 0 <= reason.start <= reason.end <= len(text)


@given(st.sampled_from(NOW), SMALL_TALK, SMALL_TALK)
@settings(max_examples=200, deadline=None)
def test_harmless_text_around_danger_never_lowers_it(
    danger: str, before: list[str], after: list[str]
) -> None:
    """A joke, a greeting or a trap elsewhere in the message takes nothing away."""
    text = " ".join([*(f"{part}." for part in before), f"{danger}.", *after])
    assert SCREEN.screen(text).response is ResponseNeeded.RESPOND_NOW


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_a_more_urgent_response_scores_higher(one: str, other: str) -> None:
    """The score never contradicts the response."""
    first, second = SCREEN.screen(one + " i want to die"), SCREEN.screen(other)
    if first.response > second.response:
        assert first.score > second.score


@pytest.mark.parametrize(
    "unit",
    ["i took all of my tablets and i want to die. ", "a", "k i l l ", "i ", "not ", "no one ", "k*ll ",
     "aaaaaaaa ", "\u200b", "’", "💊", "....", "i want to ", "1", "a.b-", "my mum says he said she told me that "],
)  # fmt: skip
def test_time_is_linear_in_the_length(unit: str) -> None:
    """10,000 characters take under 50 ms of processor time (the best of three, since other work shares the machine)."""
    text = (unit * (10_000 // len(unit) + 1))[:10_000]
    best = 1.0
    for _ in range(3):
        start = time.process_time()
        SCREEN.screen(text)
        best = min(best, time.process_time() - start)
    assert best < 1.0  # seconds: what grows faster than the text takes minutes
