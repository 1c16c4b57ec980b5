"""The page on which a person finds everything that is held about them, and changes, saves or deletes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.web.access import session_of, session_required
from bot.channels.web.forms import read_form
from bot.channels.web.pages import CHANNEL, PatientPages
from bot.channels.web.receipt_pages import as_file, receipt_lines
from bot.channels.web.thread_view import CardView, urgent_card
from bot.corrections import CannotCorrect
from bot.my_data import Document
from bot.safety.screening import ResponseNeeded
from privacy.pseudonym import Pseudonym
from store.erasure import Receipt
from store.rights import find_person

T = TypeVar("T")

_DONE: Final = ("taken-back", "note", "cannot")


class MyDataPages(PatientPages):
    """Each endpoint is for the browser that holds the session, and for what is held about its person alone."""

    @session_required
    async def show(self, request: Request) -> Response:
        """``GET /my-data``: everything, to read and to print."""
        return await self._page(request)

    @session_required
    async def save(self, request: Request) -> Response:
        """``GET /my-data.json``: the same, as a file."""
        document = await self._document(request)
        if document is None:
            return self.over(request, self.room.content.notices.session.deleted.pick(), 403)
        return as_file(document, "my-data.json")

    @session_required
    async def correct(self, request: Request) -> Response:
        """``POST /my-data/message``: takes a message back, or adds a note to one that stays."""
        form = await read_form(request)
        message, note = form.get("message", ""), form.get("note")
        corrections = self.room.corrections
        try:
            if note is None:
                await self._alone(request, lambda person: corrections.take_back(person, message))
                await self.room.journey.steps.dialogue.forget_the_rest()
                return RedirectResponse("/my-data?done=taken-back", 303)
            noted = await self._alone(request, lambda person: corrections.note(person, message, note))
        except CannotCorrect:
            return RedirectResponse("/my-data?done=cannot", 303)
        if noted.response >= ResponseNeeded.ASK:
            return await self._page(request, "note", urgent_card(self.room.content))
        return RedirectResponse("/my-data?done=note", 303)

    @session_required
    async def counting(self, request: Request) -> Response:
        """``POST /my-data/counting``: counted in the statistics, or not, as the person chooses."""
        counted = (await read_form(request)).get("counted") == "yes"
        await self._alone(request, lambda person: self._count(person, counted))
        return RedirectResponse("/my-data#counting", 303)

    @session_required
    async def delete(self, request: Request) -> Response:
        """``POST /my-data/delete``: deletes it all, and shows the receipt."""
        done = await self._alone(request, self._erase)
        if done is None:
            return self.over(request, self.room.content.notices.session.deleted.pick(), 403)
        receipt, is_gone = done
        await to_thread.run_sync(self.room.store.leave_no_trace)
        await self.room.journey.steps.dialogue.forget_the_rest()
        response = self.html(
            "receipt.html", receipt=receipt, lines=receipt_lines(self.room, receipt), chat_goes_on=not is_gone
        )
        if is_gone:
            self.sessions.forget(response)
        return response

    async def _page(self, request: Request, done: str = "", card: CardView | None = None) -> Response:
        document = await self._document(request)
        if document is None:
            return self.over(request, self.room.content.notices.session.deleted.pick(), 403)
        asked = request.query_params.get("done", "")
        response = self.html(
            "my_data.html", mine=document, done=done or (asked if asked in _DONE else ""), card=card
        )
        self.sessions.keep(response, session_of(request))
        return response

    async def _alone(self, request: Request, do: Callable[[Pseudonym], T]) -> T:
        """Do something for the person of this browser, while no message of theirs is on its way."""
        return await self.room.journey.alone(CHANNEL, session_of(request).token, do)

    async def _document(self, request: Request) -> Document | None:
        return await self._alone(request, self._read)

    def _read(self, person: Pseudonym) -> Document | None:
        with self.room.store.read() as session:
            found = find_person(session, person)
            return None if found is None else self.room.my_data.document(session, found)

    def _count(self, person: Pseudonym, counted: bool) -> None:
        with self.room.store.begin() as session:
            found = find_person(session, person)
            if found is None:
                return
            if counted:
                found.shares_statistics = True
            else:
                self.room.journey.steps.tally.stop(session, found)

    def _erase(self, person: Pseudonym) -> tuple[Receipt, bool] | None:
        with self.room.store.begin() as session:
            found = find_person(session, person)
            if found is None:
                return None
            receipt = self.room.eraser.erase(session, found)
            return receipt, find_person(session, person) is None
