"""The command line: each command is imported only when it is called, so that the small ones start at once."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

from harbour.confined import confine
from harbour.problems import CannotStart

_COMMANDS: Final = {
    "run": "harbour.commands.service",
    "serve": "harbour.commands.service",
    "demo": "harbour.commands.service",
    "prepare": "harbour.commands.service",
    "train": "harbour.commands.service",
    "settings": "harbour.commands.service",
    "conversations": "harbour.commands.service",
    "chat": "harbour.commands.talk",
    "talk": "harbour.commands.talk",
    "rights": "harbour.commands.rights",
    "retain": "harbour.commands.retain",
    "redact": "harbour.commands.redact",
    "screen": "harbour.commands.screen",
    "understand": "harbour.commands.understand",
    "perturb": "harbour.commands.perturb",
    "estimate": "harbour.commands.estimate",
    "vault": "harbour.commands.vault",
    "audit": "harbour.commands.audit",
}


class _Commands(TyperGroup):
    """Finds each command in its module."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order above: running first, then trying, then batches, then keeping."""
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, imported now; None when there is none."""
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(import_module(module), cmd_name)
        if isinstance(command, typer.Typer):  # it has commands of its own
            return typer.main.get_command(command)
        one = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        one.command(cmd_name)(command)
        return typer.main.get_command(one)


app = typer.Typer(cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def harbour() -> None:
    """Harbour: a mental health support bot with privacy controls."""


def main() -> None:
    """Run the command line; a problem that a person can mend is one sentence, not a traceback."""
    confine()
    try:
        app()
    except CannotStart as problem:
        print(f"harbour: {problem}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
