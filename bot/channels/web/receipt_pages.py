"""The receipt of an erasure: it names nobody, and whoever has its code may look at it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.access import public
from bot.channels.web.pages import PatientPages
from bot.channels.web.room_parts import WebRoom
from content.receipts import receipt_in_words
from privacy.text import WrittenText
from store.erasure import Receipt, find_receipt
from store.tombstones import RECEIPT

SCHEMA = "harbour.erasure-receipt/1"


class ReceiptPages(PatientPages):
    """A receipt to read, and to save."""

    @public(
        "Whoever was erased has no session any more. The code cannot be guessed, and the receipt names nobody."
    )
    async def show(self, request: Request) -> Response:
        """``GET /receipt/{code}``: what was deleted, and what stays and why."""
        receipt = await self._found(request)
        if receipt is None:
            return self._none(request)
        return self.html("receipt.html", receipt=receipt, lines=receipt_lines(self.room, receipt))

    @public("As above: the same receipt, as a file.")
    async def save(self, request: Request) -> Response:
        """``GET /receipt/{code}.json``: the same, as a file."""
        receipt = await self._found(request)
        if receipt is None:
            return self._none(request)
        lines = [str(line) for line in receipt_lines(self.room, receipt)]
        document = {"schema": SCHEMA, **asdict(receipt), "at": receipt.at.isoformat(), "words": lines}
        return as_file(document, f"receipt-{receipt.code}.json")

    async def _found(self, request: Request) -> Receipt | None:
        code = request.path_params["code"]
        return await to_thread.run_sync(self._read, code) if RECEIPT.fullmatch(code) else None

    def _read(self, code: str) -> Receipt | None:
        with self.room.store.read() as session:
            return find_receipt(session, code)

    def _none(self, request: Request) -> Response:
        return self.stopped(
            request, self.words.stopped.not_found_title, self.room.content.my_data.receipt.not_found, 404
        )


def receipt_lines(room: WebRoom, receipt: Receipt) -> Sequence[WrittenText]:
    """What a receipt says, in words."""
    return receipt_in_words(
        room.content.rights, receipt.code, receipt.at, receipt.erased, receipt.kept, room.my_data.periods
    )


def as_file(document: object, name: str) -> Response:
    """A document as JSON that the browser saves and keeps no other copy of."""
    return Response(
        json.dumps(document, indent=2, ensure_ascii=False),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
