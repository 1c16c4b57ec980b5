"""Builds Harbour's and Rasa's virtual environments from their lock files, and does nothing when they are current."""

import fcntl
import hashlib
import os
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from setup.errors import SetupError
from setup.find_python import find_python
from setup.package_index import client_environment
from setup.processes import run_step, say

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "locks"
# rasa's and rasa-sdk's metadata says "< 3.11", although both run on 3.11. uv has no switch for that; pip has.
SAYS_BELOW_3_11 = ("rasa", "rasa-sdk")
_ADVICE = (
    "check that this machine reaches its Python package index (uv takes it from UV_DEFAULT_INDEX, "
    "pip from PIP_INDEX_URL) and run this again."
)
_STAMP = "harbour-built-from"


def venvs() -> Path:
    """The folder of the virtual environments; HARBOUR_VENVS moves it."""
    return Path(os.environ.get("HARBOUR_VENVS") or ROOT / ".venv").absolute()


def python_of(name: str) -> Path:
    """The interpreter of the environment `name` (``harbour``, ``rasa`` or ``tools``)."""
    return venvs() / name / "bin" / "python"


def prepare(*names: str) -> None:
    """Bring the named environments to what their lock files say; only hashes are compared when they already are."""
    if all(_is_current(name) for name in names):
        return
    with one_at_a_time():
        for name in ("tools", *names):
            if not _is_current(name):
                _build(name)


def _build(name: str) -> None:
    _make_venv(name)
    _RECIPES[name]()
    (venvs() / name / _STAMP).write_text(_fingerprint(name), encoding="utf-8")


def _make_venv(name: str) -> None:
    folder = venvs() / name
    (folder / _STAMP).unlink(missing_ok=True)
    whole = python_of(name).exists() and (folder / "lib" / "python3.11").is_dir()
    if folder.exists() and not whole:
        shutil.rmtree(folder)  # half made, of another Python, or its Python was uninstalled
    if not folder.exists():
        command: list[str | Path] = [find_python(), "-m", "venv", folder]
        command += [] if name == "tools" else ["--without-pip"]  # only the tools need pip
        run_step(f"Making the {name} environment", command, advice="see the reason above and run this again.")


def _install_tools() -> None:
    pip: list[str | Path] = [python_of("tools"), "-m", "pip", "install", "--quiet"]
    pip += ["--require-hashes", "-r", LOCKS / "tools.lock"]
    run_step("Fetching the installers (pip and uv)", pip, advice=_ADVICE, env=client_environment())


def _install_harbour() -> None:
    _sync("harbour", LOCKS / "harbour.lock", "Installing Harbour's libraries (about 700 MB)")
    # The build backend is the locked setuptools, so that nothing unpinned is fetched to build our own package.
    command = [
        *_uv("install", "harbour"),
        "--no-deps",
        "--no-build-isolation",
        "--offline",
        "--config-settings",
        "editable_mode=compat",
        "--editable",
        ROOT,
    ]
    run_step(
        "Installing the harbour command",
        command,
        advice="see the reason and run this again.",
        env=client_environment(),
    )


def _install_rasa() -> None:
    ordinary, below = split_lock((LOCKS / "rasa.lock").read_text(encoding="utf-8"), SAYS_BELOW_3_11)
    folder = venvs() / "rasa"
    ordinary_file, below_file = folder / "ordinary.lock", folder / "below-3.11.lock"
    ordinary_file.write_text(ordinary, encoding="utf-8")
    below_file.write_text(below, encoding="utf-8")
    _sync("rasa", ordinary_file, "Installing Rasa's libraries (about 2.6 GB)")
    pip: list[str | Path] = [
        python_of("tools"),
        "-m",
        "pip",
        "--python",
        python_of("rasa"),
        "install",
        "--quiet",
    ]
    pip += ["--no-deps", "--ignore-requires-python", "--require-hashes", "-r", below_file]
    run_step("Installing Rasa", pip, advice=_ADVICE, env=client_environment())
    quiet: list[str | Path] = [python_of("rasa"), "-m", "bot.engine.quiet"]
    run_step("Turning Rasa's telemetry off", quiet, advice="see the reason and run this again.", cwd=ROOT)


_RECIPES: dict[str, Callable[[], None]] = {
    "tools": _install_tools,
    "harbour": _install_harbour,
    "rasa": _install_rasa,
}


def split_lock(lock: str, names: tuple[str, ...]) -> tuple[str, str]:
    """(the requirements not named, the named ones) of a lock file, each with its hashes."""
    entries = re.findall(r"^(?![#\s]).+\n(?:[ \t].*\n?)*", lock, flags=re.MULTILINE)
    named = [entry for entry in entries if entry.split("==")[0] in names]
    if len(named) != len(names):
        raise SetupError(f"locks/rasa.lock should pin each of {', '.join(names)} once: run `make lock`.")
    return "".join(entry for entry in entries if entry not in named), "".join(named)


def _sync(name: str, lock: Path, doing: str) -> None:
    # Compiled once here: otherwise each start compiles TensorFlow anew wherever Python may not write its cache.
    command = [*_uv("sync", name), "--compile-bytecode", "--require-hashes", lock]
    run_step(doing, command, advice=_ADVICE, env=client_environment())


def _uv(action: str, name: str) -> list[str | Path]:
    return [venvs() / "tools" / "bin" / "uv", "pip", action, "--quiet", "--python", python_of(name)]


def _is_current(name: str) -> bool:
    stamp = venvs() / name / _STAMP
    return (
        python_of(name).exists()
        and stamp.exists()
        and stamp.read_text(encoding="utf-8") == _fingerprint(name)
    )


def _fingerprint(name: str) -> str:
    """What an environment depends on: its lock, this recipe, our package's metadata, the machine and the place."""
    digest = hashlib.sha256()
    sources = [LOCKS / f"{name}.lock", Path(__file__)] + (
        [ROOT / "pyproject.toml"] if name == "harbour" else []
    )
    for source in sources:
        digest.update(source.read_bytes())
    digest.update(f"{sys.platform} {platform.machine()} {venvs() / name}".encode())
    return digest.hexdigest()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Holds a lock, so that two terminals do not build the same things at once."""
    try:
        venvs().mkdir(parents=True, exist_ok=True)
        lock = (venvs() / "lock").open("w")
    except OSError as error:
        raise SetupError(
            f"{venvs()} cannot be written ({error.strerror}): correct that and run this again."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up of this project ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
