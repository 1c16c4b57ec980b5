"""Fetches and builds what browsers load: ``npm ci`` and ``npm run build``, into build/static."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from setup.environments import ROOT, one_at_a_time
from setup.errors import SetupError
from setup.processes import run_step

_BUILT = ROOT / "build" / "static"
_STAMP = ROOT / "build" / "static-built-from"
_SOURCES = ("*.scss", "*.css", "*.js", "*.mjs", "*.svg")
_ROOMS = ("bot", "clinic", "reports", "setup")
_ADVICE = "check that this machine reaches its npm registry (npm's setting is `registry`) and run this again."


def prepare_web_assets() -> None:
    """Build the web assets unless they were built from exactly these sources."""
    if not _is_built():
        with one_at_a_time():
            _build()


def _build() -> None:
    if _is_built():
        return
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise SetupError(
            "Harbour's pages need node and npm, which were not found: install Node.js 20 or later and run this again."
        )
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier"]
    run_step("Fetching the web assets", [npm, "ci", *quiet], advice=_ADVICE, cwd=ROOT)
    run_step(
        "Building the web assets",
        [npm, "run", "build", *quiet],
        advice="correct that and run this again.",
        cwd=ROOT,
    )
    _STAMP.write_text(_fingerprint(), encoding="utf-8")


def _is_built() -> bool:
    return _BUILT.is_dir() and _STAMP.exists() and _STAMP.read_text(encoding="utf-8") == _fingerprint()


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for source in _inputs():
        digest.update(str(source.relative_to(ROOT)).encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    yield ROOT / "package.json"
    yield ROOT / "package-lock.json"
    yield ROOT / "setup" / "build_assets.mjs"
    for room in _ROOMS:
        yield from sorted(path for pattern in _SOURCES for path in (ROOT / room).rglob(pattern))
