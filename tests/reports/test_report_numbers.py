"""The report beside the time before, over a whole year, as JSON, and with response times; and what it may read."""

from __future__ import annotations

import csv
import json
import sqlite3
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import event

from privacy.ldp import Tally
from reports.estimates import finding
from reports.sentences import in_short
from store.session import Store
from tests.reports.test_report_page import STATISTICS, TOPIC, Visitor, fill, store
from tests.store.test_response_times import raise_some

__all__ = ["store"]

BEFORE, NOW = "2026-Q2", "2026-Q3"
SLEEP = STATISTICS.attributes["topic"].labels.index("sleep")


def test_a_change_is_told_in_words_and_at_the_top(store: Store) -> None:
    fill(store, "topic", [1] * 1500 + [SLEEP] * 500, BEFORE)
    fill(store, "topic", [1] * 500 + [SLEEP] * 1500, NOW)
    page = Visitor(store).get(f"/report?period={NOW}").text
    told = "More people talked mostly about sleep than in April to June 2026:"
    assert page.count(told) == 2
    assert page.index("In short") < page.index(told) < page.index("about-topic")


def test_no_change_is_cannot_tell_and_how_many_more_it_takes(store: Store) -> None:
    fill(store, "topic", [1, 2, 3, 4] * 100, BEFORE)
    fill(store, "topic", [1, 2, 3, 4] * 100, NOW)
    page = Visitor(store).get(f"/report?period={NOW}").text
    assert "we cannot tell whether anything changed. To tell a change of 10 in 100, about" in page
    assert "We cannot tell whether anything changed since the time before." in page


def test_a_year_takes_its_quarters_together(store: Store) -> None:
    for quarter in ("2026-Q1", BEFORE, NOW):
        fill(store, "topic", [*range(8)] * 18, quarter)
    assert "We cannot tell yet" in Visitor(store).get(f"/report?period={NOW}").text
    page = Visitor(store).get("/report?period=2026").text
    assert "From 432 reports" in page
    assert "the year 2026" in page
    assert "How soon staff responded" in page
    assert "once it is over" in page


def test_the_json_says_what_it_means_and_holds_both_estimands(store: Store) -> None:
    fill(store, "topic", [1] * 900, BEFORE)
    fill(store, "topic", [1] * 900, NOW)
    answer = Visitor(store).get(f"/report/estimates.json?period={NOW}")
    assert f"harbour-{NOW}.json" in answer.headers["content-disposition"]
    document = answer.json()
    assert document["definitions"].keys() >= {"estimate", "epsilon", "version", "change"}
    topic = next(one for one in document["statistics"] if one["name"] == "topic")
    assert (topic["version"], topic["epsilon"], topic["reports"]) == (TOPIC.version, 2, 900)
    for one in topic["answers"]:
        assert one["people like these"]["low"] <= one["estimate"] <= one["people like these"]["high"]
        assert 0 <= one["this cohort"]["low"] <= one["this cohort"]["high"] <= 1
    assert {one["verdict"] for one in topic["change"]["answers"]} <= {"cannot tell", "fewer", "more"}
    assert topic["change"]["since"] == BEFORE
    mood = next(one for one in document["statistics"] if one["name"] == "mood")
    assert mood["state"] == "nothing"
    assert mood["change"] is None


def test_the_csv_names_its_versions_and_both_intervals(store: Store) -> None:
    fill(store, "topic", [1] * 400, NOW)
    rows = list(csv.DictReader(StringIO(Visitor(store).get(f"/report/estimates.csv?period={NOW}").text)))
    topic = [row for row in rows if row["statistic"] == "topic"]
    assert {row["version"] for row in topic} == {TOPIC.version}
    assert all(float(row["cohort_high"]) - float(row["cohort_low"]) < 0.3 for row in topic)


def test_response_times_are_coarse_and_only_of_quarters_that_are_over(store: Store) -> None:
    raise_some(store, "respond_now", [3] * 23 + [30] * 3 + [None] * 7)
    page = Visitor(store).get(f"/report?period={NOW}").text
    assert (
        "About 25 of about 35 were answered in time. Half of those answered were answered within 5 minutes."
        in page
    )
    assert "<td>fewer than 5</td><td>about 5</td>" in page
    assert "Fewer than 5 people needed this" in page
    assert "23" not in page.split("How soon staff responded")[1].split("</table>")[0]


@pytest.mark.parametrize("path", ["/report", "/report/estimates.csv", "/report/estimates.json"])
def test_it_reads_reports_and_response_times_and_no_other_table(store: Store, path: str) -> None:
    read: set[str] = set()

    def watch(action: int, table: str | None, *_: Any) -> int:
        if action == sqlite3.SQLITE_READ and table:
            read.add(table)
        return sqlite3.SQLITE_OK

    fill(store, "topic", [1] * 50, NOW)
    raise_some(store, "respond_now", [3] * 6)
    store.engine.dispose()
    event.listen(store.engine, "connect", lambda connection, _: connection.set_authorizer(watch))
    assert Visitor(store).get(f"{path}?period={NOW}").status_code == 200
    assert "statistics_report" in read
    assert read <= {"statistics_report", "escalation", "escalation_event"}


def test_an_interval_that_luck_took_outside_is_not_shown_as_certain() -> None:
    lucky = Tally(300, (0, 50, 50, 40, 40, 40, 40, 40))
    row = finding(STATISTICS, TOPIC, lucky).rows[0]
    assert row.estimate.high <= 0
    assert row.low == 0
    assert row.high > 0.03


def test_nothing_known_is_one_sentence() -> None:
    nothing = [finding(STATISTICS, TOPIC, Tally(0, (0,) * 8))]
    assert in_short(nothing) == [
        "We cannot tell anything yet: there are too few reports. Below is how many more would be enough."
    ]
    assert json.dumps(in_short(nothing))
