"""Rendering the patients' pages and the fragments that are sent to an open page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader
from markupsafe import Markup, escape

from bot.channels.web.room_parts import WebRoom
from bot.channels.web.thread_view import CardView, MessageView
from content import fill
from content.receipts import day_in_words

_TEMPLATES: Final = Path(__file__).parent / "templates"


class Templates:
    """The pages' templates, with the words and the name of the service in reach."""

    def __init__(self, room: WebRoom) -> None:
        self._environment = _environment()
        self._environment.globals.update(
            words=room.content.pages,
            contact=room.content.contact,
            own=room.content.my_data,
            notice=room.content.notices.first_notice,
            crisis=room.content.crisis.card,
            helplines=room.content.helplines.listed(),
            service_name=room.service_name,
            asset=Assets(room.static_folder).url,
            new_delivery=lambda: secrets.token_urlsafe(16),
        )

    def page(self, template: str, **context: object) -> str:
        """A whole page, or the part of one that stands in `template`."""
        return self._environment.get_template(template).render(context)

    def messages(self, messages: tuple[MessageView, ...]) -> str:
        """The messages, just as the whole page shows them."""
        return self.page("messages.html", messages=messages)

    def card(self, card: CardView) -> str:
        """A card by itself."""
        return self.page("lone_card.html", card=card)


@dataclass(frozen=True, slots=True)
class Assets:
    """The addresses of built files. Each holds the file's hash, so browsers may keep what they fetched."""

    folder: Path

    def url(self, name: str) -> str:
        """``/static/chat.css?v=1a2b3c4d``."""
        file = self.folder / name
        version = sha256(file.read_bytes()).hexdigest()[:8] if file.is_file() else "0"
        return f"/static/{name}?v={version}"


def _environment() -> Environment:
    # NHS.UK frontend's macros chain through parameters that were not given, hence ChainableUndefined.
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(_TEMPLATES), PackageLoader("nhsuk_frontend_jinja")]),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["paragraphs"] = paragraphs
    made.filters["day"] = _day
    made.filters["time"] = _time
    made.filters["fill"] = fill
    return made


def _day(moment: str) -> str:
    """An ISO 8601 moment as "3 May 2026"."""
    return day_in_words(datetime.fromisoformat(moment))


def _time(moment: str) -> str:
    """An ISO 8601 moment as "3 May 2026, 14:05 UTC"."""
    return f"{_day(moment)}, {datetime.fromisoformat(moment):%H:%M} UTC"


def paragraphs(text: str) -> Markup:
    """A message's lines: an empty line parts paragraphs, and any other line break is kept."""
    blocks = [block.strip() for block in text.split("\n\n")]
    lines = (escape(block).replace("\n", Markup("<br>")) for block in blocks if block)
    return Markup("").join(Markup("<p>{}</p>").format(line) for line in lines)
