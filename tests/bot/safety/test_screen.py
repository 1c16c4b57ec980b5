"""The screen as a whole: turns of a conversation, disguises, reasons, failure."""

from __future__ import annotations

import pytest

from bot.safety.screen import Screen
from bot.safety.screening import ResponseNeeded, SafetyQuestion

NONE, ASK = ResponseNeeded.NONE, ResponseNeeded.ASK
TODAY, NOW = ResponseNeeded.RESPOND_TODAY, ResponseNeeded.RESPOND_NOW
LIFE = SafetyQuestion.THINKING_OF_ENDING_LIFE
HURT = SafetyQuestion.HURT_YOURSELF_TODAY
SAFE = SafetyQuestion.SAFE_RIGHT_NOW


@pytest.mark.parametrize(
    ("earlier", "text", "needed"),
    [
        (["ive taken"], "all of my tablets", NOW),
        (["my tablets", "the sertraline ones"], "took them all", NOW),
        (["i want to"], "die", TODAY),
        (["im going to"], "kill myself", NOW),
        (["feel sick", "i swallowed"], "a whole packet of paracetamol", NOW),
        (["i want to kill myself"], "jk", ASK),
        (["ive took an overdose"], "only joking ignore me", ASK),
        (["hiya", "had a nice day"], "forget it", NONE),
        (["i like crisps"], "had two bags", NONE),
        (["i dont want to"], "be here anymore", ASK),
        (["nobody would"], "notice if i was gone", ASK),
        (["ive been saving"], "my tablets up", TODAY),
        (["my dad", "comes into"], "my room at night", TODAY),
    ],
)
def test_it_remembers_earlier_messages(
    screen: Screen, earlier: list[str], text: str, needed: ResponseNeeded
) -> None:
    """Danger split over messages is read as one, and taking it back does not undo it."""
    assert screen.screen(text, earlier=earlier).response == needed


@pytest.mark.parametrize(
    ("asked", "text", "needed"),
    [
        (LIFE, "yes", TODAY),
        (LIFE, "yeah i have", TODAY),
        (LIFE, "aye", TODAY),
        (LIFE, "yes, tonight", NOW),
        (LIFE, "sometimes", TODAY),
        (LIFE, "all the time", TODAY),
        (LIFE, "👍", TODAY),
        (LIFE, "no", NONE),
        (LIFE, "nah not at all", NONE),
        (LIFE, "not really", ASK),
        (LIFE, "idk", ASK),
        (LIFE, "maybe", ASK),
        (LIFE, "what do you mean", ASK),
        (LIFE, "what time is it", ASK),
        (HURT, "yes", NOW),
        (HURT, "i did", NOW),
        (HURT, "a bit", NOW),
        (HURT, "no i havent", NONE),
        (HURT, "not yet", ASK),
        (HURT, "not really", ASK),
        (SAFE, "no", NOW),
        (SAFE, "not really", NOW),
        (SAFE, "nope", NOW),
        (SAFE, "dont know", NOW),
        (SAFE, "yes", NONE),
        (SAFE, "yeah im safe", NONE),
        (SAFE, "i think so", ASK),
        (SAFE, "for now", NOW),
        (SAFE, "leave me alone", ASK),
        (LIFE, "kind of", TODAY),
        (LIFE, "only at night", TODAY),
        (LIFE, "i was earlier", TODAY),
        (LIFE, "no but i have thought about it", TODAY),
        (LIFE, "no more than usual", TODAY),
        (LIFE, "yeah but i wouldnt do it", TODAY),
        (LIFE, "nope not like that", NONE),
        (LIFE, "nae chance", NONE),
        (LIFE, "im fine", ASK),
        (LIFE, "i dunno", ASK),
        (LIFE, "not today", ASK),
        (LIFE, "no comment", ASK),
        (LIFE, "my cat is ill", ASK),
        (LIFE, "ok", ASK),
        (HURT, "i already have", NOW),
        (HURT, "yh", NOW),
        (HURT, "thinking about it", ASK),
        (HURT, "naw", NONE),
        (SAFE, "im fine", NONE),
        (SAFE, "ok", ASK),
        (SAFE, "yeah sort of", ASK),
        (SAFE, "i dunno", NOW),
        (None, "yes", NONE),
        (None, "no", NONE),
    ],
)
def test_an_answer_is_read_with_its_question(
    screen: Screen, asked: SafetyQuestion | None, text: str, needed: ResponseNeeded
) -> None:
    """A bare yes or no means what the question made of it; an unclear answer stays to be asked."""
    assert screen.screen(text, asked=asked).response == needed


@pytest.mark.parametrize(
    "text",
    [
        "i want to k1ll mys3lf",
        "i want to k i l l m y s e l f",
        "i want to k.i.l.l myself",
        "i want to k*ll myself",
        "i want to kiiiilll myseeelf",
        "і wаnt tо kіll mуsеlf",
        "ｉ ｗａｎｔ ｔｏ ｋｉｌｌ ｍｙｓｅｌｆ",
        "𝐢 𝐰𝐚𝐧𝐭 𝐭𝐨 𝐤𝐢𝐥𝐥 𝐦𝐲𝐬𝐞𝐥𝐟",
        "i wánt tö kïll mysélf",
        "i\u200bwant to ki\u200dll my\u00adself".replace("i\u200bw", "i w"),
        "I. WANT. TO. KILL. MYSELF.",
        "i wanna kil myslef",
        "i want to, like, kill myself",
        "i want to\nkill myself",
        "su1c1dal an cant stop",
        "feelin proper suicidle",
        "feeling sucicidal",
    ],
)
def test_disguises_and_slips_do_not_hide_danger(screen: Screen, text: str) -> None:
    """Leet, spaced letters, look-alikes, marks, stretched and mistyped words are read as what they mean."""
    assert screen.screen(text).response >= TODAY


def test_reasons_point_at_the_words_that_fired(screen: Screen) -> None:
    """Offsets are code points of the original, whatever was folded before them."""
    text = "🙂🙂 it’s been… ｈａｒｄ. i’ve taken all my tablets 😭"
    reason = screen.screen(text).reasons[0]
    assert reason.category == "overdose_taken"
    assert "taken all my tablets" in text[reason.start : reason.end]


def test_the_most_urgent_reason_comes_first(screen: Screen) -> None:
    """A clinician reads the overdose before the mood."""
    screening = screen.screen("i hate my life. ive taken an overdose")
    assert screening.response is NOW
    assert screening.reasons[0].category == "overdose_taken"
    assert len(screening.reasons) > 1


def test_when_it_fails_it_answers_as_if_danger_may_be_there(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Help is shown and staff are told, and the reason says that the screen itself failed."""

    def broken(text: str, spelling: object) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr("bot.safety.screen.read", broken)
    screening = screen.screen("hello")
    assert screening.response is TODAY
    assert [reason.category for reason in screening.reasons] == ["screen_failed"]


@pytest.mark.parametrize(
    "text",
    [
        "forced to have sex",
        "im 12 and i was forced to have sex",
        "i’m gonna kill myself",
        "i don’t want to be alive",
        "im making myself sick after meals",
        "ive been taking loads of drugs to cope",
    ],
)
def test_what_other_bots_missed(screen: Screen, text: str) -> None:
    """Failures of other bots in public: a child's disclosure, an eating disorder, drugs, a typographic apostrophe."""
    assert screen.screen(text).response >= ASK
