"""Rendering staff pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse

from clinic.web import words
from clinic.web.access import form_token
from clinic.web.cookies import set_form_token
from clinic.web.room import ClinicRoom
from store.models import Role

ROOMS: Final = (
    ("/inbox", "Inbox", frozenset({Role.CLINICIAN.value, Role.SUPERVISOR.value})),
    ("/report", "Report", frozenset({Role.SERVICE_TEAM.value})),
    ("/team", "Team", frozenset({Role.ADMIN.value, Role.SUPERVISOR.value})),
    ("/audit", "Audit", frozenset({Role.AUDITOR.value})),
)
"""Where staff may go, and with which roles."""

TEMPLATES: Final = Path(__file__).parent / "templates"
"""The folder that holds ``staff_base.html``, which every staff page extends."""


def environment(*folders: Path) -> Environment:
    """Templates from `folders`, then the clinic's, then NHS.UK frontend's. Everything is escaped."""
    # NHS.UK frontend's macros chain through parameters that were not given, hence ChainableUndefined.
    made = Environment(
        loader=ChoiceLoader(
            [
                *(FileSystemLoader(folder) for folder in (*folders, TEMPLATES)),
                PackageLoader("nhsuk_frontend_jinja"),
            ]
        ),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clock_time"] = words.clock_time
    return made


def shell(request: Request) -> dict[str, Any]:
    """What ``staff_base.html`` needs: the service's name, who is signed in, and where they may go."""
    visit = getattr(request.state, "visit", None)
    return {
        "service_name": request.state.service_name,
        "visit": visit,
        "csrf": visit.csrf_token if visit else form_token(request),
        "rooms": [(path, name) for path, name, roles in ROOMS if visit and visit.may(roles)],
        "path": request.url.path,
    }


class Pages:
    """Renders the clinic's templates."""

    def __init__(self, room: ClinicRoom) -> None:
        self._room = room
        self._templates = environment()

    def render(self, request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A page for somebody who is signed in, or a fragment of one."""
        html = self._templates.get_template(template).render(**shell(request), **context)
        return HTMLResponse(html, status)

    def render_public(
        self, request: Request, template: str, *, status: int = 200, **context: Any
    ) -> HTMLResponse:
        """A page whose form may be sent before anybody has signed in."""
        response = self.render(request, template, status=status, **context)
        set_form_token(response, form_token(request), secure=self._room.secure_cookies)
        return response
