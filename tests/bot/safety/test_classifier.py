"""The network's opinion: read after its question, over long messages, and never what lowers the lexicon."""

import pytest

from bot.safety.classifier import Classifier
from bot.safety.lexicon import Lexicon
from bot.safety.reading import read
from bot.safety.screen import Screen
from bot.safety.screening import ResponseNeeded, SafetyQuestion

SPELLING = Lexicon.load().spelling
CLASSIFIER = Classifier.load()
SCREEN = Screen.load()


def opinion(text: str, asked: SafetyQuestion | None = None) -> ResponseNeeded:
    return CLASSIFIER.read(read(text, SPELLING), asked).response


@pytest.mark.parametrize(
    "text",
    [
        "ive taken all of my tablets and i feel funny",
        "im going to end my life tonight everything is ready",
        "he is kicking the door in right now please help me",
    ],
)
def test_danger_now_is_seen(text: str) -> None:
    assert opinion(text) is ResponseNeeded.RESPOND_NOW


@pytest.mark.parametrize(
    "text",
    ["had beans on toast for tea", "what time do you open", "this traffic is killing me lol", "thanks x"],
)
def test_ordinary_talk_is_left_alone(text: str) -> None:
    assert opinion(text) is ResponseNeeded.NONE


def test_an_answer_is_read_with_its_question() -> None:
    assert opinion("yes most days", SafetyQuestion.THINKING_OF_ENDING_LIFE) >= ResponseNeeded.RESPOND_TODAY
    assert opinion("yes") is ResponseNeeded.NONE


@pytest.mark.parametrize("before", [0, 120, 400])
def test_danger_in_a_long_message_is_seen_wherever_it_stands(before: int) -> None:
    filler = "we went to the shops and it rained all day long "
    text = filler * (before // 10) + "i am going to kill myself tonight. " + filler * 12
    assert SCREEN.screen(text).response is ResponseNeeded.RESPOND_NOW


def test_an_empty_message_has_no_opinion() -> None:
    assert SCREEN.screen("...").response is ResponseNeeded.NONE


def test_the_words_that_told_are_in_the_message() -> None:
    text = "had toast. i cant see the point in being alive anymore tbh. then the bus came"
    for reason in SCREEN.screen(text).reasons:
        assert 0 <= reason.start < reason.end <= len(text)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("ive taken all of my tablets", ResponseNeeded.RESPOND_NOW),
        ("had beans on toast", ResponseNeeded.RESPOND_TODAY),
    ],
)
def test_when_the_model_fails_the_lexicon_is_still_heard(
    monkeypatch: pytest.MonkeyPatch, text: str, needed: ResponseNeeded
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr(Classifier, "read", broken)
    screening = SCREEN.screen(text)
    assert screening.response is needed
    assert "screen_failed" in {reason.category for reason in screening.reasons}
