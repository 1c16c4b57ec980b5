"""Finds canaries in bytes, through whatever they were wrapped in."""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import tarfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

import numpy as np

from benchmarks.leaks.canaries import Canary

_WINDOW = 8
_DEEPEST = 3
_LARGEST_UNPACKED = 256 * 1024 * 1024
_MOST_GROUPS = 8
_PIECE = 64 * 1024
_NEAR = 60
_SHORTEST_CODE = 6
_MONTHS = b"january|february|march|april|may|june|july|august|september|october|november|december"
_CODES = re.compile(
    rb"(?<![a-z0-9])(?:[a-z]{1,2} )?[a-z]{0,4}[0-9][a-z0-9]*"
    rb"(?:[ .:/()+-]{1,3}(?:[a-z]{0,4}[0-9][a-z0-9]*|[a-z](?![a-z0-9])|" + _MONTHS + rb"))*"
)
_GROUP = re.compile(rb"[a-z0-9]+")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
_TO_READ = re.compile(rb"(?:[\x20-\x7e]\0?){8}|\x1f\x8b\x08|PK\x03\x04|\x78[\x01\x9c\xda]")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([abfnrtv\"'\\/]))")


@dataclass(frozen=True)
class Hit:
    """A canary that was found: at which byte of what the encodings gave."""

    canary: Canary
    encoding: str
    offset: int


class Search:
    """Looks for many canaries at once."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self._words: dict[int, list[tuple[bytes, Canary]]] = defaultdict(list)
        self._codes: dict[bytes, Canary] = {}
        self._beginnings: set[bytes] = set()
        for canary in canaries:
            for core in canary.cores:
                self._learn(core.encode(), canary)
        self._starts = np.array(sorted(self._words), dtype=np.uint64)

    def _learn(self, core: bytes, canary: Canary) -> None:
        if core.isalpha():
            self._words[int.from_bytes(core[:_WINDOW], "little")].append((core, canary))
        else:
            self._codes[core] = canary
            self._beginnings.update(core[:end] for end in range(1, len(core) + 1))

    def hits(self, data: bytes) -> Iterator[Hit]:
        """Every canary in `data`, once for each way in which it is written there."""
        seen: set[tuple[int, str]] = set()
        for encoding, view in views(data):
            small = view.lower()
            for canary, offset in (*self._words_in(small), *self._codes_in(small)):
                if (canary.number, encoding) not in seen and _is_meant(canary, small, offset):
                    seen.add((canary.number, encoding))
                    yield Hit(canary, encoding, offset)

    def _words_in(self, view: bytes) -> Iterator[tuple[Canary, int]]:
        if not len(self._starts):
            return
        for shift in range(min(_WINDOW, len(view))):
            windows = np.frombuffer(view, "<u8", (len(view) - shift) // _WINDOW, shift)
            places = np.minimum(np.searchsorted(self._starts, windows), len(self._starts) - 1)
            for index in np.flatnonzero(self._starts[places] == windows):
                offset = shift + _WINDOW * int(index)
                for core, canary in self._words[int(windows[index])]:
                    if view.startswith(core, offset):
                        yield canary, offset

    def _codes_in(self, view: bytes) -> Iterator[tuple[Canary, int]]:
        for run in _CODES.finditer(view):
            if run.end() - run.start() < _SHORTEST_CODE:
                continue
            groups = _GROUP.findall(run[0])
            for first in range(len(groups)):
                joined = b""
                for group in groups[first : first + _MOST_GROUPS]:
                    joined += group
                    if joined not in self._beginnings:
                        break
                    if joined in self._codes:
                        yield self._codes[joined], run.start()


def _is_meant(canary: Canary, view: bytes, offset: int) -> bool:
    """Whether what must stand before it does."""
    return not canary.before or canary.before.encode() in view[max(0, offset - _NEAR) : offset]


def views(data: bytes) -> Iterator[tuple[str, bytes]]:
    """`data` as it is, and as each encoding that it may be in gives it, up to three of them inside one another."""
    yield "as it is", data
    seen = {hash(data)}
    layer = [("", data)]
    for _ in range(_DEEPEST):
        layer = list(_decoded_once(layer, seen))
        yield from layer


def _decoded_once(layer: list[tuple[str, bytes]], seen: set[int]) -> Iterator[tuple[str, bytes]]:
    """What one more encoding gives, without what was seen already in another way."""
    for encoding, data in layer:
        for name, decode in _DECODERS:
            for view in decode(data):
                if view and hash(view) not in seen:
                    seen.add(hash(view))
                    yield f"{encoding} > {name}" if encoding else name, view


def _utf16(data: bytes) -> Iterator[bytes]:
    if data.count(b"\0") * 4 > len(data):
        yield data.replace(b"\0", b"")


def _escapes(data: bytes) -> Iterator[bytes]:
    if b"\\" in data:
        yield _ESCAPE.sub(_unescaped, data)


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[3]:
        return found[3] if found[3] in b"\"'\\/" else b" "
    return chr(int(found[1] or found[2], 16)).encode("utf-8", "replace")


def _url(data: bytes) -> Iterator[bytes]:
    if b"%" in data or b"+" in data:
        yield unquote_to_bytes(data.replace(b"+", b" "))


def _entities(data: bytes) -> Iterator[bytes]:
    if b"&" in data:
        yield html.unescape(data.decode("utf-8", "surrogateescape")).encode("utf-8", "replace")


def _base64(data: bytes) -> Iterator[bytes]:
    found = set(_BASE64.findall(data))
    runs = [run.translate(_STANDARD) for run in found if run.lower() != run != run.upper()]  # no mere words
    yield from _readable(_decoded(run[skip:]) for run in runs for skip in range(4))


def _readable(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Those with something to read in them: most long words and ids are nothing that was encoded."""
    found = [piece for piece in pieces if _TO_READ.search(piece)]
    if found:
        yield b"\n".join(found)


_STANDARD = bytes.maketrans(b"-_", b"+/")


def _decoded(run: bytes) -> bytes:
    return base64.b64decode(run[: len(run) // 4 * 4]) + _tail(run)


def _tail(run: bytes) -> bytes:
    left = run[len(run) // 4 * 4 :]
    return base64.b64decode(left + b"=" * (4 - len(left))) if len(left) > 1 else b""


def _hex(data: bytes) -> Iterator[bytes]:
    runs = set(_HEX.findall(data))
    yield from _readable(binascii.unhexlify(run[skip : len(run) - skip]) for run in runs for skip in range(2))


def _deflated(data: bytes) -> Iterator[bytes]:
    for magic, bits in ((b"\x1f\x8b\x08", 31), (b"\x78\x9c", 15), (b"\x78\x01", 15), (b"\x78\xda", 15)):
        at = data.find(magic)
        while at != -1:
            yield _inflated(data[at:], bits)
            at = data.find(magic, at + 1)


def _inflated(data: bytes, bits: int) -> bytes:
    """As much as can be unpacked: what a process was killed over is cut short, and other bytes may follow."""
    unpacker, out = zlib.decompressobj(bits), bytearray()
    for start in range(0, len(data), _PIECE):
        before = unpacker.copy()
        piece = data[start : start + _PIECE]
        try:
            out += unpacker.decompress(piece)
        except zlib.error:
            return bytes(out) + _up_to_the_error(before, piece)
        if unpacker.eof or len(out) > _LARGEST_UNPACKED:
            break
    return bytes(out)


def _up_to_the_error(unpacker: zlib._Decompress, piece: bytes) -> bytes:
    out = bytearray()
    for byte in piece:
        try:
            out += unpacker.decompress(bytes([byte]))
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


_DECODERS: tuple[tuple[str, Callable[[bytes], Iterator[bytes]]], ...] = (
    ("utf-16", _utf16),
    ("escapes", _escapes),
    ("url", _url),
    ("html", _entities),
    ("base64", _base64),
    ("hex", _hex),
    ("gzip", _deflated),
    ("zip", _zipped),
    ("tar", _tarred),
)
