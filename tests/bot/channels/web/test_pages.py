"""The pages around the chat."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.channels.web.access import Access
from bot.channels.web.headers import AWAY
from bot.channels.web.room import WebRoom, application, routes
from store.session import Store

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
Serve = Callable[[ASGIApp], str]
PUBLIC = ["/", "/help", "/privacy"]


def test_looking_sets_no_cookie_and_keeps_nobody(browser: httpx.Client) -> None:
    answer = browser.get("/")
    assert "set-cookie" not in answer.headers
    assert "not an emergency service" in answer.text


def test_the_notice_comes_with_both_ways_to_start(browser: httpx.Client, room: WebRoom) -> None:
    page = browser.get("/").text
    notice = room.content.notices.first_notice
    for sentence in (
        notice.bot,
        notice.kept,
        notice.statistics,
        notice.start,
        notice.start_without_statistics,
    ):
        assert sentence.replace("'", "&#39;") in page


@pytest.mark.parametrize("path", [*PUBLIC, "/nowhere"])
def test_every_page_offers_help_and_a_way_out(browser: httpx.Client, path: str) -> None:
    page = browser.get(path).text
    assert 'href="/help"' in page
    assert 'action="/leave"' in page
    assert 'href="tel:999"' in page


def test_help_lists_every_helpline_with_links(browser: httpx.Client, room: WebRoom) -> None:
    page = browser.get("/help").text
    for helpline in room.content.helplines.listed():
        for contact in helpline.contacts:
            assert contact.link.replace("&", "&amp;") in page


def test_help_needs_no_database(room: WebRoom, serve: Serve) -> None:
    without = replace(room, store=Store("sqlite:////nowhere/at/all.db"))
    answer = httpx.get(f"{serve(application(without))}/help", verify=NO_TLS)
    assert answer.status_code == 200
    assert "private" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", [*PUBLIC, "/nowhere", "/chat/stream"])
def test_security_headers_are_on_every_answer(browser: httpx.Client, path: str) -> None:
    headers = browser.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", PUBLIC)
def test_no_page_holds_inline_scripts_styles_or_anything_from_elsewhere(
    browser: httpx.Client, path: str
) -> None:
    page = browser.get(path).text
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page)
    for address in re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]+)"', page):
        assert urlsplit(address).netloc == ""


def test_pages_are_not_kept_by_caches(chatting: httpx.Client) -> None:
    assert chatting.get("/chat").headers["cache-control"] == "no-store"


def test_leaving_clears_the_browser_and_ends_the_chat(chatting: httpx.Client) -> None:
    answer = chatting.post("/leave")
    assert answer.headers["location"] == AWAY
    assert '"cookies"' in answer.headers["clear-site-data"]
    assert not chatting.cookies
    assert chatting.get("/chat").headers["location"] == "/"


def test_leaving_works_without_a_chat(browser: httpx.Client) -> None:
    assert browser.post("/leave").status_code == 303
    assert browser.post("/leave", headers={"Accept": "application/json"}).status_code == 204


def test_ending_says_so_and_offers_a_new_chat(chatting: httpx.Client) -> None:
    answer = chatting.post("/end")
    assert "This chat has ended" in answer.text
    assert "Start again" in answer.text
    assert not chatting.cookies


def test_a_page_that_is_not_there_says_so_kindly(browser: httpx.Client) -> None:
    answer = browser.get("/admin.php")
    assert answer.status_code == 404
    assert "There is nothing on this page" in answer.text


def test_an_error_of_ours_shows_helplines_and_no_traceback(room: WebRoom, serve: Serve) -> None:
    async def broken(_request: object) -> None:
        raise RuntimeError("the words of a patient")

    app = application(room)
    app.router.routes.insert(0, Route("/broken", broken))
    answer = httpx.get(f"{serve(app)}/broken", verify=NO_TLS)
    assert answer.status_code == 500
    assert "the words of a patient" not in answer.text
    assert "It is our fault" in answer.text
    assert 'href="tel:999"' in answer.text
    assert "content-security-policy" in answer.headers


def test_every_route_needs_a_session_or_says_why_it_is_public(room: WebRoom) -> None:
    needs_session = set()
    for route in routes(room):
        if isinstance(route, Route):
            access = getattr(route.endpoint, "access")  # noqa: B009 - a function's own attribute
            assert isinstance(access, Access)
            needs_session |= set() if access.is_public else {route.path}
    own = {"/my-data", "/my-data.json", "/my-data/message", "/my-data/counting", "/my-data/delete"}
    assert needs_session == {"/chat", "/chat/stream", "/contact", "/end"} | own
