"""docs/conversations.md shows every conversation, as the content has it now."""

from __future__ import annotations

from pathlib import Path

import pytest

from content import Content
from harbour.conversations_page import page

ROOT = Path(__file__).resolve().parents[2]
CONTENT = Content.load()
PAGE = page()


def test_the_page_of_conversations_is_up_to_date() -> None:
    written = (ROOT / "docs" / "conversations.md").read_text()
    assert written == PAGE + "\n", "Run `harbour conversations > docs/conversations.md`."


@pytest.mark.parametrize("guide", CONTENT.guides.values(), ids=lambda guide: str(guide.intent))
def test_every_step_of_every_guide_is_on_it(guide: object) -> None:
    assert f"### {guide.title}\n" in PAGE  # type: ignore[attr-defined]
    assert all(f"> {step.ways[0]}" in PAGE for step in guide.steps)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", CONTENT.topics.topics)
def test_every_topic_is_on_it(name: str) -> None:
    topic = CONTENT.topics[name]
    assert f"> {topic.about[0]}" in PAGE
    assert f"> {topic.next[0]}" in PAGE
