"""`harbour understand`: what the trained model takes texts to mean."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

_ROOT = Path(__file__).resolve().parents[2]
_PYTHON = Path(".venv/rasa/bin/python")


def understand(
    model: Annotated[
        Path | None,
        typer.Option(help="A trained model, or a folder whose latest is taken. Default: HARBOUR_HOME/models."),
    ] = None,
) -> None:
    """Read {"text"} lines on standard input; write {"intent", "confidence", "ranking"} lines."""
    python = _ROOT / _PYTHON
    if not python.exists():
        typer.echo(f"{python} is not there: run the set-up first.", err=True)
        raise typer.Exit(2)
    chosen = model or Path(os.environ.get("HARBOUR_HOME") or _ROOT / "var") / "models"
    command = [str(python), "-m", "bot.engine.understand", "--model", str(chosen.absolute())]
    # The child takes over our streams, so that lines flow through as they come.
    finished = subprocess.run(command, cwd=_ROOT, check=False, stdin=sys.stdin, stdout=sys.stdout)
    raise typer.Exit(finished.returncode)
