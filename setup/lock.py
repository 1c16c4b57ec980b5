"""Resolves the lock files anew: exact pins with hashes, and no index addresses in them."""

from pathlib import Path

from setup.environments import LOCKS, ROOT, prepare, venvs
from setup.package_index import client_environment
from setup.processes import run_step

_HEADER = "# Made by `make lock`: exact versions and hashes. Edit {source} and run it again.\n"
_GROUPS = ("--group", "dev", "--group", "training")
_ADVICE = "read the reason, correct the requirement or the network, and run `make lock` again."


def lock_all(options: list[str]) -> None:
    """Resolve every lock; `options` go to uv (``--upgrade``, or ``--upgrade-package NAME``)."""
    prepare("tools")
    _lock("tools.lock", "locks/tools.in", ["--universal", "--python-version", "3.11"], options)
    _lock("harbour.lock", "pyproject.toml", [*_GROUPS, "--python-version", "3.11"], options)
    # Resolved for 3.10 because Rasa's metadata refuses 3.11, then installed on 3.11; both kinds of wheel are hashed.
    rasa = ["--override", "locks/rasa-overrides.txt", "--python-version", "3.10"]
    _lock("rasa.lock", "locks/rasa.in", [*rasa, "--python-platform", "x86_64-manylinux_2_28"], options)


def _lock(name: str, source: str, how: list[str], options: list[str]) -> None:
    target = LOCKS / name
    command: list[str | Path] = [
        venvs() / "tools" / "bin" / "uv",
        "pip",
        "compile",
        "--quiet",
        source,
        *how,
        *options,
    ]
    command += [
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--no-annotate",
        "--no-header",
    ]
    command += ["--allow-unsafe", "--output-file", target]
    run_step(f"Locking {name}", command, advice=_ADVICE, cwd=ROOT, env=client_environment())
    target.write_text(_HEADER.format(source=source) + target.read_text(encoding="utf-8"), encoding="utf-8")
