"""Runs a model's graph by walking it in order.

Rasa hands the graph of a trained model to dask for every message and for every step of the answer. Dask
schedules tasks over threads and machines; here there are ten small steps in a row, and the scheduling took
longer than they do. The nodes, their inputs and their results are the same.
"""

# ruff: noqa: SLF001  # Rasa has no public way to these; patches.py asserts the version

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

Step = tuple[str, GraphNode, tuple[str, ...]]
_PLANS = "_plans"


def run_in_order(
    runner: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Run what `targets` need, and return their outputs: the same as `DaskGraphRunner.run`."""
    schema: GraphSchema = runner._graph_schema
    wanted = tuple(targets or schema.target_names)
    outputs: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
    if any(name in schema.nodes for name in outputs):
        raise GraphRunError("An input has the name of a node.")
    for name, node, needs in _plan(runner, schema, wanted):
        outputs[name] = node(*(outputs.get(need, need) for need in needs))
    return dict(outputs[target] for target in wanted)


def _plan(runner: DaskGraphRunner, schema: GraphSchema, targets: tuple[str, ...]) -> list[Step]:
    """The steps that lead to `targets`, each after those it needs; worked out once for each model."""
    plans: dict[tuple[str, ...], list[Step]] = runner.__dict__.setdefault(_PLANS, {})
    if targets not in plans:
        order: dict[str, None] = {}
        for target in targets:
            _visit(schema, target, order)
        plans[targets] = [
            (name, runner._instantiated_nodes[name], tuple(schema.nodes[name].needs.values()))
            for name in order
        ]
    return plans[targets]


def _visit(schema: GraphSchema, name: str, order: dict[str, None]) -> None:
    if name in order or name not in schema.nodes:
        return
    for need in schema.nodes[name].needs.values():
        _visit(schema, need, order)
    order[name] = None
