"""Times and labels as staff read them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from clinic.escalations import OUTCOMES
from clinic.reveal import REASONS
from store.models import ServiceAlert, now

_HERE: Final = ZoneInfo("Europe/London")

RESPONSES: Final = {
    "respond_now": "Respond now",
    "respond_today": "Respond today",
    "ask": "Follow up",
}
"""The response needed, as a label: a promise of speed, never a grade of the person."""

HOW_OFTEN: Final = ("Not at all", "Several days", "More than half the days", "Nearly every day")
"""The PHQ-9's answers, 0 to 3."""

CHANNELS: Final = {"web": "Web chat", "sms": "Text message", "voice": "Phone call"}

CONTACT_KINDS: Final = {"name": "Name", "phone": "Phone number", "email": "Email address"}

ROLES: Final = {
    "clinician": "Answers patients",
    "supervisor": "Supervises: reads the inbox, passes on, sets who is on call",
    "service_team": "Reads the report",
    "admin": "Looks after accounts",
    "auditor": "Reads the audit log",
}
"""What each role may do, as staff read it."""

_ALERTS: Final = {
    "engine_unavailable": "The bot has not been answering patients",
    "route_failed_sms": "Text messages to staff have not been going out",
    "route_failed_email": "Emails to staff have not been going out",
    "route_failed_webhook": "The webhook for staff has not been answering",
    "nobody_told": "Staff could not be told that somebody is waiting",
}


def clock_time(at: datetime) -> str:
    """A moment on the wall clock: "10:32" today, "3 Nov, 10:32" before."""
    local = at.astimezone(_HERE)
    if local.date() == now().astimezone(_HERE).date():
        return f"{local:%H:%M}"
    return f"{local.day} {local:%b}, {local:%H:%M}"


def span(time: timedelta) -> str:
    """A stretch of time in words, never longer than it is: "7 minutes", "1 hour 20 minutes", "2 days"."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _joined(counted(days, "day"), counted(hours, "hour"))
    if hours:
        return _joined(counted(hours, "hour"), counted(rest, "minute"))
    return counted(rest, "minute")


def counted(number: int, thing: str) -> str:
    """ "1 message", "2 messages", and nothing at all for 0."""
    if number == 0:
        return ""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def event(what: str) -> str:
    """A line of an escalation's history."""
    step, _, detail = what.partition(": ")
    said = OUTCOMES.get(detail) or REASONS.get(detail) or RESPONSES.get(detail) or detail
    return f"{step.capitalize()}: {said}" if said else step.capitalize()


_CONSEQUENCES: Final = {
    "engine_unavailable": "Patients still get the helplines, and messages about danger still reach this inbox.",
    "nobody_told": "Whoever runs this service must set up a way to tell staff, or mend it.",
}
_NEXT_ROUTE: Final = "The next way was tried instead. Whoever runs this service must mend it."


def alert_consequence(alert: ServiceAlert) -> str:
    """What that means for patients and staff."""
    return _CONSEQUENCES.get(alert.kind, _NEXT_ROUTE if alert.kind.startswith("route_failed") else "")


def alert(alert: ServiceAlert) -> str:
    """What is wrong with the service, and since when."""
    what = _ALERTS.get(alert.kind) or f"Something is wrong: {alert.kind.replace('_', ' ')}"
    return f"{what} since {clock_time(alert.first_at)}."


def _joined(first: str, second: str) -> str:
    return f"{first} {second}".strip()
