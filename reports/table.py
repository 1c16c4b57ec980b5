"""The numbers as a file for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from reports.estimates import Finding

_COLUMNS = ("period", "statistic", "answer", "estimate", "low", "high", "reports", "epsilon")


def csv_table(period: str, found: Iterable[Finding]) -> str:
    """One line for each answer. Estimates are unbiased: they may lie below 0 or above 1."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for finding in found:
        for row in finding.rows:
            share = row.estimate
            writer.writerow(
                [
                    period,
                    finding.statistic.name,
                    row.label,
                    "" if share.estimate is None else f"{share.estimate:.4f}",
                    f"{share.low:.4f}",
                    f"{share.high:.4f}",
                    finding.n,
                    f"{float(finding.statistic.epsilon):g}",
                ]
            )
    return out.getvalue()
