"""`harbour perturb`: values in, the reports that would be stored out."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from harbour.json_lines import BadLine, answer_each
from privacy.ldp import Mechanism, mechanism

Domain = Annotated[int, typer.Option("--domain", help="How many values there are: 0 to DOMAIN - 1.")]
EpsilonOption = Annotated[
    str, typer.Option("--epsilon", help="The privacy of one report, as a number: smaller is more private.")
]
Ordinal = Annotated[
    bool,
    typer.Option("--ordinal", help="The values are a scale: be exact about its mean and its distribution."),
]


def perturb(domain: Domain, epsilon: EpsilonOption, ordinal: Ordinal = False) -> None:
    """Read JSON lines {"value"} on standard input; write for each, in order, {"report"}, a list of cells.

    A report is changed by chance, from the operating system's secret randomness, so that it keeps EPSILON: it is
    the chosen set of cells, which is one cell where randomised response is best and for a scale. A line that
    cannot be answered gives {"error"} in its place, and the command then ends with exit status 1.
    """
    rule = asked_for(domain, epsilon, ordinal)

    def answer(line: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"report": rule.perturb(line.get("value"))}  # type: ignore[arg-type]
        except ValueError as problem:
            raise BadLine(str(problem)) from None

    raise typer.Exit(1 if answer_each(answer) else 0)


def asked_for(domain: int, epsilon: str, ordinal: bool) -> Mechanism:
    """The mechanism that the options name. Raises `typer.BadParameter`."""
    try:
        return mechanism(domain, epsilon, ordinal=ordinal)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None
