"""What is said about the mind does no harm, is dated, and ends somewhere a person can go."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.rasa_client import TOPIC_CARD
from content import Content, ContentError
from content.guides import Kind
from content.review import sentences
from tests.content.test_files import change, folder  # noqa: F401

CONTENT = Content.load()
TOPICS = CONTENT.topics.topics
HARM = re.compile(
    r"""\b(?:calori\w*|kilos?|kg|pounds?|stone|bmi|diets?|dieting|fasting|slim\w*|los(?:e|ing)\ weight|weigh\w*
        |portions?|carbs|mg|ml|milligram\w*|dos(?:e|es|age)|bridges?|railway|platform|rope|blade|razor|pills?
        |overdos\w*|hang(?:ing)?)\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""Tessa gave diets to people with an eating disorder; Noni listed bridges to somebody who had lost their job."""


def told() -> Iterator[tuple[str, str]]:
    yield from sentences(CONTENT.topics)
    yield from sentences(CONTENT.exercises)
    for guide in CONTENT.guides.values():
        if guide.kind is not Kind.QUESTIONNAIRE:
            yield from sentences(guide, guide.intent)


def test_no_advice_on_food_or_weight_no_dose_no_place_no_method() -> None:
    found = [(key, text) for key, text in told() if HARM.search(text)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "Aim for 1200 calories.",
        "Try a diet.",
        "Take 50 mg.",
        "There are bridges near you.",
        "Weigh yourself.",
    ],
)
def test_the_search_for_harm_finds_it(text: str) -> None:
    assert HARM.search(text)


def test_the_facts_have_a_source_and_have_not_expired() -> None:
    facts = CONTENT.topics.facts
    assert facts.source.startswith("https://www.nhs.uk/")
    assert facts.checked < facts.expires <= facts.checked + timedelta(days=366)
    assert datetime.now(UTC).date() <= facts.expires, (
        "Have a clinician check topics.yml, then set both dates."
    )


@pytest.mark.parametrize("name", TOPICS)
def test_everything_can_be_said_in_two_ways(name: str) -> None:
    topic = TOPICS[name]
    parts = [part for part in (topic.reflects, topic.about, topic.next, topic.offer) if part]
    assert min(len(part) for part in parts) >= 1
    assert min(len(part) for part in parts) >= 2
    assert topic.reflects is None or len(topic.reflects) >= 3


@pytest.mark.parametrize("name", TOPICS)
def test_each_leads_to_somebody_who_can_help(name: str) -> None:
    """A person, a service or a number in every way of saying where to go next."""
    someone = re.compile(
        r"GP|pharmacist|999|111|therapy|Samaritans|Childline|Beat|midwife|Citizens Advice|council|teacher|manager"
        r"|counselling|friend|one person|people|Schools|surgery|call one of these"
    )
    assert [way for way in TOPICS[name].next if not someone.search(way)] == []


def test_the_card_of_every_topic_is_one_that_harbour_takes_and_keeps() -> None:
    assert all(TOPIC_CARD.fullmatch(f"topic:{name}") for name in TOPICS)


def test_panic_always_says_when_it_is_999() -> None:
    for way in TOPICS["panic"].next:
        assert "999" in way
        assert "chest" in way.casefold()
        assert "new" in way


def test_medicines_are_for_a_pharmacist_a_gp_or_111() -> None:
    topic = TOPICS["medication_question"]
    assert all(re.search(r"pharmacist|GP|111", way) for way in topic.about)
    assert all("999" in way for way in topic.next)
    assert topic.tries == ()


def test_stopping_to_drink_all_at_once_is_never_advised() -> None:
    ways = [*TOPICS["drink_or_drugs"].next, *CONTENT.guides["urge_surfing"].done]
    assert all("111" in way for way in ways)


def test_eating_worries_lead_to_beat_and_a_doctor() -> None:
    topic = TOPICS["body_image"]
    assert topic.numbers == ("beat",)
    assert all("GP" in way for way in topic.next)


def test_abuse_leads_to_its_helplines_and_shows_how_to_hide_the_page() -> None:
    topic = TOPICS["ask_domestic_abuse"]
    assert {"domestic_abuse", "silent_999"} <= set(topic.numbers)
    assert all("Leave this page" in way and "999" in way for way in topic.next)


def test_no_exercise_is_thrown_at_somebody_who_is_grieving() -> None:
    assert TOPICS["grief"].listens is not None


def test_no_illness_is_decided_here() -> None:
    assert [
        text
        for _, text in sentences(CONTENT.topics)
        if re.search(r"\byou have (?:depress|anx|psych|OCD)", text)
    ] == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "numbers: [beat]",
            "numbers: [beet]",
            r"topics\.body_image\.numbers.*beet.*Use keys of helplines\.yml",
        ),
        (
            "tries: [urge_surfing]",
            "tries: [surfing]",
            r"topics\.drink_or_drugs\.tries.*surfing.*choice\.titles",
        ),
        ("listens: and_asks", "listens: maybe", r"listens"),
        ("expires: 2027-11-27", "expires: 2026-11-27", r"facts.*'expires' must be later"),
    ],
)
def test_a_mistake_in_the_file_is_named(folder: Path, old: str, new: str, problem: str) -> None:  # noqa: F811
    change(folder, "topics.yml", old, new)
    with pytest.raises(ContentError, match=rf"topics\.yml, at '.*{problem}"):
        Content.load(folder)
