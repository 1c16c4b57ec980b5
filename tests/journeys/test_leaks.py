"""The leak hunt at a small size: nothing that a patient types escapes, whatever goes wrong meanwhile.

`python -m benchmarks.leaks` is the same with a thousand conversations.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.leaks.hunt import Hunt, Shares
from benchmarks.leaks.staff import OPENING
from benchmarks.leaks.verdict import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def verdict(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    folder = tmp_path_factory.mktemp("leaks") / "run"
    return Hunt(folder, Shares(60), model_home=trained_model.parent.parent).run()


def test_no_path_leaks(verdict: Verdict) -> None:
    assert verdict.leaks == []


def test_no_core_dump_is_left(verdict: Verdict) -> None:
    assert verdict.core_dumps == []


def test_what_is_written_is_its_owners_alone(verdict: Verdict) -> None:
    assert verdict.readable_by_others == []


def test_the_hunt_looked_where_words_are(verdict: Verdict) -> None:
    """Were nothing found where it may stand, the search would be looking in the wrong places."""
    assert verdict.found_where_it_may_stand["files"] > 0
    assert verdict.found_where_it_may_stand["answers"] > 0
    assert verdict.found_where_it_may_stand[OPENING] > 0
    assert verdict.searched["outputs"] > 0
