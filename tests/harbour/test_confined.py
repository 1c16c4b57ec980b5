"""Every process of Harbour, and every one that it starts, leaves no memory on the disk and no file for others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_LOOK = """
import os, resource, pathlib, sys
pathlib.Path(sys.argv[1], "new").write_text("x")
print(oct(pathlib.Path(sys.argv[1], "new").stat().st_mode & 0o777), resource.getrlimit(resource.RLIMIT_CORE))
dumped = pathlib.Path("/proc/self/coredump_filter")
print(int(dumped.read_text(), 16) if dumped.exists() else 0)
"""


@pytest.mark.parametrize("which", ["harbour.confined", "bot.engine.confined"])
def test_what_a_process_starts_is_confined_too(tmp_path: Path, which: str) -> None:
    module = Path(__file__).resolve().parents[2].joinpath(*which.split(".")).with_suffix(".py")
    begin = f"import runpy, subprocess, sys\nrunpy.run_path({str(module)!r})['confine']()\n"
    child = f"subprocess.run([sys.executable, '-c', {_LOOK!r}, {str(tmp_path)!r}], check=True)"
    ran = subprocess.run([sys.executable, "-c", begin + child], capture_output=True, text=True, check=True)
    assert ran.stdout.split("\n")[0] == "0o600 (0, 0)"
    if Path("/proc/self/coredump_filter").exists():
        assert ran.stdout.split("\n")[1] == "0"
