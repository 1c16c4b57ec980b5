"""data/statistics.yml says what is counted, in words for patients, and never promises less than it takes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from privacy.ldp.matrices import is_shipped
from privacy.ldp.periods import in_words, period_of, year_of
from privacy.ldp.statistics import STATISTICS, Statistics, StatisticsError

RASA_KEYS = {
    "actions", "config_store_key", "e2e_actions", "entities", "forms", "intents", "language", "nlu", "pipeline",
    "policies", "recipe", "responses", "rules", "session_config", "slots", "stories", "version",
}  # fmt: skip


@pytest.fixture
def written() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(STATISTICS.read_text())
    return loaded


def load(folder: Path, written: dict[str, Any]) -> Statistics:
    path = folder / "statistics.yml"
    path.write_text(yaml.safe_dump(written))
    return Statistics.load(path)


def test_the_file_does_not_look_like_training_data(written: dict[str, Any]) -> None:
    assert RASA_KEYS.isdisjoint(written)


def test_a_year_costs_what_the_file_says(written: dict[str, Any]) -> None:
    assert float(Statistics.load().yearly_epsilon) == written["yearly_bound"] == 8


def test_every_scale_uses_a_shipped_matrix() -> None:
    for one in Statistics.load().attributes.values():
        assert not one.ordinal or is_shipped(one.domain, one.epsilon, not_applicable=True)


def test_patients_are_told_the_odds() -> None:
    odds = Statistics.load().odds()
    assert "88 times in 100" in odds
    assert "12 times" in odds
    assert "45 in 100" in odds


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (["yearly_bound"], 7.9, "cost up to 8 a year"),
        (["epsilon"], 3, "cost up to 12 a year"),
        (["statistics", "mood", "epsilon"], 2.5, "cost up to 8.5 a year"),
        (["epsilon"], 0, "Epsilon must lie"),
        (["period"], "week", "period"),
        (["enough_half_width"], 0.9, "enough_half_width"),
        (["statistics", "topic", "mechanism"], "laplace", "mechanism"),
        (["statistics", "topic", "values"], ["one"], "values"),
        (["statistics", "topic", "values"], ["same", "same"], "same words"),
        (["statistics", "topic", "colour"], "red", "colour"),
        (["statistics", "mood", "groups"], [{"label": "all", "first": 0, "last": 9}], "each value once"),
        (
            ["statistics", "topic", "groups"],
            [{"label": "all", "first": 0, "last": 6}],
            "only the values of a scale",
        ),
        (["statistics"], {}, "statistics"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, written: dict[str, Any], path: list[str], value: object, complaint: str
) -> None:
    place = written
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(StatisticsError, match=complaint):
        load(tmp_path, written)


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StatisticsError, match="cannot be read"):
        Statistics.load(tmp_path / "none.yml")


def test_five_statistics_of_two_cost_no_more_than_four(tmp_path: Path, written: dict[str, Any]) -> None:
    written["statistics"]["fifth"] = dict(written["statistics"]["topic"])
    assert load(tmp_path, written).yearly_epsilon == 8


def test_changed_values_begin_a_new_count(tmp_path: Path, written: dict[str, Any]) -> None:
    before = Statistics.load().attributes["topic"].version
    written["statistics"]["topic"]["values"].reverse()
    assert load(tmp_path, written).attributes["topic"].version != before


def test_what_is_not_known_is_not_applicable() -> None:
    statistics = Statistics.load()
    answers = statistics.answers({"mood": 7, "topic": None})
    assert answers == {
        name: 7 if name == "mood" else one.not_applicable for name, one in statistics.attributes.items()
    }


@pytest.mark.parametrize("known", [{"shoe size": 3}, {"mood": 12}, {"mood": -1}, {"mood": True}])
def test_an_answer_that_cannot_be_is_refused(known: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"counted under|whole number"):
        Statistics.load().answers(known)


def test_periods_are_quarters() -> None:
    days = [date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31)]
    assert [period_of(day) for day in days] == ["2026-Q1", "2026-Q1", "2026-Q2", "2026-Q4"]
    assert year_of("2026-Q4") == 2026
    assert in_words("2026-Q4") == "October to December 2026"
    for wrong in ("2026", "2026-Q5", "2026-Q11", "", "2026-q1"):
        with pytest.raises(ValueError, match="written like"):
            year_of(wrong)
