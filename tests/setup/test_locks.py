"""The lock files: exact versions, a hash for each file, and no address in them."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from setup.environments import LOCKS, SAYS_BELOW_3_11, split_lock
from setup.errors import SetupError

ROOT = LOCKS.parent
NAMES = ["harbour.lock", "rasa.lock", "tools.lock"]
REQUIREMENT = re.compile(r"[a-z0-9][a-z0-9.-]*(\[[a-z0-9,-]+\])?==[^\s;]+( ; .+)?")
HASHES = re.compile(r"( --hash=sha256:[0-9a-f]{64})+")


def entries(lock: str) -> list[str]:
    """One line for each requirement: continuation lines joined, comments left out."""
    joined = re.sub(r"\s*\\\n\s*", " ", lock)
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_is_exact_and_hashed(name: str) -> None:
    for entry in entries((LOCKS / name).read_text(encoding="utf-8")):
        requirement, _, hashes = entry.partition(" --hash")
        assert REQUIREMENT.fullmatch(requirement), entry[:120]
        assert HASHES.fullmatch(f" --hash{hashes}"), entry[:120]


@pytest.mark.parametrize("name", [*NAMES, "rasa.in", "tools.in", "rasa-overrides.txt"])
def test_no_lock_holds_an_address(name: str) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|-i ", (LOCKS / name).read_text(encoding="utf-8"))


def test_rasa_is_split_from_what_installs_on_3_11() -> None:
    lock = (LOCKS / "rasa.lock").read_text(encoding="utf-8")
    ordinary, below = split_lock(lock, SAYS_BELOW_3_11)
    assert sorted(entry.split("==")[0] for entry in entries(below)) == ["rasa", "rasa-sdk"]
    assert sorted(entries(ordinary) + entries(below)) == sorted(entries(lock))


def test_a_lock_without_rasa_is_refused() -> None:
    with pytest.raises(SetupError, match="make lock"):
        split_lock("numpy==1.23.5 \\\n    --hash=sha256:00\n", SAYS_BELOW_3_11)


def test_the_rasa_lock_leaves_out_what_breaks_beside_it() -> None:
    """jax, which TensorFlow asks for, cannot be imported beside the NumPy that TensorFlow 2.12 needs."""
    assert not re.search(r"^jax", (LOCKS / "rasa.lock").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_dependency_of_ours_is_locked() -> None:
    """A dependency added to pyproject.toml without `make lock` is found here, not on a user's machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        Requirement(text) for text in project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    ]
    lock = entries((LOCKS / "harbour.lock").read_text(encoding="utf-8"))
    pins = {
        pin[1]: pin[2] for entry in lock if (pin := re.match(r"([a-z0-9.-]+)(?:\[.*?\])?==([^\s;]+)", entry))
    }
    missing = [
        str(one) for one in wanted if not one.specifier.contains(pins.get(canonicalize_name(one.name), "0"))
    ]
    assert missing == []
