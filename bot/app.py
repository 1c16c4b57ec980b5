"""The composition root: three listeners, and which room is mounted on which.

    patients   the public one: the web chat
    staff      the clinic and the report: a Trust's own network
    internal   Rasa's actions and health checks: loopback or a private network

A route belongs to exactly one of them; tests/rules/test_routes.py holds that, and that each is guarded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount

from bot.channels.web.room import WebRoom, application
from bot.parts import Parts
from bot.servers import Served
from bot.settings import Settings
from clinic.web.access import require
from clinic.web.app import PublicFiles, staff_app
from clinic.web.pages import TEMPLATES, shell
from clinic.web.room import ClinicRoom
from privacy.text import RedactedText
from reports.room import ReportRoom
from reports.room import routes as report_routes
from store.models import Role

STATIC = Path(__file__).resolve().parent.parent / "build" / "static"

ROLES = ("all", "patients", "staff")
"""What one process may serve; the internal listener always comes with the patients' one."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """The three applications."""

    patients: Starlette
    staff: Starlette
    internal: Starlette


def listeners(parts: Parts) -> Listeners:
    """Mount every room on its listener."""
    return Listeners(
        patients=application(_web_room(parts)),
        staff=staff_app(
            _clinic_room(parts),
            also=[*report_routes(_report_room(parts)), Mount("/assets", PublicFiles(directory=STATIC))],
        ),
        internal=Starlette(routes=parts.internal.routes()),
    )


def served(settings: Settings, rooms: Listeners, role: str = "all") -> list[Served]:
    """Where each listener of a role listens. Raises `ValueError` for an unknown role."""
    if role not in ROLES:
        raise ValueError(f"There is no role {role!r}; choose one of {', '.join(ROLES)}.")
    proxies = settings.trusted_proxies
    patients = Served(rooms.patients, settings.patients_host, settings.patients_port, proxies)
    staff = Served(rooms.staff, settings.staff_host, settings.staff_port, proxies)
    internal = Served(rooms.internal, settings.internal_host, settings.internal_port, private=True)
    return {"all": [patients, staff, internal], "patients": [patients, internal], "staff": [staff]}[role]


def _web_room(parts: Parts) -> WebRoom:
    return WebRoom(
        journey=parts.journey,
        store=parts.store,
        vault=parts.vault,
        content=parts.content,
        signals=parts.signals,
        pseudonyms=parts.pseudonyms,
        session_key=parts.settings.secret("session"),
        service_name=parts.settings.service_name,
        secure_cookies=parts.settings.secure_cookies,
        static_folder=STATIC,
        eraser=parts.eraser,
        corrections=parts.corrections,
        my_data=parts.my_data,
    )


def _clinic_room(parts: Parts) -> ClinicRoom:
    def redact(text: str) -> RedactedText:
        return parts.redactor.redact(text).text

    return ClinicRoom(
        store=parts.store,
        vault=parts.vault,
        content=parts.content,
        signals=parts.signals,
        targets=parts.targets,
        redact=redact,
        service_name=parts.settings.service_name,
        secure_cookies=parts.settings.secure_cookies,
        patience=timedelta(minutes=parts.settings.handover_quiet_minutes),
    )


def _report_room(parts: Parts) -> ReportRoom:
    return ReportRoom(
        store=parts.store,
        statistics=parts.statistics,
        require=require(Role.SERVICE_TEAM.value),
        shell=shell,
        templates=TEMPLATES,
        targets={response: parts.targets.for_response(response) for response in parts.targets.minutes},
    )
