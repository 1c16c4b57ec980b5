"""The report as a service team meets it: on a desk and on a phone, for people with other senses, and on paper."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.app import STATIC
from harbour.ports import free_port
from reports.room import routes
from store.session import Store
from tests.browser.test_inbox_handover import FLAGS, barriers
from tests.reports.test_report_page import fill, room, store
from tests.store.test_response_times import raise_some

__all__ = ["store"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def report(store: Store) -> Iterator[str]:
    """The address of a report with something known, something changed, and something that cannot be told."""
    fill(store, "topic", [1] * 700 + [2] * 300 + [3, 4, 5, 6, 7, 0] * 100, "2026-Q2")
    fill(store, "topic", [1] * 400 + [2] * 700 + [3, 4, 5, 6, 7, 0] * 100, "2026-Q3")
    fill(store, "mood", [2, 3, 5, 5, 6, 8, 11] * 180, "2026-Q2")
    fill(store, "mood", [2, 3, 5, 5, 6, 8, 11] * 180, "2026-Q3")
    fill(store, "time_of_day", [0, 1, 2, 3] * 9, "2026-Q3")
    raise_some(store, "respond_now", [3] * 41 + [30] * 9)
    raise_some(store, "respond_today", [30, 300, None] * 4)
    port = free_port()
    app = Starlette(routes=[*routes(room(store)), Mount("/assets", StaticFiles(directory=STATIC))])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/report?period=2026-Q3"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


def looked_at(chrome: Browser, address: str, width: int, picture: Path) -> Page:
    page = chrome.new_context(viewport={"width": width, "height": 900}, bypass_csp=True).new_page()
    page.goto(address)
    page.screenshot(path=picture, full_page=True)
    return page


def is_wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_it_can_be_read_on_a_desk_on_a_phone_and_on_paper(
    report: str, chrome: Browser, pictures: Path
) -> None:
    for name, width in (("report", 1280), ("report-phone", 360)):
        page = looked_at(chrome, report, width, pictures / f"{name}.png")
        assert barriers(page) == []
        assert not is_wider_than_the_screen(page)
        assert page.get_by_role("heading", name="In short").is_visible()
        assert page.get_by_text("More people talked mostly about sleep").first.is_visible()
    page = looked_at(chrome, report, 800, pictures / "report-screen.png")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").first.is_visible()
    assert page.get_by_text("Download the numbers").is_hidden()
    paper = page.pdf(path=pictures / "report.pdf", format="A4")
    assert paper.startswith(b"%PDF")
