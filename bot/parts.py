"""Everything that Harbour is made of, built once from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Self

from actions import Capabilities, build_executor, run_call
from bot.admission import Admission, Pace
from bot.corrections import Corrections
from bot.dialogue import Dialogue
from bot.forgetting import Forgetting
from bot.intake import Intake
from bot.internal import InternalRoom
from bot.journey import Journey, Steps
from bot.my_data import MyData
from bot.rasa_client import RasaClient
from bot.safety.screen import Screen
from bot.safety_conversation import SafetyConversation
from bot.screening_step import ScreeningStep
from bot.service_alerts import ServiceAlerts
from bot.settings import Settings
from bot.tally import Tally
from bot.thread import Thread
from clinic import wiring
from clinic.clock import ROUND_THE_CLOCK, ResponseTargets
from clinic.ticking import Ticker
from content import Content
from privacy.ldp.statistics import Statistics
from privacy.pseudonym import Pseudonyms
from privacy.redaction import Redactor
from privacy.tombstone import TombstoneKey
from privacy.vault import Vault
from store.erasure import Eraser
from store.models import now
from store.session import Store
from store.signals import Signals
from store.tombstones import Tombstones


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
    eraser: Eraser
    forgetting: Forgetting
    corrections: Corrections
    my_data: MyData
    journey: Journey
    internal: InternalRoom

    async def close(self) -> None:
        """Close every connection."""
        await self.internal.engine.aclose()
        self.store.close()


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads a patient's words: both take a while to load, keep nothing, and may be shared."""

    screen: Screen
    redactor: Redactor

    @classmethod
    def load(cls) -> Self:
        """Read the lexicons and the models. Raises what a broken or altered one raises."""
        return cls(Screen.load(), Redactor.load())


def build(settings: Settings, readers: Readers | None = None) -> Parts:
    """Build every part. Raises `MissingSecret`, `content.ContentError`, or what loading the readers raises."""
    readers = readers or Readers.load()
    store = Store(settings.database)
    signals = Signals()
    content = Content.load()
    targets = response_targets(settings)
    engine = RasaClient(
        settings.rasa_url, settings.secret("engine").decode(), settings.engine_deadline_seconds
    )
    pseudonyms = Pseudonyms(settings.secret("pseudonym"))
    statistics = Statistics.load()
    tally = Tally(store, statistics, settings.secret("ledger"))
    vault = Vault(settings.vault_keys())
    eraser = Eraser(tombstones(settings), tally.stop)
    forgetting = Forgetting(store, engine)
    dialogue = Dialogue(engine, forgetting, content, ServiceAlerts(store, signals))
    steps = Steps(
        pseudonyms=pseudonyms,
        admission=Admission(Pace(settings.messages_per_minute, settings.messages_per_minute_per_address)),
        screening=ScreeningStep(readers.screen, settings.screen_deadline_seconds),
        redactor=readers.redactor,
        intake=Intake(store, signals, content, targets),
        safety_conversation=SafetyConversation(
            content, staffed=settings.staffed, closed=partial(_is_closed, targets)
        ),
        dialogue=dialogue,
        thread=Thread(store, signals, content),
        tally=tally,
        content=content,
        targets=targets,
        longest_message=settings.longest_message,
    )
    executor = build_executor(
        Capabilities(
            content=content,
            store=store,
            targets=targets,
            staff_were_asked=partial(signals.notify, "inbox"),
            staffed=settings.staffed,
            count_no_more=tally.stop,
            eraser=eraser,
            erased=dialogue.has_to_forget,
            periods=settings.periods,
        )
    )
    return Parts(
        settings=settings,
        store=store,
        signals=signals,
        content=content,
        pseudonyms=pseudonyms,
        vault=vault,
        redactor=readers.redactor,
        targets=targets,
        statistics=statistics,
        eraser=eraser,
        forgetting=forgetting,
        corrections=Corrections(store, signals, steps),
        my_data=MyData(content, vault, settings.periods),
        journey=Journey(steps),
        internal=InternalRoom(partial(run_call, executor), engine, store, settings.secret("engine")),
    )


@dataclass(frozen=True, slots=True)
class RightsDesk:
    """What the commands for a person's rights need: no screen, no redactor, no listeners."""

    settings: Settings
    store: Store
    content: Content
    pseudonyms: Pseudonyms
    tally: Tally
    eraser: Eraser
    my_data: MyData

    async def forget(self) -> int:
        """Have Rasa forget what waits to be forgotten; how many sessions still do."""
        secret = self.settings.secret("engine").decode()
        deadline = self.settings.engine_deadline_seconds
        async with RasaClient(self.settings.rasa_url, secret, deadline) as engine:
            return await Forgetting(self.store, engine).sweep()


def rights_desk(settings: Settings) -> RightsDesk:
    """The desk on the home that `settings` names. Raises `MissingSecret`."""
    store, content = Store(settings.database), Content.load()
    tally = Tally(store, Statistics.load(), settings.secret("ledger"))
    return RightsDesk(
        settings=settings,
        store=store,
        content=content,
        pseudonyms=Pseudonyms(settings.secret("pseudonym")),
        tally=tally,
        eraser=Eraser(tombstones(settings), tally.stop),
        my_data=MyData(content, Vault(settings.vault_keys()), settings.periods),
    )


def tombstones(settings: Settings) -> Tombstones:
    """The tombstones of this home. Raises `MissingSecret`."""
    return Tombstones(settings.home.resolve() / "tombstones", TombstoneKey(settings.secret("pseudonym")))


def response_targets(settings: Settings) -> ResponseTargets:
    """The promises of speed that this service makes."""
    defaults = ResponseTargets().minutes
    return ResponseTargets(
        {
            **defaults,
            "respond_now": settings.target_now_minutes,
            "respond_today": settings.target_today_minutes,
        },
        hours=settings.hours,
        round_the_clock=ROUND_THE_CLOCK if settings.on_call_out_of_hours else frozenset(),
    )


def _is_closed(targets: ResponseTargets, response: str) -> bool:
    return not targets.somebody_is_there(response, now())


def ticker(parts: Parts) -> Ticker:
    """The clinic's clock, which any process may run."""
    return wiring.ticker(
        parts.settings,
        parts.settings.optional_secret,
        store=parts.store,
        vault=parts.vault,
        content=parts.content,
        targets=parts.targets,
        wake=parts.signals.notify,
    )
