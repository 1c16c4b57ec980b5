"""The staff listener's application: the clinic's routes, and those of a room that shares the listener."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from clinic.web.access import Access
from clinic.web.audit_pages import AuditPages
from clinic.web.contact_pages import ContactPages
from clinic.web.inbox_pages import InboxPages
from clinic.web.live import Live
from clinic.web.middleware import HEADERS, KnowsStaff, SafeHeaders
from clinic.web.pages import Pages
from clinic.web.person_pages import PersonPages
from clinic.web.room import ClinicRoom
from clinic.web.set_up_pages import SetUpPages
from clinic.web.sign_in_pages import SignInPages
from clinic.web.steps import Steps
from clinic.web.team_pages import TeamPages

_SCRIPTS: Final = Path(__file__).parent / "static"
_LONGEST_FORM_BYTES: Final = 64 * 1024
_HEADINGS: Final = {401: "Sign in", 403: "You cannot do this", 404: "Page not found", 413: "That is too long"}


class PublicFiles(StaticFiles):
    """Files that anybody may read."""

    access: ClassVar[Access] = Access.public("Scripts and styles, the same for everybody; no data.")

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; browsers ask each time whether theirs is still the newest."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def routes(room: ClinicRoom) -> list[BaseRoute]:
    """Every route of the clinic. They need the middleware and the handlers of `staff_app` around them."""
    pages = Pages(room)
    inbox = InboxPages(room, pages)
    person = PersonPages(room, pages, inbox)
    return [
        *_door_routes(room, pages),
        Route("/inbox", inbox.inbox),
        Route("/inbox/list", inbox.list_fragment),
        Route("/inbox/closed", inbox.closed),
        Route("/inbox/stream", Live(room).stream),
        Route("/inbox/{escalation}", inbox.thread),
        Route("/inbox/{escalation}/fragment", inbox.thread_fragment),
        Route("/inbox/closed/mine.csv", person.own_outcomes),
        Route("/inbox/{escalation}/summary", person.summary),
        Route("/inbox/{escalation}/fhir", person.fhir),
        *_step_routes(Steps(room, inbox)),
        _form("/inbox/{escalation}/reveal", ContactPages(room, inbox).reveal),
        *_team_routes(TeamPages(room, pages)),
        Route("/audit", AuditPages(room, pages).log),
        Mount("/clinic/static", PublicFiles(directory=_SCRIPTS), name="clinic-static"),
    ]


def staff_app(
    room: ClinicRoom, *, also: Sequence[BaseRoute] = (), lifespan: Callable[[Starlette], Any] | None = None
) -> Starlette:
    """The whole application for staff; `also` holds the routes of rooms on the same listener."""
    pages = Pages(room)
    return Starlette(
        routes=[*routes(room), *also],
        middleware=[
            Middleware(SafeHeaders, secure=room.secure_cookies),
            Middleware(KnowsStaff, room=room),
        ],
        exception_handlers=_handlers(pages),
        lifespan=lifespan,
    )


def _door_routes(room: ClinicRoom, pages: Pages) -> list[BaseRoute]:
    door, set_up = SignInPages(room, pages), SetUpPages(room, pages)
    return [
        Route("/", door.home),
        Route("/sign-in", door.form),
        _form("/sign-in", door.sign_in),
        _form("/sign-out", door.sign_out),
        Route("/set-up/{token}", set_up.form),
        _form("/set-up/{token}", set_up.details),
        _form("/set-up/{token}/code", set_up.code),
    ]


def _team_routes(team: TeamPages) -> list[BaseRoute]:
    return [
        Route("/team", team.team),
        _form("/team/invite", team.invite),
        _form("/team/{staff}/roles", team.set_roles),
        _form("/team/{staff}/switch-off", team.switch_off),
        _form("/team/{staff}/on-call", team.put_on_call),
        _form("/team/{staff}/move-up", team.move_up),
        _form("/team/{staff}/off-call", team.off_call),
    ]


def _step_routes(steps: Steps) -> list[BaseRoute]:
    return [
        _form("/inbox/{escalation}/acknowledge", steps.acknowledge),
        _form("/inbox/{escalation}/take-over", steps.take_over),
        _form("/inbox/{escalation}/reply", steps.reply),
        _form("/inbox/{escalation}/hand-back", steps.hand_back),
        _form("/inbox/{escalation}/close", steps.close),
        _form("/inbox/{escalation}/transfer", steps.transfer),
        _form("/inbox/{escalation}/release", steps.release),
        _form("/inbox/{escalation}/note", steps.note),
        _form("/alerts/{alert}/clear", steps.clear_alert),
    ]


def _form(path: str, endpoint: Callable[..., Any]) -> Route:
    return Route(path, endpoint, methods=["POST"], max_body_size=_LONGEST_FORM_BYTES)


def _handlers(pages: Pages) -> Mapping[Any, Callable[[Request, Any], Response]]:
    def refused(request: Request, error: HTTPException) -> Response:
        heading = _HEADINGS.get(error.status_code, "This did not work")
        return pages.render_public(
            request, "message.html", status=error.status_code, heading=heading, sentence=error.detail
        )

    def database_busy(request: Request, _error: OperationalError) -> Response:
        sentence = "The database is busy, so nothing was changed. Go back and try again in a few seconds."
        return pages.render_public(
            request, "message.html", status=503, heading="Try again", sentence=sentence
        )

    def broken(request: Request, _error: Exception) -> Response:
        sentence = (
            "Something went wrong on our side. If a patient is waiting, use your service's other routes."
        )
        response = pages.render_public(
            request, "message.html", status=500, heading="Something went wrong", sentence=sentence
        )
        # This answer is made outside the middleware that dresses every other one.
        response.headers.update({**HEADERS, "Cache-Control": "no-store"})
        return response

    return {HTTPException: refused, OperationalError: database_busy, Exception: broken}
