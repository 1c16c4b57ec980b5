"""Finds a Python 3.11 that can make virtual environments.

Kept to syntax that Python 3.7 understands: it is what runs when the first Python on the path is not the right one.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from setup.errors import SetupError

VERSION = (3, 11)
_PROBE = "import sys; print('%d.%d' % sys.version_info[:2]); import venv, ensurepip; print('venv')"
_PROBE_SECONDS = 20


def find_python() -> str:
    """The path of a Python 3.11 with ``venv``, or a SetupError that says what to install.

    Looks, in this order, at HARBOUR_PYTHON, the running interpreter, ``python3.11``, ``python3`` and ``python``
    in every folder of PATH, pyenv's versions, and what ``uv python find`` knows.
    """
    chosen = os.environ.get("HARBOUR_PYTHON")
    if chosen:
        return _check_chosen(chosen)
    without_venv = None
    for candidate in _candidates():
        version, has_venv = _probe(candidate)
        if version == VERSION and has_venv:
            return candidate
        if version == VERSION:
            without_venv = without_venv or candidate
    if without_venv:
        raise SetupError(
            f"the Python 3.11 at {without_venv} cannot make virtual environments: "
            "install its venv module (on Debian or Ubuntu, the package python3.11-venv) and run this again."
        )
    raise SetupError(
        "Harbour needs Python 3.11 and none was found: install it (your system's packages, `pyenv install 3.11` or "
        "`uv python install 3.11`), or set HARBOUR_PYTHON to its path, and run this again."
    )


def _check_chosen(path: str) -> str:
    version, has_venv = _probe(path)
    if version != VERSION or not has_venv:
        raise SetupError(
            f"HARBOUR_PYTHON is {path}, which is not a working Python 3.11 with venv: correct or unset it."
        )
    return path


def _candidates() -> Iterator[str]:
    seen = set()
    for path in _everywhere():
        if path not in seen and os.access(path, os.X_OK):
            seen.add(path)
            yield path


def _everywhere() -> Iterator[str]:
    if sys.executable:
        yield sys.executable
    # Every folder, not only the first hit: a pyenv shim called python3.11 exists even where pyenv has no 3.11 active.
    folders = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    for name in ("python3.11", "python3", "python"):
        for folder in folders:
            yield str(Path(folder, name))
    yield from _pyenv_pythons()
    for folder in folders:
        found = _ask_uv(str(Path(folder, "uv")))
        if found:
            yield found


def _pyenv_pythons() -> list[str]:
    """pyenv's Pythons 3.11, the newest first."""
    root = Path(os.environ.get("PYENV_ROOT") or "~/.pyenv").expanduser()
    found = [python for python in root.glob("versions/3.11*/bin/python") if python.exists()]
    return [str(python) for python in sorted(found, key=_version_key, reverse=True)]


def _version_key(python: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", python.parent.parent.name)]


def _ask_uv(uv: str) -> str | None:
    """The Python 3.11 that this uv already has; it is not asked to download one."""
    if not os.access(uv, os.X_OK):
        return None
    found = _output_of([uv, "python", "find", "--no-python-downloads", "3.11"]).splitlines()
    return found[0] if found else None


def _probe(python: str) -> tuple[tuple[int, ...] | None, bool]:
    """(version, whether it can make virtual environments); version is None when it does not run at all."""
    lines = _output_of([python, "-c", _PROBE]).splitlines()
    if not lines or not re.match(r"^\d+\.\d+$", lines[0]):
        return None, False
    return tuple(int(part) for part in lines[0].split(".")), "venv" in lines[1:]


def _output_of(command: list[str]) -> str:
    try:
        finished = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return finished.stdout.decode(errors="replace")
