"""The page of settings, made from their own descriptions."""

from __future__ import annotations

from bot.settings import Settings


def page() -> str:
    """Markdown: one table row for each setting."""
    rows = [
        f"| `HARBOUR_{name.upper()}` | {_default(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    head = [
        "# Settings",
        "",
        "Each is an environment variable, or a line in a file `.env` beside the Makefile.",
        "`harbour settings` prints this page from the code; a test keeps the two the same.",
        "",
        "| setting | default | what it is for |",
        "| --- | --- | --- |",
    ]
    return "\n".join([*head, *rows])


def _default(value: object) -> str:
    return "none" if value is None else f"`{value}`"
