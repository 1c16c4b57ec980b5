"""What is counted: ``data/statistics.yml``, read and checked.

A statistic that would cost a person more privacy in a year than the file promises is refused when it is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from privacy.ldp.budget import belief_after, exact
from privacy.ldp.mechanisms import Mechanism, mechanism
from privacy.ldp.periods import PERIODS_IN_A_YEAR
from privacy.ldp.values import check_value
from privacy.text import WrittenText

STATISTICS: Final = Path(__file__).resolve().parents[2] / "data" / "statistics.yml"
_THOUGHT_BEFORE: Final = 0.1
_VERSION_LENGTH: Final = 16
_LEAST_HASH: Final = 8


class StatisticsError(ValueError):
    """data/statistics.yml cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring values of a scale that are shown as one."""

    label: WrittenText
    values: tuple[int, ...]


@dataclass(frozen=True)
class Statistic:
    """One thing that is counted. The last of `labels` is "not applicable", in this statistic's words."""

    name: str
    title: WrittenText
    patients: WrittenText
    finding: WrittenText
    """Completes "About 4 in 10 people ..."; ``{label}`` is the answer's label."""
    labels: tuple[WrittenText, ...]
    ordinal: bool
    epsilon: Fraction
    groups: tuple[Group, ...]

    @property
    def domain(self) -> int:
        """How many values there are."""
        return len(self.labels)

    @property
    def not_applicable(self) -> int:
        """The value of somebody of whom there is nothing to tell."""
        return self.domain - 1

    @cached_property
    def version(self) -> str:
        """The epsilon and a short hash of the values: reports with another version are not mixed in.

        What a report cost can be told from it (`epsilon_of`), whatever the file says by then.
        """
        meaning = json.dumps([*self.labels, self.ordinal, str(self.epsilon)])
        cost = f"{float(self.epsilon):g}-"
        return cost + sha256(meaning.encode()).hexdigest()[: _VERSION_LENGTH - len(cost)]

    @cached_property
    def mechanism(self) -> Mechanism:
        """How an answer is changed before it is kept."""
        return mechanism(self.domain, self.epsilon, ordinal=self.ordinal, not_applicable=self.ordinal)


@dataclass(frozen=True)
class Statistics:
    """Everything that is counted, and how much of a person's privacy that takes.

    In each quarter one attribute of a person is reported, and none twice in a year.
    """

    yearly_bound: Fraction
    """The most that one person's reports of a year may cost, as the file states it."""
    enough_half_width: float
    """An estimate is shown once its 95% interval is no wider than plus or minus this share."""
    about_odds: str
    about_year: str
    attributes: dict[str, Statistic]

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the file. Raises `StatisticsError`."""
        try:
            written = _File.model_validate(yaml.safe_load((path or STATISTICS).read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError, ValidationError) as error:
            raise StatisticsError(f"The statistics file cannot be read: {error}") from error
        statistics = cls(
            yearly_bound=Fraction(str(written.yearly_bound)),
            enough_half_width=written.enough_half_width,
            about_odds=written.words.odds,
            about_year=written.words.year,
            attributes={name: _statistic(name, one, written) for name, one in written.statistics.items()},
        )
        statistics.refuse_overspending()
        return statistics

    @property
    def yearly_epsilon(self) -> Fraction:
        """The most that one person's reports of a year can tell, all of them taken together."""
        costs = sorted((one.epsilon for one in self.attributes.values()), reverse=True)
        return sum(costs[:PERIODS_IN_A_YEAR], Fraction(0))

    def refuse_overspending(self) -> None:
        """Raises `StatisticsError` when a year can cost more than the file allows."""
        if self.yearly_epsilon > self.yearly_bound:
            raise StatisticsError(
                f"These statistics cost up to {float(self.yearly_epsilon):g} a year; the file allows "
                f"{float(self.yearly_bound):g}. Lower an epsilon, or change yearly_bound and what patients are told."
            )

    def odds(self) -> WrittenText:
        """For patients: what chance does to a yes or no, and what one report can tell, at the greatest epsilon."""
        epsilon = max(one.epsilon for one in self.attributes.values())
        kept = round(100 * belief_after(epsilon, 0.5))
        after = round(100 * belief_after(epsilon, _THOUGHT_BEFORE))
        return WrittenText(self.about_odds.format(kept=kept, changed=100 - kept, after=after))

    def year(self) -> WrittenText:
        """For patients: what a year of reports comes to."""
        most = min(PERIODS_IN_A_YEAR, len(self.attributes))
        return WrittenText(self.about_year.format(most=most, total=f"{float(self.yearly_epsilon):g}"))

    def answers(self, known: Mapping[str, int | None]) -> dict[str, int]:
        """A value for every attribute: what is `known`, and "not applicable" for the rest.

        Raises `ValueError` for an attribute that is not counted or a value outside its domain.
        """
        strangers = known.keys() - self.attributes.keys()
        if strangers:
            raise ValueError(f"Nothing is counted under {', '.join(sorted(strangers))}.")
        values = {name: known.get(name) for name in self.attributes}
        return {
            name: one.not_applicable if (value := values[name]) is None else check_value(value, one.domain)
            for name, one in self.attributes.items()
        }


def epsilon_of(version: str) -> Fraction:
    """What a report of `version` cost. Raises `ValueError` for what is no version."""
    return exact(version.partition("-")[0])


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Words(_Strict):
    odds: str
    year: str


class _Group(_Strict):
    label: str
    first: int
    last: int


class _Statistic(_Strict):
    title: str
    patients: str
    finding: str
    mechanism: Literal["subset", "ordinal"]
    values: list[str] = Field(min_length=2)
    not_applicable: str
    epsilon: float | None = None
    groups: list[_Group] = []


class _File(_Strict):
    epsilon: float
    period: Literal["quarter"]
    yearly_bound: float
    enough_half_width: float = Field(gt=0, lt=0.5)
    words: _Words
    statistics: dict[str, _Statistic] = Field(min_length=1)


def _statistic(name: str, one: _Statistic, file: _File) -> Statistic:
    if one.groups and one.mechanism != "ordinal":
        raise StatisticsError(f"{name}: only the values of a scale can be grouped.")
    try:
        epsilon = exact(file.epsilon if one.epsilon is None else one.epsilon)
    except ValueError as problem:
        raise StatisticsError(f"{name}: {problem}") from None
    if len(f"{float(epsilon):g}-") > _VERSION_LENGTH - _LEAST_HASH or exact(f"{float(epsilon):g}") != epsilon:
        raise StatisticsError(f"{name}: its epsilon has too many figures.")
    labels = [*one.values, one.not_applicable]
    if len(set(labels)) != len(labels):
        raise StatisticsError(f"{name}: two of its values have the same words.")
    return Statistic(
        name=name,
        title=WrittenText(one.title),
        patients=WrittenText(one.patients),
        finding=WrittenText(one.finding),
        labels=tuple(WrittenText(label) for label in labels),
        ordinal=one.mechanism == "ordinal",
        epsilon=epsilon,
        groups=_groups(name, one),
    )


def _groups(name: str, one: _Statistic) -> tuple[Group, ...]:
    """The groups, which must take every value once, in order; "not applicable" is a group of its own."""
    if not one.groups:
        return ()
    groups = [Group(WrittenText(g.label), tuple(range(g.first, g.last + 1))) for g in one.groups]
    if [value for group in groups for value in group.values] != list(range(len(one.values))):
        raise StatisticsError(f"{name}: its groups must take each value once, in order.")
    return (*groups, Group(WrittenText(one.not_applicable), (len(one.values),)))
