"""Puts the clinic's clock together from the settings."""

# ruff: noqa: D102 - bot.clinic_settings says what each setting is for

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Protocol

from clinic.alarms import Alarms
from clinic.clock import ResponseTargets
from clinic.notify.email import EmailRoute, Security
from clinic.notify.govuk import GovukRoute
from clinic.notify.notices import Notices
from clinic.notify.route import Route
from clinic.notify.twilio import TwilioRoute
from clinic.notify.webhook import WebhookRoute
from clinic.silence import Silence
from clinic.ticking import Ticker
from content import Content
from privacy.vault import Vault
from store.courier import Courier
from store.outbox import Topic
from store.session import Store
from store.timers import TimerKind

Secret = Callable[[str], bytes]
"""A secret by its name; empty when there is none."""


class ClinicSettings(Protocol):
    """What the clock needs to be told; `bot.clinic_settings` says what each is for."""

    @property
    def ask_again_now_minutes(self) -> int: ...
    @property
    def ask_again_today_minutes(self) -> int: ...
    @property
    def handover_quiet_minutes(self) -> int: ...
    @property
    def staff_url(self) -> str: ...
    @property
    def staff_host(self) -> str: ...
    @property
    def staff_port(self) -> int: ...
    @property
    def notify_routes(self) -> str: ...
    @property
    def notify_email(self) -> str: ...
    @property
    def smtp_host(self) -> str: ...
    @property
    def smtp_port(self) -> int: ...
    @property
    def smtp_security(self) -> Security: ...
    @property
    def smtp_user(self) -> str: ...
    @property
    def smtp_sender(self) -> str: ...
    @property
    def sms_provider(self) -> str: ...
    @property
    def govuk_url(self) -> str: ...
    @property
    def govuk_template(self) -> str: ...
    @property
    def twilio_url(self) -> str: ...
    @property
    def twilio_account(self) -> str: ...
    @property
    def twilio_sender(self) -> str: ...
    @property
    def webhook_url(self) -> str: ...


def ticker(
    settings: ClinicSettings,
    secret: Secret,
    *,
    store: Store,
    vault: Vault,
    content: Content,
    targets: ResponseTargets,
    wake: Callable[[str], None],
) -> Ticker:
    """The clock: who is asked next, who has gone quiet, and what must be sent."""
    again = {
        "respond_now": settings.ask_again_now_minutes,
        "respond_today": settings.ask_again_today_minutes,
        "ask": settings.ask_again_today_minutes,
    }
    silence = Silence(content, targets, timedelta(minutes=settings.handover_quiet_minutes))
    notices = Notices(store, vault, routes(settings, secret), inbox_link(settings), settings.notify_email)
    return Ticker(
        store,
        {TimerKind.ASK_NEXT: Alarms(targets, again).ask_next, TimerKind.HANDOVER_QUIET: silence.look},
        Courier(store, {Topic.STAFF_NOTICE: notices.carry}, after_end=notices.after_end),
        wake,
    )


def inbox_link(settings: ClinicSettings) -> str:
    """The link in a notice: the inbox, and nobody in it."""
    base = settings.staff_url or f"http://{settings.staff_host}:{settings.staff_port}"
    return f"{base.rstrip('/')}/inbox"


def routes(settings: ClinicSettings, secret: Secret) -> list[Route]:
    """The ways that are set up, in the order in which they are tried."""
    found = {route.name: route for route in _set_up(settings, secret)}
    wanted = [name.strip() for name in settings.notify_routes.split(",")]
    return [found[name] for name in wanted if name in found]


def _set_up(settings: ClinicSettings, secret: Secret) -> Iterable[Route]:
    if settings.sms_provider == "govuk":
        yield GovukRoute(settings.govuk_url, settings.govuk_template, secret("notify_key").decode())
    if settings.sms_provider == "twilio":
        token = secret("twilio_token").decode()
        yield TwilioRoute(settings.twilio_url, settings.twilio_account, settings.twilio_sender, token)
    if settings.smtp_host:
        password = secret("smtp_password").decode()
        server = settings.smtp_host, settings.smtp_port, settings.smtp_sender
        yield EmailRoute(*server, settings.smtp_security, settings.smtp_user, password)
    if settings.webhook_url:
        yield WebhookRoute(settings.webhook_url, secret("webhook_key"))
