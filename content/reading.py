"""Reading one YAML file into one frozen dataclass, with errors that name the file and the key."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeVar

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError

from content.errors import ContentError

CHECKED: Final = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
"""For every dataclass here: a key that nobody reads is a mistake, and is refused."""

T = TypeVar("T")

_ADVICE: Final = {
    "missing": "This is missing. Add it.",
    "unexpected_keyword_argument": "Nothing reads this key. Check its spelling, or take it out.",
    "extra_forbidden": "Nothing reads this key. Check its spelling, or take it out.",
}


def read(file: Path, into: type[T]) -> T:
    """The file's content as an `into`. Raises `ContentError`, which says what to change and where."""
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ContentError(file, "", "The file is missing. Put it back from the project's copy.") from error
    except UnicodeDecodeError as error:
        raise ContentError(file, "", "The file is not UTF-8. Save it again as UTF-8 text.") from error
    except yaml.YAMLError as error:
        raise ContentError(file, "", f"This is not YAML: {error} Correct that line.") from error
    try:
        return TypeAdapter(into).validate_python(found)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        problem = _ADVICE.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise ContentError(file, key, problem) from error
