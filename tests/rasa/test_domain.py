"""The traps of Rasa's own files, held shut: forms that swallow, rules that are missing, data it must not read."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from content.exercises import SENSES

ROOT = Path(__file__).resolve().parents[2]
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text())
RULES = [
    rule
    for file in sorted((ROOT / "data/rules").glob("*.yml"))
    for rule in yaml.safe_load(file.read_text())["rules"]
]
NLU = {
    item["intent"]: [line[2:] for line in item["examples"].splitlines()]
    for file in sorted((ROOT / "data/nlu").glob("*.yml"))
    for item in yaml.safe_load(file.read_text())["nlu"]
}
MAPPINGS = [
    (slot, mapping)
    for slot, described in DOMAIN["slots"].items()
    for mapping in described["mappings"]
    if mapping["type"] == "from_text"
]
ALWAYS_OPEN = {
    "want_human",
    "helplines",
    "not_now",
    "goodbye",
    "privacy",
    "how_stored",
    "download_my_data",
    "remove_mood",
    "correct_my_data",
    "stop_statistics",
    "start_statistics",
    "delete_my_data",
    "confirm_delete",
    "medication_question",
    "are_you_human",
    "who_are_you",
    "abuse_of_bot",
    "grief",
    "vent",
    "keep_a_secret",
    "drink_or_drugs",
}


def rule_for(intent: str) -> dict[str, Any]:
    [rule] = [rule for rule in RULES if rule["steps"][0].get("intent") == intent]
    return dict(rule)


@pytest.mark.parametrize(
    ("slot", "mapping"), [(slot, mapping) for slot, mapping in MAPPINGS if slot != "guide_answer"]
)
def test_a_form_lets_go_of_what_is_always_open(slot: str, mapping: dict[str, Any]) -> None:
    """The guides' form takes nearly everything, and its check gives it back: tests/actions/test_guide_steering.py."""
    assert set(mapping["not_intent"]) >= ALWAYS_OPEN


@pytest.mark.parametrize(("slot", "mapping"), MAPPINGS)
def test_a_form_takes_only_the_answer_to_its_question(slot: str, mapping: dict[str, Any]) -> None:
    """Without both conditions, the sentence that opened the form fills its first slot."""
    [condition] = mapping["conditions"]
    assert condition["requested_slot"] == slot
    assert slot in DOMAIN["forms"][condition["active_loop"]]["required_slots"]


INTERRUPTING = {intent for _, mapping in MAPPINGS for intent in mapping["not_intent"]}
COMES_BACK = {"clarify", "apology"}
"""After these the form is meant to ask again: "what do you mean?" is no refusal."""


@pytest.mark.parametrize("intent", sorted(INTERRUPTING - COMES_BACK))
def test_what_interrupts_a_form_leaves_it_before_replying(intent: str) -> None:
    """Otherwise the form asks its question again after the answer, which is tone-deaf."""
    assert rule_for(intent)["steps"][1] == {"action": "action_deactivate_loop"}


def test_every_intent_of_the_domain_has_examples_and_one_rule() -> None:
    intents = set(DOMAIN["intents"])
    assert set(NLU) == intents - {"nlu_fallback", "chosen"}
    for intent in intents:
        rule_for(intent)


def test_every_intent_has_enough_examples_and_none_stands_under_two() -> None:
    assert {intent: len(examples) for intent, examples in NLU.items() if len(examples) < 20} == {}
    plain = [example.casefold().replace("’", "'") for examples in NLU.values() for example in examples]
    assert sorted({example for example in plain if plain.count(example) > 1}) == []


def test_no_intent_is_about_danger() -> None:
    """Danger is decided before Rasa is asked, and never depends on what it was taught."""
    words = re.compile(
        r"suicid|kill (?:my|your)self|end (?:my|it all)|overdos|self.?harm|cut (?:my|me)", re.IGNORECASE
    )
    assert [example for examples in NLU.values() for example in examples if words.search(example)] == []


def test_slots_influence_nothing_and_do_not_carry_over() -> None:
    assert not any(slot["influence_conversation"] for slot in DOMAIN["slots"].values())
    assert DOMAIN["session_config"]["carry_over_slots_to_new_session"] is False


def test_the_grounding_form_follows_the_senses_of_the_content() -> None:
    assert DOMAIN["forms"]["grounding_form"]["required_slots"] == [f"grounding_{sense}" for sense in SENSES]


def test_every_button_leads_to_an_intent() -> None:
    payloads = {
        button["payload"]
        for ways in DOMAIN["responses"].values()
        for way in ways
        for button in way.get("buttons", [])
    }
    assert {payload.removeprefix("/") for payload in payloads} <= set(DOMAIN["intents"])


def test_rasa_reads_nothing_under_data_but_its_own_files() -> None:
    """Rasa takes any YAML file under data/ for training data if a line in it begins with one of these keys.

    Everything else there (content, statistics, the screen's words) must not use them, at any depth.
    """
    keys = re.compile(r"^\s*(?:nlu|responses|stories|rules):", re.MULTILINE)
    others = [
        file
        for file in (ROOT / "data").rglob("*.yml")
        if file.relative_to(ROOT / "data").parts[0] not in ("nlu", "rules", "stories")
    ]
    assert others
    assert [str(file.relative_to(ROOT)) for file in others if keys.search(file.read_text())] == []
