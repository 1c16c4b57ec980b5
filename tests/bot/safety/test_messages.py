"""The messages under `messages/`: danger is answered at its level or above, and harmless talk is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.safety.screen import Screen
from bot.safety.screening import ResponseNeeded

FOLDER = Path(__file__).parent / "messages"


def messages() -> list[tuple[str, ResponseNeeded, str]]:
    found = []
    for path in sorted(FOLDER.glob("*.yml")):
        levels = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        found += [
            (path.stem, ResponseNeeded(level), text) for level, texts in levels.items() for text in texts
        ]
    return found


def test_there_are_enough_messages() -> None:
    """A table that shrinks would hide a miss."""
    assert len({text for _, _, text in messages()}) >= 400


@pytest.mark.parametrize(("group", "needed", "text"), messages())
def test_it_reads_the_message(screen: Screen, group: str, needed: ResponseNeeded, text: str) -> None:
    """Danger is never answered below its level; what is harmless is not answered as danger."""
    screening = screen.screen(text)
    if needed is ResponseNeeded.NONE:
        assert screening.response is needed, screening.reasons
    else:
        assert screening.response >= needed, screening.reasons


@pytest.mark.parametrize("text", [text for _, needed, text in messages() if needed > ResponseNeeded.NONE])
@pytest.mark.parametrize("apostrophe", ["’", "‘", "ʼ", "＇"])
def test_typographic_apostrophes_change_nothing(screen: Screen, text: str, apostrophe: str) -> None:
    """A curly apostrophe once let 131 of 165 crisis messages past another project's keywords."""
    assert screen.screen(text.replace("'", apostrophe)).response == screen.screen(text).response


@pytest.mark.parametrize("text", [text for _, needed, text in messages() if needed > ResponseNeeded.NONE])
def test_capitals_and_hidden_marks_change_nothing(screen: Screen, text: str) -> None:
    """Shouting, and zero-width marks put between letters, do not hide danger."""
    expected = screen.screen(text).response
    assert screen.screen(text.upper()).response == expected
    assert screen.screen("\u200b".join(text)).response == expected
