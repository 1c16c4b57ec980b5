"""The report: what a service team may know about how the service is used, and how surely."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from privacy.ldp.periods import in_words, period_of, quarters
from privacy.ldp.statistics import Statistics
from reports.chart import chart
from reports.estimates import Finding, findings
from reports.sentences import (
    change_in_words,
    coarsely,
    duration,
    in_short,
    needed,
    percent,
    percents,
    responded,
    sentence,
)
from reports.table import DEFINITIONS, csv_table, json_document
from store.response_times import NotOver, response_times
from store.session import Store
from store.statistics import periods

_HERE: Final = Path(__file__).parent

_KINDS: Final = MappingProxyType(
    {"respond_now": "Respond now", "respond_today": "Respond today", "ask": "Asked to look, or for a person"}
)

Endpoint = Callable[[Request], Any]


@dataclass(frozen=True)
class ReportRoom:
    """What the report is made of.

    `require` guards an endpoint for the roles that may read the report. `shell` gives what the staff pages'
    ``staff_base.html``, which lies in the folder `templates`, needs to know.
    """

    store: Store
    statistics: Statistics
    require: Callable[[Endpoint], Any]
    shell: Callable[[Request], dict[str, Any]]
    templates: Path
    targets: Mapping[str, timedelta]
    """How soon a response is promised, by the response needed."""

    @cached_property
    def environment(self) -> Environment:
        """Our templates, then the staff pages'. Everything is escaped."""
        made = Environment(
            loader=ChoiceLoader([FileSystemLoader(_HERE / "templates"), FileSystemLoader(self.templates)]),
            autoescape=True,
            undefined=ChainableUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters |= {"percent": percent, "quarter": in_words, "coarsely": coarsely, "duration": duration}
        return made


def routes(room: ReportRoom) -> list[BaseRoute]:
    """The report's routes, each guarded by the room's `require`."""
    pages = _Pages(room)
    guarded = room.require
    return [
        Route("/report", guarded(pages.report), name="report"),
        Route("/report/estimates.csv", guarded(pages.table), name="report-csv"),
        Route("/report/estimates.json", guarded(pages.document), name="report-json"),
        Route("/report/report.css", guarded(pages.styles), name="report-styles"),
    ]


class _Pages:
    def __init__(self, room: ReportRoom) -> None:
        self._room = room

    def report(self, request: Request) -> Response:
        """The page."""
        period, known = self._period(request)
        found = self._findings(period)
        html = self._room.environment.get_template("report.html").render(
            **self._room.shell(request),
            period=period,
            periods=known,
            years=sorted({one[:4] for one in known}, reverse=True),
            in_short=in_short(found),
            findings=[_shown(finding) for finding in found],
            responses=self._responses(period),
            kinds=_KINDS,
            definitions=DEFINITIONS,
            odds=self._room.statistics.odds(),
            year=self._room.statistics.year(),
            epsilons=sorted({f"{float(one.epsilon):g}" for one in self._room.statistics.attributes.values()}),
        )
        return HTMLResponse(html)

    def table(self, request: Request) -> Response:
        """The same numbers, for a spreadsheet."""
        period, _ = self._period(request)
        return Response(
            csv_table(period, self._findings(period)),
            media_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="harbour-{period}.csv"'},
        )

    def document(self, request: Request) -> Response:
        """The same numbers with what they mean, for a program."""
        period, _ = self._period(request)
        return Response(
            json_document(period, self._findings(period)),
            media_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="harbour-{period}.json"'},
        )

    def styles(self, request: Request) -> Response:
        """The page's own styles."""
        return FileResponse(_HERE / "static" / "report.css", media_type="text/css")

    def _findings(self, period: str) -> list[Finding]:
        with self._room.store.read() as session:
            return findings(session, self._room.statistics, period)

    def _responses(self, period: str) -> list[dict[str, Any]] | None:
        """Response times of a quarter that is over; None for any other."""
        if len(quarters(period)) > 1:
            return None
        with self._room.store.read() as session:
            try:
                found = response_times(session, period, self._room.targets, at=datetime.now(UTC))
            except NotOver:
                return None
        return [{"times": times, "sentence": responded(times)} for times in found]

    def _period(self, request: Request) -> tuple[str, list[str]]:
        """The quarter or year that is asked for, or this quarter; and the quarters to choose from."""
        this = period_of(datetime.now(UTC).date())
        with self._room.store.read() as session:
            known = sorted({this, *periods(session)}, reverse=True)
        asked = request.query_params.get("period", this)
        try:
            quarters(asked)
        except ValueError as problem:
            raise HTTPException(404, str(problem)) from None
        return asked, known


def _shown(finding: Finding) -> dict[str, Any]:
    return {
        "finding": finding,
        "sentence": sentence(finding),
        "needed": needed(finding),
        "changed": change_in_words(finding),
        "chart": chart(finding),
        "intervals": [percents(row.low, row.high) for row in finding.rows],
        "of_these": [percents(*row.of_this_cohort.possible) for row in finding.rows],
    }
