"""The report says what is known, how surely, and says so when that is too little."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from clinic.web.access import require
from clinic.web.pages import TEMPLATES
from privacy.ldp import Tally
from privacy.ldp.statistics import Statistics
from privacy.text import WrittenText
from reports.chart import chart
from reports.estimates import State, finding
from reports.room import ReportRoom, routes
from reports.sentences import needed, sentence
from store.base import Base
from store.session import Store
from store.statistics import StatisticsReport

STATISTICS = Statistics.load()
TOPIC = STATISTICS.attributes["topic"]
MOOD = STATISTICS.attributes["mood"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'harbour.db'}")
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.close()


def room(store: Store, *, guarded: bool = False) -> ReportRoom:
    def shell(request: Request) -> dict[str, object]:
        return {"service_name": "Harbour", "path": request.url.path, "may_read_report": True}

    open_to_all = lambda endpoint: endpoint  # noqa: E731 - a guard that lets everybody through
    guard = require("service_team", "clinician") if guarded else open_to_all
    targets = {"respond_now": timedelta(minutes=5), "respond_today": timedelta(hours=4)}
    return ReportRoom(store, STATISTICS, guard, shell, TEMPLATES, targets)


class Visitor:
    """Asks for pages as a browser does."""

    def __init__(self, store: Store, *, guarded: bool = False) -> None:
        self._app = Starlette(routes=routes(room(store, guarded=guarded)))

    def get(self, url: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._get(url, options))

    async def _get(self, url: str, options: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://staff.example") as browser:
            return await browser.get(url, **options)


def fill(store: Store, name: str, answers: list[int], period: str = "2026-Q4") -> None:
    statistic = STATISTICS.attributes[name]
    with store.begin() as session:
        session.add_all(
            StatisticsReport(attribute=name, period=period, version=statistic.version, cells=list(cells))
            for cells in statistic.mechanism.perturb_many(answers)
        )


def test_nothing_is_a_state_of_its_own(store: Store) -> None:
    page = Visitor(store).get("/report?period=2026-Q4")
    assert page.status_code == 200
    assert page.text.count("There are no reports for this time.") == len(STATISTICS.attributes)
    assert "more people" in page.text
    assert "<svg" not in page.text


def test_too_little_is_not_drawn(store: Store) -> None:
    fill(store, "topic", [1] * 30)
    page = Visitor(store).get("/report?period=2026-Q4").text
    assert "We cannot tell yet. There are 30 reports so far" in page
    assert "<svg" not in page


def test_one_report_is_too_little(store: Store) -> None:
    fill(store, "topic", [1])
    assert "We cannot tell yet. There is 1 report so far" in Visitor(store).get("/report?period=2026-Q4").text


def test_enough_is_told_in_a_sentence_a_chart_and_a_table(store: Store) -> None:
    fill(store, "topic", [1] * 1200 + [2] * 500 + [7] * 300)
    page = Visitor(store).get("/report?period=2026-Q4").text
    assert "About 6 in 10 people talked mostly about anxiety or stress. It could be" in page
    assert page.count("<svg") == 1
    assert "<caption>" in page
    assert "From 2,000 reports" in page


def test_an_older_quarter_can_be_read(store: Store) -> None:
    fill(store, "topic", [1] * 1500, period="2025-Q1")
    page = Visitor(store).get("/report?period=2025-Q1").text
    assert "January to March 2025" in page
    assert "Nearly all people" in page


@pytest.mark.parametrize("period", ["26", "2026-Q9", "<script>", "' OR 1=1", "2026-Q4\x00"])
def test_a_period_that_is_none_is_not_found(store: Store, period: str) -> None:
    page = Visitor(store).get("/report", params={"period": period})
    assert page.status_code == 404
    assert "<script>" not in page.text


def test_patients_odds_are_on_the_page(store: Store) -> None:
    assert "88 times in 100" in Visitor(store).get("/report").text


def test_the_numbers_can_be_downloaded(store: Store) -> None:
    fill(store, "mood", [3] * 400 + [8] * 200)
    answer = Visitor(store).get("/report/estimates.csv?period=2026-Q4")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "harbour-2026-Q4.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(StringIO(answer.text)))
    mood = [row for row in rows if row["statistic"] == "mood"]
    assert [row["answer"] for row in mood] == [*(group.label for group in MOOD.groups)]
    assert all(float(row["low"]) <= float(row["estimate"]) <= float(row["high"]) for row in mood)
    assert {row["estimate"] for row in rows if row["statistic"] == "topic"} == {""}


def test_strangers_reach_none_of_it(store: Store) -> None:
    visitor = Visitor(store, guarded=True)
    for route in routes(room(store, guarded=True)):
        answer = visitor.get(route.path, headers={"accept": "text/csv"})  # type: ignore[attr-defined]
        assert answer.status_code == 401


def test_the_style_sheet_is_served(store: Store) -> None:
    assert Visitor(store).get("/report/report.css").headers["content-type"].startswith("text/css")


def even(n: int) -> Tally:
    return Tally(n, (n // TOPIC.domain,) * TOPIC.domain)


def test_the_chart_can_be_read_without_eyes() -> None:
    drawn = chart(finding(STATISTICS, TOPIC, even(4000)))
    svg = ET.fromstring(str(drawn))  # noqa: S314 - our own output
    names = svg.attrib["aria-labelledby"].split()
    inside = {part.attrib["id"]: part.text or "" for part in svg if "id" in part.attrib}
    assert svg.attrib["role"] == "img"
    assert [name in inside for name in names] == [True, True]
    assert all(label in inside[names[1]] for label in TOPIC.labels)
    assert "style" not in str(drawn)


def test_a_label_cannot_break_out_of_the_chart() -> None:
    sharp = replace(TOPIC, labels=(WrittenText("</text><script>&"), *TOPIC.labels[1:]))
    drawn = chart(finding(STATISTICS, sharp, even(4000)))
    ET.fromstring(str(drawn))  # noqa: S314 - our own output
    assert "<script>" not in drawn


@pytest.mark.parametrize(
    ("n", "state"), [(0, State.NOTHING), (8, State.TOO_LITTLE), (160, State.TOO_LITTLE), (320, State.ENOUGH)]
)
def test_it_is_enough_when_every_interval_is_narrow(n: int, state: State) -> None:
    found = finding(STATISTICS, TOPIC, even(n))
    assert found.state is state
    assert (found.more_reports == 0) == (state is State.ENOUGH)
    assert bool(needed(found)) == (state is not State.ENOUGH)


def test_what_is_said_to_be_missing_would_be_about_enough() -> None:
    few = finding(STATISTICS, TOPIC, even(80))
    assert finding(STATISTICS, TOPIC, even(80 + few.more_reports + 8)).state is State.ENOUGH
    assert few.more_people >= few.more_reports * len(STATISTICS.attributes)


def test_a_share_of_less_than_one_in_ten_is_told_in_a_hundred() -> None:
    boolean = STATISTICS.attributes["asked_for_a_person"]
    counts = Tally(3000, (330, 320, 2350))
    assert sentence(finding(STATISTICS, boolean, counts)).startswith("About 1 in 100 people did not ask")


def test_the_sentence_tells_the_leading_answer_not_who_did_not_answer() -> None:
    counts = Tally(4000, (500, 600, 400, 400, 400, 400, 400, 900))
    found = finding(STATISTICS, TOPIC, counts)
    assert found.lead.label == "anxiety or stress"
