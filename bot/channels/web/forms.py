"""Reading a posted form, with its size checked while it arrives."""

from __future__ import annotations

import asyncio
import hmac
import re
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.delivery import Choice

# The longest message a service may allow is 8,000 characters, and a form writes an emoji in 12 bytes.
LONGEST_BODY: Final = 100_000
_MOST_FIELDS: Final = 12
_ARRIVES_WITHIN_SECONDS: Final = 20.0
_MESSAGE_ID: Final = re.compile(r"[\w-]{1,32}", re.ASCII)
_FORM: Final = "application/x-www-form-urlencoded"


class BodyTooBig(Exception):
    """More was sent than any form of ours holds."""


class BodyTooSlow(Exception):
    """The rest of what was said to come did not come."""


class NotAForm(Exception):
    """What was sent is not a form of ours."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of the form; bytes that are no UTF-8 become U+FFFD. Raises `BodyTooBig`, `BodyTooSlow`, `NotAForm`."""
    try:
        async with asyncio.timeout(_ARRIVES_WITHIN_SECONDS):
            body = await _read_body(request)
    except TimeoutError:
        raise BodyTooSlow from None
    if body and request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        raise NotAForm
    try:
        return dict(
            parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        )
    except ValueError as error:
        raise NotAForm from error


async def _read_body(request: Request) -> bytes:
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > LONGEST_BODY:
        raise BodyTooBig
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise BodyTooBig
    return bytes(body)


def choice_in(form: dict[str, str]) -> Choice | None:
    """The reply button that was pressed: ``<message id>:<number>``; None when there was none."""
    message_id, separator, index = form.get("choice", "").rpartition(":")
    if not separator or not index.isascii() or not index.isdecimal() or len(index) > 2:
        return None
    if not _MESSAGE_ID.fullmatch(message_id):
        return None
    return Choice(message_id, int(index))


def delivery_id(form: dict[str, str], key: bytes) -> str | None:
    """One id for one sending of one message, so that a form that arrives twice is kept once.

    The words are part of it, keyed: a page that the browser brings back from its history holds an old id,
    and something new written there must not be dropped as a repetition.
    """
    given = form.get("delivery", "")
    if not given:
        return None
    said = "\x00".join((given, form.get("choice", ""), form.get("text", "")))
    return hmac.new(key, said.encode("utf-8", "replace"), sha256).hexdigest()
