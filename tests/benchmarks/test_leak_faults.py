"""Each fault of the leak hunt is at a place that exists: a step that was renamed would break the start, or nothing."""

from __future__ import annotations

import ast

import pytest

from benchmarks.leaks.plugin.sitecustomize import STEPS
from harbour.rasa_process import PROJECT

OURS = [place for place in STEPS.values() if (PROJECT / place.partition(".")[0]).is_dir()]


@pytest.mark.parametrize("place", OURS)
def test_the_step_is_there(place: str) -> None:
    module, _, path = place.partition(":")
    body = ast.parse((PROJECT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")).body
    *owners, last = path.split(".")
    for name in owners:
        [owner] = [each for each in body if isinstance(each, ast.ClassDef) and each.name == name]
        body = owner.body
    assert last in {name for each in body for name in defined(each)}, place


def defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.ImportFrom):
        return [each.asname or each.name for each in statement.names]
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    return []
