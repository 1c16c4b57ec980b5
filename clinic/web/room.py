"""What the clinic's pages need from the rest of Harbour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from clinic import silence
from clinic.clock import ResponseTargets
from content import Content
from privacy.text import RedactedText
from privacy.vault import Vault
from store.session import Store
from store.signals import Signals


@dataclass(frozen=True, slots=True)
class ClinicRoom:
    """The parts that are put together when Harbour starts. `redact` takes the identifiers out of a reply."""

    store: Store
    vault: Vault
    content: Content
    signals: Signals
    targets: ResponseTargets
    redact: Callable[[str], RedactedText]
    service_name: str
    secure_cookies: bool
    patience: timedelta = silence.PATIENCE
    """How long a clinician who has a conversation may be quiet before they are warned."""
