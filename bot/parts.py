"""Everything that Harbour is made of, built once from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from actions import Capabilities, build_executor, run_call
from bot.admission import Admission, Pace
from bot.dialogue import Dialogue
from bot.intake import Intake
from bot.internal import InternalRoom
from bot.journey import Journey, Steps
from bot.rasa_client import RasaClient
from bot.safety.screen import Screen
from bot.safety_conversation import SafetyConversation
from bot.screening_step import ScreeningStep
from bot.service_alerts import ServiceAlerts
from bot.settings import Settings
from bot.tally import Tally
from bot.thread import Thread
from clinic.clock import ResponseTargets
from content import Content
from privacy.ldp.statistics import Statistics
from privacy.pseudonym import Pseudonyms
from privacy.redaction import Redactor
from privacy.vault import Vault
from store.session import Store
from store.signals import Signals


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that rooms are mounted with."""

    settings: Settings
    store: Store
    signals: Signals
    content: Content
    pseudonyms: Pseudonyms
    vault: Vault
    redactor: Redactor
    targets: ResponseTargets
    statistics: Statistics
    journey: Journey
    internal: InternalRoom


def build(settings: Settings, redactor: Redactor | None = None) -> Parts:
    """Build every part; `redactor`, which takes a while to load, may be shared by several.

    Raises `MissingSecret`, `content.ContentError`, or what a missing model raises.
    """
    store = Store(settings.database)
    signals = Signals()
    content = Content.load()
    redactor = redactor or Redactor.load()
    targets = response_targets(settings)
    engine = RasaClient(
        settings.rasa_url, settings.secret("engine").decode(), settings.engine_deadline_seconds
    )
    pseudonyms = Pseudonyms(settings.secret("pseudonym"))
    statistics = Statistics.load()
    steps = Steps(
        pseudonyms=pseudonyms,
        admission=Admission(Pace(settings.messages_per_minute, settings.messages_per_minute_per_address)),
        screening=ScreeningStep(Screen.load(), settings.screen_deadline_seconds),
        redactor=redactor,
        intake=Intake(store, signals, content, targets),
        safety_conversation=SafetyConversation(content, staffed=settings.staffed),
        dialogue=Dialogue(engine, content, ServiceAlerts(store, signals)),
        thread=Thread(store, signals, content),
        tally=Tally(store, statistics, settings.secret("ledger")),
        content=content,
        targets=targets,
        longest_message=settings.longest_message,
    )
    executor = build_executor(
        Capabilities(content, store, targets, partial(signals.notify, "inbox"), staffed=settings.staffed)
    )
    return Parts(
        settings=settings,
        store=store,
        signals=signals,
        content=content,
        pseudonyms=pseudonyms,
        vault=Vault(settings.secret("vault")),
        redactor=redactor,
        targets=targets,
        statistics=statistics,
        journey=Journey(steps),
        internal=InternalRoom(partial(run_call, executor), engine, store, settings.secret("engine")),
    )


def response_targets(settings: Settings) -> ResponseTargets:
    """The promises of speed that this service makes."""
    defaults = ResponseTargets().minutes
    return ResponseTargets(
        {
            **defaults,
            "respond_now": settings.target_now_minutes,
            "respond_today": settings.target_today_minutes,
        }
    )
