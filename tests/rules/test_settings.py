"""Every setting is documented, and docs/settings.md says what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings
from harbour.settings_page import page

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_is_for(name: str) -> None:
    assert Settings.model_fields[name].description


def test_the_page_of_settings_is_up_to_date() -> None:
    written = (ROOT / "docs" / "settings.md").read_text()
    assert written == page() + "\n", "Run `harbour settings > docs/settings.md`."


@pytest.mark.parametrize("host", ["0.0.0.0", "8.8.8.8", "example.com"])
def test_rasa_and_its_actions_stay_private(host: str) -> None:
    with pytest.raises(ValidationError, match="which others could reach"):
        Settings(rasa_host=host)
    with pytest.raises(ValidationError, match="which others could reach"):
        Settings(internal_host=host)
