"""Nothing in the repository is tied to one machine or to one package index."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "actions",
    "bot",
    "clinic",
    "content",
    "encoder",
    "harbour",
    "privacy",
    "reports",
    "setup",
    "store",
)
INDEX_HOST = re.compile(r"\b(pypi|pythonhosted|npmjs|yarnpkg|debian)\.(org|com|net)\b", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.\-}$>])/(work|root|home/[a-z]\w*)/(?!\))")
LONGEST_FILE = 400


def tracked_texts() -> Iterator[tuple[str, str]]:
    """(path, text) of every text file that git tracks or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b"\0"
        if b"\0" not in content:
            yield name, content.decode("utf-8", errors="replace")


def test_no_file_names_a_package_index() -> None:
    found = [f"{name}: {hit[0]}" for name, text in tracked_texts() for hit in INDEX_HOST.finditer(text)]
    assert found == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [f"{name}: {hit[0]}" for name, text in tracked_texts() for hit in MACHINE_PATH.finditer(text)]
    assert found == []


def test_no_file_of_ours_is_long() -> None:
    lengths = {
        name: text.count("\n")
        for name, text in tracked_texts()
        if name.endswith(".py") and name.startswith(tuple(f"{package}/" for package in PACKAGES))
    }
    assert lengths
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
