"""The patients' web chat: its routes, what stands around them, and what is said when one fails."""

from __future__ import annotations

from typing import ClassVar, Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.channels.web.access import Access
from bot.channels.web.chat import ChatPages
from bot.channels.web.contact import ContactPages
from bot.channels.web.errors import ErrorPages
from bot.channels.web.headers import SecurityHeaders
from bot.channels.web.my_data_pages import MyDataPages
from bot.channels.web.pages import AroundTheChat
from bot.channels.web.receipt_pages import ReceiptPages
from bot.channels.web.room_parts import WebRoom
from bot.channels.web.stream import LivePages

_FOR_GOOD: Final = "public, max-age=31536000, immutable"


def application(room: WebRoom) -> Starlette:
    """Everything that the patients' listener serves for the web chat."""
    return Starlette(
        routes=routes(room),
        middleware=[Middleware(SecurityHeaders, secure=room.secure_cookies)],
        exception_handlers=ErrorPages(room).handlers(),
    )


def routes(room: WebRoom) -> list[BaseRoute]:
    """The chat's routes. Each endpoint's ``access`` says who may open it."""
    around, chat, live = AroundTheChat(room), ChatPages(room), LivePages(room)
    contact = ContactPages(room)
    own, receipts = MyDataPages(room), ReceiptPages(room)
    return [
        Route("/", around.before, methods=["GET"]),
        Route("/start", around.start, methods=["POST"]),
        Route("/chat", chat.show, methods=["GET"]),
        Route("/chat", chat.send, methods=["POST"]),
        Route("/chat/stream", live.stream, methods=["GET"]),
        Route("/contact", contact.show, methods=["GET"]),
        Route("/contact", contact.save, methods=["POST"]),
        Route("/end", around.end, methods=["POST"]),
        Route("/leave", around.leave, methods=["POST"]),
        Route("/help", around.help, methods=["GET"]),
        Route("/privacy", around.privacy, methods=["GET"]),
        Route("/my-data", own.show, methods=["GET"]),
        Route("/my-data.json", own.save, methods=["GET"]),
        Route("/my-data/message", own.correct, methods=["POST"]),
        Route("/my-data/counting", own.counting, methods=["POST"]),
        Route("/my-data/delete", own.delete, methods=["POST"]),
        Route("/receipt/{code}.json", receipts.save, methods=["GET"]),
        Route("/receipt/{code}", receipts.show, methods=["GET"]),
        Mount("/static", GZipMiddleware(BuiltFiles(directory=room.static_folder, check_dir=False))),
    ]


class BuiltFiles(StaticFiles):
    """Built styles and scripts. An address that holds the file's hash need never be asked for twice."""

    access: ClassVar[Access] = Access("Styles and scripts, the same for everybody; no data.")

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        response = await super().get_response(path, scope)
        hashed = scope.get("query_string", b"").startswith(b"v=")
        response.headers["Cache-Control"] = _FOR_GOOD if hashed else "no-cache"
        return response


__all__ = ["WebRoom", "application", "routes"]
