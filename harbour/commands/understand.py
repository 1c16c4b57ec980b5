"""`harbour understand`: what the trained model takes texts to mean."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import Settings
from harbour.problems import CannotStart
from harbour.rasa_process import PROJECT, rasa_environment, rasa_python
from harbour.training import current_model


def understand(
    model: Annotated[Path | None, typer.Option(help="A trained model. Default: the present one.")] = None,
) -> None:
    """Read {"text"} lines on standard input; write {"intent", "confidence", "ranking"} lines.

    Ends with status 1 if a line was not such an object. Raises CannotStart when no model is trained.
    """
    home = Settings().home
    chosen = model or current_model(home)
    if chosen is None:
        raise CannotStart("no model is trained yet: run `harbour train` first.")
    command = [str(rasa_python()), "-m", "bot.engine.understand", "--model", str(chosen.absolute())]
    # The child takes over our streams, so that lines flow through it as they come.
    finished = subprocess.run(command, cwd=PROJECT, env=rasa_environment(home), check=False)
    raise typer.Exit(finished.returncode)
