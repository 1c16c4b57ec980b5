"""The chart: an SVG drawn here, with a bar for each share and a line for its 95% interval.

It has a title and a description for those who do not see it, and no style of its own: the stylesheet colours
it, and the table beneath holds the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from reports.estimates import Finding, Row
from reports.sentences import in_a_hundred, percent, sentence

_WIDTH: Final = 640
_LABELS: Final = 220
_SCALE: Final = 380
_ROW: Final = 44
_AXIS: Final = 28


def chart(finding: Finding) -> Markup:
    """The chart of `finding`."""
    name = f"chart-{finding.statistic.name}"
    height = _ROW * len(finding.rows) + _AXIS
    parts = [
        *_axis(height),
        *(part for number, row in enumerate(finding.rows) for part in _bar(row, number * _ROW)),
    ]
    opening = Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{name}-title {name}-desc">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>'
    ).format(
        width=_WIDTH,
        height=height,
        name=name,
        title=finding.statistic.title,
        description=_description(finding),
    )
    return opening + Markup("").join(parts) + Markup("</svg>")


def _description(finding: Finding) -> str:
    rows = "; ".join(
        f"{row.label}: {percent(row.share)} in 100, or {in_a_hundred(row.low, row.high)}"
        for row in finding.rows
    )
    return f"{sentence(finding)} {rows}."


def _axis(height: int) -> Iterator[Markup]:
    for tick in range(0, 101, 25):
        x = _x(tick / 100)
        yield Markup('<line class="chart__grid" x1="{x}" x2="{x}" y1="0" y2="{bottom}"/>').format(
            x=x, bottom=height - _AXIS
        )
        yield Markup('<text class="chart__tick" x="{x}" y="{y}" text-anchor="middle">{tick}</text>').format(
            x=x, y=height - 8, tick=tick
        )


def _bar(row: Row, top: int) -> Iterator[Markup]:
    middle = top + _ROW // 2
    yield Markup('<text class="chart__label" x="{x}" y="{y}" text-anchor="end">{label}</text>').format(
        x=_LABELS - 12, y=middle + 5, label=row.label
    )
    yield Markup('<rect class="chart__bar" x="{x}" y="{y}" width="{width}" height="20"/>').format(
        x=_x(0), y=middle - 10, width=round(_x(row.share) - _x(0), 1)
    )
    low, high = _x(row.low), _x(row.high)
    yield Markup(
        '<path class="chart__interval" d="M{low} {a}V{b}M{low} {middle}H{high}M{high} {a}V{b}"/>'
    ).format(low=low, high=high, middle=middle, a=middle - 7, b=middle + 7)


def _x(share: float) -> float:
    return round(_LABELS + _SCALE * share, 1)
