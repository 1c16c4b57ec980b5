"""What the patients' web chat is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.corrections import Corrections
from bot.journey import Journey
from bot.my_data import MyData
from content import Content
from privacy.pseudonym import Pseudonyms
from privacy.vault import Vault
from store.erasure import Eraser
from store.session import Store
from store.signals import Signals


@dataclass(frozen=True, slots=True)
class WebRoom:
    """The parts that the pages need. `static_folder` holds what the asset build made."""

    journey: Journey
    store: Store
    vault: Vault
    content: Content
    signals: Signals
    pseudonyms: Pseudonyms
    session_key: bytes = field(repr=False)
    service_name: str
    secure_cookies: bool
    static_folder: Path
    eraser: Eraser
    corrections: Corrections
    my_data: MyData
