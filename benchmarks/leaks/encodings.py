"""What things may be wrapped in, and how to unwrap them.

An encoding that leaves its mark on each letter (an escape, base64) is undone only where its mark is: the rest of a
page was looked at already. One that wraps the whole (gzip, zip, tar) is undone from its beginning.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

_AROUND = 256
"""Bytes beside an escape that are unescaped with it, so that what stands between two escapes stays whole."""
_LARGEST_UNPACKED = 256 * 1024 * 1024
_FIRST_PIECE = 512
_PIECE = 64 * 1024
_LEAST_UNPACKED = 6

_UTF16 = re.compile(rb"(?:[^\0]\0{1,3}){6,}[^\0]?")
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([abfnrtv\"'\\/]))")
_URL = re.compile(rb"%[0-9a-fA-F]{2}|(?<=[a-zA-Z0-9])\+(?=[a-zA-Z0-9])")
_ENTITY = re.compile(rb"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
_STANDARD = bytes.maketrans(b"-_", b"+/")
_TO_READ = re.compile(rb"(?:[\x20-\x7e]\0{0,3}){8}|\x1f\x8b\x08|PK\x03\x04|\x78[\x01\x5e\x9c\xda]")
_PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")


@dataclass(frozen=True)
class Encoding:
    """`stretches` are the parts of some bytes that may be in it; `decoded` is what one of them says, or nothing."""

    name: str
    stretches: Callable[[bytes], Iterable[bytes]]
    decoded: Callable[[bytes], bytes]


def _beside(marks: re.Pattern[bytes], first: bytes) -> Callable[[bytes], Iterator[bytes]]:
    """Finds what lies around marks; what lies around two that are near each other is one stretch."""

    def stretches(data: bytes) -> Iterator[bytes]:
        if first not in data and (first != b"%" or b"+" not in data):
            return
        begin = end = -1
        for mark in marks.finditer(data):
            if begin >= 0 and mark.start() - _AROUND > end:
                yield data[begin:end]
                begin = -1
            if begin < 0:
                begin = max(0, mark.start() - _AROUND)
            end = mark.end() + _AROUND
        if begin >= 0:
            yield data[begin:end]

    return stretches


def _wide(data: bytes) -> Iterable[bytes]:
    return _UTF16.findall(data) if b"\0" in data else ()


def _narrow(stretch: bytes) -> bytes:
    return stretch.replace(b"\0", b"")


def _unescaped(stretch: bytes) -> bytes:
    return _ESCAPE.sub(_letter, stretch)


def _letter(found: re.Match[bytes]) -> bytes:
    if found[3]:
        return found[3] if found[3] in b"\"'\\/" else b" "
    return chr(int(found[1] or found[2], 16)).encode("utf-8", "replace")


def _unquoted(stretch: bytes) -> bytes:
    return unquote_to_bytes(stretch.replace(b"+", b" "))


def _without_entities(stretch: bytes) -> bytes:
    return html.unescape(stretch.decode("utf-8", "surrogateescape")).encode("utf-8", "replace")


def _base64_runs(data: bytes) -> Iterator[bytes]:
    for run in _BASE64.findall(data):
        if run.lower() != run != run.upper():  # no mere words
            yield run


def _from_base64(run: bytes) -> bytes:
    standard = run.translate(_STANDARD)
    return _readable(_decoded(standard[skip:]) for skip in range(4))


def _decoded(run: bytes) -> bytes:
    return base64.b64decode(run[: len(run) // 4 * 4]) + _tail(run)


def _tail(run: bytes) -> bytes:
    left = run[len(run) // 4 * 4 :]
    return base64.b64decode(left + b"=" * (4 - len(left))) if len(left) > 1 else b""


def _from_hex(run: bytes) -> bytes:
    return _readable(binascii.unhexlify(run[skip : len(run) - skip]) for skip in range(2))


def _readable(pieces: Iterable[bytes]) -> bytes:
    """Those with something to read in them: most long words and ids are nothing that was encoded."""
    return b"\n".join(piece for piece in pieces if _TO_READ.search(piece))


ENCODINGS: Final = (
    Encoding("utf-16", _wide, _narrow),
    Encoding("escapes", _beside(_ESCAPE, b"\\"), _unescaped),
    Encoding("url", _beside(_URL, b"%"), _unquoted),
    Encoding("html", _beside(_ENTITY, b"&"), _without_entities),
    Encoding("base64", _base64_runs, _from_base64),
    Encoding("hex", _HEX.findall, _from_hex),
)
"""Those that can be undone in any part of what they were applied to."""


def unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What was wrapped as a whole and lies in `data`, each with the name of the wrapping."""
    for found in _PACKED.finditer(data):
        inside = _inflated(memoryview(data)[found.start() :], 31 if found[0][:1] == b"\x1f" else 15)
        if len(inside) >= _LEAST_UNPACKED:
            yield "gzip", inside
    yield from (("zip", member) for member in _zipped(data))
    yield from (("tar", member) for member in _tarred(data))


def _inflated(data: memoryview, bits: int) -> bytes:
    """As much as can be unpacked: what a process was killed over is cut short, and other bytes may follow."""
    unpacker, out, start, length = zlib.decompressobj(bits), bytearray(), 0, _FIRST_PIECE
    while start < len(data) and not unpacker.eof and len(out) <= _LARGEST_UNPACKED:
        before, piece = unpacker.copy(), data[start : start + length]
        try:
            out += unpacker.decompress(piece)
        except zlib.error:
            return bytes(out) + _up_to_the_error(before, piece)
        start, length = start + length, _PIECE
    return bytes(out)


def _up_to_the_error(unpacker: zlib._Decompress, piece: memoryview) -> bytes:
    out = bytearray()
    for at in range(len(piece)):
        try:
            out += unpacker.decompress(piece[at : at + 1])
        except zlib.error:
            break
    return bytes(out)


def _zipped(data: bytes) -> Iterator[bytes]:
    if not data.startswith(b"PK\x03\x04"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode() + b"\n" + archive.read(name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        return


def _tarred(data: bytes) -> Iterator[bytes]:
    if data[257:262] != b"ustar":
        return
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                file = archive.extractfile(member)
                yield member.name.encode() + b"\n" + (file.read() if file else b"")
    except tarfile.TarError:
        return
