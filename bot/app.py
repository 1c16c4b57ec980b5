"""The composition root: three listeners, and which room is mounted on which.

    patients   the public one: the web chat
    staff      the clinic and the report: a Trust's own network
    internal   Rasa's actions and health checks: loopback or a private network

A route belongs to exactly one of them; tests/rules/test_routes.py holds that, and that each is guarded.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.channels.web.headers import SecurityHeaders
from bot.channels.web.room import WebRoom
from bot.channels.web.room import routes as web_routes
from bot.parts import Parts
from clinic.web.room import ClinicRoom
from clinic.web.room import routes as clinic_routes
from reports.room import ReportRoom
from reports.room import routes as report_routes

ASSETS = Path(__file__).resolve().parent.parent / "build" / "static"


@dataclass(frozen=True, slots=True)
class Listeners:
    """The three applications."""

    patients: Starlette
    staff: Starlette
    internal: Starlette
