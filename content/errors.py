"""What is wrong with a content file, said so that the person who edited it can put it right."""

from __future__ import annotations

from pathlib import Path


class ContentError(Exception):
    """A content file cannot be used. The message names the file, the key and what to do."""

    def __init__(self, file: Path, key: str, problem: str) -> None:
        self.file = file
        self.key = key
        self.problem = problem
        where = f"{file}, at '{key}'" if key else str(file)
        super().__init__(f"{where}: {problem}")
