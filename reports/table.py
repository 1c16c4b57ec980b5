"""The numbers as files: for a spreadsheet (CSV) and for a program (JSON), with what they mean."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from io import StringIO
from types import MappingProxyType
from typing import Any

from privacy.ldp import Estimate
from privacy.ldp.estimates import Estimand
from reports.estimates import Finding, Row

_COLUMNS = (
    "period",
    "statistic",
    "answer",
    "estimate",
    "low",
    "high",
    "cohort_low",
    "cohort_high",
    "reports",
    "epsilon",
    "version",
)

DEFINITIONS = MappingProxyType(
    {
        "estimate": "The share of people who gave this answer, unbiased: it may lie a little below 0 or above 1.",
        "low, high": f"The ends of its 95% interval about {Estimand.PEOPLE_LIKE_THESE.value}: everyone of whom those "
        "who were counted are a random part.",
        "cohort_low, cohort_high": f"The ends of its 95% interval about {Estimand.THIS_COHORT.value}: the very people "
        "who were counted, and nobody else.",
        "reports": "How many perturbed reports there are. A person makes at most one a quarter, on one statistic.",
        "epsilon": "How much one report can tell (local differential privacy). Smaller is more private.",
        "version": "The epsilon, and a hash of the answers and of how they are perturbed. Versions are never mixed.",
        "change": "The difference from the period before, with intervals that hold together for all answers of a "
        "statistic 95 times in 100. Unless an interval leaves out 0, the verdict is: cannot tell.",
    }
)
"""What each figure means."""


def csv_table(period: str, found: Iterable[Finding]) -> str:
    """One line for each answer. Estimates are unbiased: they may lie below 0 or above 1."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for finding in found:
        for row in finding.rows:
            like, these = row.estimate, row.of_this_cohort
            share = "" if like.estimate is None else f"{like.estimate:.4f}"
            ends = [f"{end:.4f}" for end in (like.low, like.high, these.low, these.high)]
            statistic = finding.statistic
            cost = f"{float(statistic.epsilon):g}"
            writer.writerow(
                [period, statistic.name, row.label, share, *ends, finding.n, cost, statistic.version]
            )
    return out.getvalue()


def json_document(period: str, found: Sequence[Finding]) -> str:
    """Everything that the page shows of the statistics, with definitions."""
    document = {
        "format": "harbour-report-1",
        "period": period,
        "definitions": dict(DEFINITIONS),
        "statistics": [_statistic(finding) for finding in found],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _statistic(finding: Finding) -> dict[str, Any]:
    statistic = finding.statistic
    return {
        "name": statistic.name,
        "title": statistic.title,
        "mechanism": "ordinal" if statistic.ordinal else "subset",
        "epsilon": float(statistic.epsilon),
        "version": statistic.version,
        "reports": finding.n,
        "state": finding.state.value,
        "more_reports_needed": finding.more_reports,
        "answers": [_answer(row) for row in finding.rows],
        "change": _change(finding),
    }


def _answer(row: Row) -> dict[str, Any]:
    return {
        "answer": row.label,
        "not_applicable": row.not_applicable,
        "estimate": None if row.estimate.estimate is None else round(row.estimate.estimate, 4),
        Estimand.PEOPLE_LIKE_THESE.value: _interval(row.estimate),
        Estimand.THIS_COHORT.value: _interval(row.of_this_cohort),
    }


def _interval(one: Estimate) -> dict[str, float]:
    return {"low": round(one.low, 4), "high": round(one.high, 4)}


def _change(finding: Finding) -> dict[str, Any] | None:
    change = finding.change
    if change is None:
        return None
    rows = zip(finding.rows, change.differences, strict=True)
    return {
        "since": change.before,
        "reports_then": change.reports_before,
        "more_reports_needed": change.more_reports,
        "to_tell_a_change_of": change.worth_telling,
        "answers": [
            {
                "answer": row.label,
                "verdict": one.verdict.value,
                "difference": None if one.difference is None else round(one.difference, 4),
                "low": round(one.low, 4),
                "high": round(one.high, 4),
            }
            for row, one in rows
        ],
    }
