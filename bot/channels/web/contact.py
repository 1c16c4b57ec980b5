"""A way to reach the person, shared by a form of its own: it never passes the journey, and Rasa never sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import structlog
from anyio import to_thread
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.web.access import session_of, session_required
from bot.channels.web.contact_values import NotUsable, checked, hint, is_blank
from bot.channels.web.forms import read_form
from bot.channels.web.pages import CHANNEL, PatientPages
from content.contact import ContactField
from privacy.text import WrittenText
from privacy.vault import CannotUnseal
from store import contact_details
from store.contact_details import ContactKind
from store.conversations import find_conversation
from store.models import ContactDetail, Conversation, Person

_log = structlog.get_logger()

_DONE: Final = ("shared", "taken_back")

Values = Mapping[ContactKind, str]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of the form, and what is said of what is shared already: never the value."""

    kind: str
    words: ContactField
    is_held: bool
    hint: str | None


class ContactPages(PatientPages):
    """``/contact``."""

    @session_required
    async def show(self, request: Request) -> Response:
        """``GET /contact``: what it is for, what is shared, and the form."""
        said = request.query_params.get("done")
        done = getattr(self.room.content.contact.done, said) if said in _DONE else None
        return await self._page(request, done=done)

    @session_required
    async def save(self, request: Request) -> Response:
        """``POST /contact``: share what was filled in, or take one thing back."""
        form = await read_form(request)
        if "take_back" in form:
            return await self._take_back(request, form["take_back"])
        typed = {kind: form.get(kind, "") for kind in ContactKind if not is_blank(form.get(kind, ""))}
        values, problems = _checked(typed)
        if not typed or problems:
            said = {kind: self._problem(problem) for kind, problem in problems.items()}
            nothing = None if typed else self._problem("nothing")
            return await self._page(request, 422, given=typed, problems=said, nothing=nothing)
        return await self._done(
            request, "shared", lambda session, person: self._share(session, person, values)
        )

    async def _take_back(self, request: Request, named: str) -> Response:
        if named not in {kind.value for kind in ContactKind}:
            return await self._page(request, 422, nothing=self._problem("nothing"))
        kind = ContactKind(named)
        return await self._done(
            request, "taken_back", lambda session, person: contact_details.remove(session, person, kind)
        )

    async def _done(
        self, request: Request, said: str, change: Callable[[Session, Person], object]
    ) -> Response:
        chat = await to_thread.run_sync(self._change, session_of(request).token, change)
        if chat is None:
            return self._no_chat(request)
        self.room.signals.notify(chat)
        response = RedirectResponse(f"/contact?done={said}", 303)
        self.sessions.keep(response, session_of(request))
        return response

    def _change(self, token: str, change: Callable[[Session, Person], object]) -> str | None:
        """Make the change for whoever has this session; the id of their chat, or None when it is over."""
        with self.room.store.begin() as session:
            chat = self._chat(session, token)
            if chat is None:
                return None
            change(session, chat.person)
            return chat.id

    def _share(self, session: Session, person: Person, values: Values) -> None:
        for kind, value in values.items():
            contact_details.share(session, self.room.vault, person, kind, value)

    async def _page(self, request: Request, status: int = 200, **context: object) -> Response:
        fields = await to_thread.run_sync(self._fields, session_of(request).token)
        if fields is None:
            return self._no_chat(request)
        response = self.html("contact.html", status, fields=fields, **context)
        response.headers["Cache-Control"] = "no-store"
        self.sessions.keep(response, session_of(request))
        return response

    def _fields(self, token: str) -> tuple[FieldView, ...] | None:
        with self.room.store.read() as session:
            chat = self._chat(session, token)
            if chat is None:
                return None
            held = contact_details.held(session, chat.person_id)
            return tuple(self._field(chat.person, kind, held.get(kind)) for kind in ContactKind)

    def _field(self, person: Person, kind: ContactKind, detail: ContactDetail | None) -> FieldView:
        shown = self._hint(person, kind, detail) if detail else None
        return FieldView(kind.value, getattr(self.room.content.contact.form, kind), detail is not None, shown)

    def _hint(self, person: Person, kind: ContactKind, detail: ContactDetail) -> str | None:
        """None when it does not open: the person can still take it back, or share it again."""
        try:
            return hint(kind, contact_details.opened(self.room.vault, person, detail))
        except CannotUnseal as error:
            _log.error("contact.not_opened", error=type(error).__name__)
            return None

    def _chat(self, session: Session, token: str) -> Conversation | None:
        return find_conversation(session, self.room.pseudonyms.of(CHANNEL, token))

    def _no_chat(self, request: Request) -> Response:
        return self.over(request, self.room.content.notices.session.ended.pick(), 403)

    def _problem(self, problem: str) -> WrittenText:
        sentence: WrittenText = getattr(self.room.content.contact.problems, problem)
        return sentence


def _checked(typed: Values) -> tuple[Values, Mapping[ContactKind, str]]:
    """What can be kept, and what is wrong with the rest."""
    values: dict[ContactKind, str] = {}
    problems: dict[ContactKind, str] = {}
    for kind, text in typed.items():
        try:
            values[kind] = checked(kind, text)
        except NotUsable as refused:
            problems[kind] = refused.problem
    return values, problems
