"""Tombstones are durable, only ever added to, and name nobody."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

from privacy.tombstone import TombstoneKey
from store.tombstones import RECEIPT, Tombstones
from tests.store.conftest import named

EACH = 40
WRITERS = 4


def test_what_was_added_is_read_again(tombstones: Tombstones) -> None:
    stone = tombstones.make(named("somebody"), datetime.now(UTC))
    tombstones.add(stone)
    assert tombstones.all() == [stone]
    assert RECEIPT.fullmatch(stone.receipt)
    assert tombstones.with_receipt(stone.receipt) == stone
    assert tombstones.latest()[tombstones.mark(named("somebody"))] == stone


def test_a_line_holds_neither_the_name_nor_the_receipt(tombstones: Tombstones, tmp_path: Path) -> None:
    stone = tombstones.make(named("somebody"), datetime.now(UTC))
    tombstones.add(stone)
    written = (tmp_path / "tombstones").read_text()
    assert named("somebody") not in written
    assert stone.receipt not in written
    assert written.count("\n") == 1
    assert (tmp_path / "tombstones").stat().st_mode & 0o077 == 0


def test_another_key_knows_nobody(tombstones: Tombstones, tmp_path: Path) -> None:
    tombstones.add(tombstones.make(named("somebody"), datetime.now(UTC)))
    stranger = Tombstones(tmp_path / "tombstones", TombstoneKey(b"x" * 32))
    assert stranger.mark(named("somebody")) not in stranger.latest()


def test_a_line_that_a_crash_cut_short_hides_no_other(tombstones: Tombstones, tmp_path: Path) -> None:
    first = tombstones.make(named("first"), datetime.now(UTC))
    tombstones.add(first)
    with (tmp_path / "tombstones").open("a") as file:
        file.write("2026-01-01T00:00:00+00:00 abc")
    second = tombstones.make(named("second"), datetime.now(UTC))
    tombstones.add(second)
    assert tombstones.all() == [first, second]


def _write(folder: str, number: int) -> None:
    tombstones = Tombstones(Path(folder) / "tombstones", TombstoneKey(b"k" * 32))
    for each in range(EACH):
        tombstones.add(tombstones.make(named(f"{number}-{each}"), datetime.now(UTC)))


def test_several_processes_add_at_once_and_every_line_is_whole(
    tombstones: Tombstones, tmp_path: Path
) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(str(tmp_path), number)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(tombstones.latest()) == EACH * WRITERS
