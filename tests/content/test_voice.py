"""How Harbour speaks, as far as a machine can hear it: short, plain, kind, and never twice the same."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from bot.safety.screening import ResponseNeeded, SafetyQuestion
from content import Content
from content.review import READING_GRADE, reading_grade, review, sentences
from content.sentences import Variants, placeholders

ROOT = Path(__file__).resolve().parents[2]
CONTENT = Content.load()
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text())["responses"]


def everything_said() -> Iterator[tuple[str, str]]:
    for field in fields(CONTENT):
        for key, text in sentences(getattr(CONTENT, field.name)):
            yield f"{field.name}.yml: {key}", text
    for name, ways in RESPONSES.items():
        for number, way in enumerate(ways):
            yield f"domain.yml: {name}.{number}", way["text"]


def test_a_careful_reader_sends_nothing_back() -> None:
    assert review(everything_said(), CONTENT.helplines) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Well done!", "exclamation"),
        ("Try to calm down.", "calm down"),
        ("You should call 999.", "you should"),
        ("Call 0808 068 4141.", "not a number in helplines.yml"),
        ("Are you safe? Are you alone?", "more than one question"),
        ("word " * 60, "more than 50 words"),
    ],
)
def test_a_careful_reader_sends_this_back(text: str, problem: str) -> None:
    [finding] = review([("somewhere", text)], CONTENT.helplines)
    assert problem in finding.problem


def test_a_child_of_eleven_can_read_it() -> None:
    assert reading_grade(text for _, text in everything_said()) <= READING_GRADE
    assert reading_grade(text for key, text in everything_said() if key.startswith("crisis")) <= READING_GRADE


def test_the_measure_of_reading_tells_hard_text_from_easy() -> None:
    easy = "The cat sat on the mat. It was a good cat."
    hard = "Symptomatology of a depressive nature necessitates comprehensive biopsychosocial assessment."
    assert reading_grade([easy]) < 2
    assert reading_grade([hard]) > 15


@pytest.mark.parametrize("question", SafetyQuestion)
def test_every_safety_question_can_be_asked_and_answered(question: SafetyQuestion) -> None:
    assert len(CONTENT.crisis.questions[question]) >= 3
    answers = CONTENT.crisis.answers[question]
    assert min(len(answers.said_yes), len(answers.said_no), len(answers.unclear)) >= 3


def test_suicide_is_named_in_every_way_of_asking_about_it() -> None:
    """Plain words, no euphemism: "hurting yourself" is another question."""
    for way in CONTENT.crisis.questions[SafetyQuestion.THINKING_OF_ENDING_LIFE]:
        assert any(word in way for word in ("ending your life", "suicide", "killing yourself")), way


def test_a_yes_means_the_same_to_every_way_of_asking_whether_somebody_is_safe() -> None:
    for way in CONTENT.crisis.questions[SafetyQuestion.SAFE_RIGHT_NOW]:
        assert "safe" in way, way
        assert "danger" not in way, way
        assert "not safe" not in way, way


@pytest.mark.parametrize("response", [r for r in ResponseNeeded if r is not ResponseNeeded.NONE])
@pytest.mark.parametrize(
    "category",
    [
        "suicide",
        "overdose_taken",
        "self_harm",
        "child_abuse",
        "domestic_abuse",
        "harm_to_others",
        "psychosis",
        "eating_disorder",
        "medical_emergency",
        "third_party",
        "bereaved_by_suicide",
        "never_heard_of",
    ],
)
def test_every_kind_of_danger_has_words_of_its_own_or_words_that_fit(
    response: ResponseNeeded, category: str
) -> None:
    assert len(CONTENT.crisis.opening(response, category)) >= 2


def test_danger_now_says_whom_to_call_in_every_opening() -> None:
    for category, ways in CONTENT.crisis.respond_now.openings.items():
        assert all("999" in way for way in ways), category


def test_abuse_is_never_the_persons_fault() -> None:
    for ending in (CONTENT.crisis.respond_now, CONTENT.crisis.respond_today):
        for category in ("child_abuse", "domestic_abuse"):
            assert any("not your fault" in way or "not to blame" in way for way in ending.openings[category])


def test_the_card_shows_the_numbers_that_everyone_needs() -> None:
    assert CONTENT.crisis.card.numbers[0] == "emergency"
    assert {"nhs_111", "samaritans", "shout", "childline"} <= set(CONTENT.crisis.card.numbers)


def test_a_time_is_promised_only_where_somebody_is_on_shift() -> None:
    """The unstaffed words and the failed ones must hold no target."""
    after = CONTENT.crisis.what_happens_next
    assert all("target" in placeholders(way) for way in after.staffed)
    assert all("aim" in way for way in after.staffed), "an aim, not a promise"
    assert not any(placeholders(way) for way in (*after.unstaffed, *after.not_reached))


def test_the_first_notice_says_what_it_must() -> None:
    notice = CONTENT.notices.first_notice
    assert "bot" in notice.bot
    assert "not an emergency service" in notice.not_emergency
    assert "999" in notice.not_emergency
    assert "Get help now" in notice.help_now
    assert "say no" in notice.statistics


def test_a_joined_clinician_is_introduced_by_name_and_role() -> None:
    joined = CONTENT.notices.handover.joined.pick(name="Amina", role="crisis nurse")
    assert joined == "Amina, crisis nurse, has joined. The bot is quiet now."


def test_nothing_is_said_twice_before_everything_was_said_once() -> None:
    said: list[str] = []
    ways = CONTENT.crisis.questions[SafetyQuestion.THINKING_OF_ENDING_LIFE]
    for _ in range(len(ways)):
        said.append(ways.pick(said))
    assert len(set(said)) == len(ways)
    assert ways.pick(said) == said[0], "then the one said longest ago"


def test_ways_that_are_filled_are_compared_as_they_were_said() -> None:
    ways = CONTENT.crisis.what_happens_next.staffed
    first = ways.pick([], target="5 minutes")
    assert "5 minutes" in first
    assert ways.pick([first], target="5 minutes") != first


def test_a_missing_value_is_not_said_as_a_brace() -> None:
    with pytest.raises(KeyError):
        CONTENT.notices.handover.joined.pick(name="Amina")


def test_every_response_of_the_domain_has_another_way() -> None:
    assert {name: len(ways) for name, ways in RESPONSES.items() if len(ways) < 2} == {}
    for ways in RESPONSES.values():
        assert len({way["text"] for way in ways}) == len(ways)


def test_variants_hold_at_least_one_way() -> None:
    assert isinstance(CONTENT.notices.greeting, Variants)
    assert len(CONTENT.notices.greeting) >= 2


def test_every_category_of_the_screen_has_an_opening_of_its_own() -> None:
    found = {
        described["category"]
        for file in (ROOT / "data" / "safety").glob("*.yml")
        if isinstance(described := yaml.safe_load(file.read_text()), dict) and "category" in described
    }
    assert found
    crisis = CONTENT.crisis
    assert found <= {*crisis.respond_now.openings, *crisis.respond_today.openings, *crisis.ask.openings}
