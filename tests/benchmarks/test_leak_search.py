"""The leak hunt can find: a canary of each kind, in each encoding and kind of place."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import random
import sqlite3
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from benchmarks.leaks.canaries import KINDS, WORDS, Canaries, Canary
from benchmarks.leaks.rows import long_rows
from benchmarks.leaks.search import BLOCK, DEEPEST, OVERLAP, Search

ALL = [*KINDS, WORDS]


def zipped(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member", data)
    return made.getvalue()


def tarred(data: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        member = tarfile.TarInfo("member")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return made.getvalue()


def escaped(data: bytes) -> bytes:
    return b'{"a": "' + b"".join(b"\\u%04x" % byte for byte in data) + b'"}'


ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "capitals": lambda data: data.upper(),
    "utf-16": lambda data: data.decode().encode("utf-16"),
    "utf-32": lambda data: data.decode().encode("utf-32-be"),
    "json": lambda data: json.dumps({"text": "\n" + data.decode()}).encode(),
    "every letter escaped": escaped,
    "repr": lambda data: repr(data.decode() + "\n").encode(),
    "url": lambda data: quote(data).encode(),
    "form": lambda data: b"text=" + quote_plus(b"\n" + data).encode(),
    "html": lambda data: "".join(f"&#{byte};" for byte in data).encode(),
    "html names": lambda data: html.escape(data.decode()).encode(),
    "base64, first alignment": base64.b64encode,
    "base64, second": lambda data: base64.b64encode(b"x" + data),
    "base64, third": lambda data: base64.b64encode(b"xx" + data),
    "base64 for urls, amid letters": lambda data: b"abc" + base64.urlsafe_b64encode(data),
    "hex": lambda data: data.hex().encode(),
    "gzip": gzip.compress,
    "gzip cut short": lambda data: gzip.compress(data + b" " * 64)[:-8],
    "zlib, quickly": lambda data: zlib.compress(data, 2),
    "zlib amid bytes": lambda data: b"\0\1\2" + zlib.compress(data) + b"\3",
    "zip": zipped,
    "tar": tarred,
    "tar.gz": lambda data: gzip.compress(tarred(data)),
    "msgpack": lambda data: b"\x82\xa4text\xd9" + bytes([len(data)]) + data + b"\xa1n\x01",
    "hex in base64": lambda data: base64.b64encode(data.hex().encode()),
    "entities in escapes in hex": lambda data: escaped(ENCODINGS["html"](data)).hex().encode(),
    "json in base64 in a url": lambda data: quote(
        base64.b64encode(json.dumps([data.decode()]).encode())
    ).encode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_it_finds_every_kind_in_every_encoding(encoding: str) -> None:
    canaries = Canaries(7)
    planted = [canaries.one(kind) for kind in ALL for _ in range(4)]
    search = Search(planted)
    around = (b"", b"") if encoding in ("zip", "tar") else (b"before ", b" after")
    for canary in planted:
        data = around[0] + ENCODINGS[encoding](f"i am {canary.written} ok".encode()) + around[1]
        assert {hit.canary for hit in search.hits(data)} == {canary}, canary.written


@pytest.mark.parametrize("kind", ["phone", "card", "nhs number", "ni number", "postcode"])
def test_it_finds_a_number_without_its_spaces(kind: str) -> None:
    canary = Canaries(3).one(kind)
    assert found(canary, canary.cores[0].upper())
    assert not found(canary, "1" + canary.cores[0] + "1"), "inside a longer number it is another number"


def test_the_seconds_of_a_time_are_no_date_of_birth() -> None:
    canary = Canary(0, "date of birth", "17.05.1995", ("17051995",))
    assert not found(canary, "2026-11-27 03:47:17.051995")
    assert found(canary, "03:47:17.05.1995")
    assert found(canary, "at 03:47 17.051995")


def test_a_common_name_counts_only_with_the_word_behind_it() -> None:
    canary = Canaries(3).one("common name")
    assert found(canary, canary.written)
    assert not found(canary, canary.before)
    assert not found(canary, f"<PERSON_1> was {canary.cores[0]}")


def test_it_finds_what_a_database_was_given(tmp_path: Path) -> None:
    canary = Canaries(3).one("name")
    with sqlite3.connect(tmp_path / "some.db") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (text)")
        database.execute("INSERT INTO t VALUES (?)", [canary.written])
        database.commit()
        assert found(canary, (tmp_path / "some.db-wal").read_bytes())


SEAMS = [BLOCK, BLOCK + OVERLAP]


@pytest.mark.parametrize("encoding", [name for name in ENCODINGS if name not in ("zip", "tar")])
@pytest.mark.parametrize("kind", ["postcode", "common name"])
def test_it_finds_what_straddles_two_blocks(kind: str, encoding: str) -> None:
    canary = Canaries(11).one(kind)
    search = Search([canary])
    written = ENCODINGS[encoding](f"i am {canary.written} ok".encode())
    for seam in SEAMS:
        for into in range(1, len(written), max(1, len(written) // 4)):
            data = pages(seam, 2 * BLOCK)
            data[seam - into : seam - into + len(written)] = written
            data[seam - into - 1 : seam - into] = data[seam - into + len(written) :][:1] = b" "
            assert any(search.hits(bytes(data))), (seam, into)


def test_it_finds_what_stands_in_one_of_two_copies_alone() -> None:
    canary = Canaries(11).one("name")
    search = Search([canary])
    without = pages(1, 6 * BLOCK)
    for place in range(64, len(without) - 64, BLOCK // 2):
        having = bytearray(without)
        having[place : place + len(canary.written)] = canary.written.encode()
        for _ in range(2):  # the second time is remembered
            assert not list(search.hits(bytes(without)))
            hits = [hit for hit in search.hits(bytes(having)) if hit.encoding == "as it is"]
            assert [hit.offset for hit in hits] == [place]


def test_a_seam_is_looked_at_when_each_of_its_sides_was_seen() -> None:
    canary = Canaries(11).one("student id")
    search = Search([canary])
    written = b" " + canary.written.encode() + b" "
    first, second = pages(1, 2 * BLOCK), pages(2, 2 * BLOCK)
    first[BLOCK - 4 : BLOCK] = written[:4]
    second[BLOCK : BLOCK + len(written) - 4] = written[4:]
    assert not list(search.hits(bytes(first)))
    assert not list(search.hits(bytes(second)))
    assert list(search.hits(bytes(first[:BLOCK] + second[BLOCK:])))


@pytest.mark.parametrize("wrap", [base64.b64encode, lambda data: data.hex().encode(), quote], ids=str)
def test_it_finds_what_was_packed_and_then_written_at_length(wrap: Callable[[bytes], bytes | str]) -> None:
    canary = Canaries(11).one("name")
    packed = gzip.compress(bytes(pages(1, 2 * BLOCK)) + canary.written.encode() + bytes(pages(2, BLOCK)))
    written = wrap(packed)
    data = written if isinstance(written, bytes) else written.encode()
    assert found(canary, b"before " + data + b" after")


def test_where_nothing_is_deep_down_something_may_be_higher_up() -> None:
    """What lies too deep in one file is not remembered as empty for another in which it lies less deep."""
    canary = Canaries(11).one("name")
    search = Search([canary])
    inner = base64.b64encode(canary.written.encode())
    deep = inner
    for _ in range(DEEPEST):
        deep = base64.b64encode(deep)
    assert not list(search.hits(deep))
    assert list(search.hits(inner))


def pages(seed: int, length: int) -> bytearray:
    """Pages of a database, more or less: words, numbers and noise, the same for the same seed."""
    dice = random.Random(seed)
    made = bytearray()
    while len(made) < length:
        made += b"cant sleep again \0" + dice.randbytes(64) + b" 02079 \0" + dice.randbytes(12).hex().encode()
    return made[:length]


def test_it_finds_what_a_database_split_over_its_pages(tmp_path: Path) -> None:
    """A long row goes on in pages that lie anywhere, each beginning with the number of the next."""
    canary = Canaries(3).one("name")
    search = Search([canary])
    whole: list[bool] = []
    for number, before in enumerate(range(460, 500, 4)):
        place = tmp_path / f"{number}.db"
        with closing(sqlite3.connect(place)) as database:
            database.execute("CREATE TABLE t (text)")
            database.execute(
                "INSERT INTO t VALUES (?)", ["." * before + canary.cores[0] + "." * (4500 - before)]
            )
            database.commit()
        whole.append(any(search.hits(place.read_bytes())))
        if not whole[-1]:
            assert any(hit for row in long_rows(place) for hit in search.hits(row))
    assert False in whole, "no page was cut where it matters"


def test_no_two_are_alike() -> None:
    canaries = Canaries(5)
    for kind in ALL:
        for _ in range(300):
            canaries.one(kind)
    cores = [core for canary in canaries.made for core in canary.cores]
    assert len(cores) == len(set(cores))


def found(canary: Canary, text: str | bytes) -> bool:
    data = text.encode() if isinstance(text, str) else text
    return any(hit.canary is canary for hit in Search([canary]).hits(data))
