"""A network on the disk: loaded only if it is the one that was reviewed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import onnxruntime

DIGESTS: Final = "SHA256SUMS"
"""The file, beside a network, that names the SHA-256 of each file that was reviewed, as `sha256sum` writes it."""


class ModelChanged(Exception):
    """A file of a network is not the one whose SHA-256 stands beside it, or it is missing."""


def load(file: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    """The network in `file`, which may be used from several threads. Raises `ModelChanged`."""
    check(file.parent)
    return session(file.read_bytes(), threads)


def session(content: bytes, threads: int = 1) -> onnxruntime.InferenceSession:
    """A network that was checked, ready to be used from several threads, each call on so many threads of its own."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(content, options, ["CPUExecutionProvider"])


def check(folder: Path) -> None:
    """Compare the files in `folder` with the sums beside them. Raises `ModelChanged`."""
    for line in (folder / DIGESTS).read_text(encoding="ascii").splitlines():
        digest, name = line.split()
        file = folder / name
        if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            raise ModelChanged(
                f"{file} is not the reviewed one: bring it back from the repository, or train it again with "
                "`harbour train`."
            )


def review(folder: Path, names: Iterable[str]) -> None:
    """Name the present files as the reviewed ones."""
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / DIGESTS).write_text("".join(lines), encoding="ascii")
