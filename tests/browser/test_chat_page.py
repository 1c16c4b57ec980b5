"""The chat as a person meets it: in a real browser, on a small phone, with and without a script or a signal."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AWAY = "https://www.bbc.co.uk/weather"
LARGEST_FIRST_LOAD = 150_000
# The background flags keep the browser itself from calling its makers, which a closed network refuses.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the console complained about, and every address of another origin that was asked for."""
    return []


@pytest.fixture
def visit(running_harbour: Any, chrome: Browser, complaints: list[str]) -> Iterator[Visit]:
    """Open the chat's first page: ``visit(color_scheme="dark")``. The screen is a small phone's."""
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = chrome.new_context(viewport={"width": 360, "height": 740}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        origin = running_harbour.chat_url.rstrip("/")
        page.on(
            "request",
            lambda sent: None if sent.url.startswith((origin, "data:")) else complaints.append(sent.url),
        )
        page.goto(running_harbour.chat_url)
        return page

    yield open_page
    for context in contexts:
        context.close()


def start(page: Page) -> Page:
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/chat")
    return page


def say(page: Page, words: str) -> None:
    page.get_by_label("Write a message").fill(words)
    page.keyboard.press("Enter")


def replies(page: Page) -> Any:
    return page.locator('.hb-message[data-kind="bot"]')


def barriers(page: Page) -> Any:
    """What axe finds in the way of people who use the page with other senses or other hands."""
    page.evaluate(f"{AXE.read_text(encoding='utf-8')}; true")
    return page.evaluate(
        "async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html)])"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_of_the_page_is_accessible(visit: Visit, complaints: list[str], scheme: str) -> None:
    page = visit(color_scheme=scheme, bypass_csp=True)
    assert barriers(page) == []
    start(page)
    say(page, "hello, my name is Priya Sharma")
    expect(replies(page)).not_to_have_count(1)
    assert barriers(page) == []
    say(page, "i've taken all my tablets")
    expect(page.locator(".hb-crisis")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="Get help now").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Close").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert complaints == []


def test_danger_puts_the_number_in_sight(visit: Visit, pictures: Path) -> None:
    page = start(visit())
    say(page, "i've taken all my tablets")
    call = page.locator(".hb-crisis").get_by_role("link", name="Call 999")
    expect(call).to_be_in_viewport()
    assert call.get_attribute("href") == "tel:999"
    box = call.bounding_box()
    assert box
    assert box["height"] >= 44
    page.screenshot(path=pictures / "chat.png")


def test_ones_own_words_stay_until_the_page_is_opened_again(visit: Visit) -> None:
    page = start(visit())
    say(page, "my name is Priya Sharma")
    own = page.locator('.hb-message[data-kind="you"]')
    expect(own.locator("details")).to_be_attached()
    expect(own.locator(".hb-message__text")).to_have_text("my name is Priya Sharma")
    own.locator("summary").click()
    expect(own.locator(".hb-kept__text")).to_contain_text("<PERSON_1>")
    page.reload()
    expect(own.locator(".hb-message__text")).to_contain_text("<PERSON_1>")


def test_it_works_without_a_script(visit: Visit) -> None:
    page = start(visit(java_script_enabled=False))
    page.get_by_label("Write a message").fill("i've taken all my tablets")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".hb-crisis").get_by_role("link", name="Call 999")).to_be_visible()
    page.get_by_label("Write a message").fill("half written")
    page.get_by_role("button", name="See new messages").click()
    expect(page.get_by_label("Write a message")).to_have_value("half written")
    page.get_by_role("link", name="Get help now").click()
    expect(page.get_by_role("heading", name="Get help now")).to_be_visible()
    page.get_by_role("link", name="Go back to the chat").click()
    page.get_by_role("button", name="End this chat").click()
    expect(page.get_by_role("heading", name="This chat is closed")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_for_a_way_to_be_reached_is_accessible(
    visit: Visit, complaints: list[str], scheme: str
) -> None:
    page = start(visit(color_scheme=scheme, bypass_csp=True))
    page.get_by_role("link", name="Let us reach you").click()
    assert barriers(page) == []
    page.get_by_label("Phone number").fill("12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="We could not read that as a phone number")).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("Phone number").fill("020 7946 0958")
    page.keyboard.press("Enter")
    page.get_by_text("Change the number").click()
    expect(page.get_by_label("A new phone number")).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # the browser itself says that the slip was answered with 422
    assert [said for said in complaints if "422" not in said] == []


def test_a_way_to_be_reached_is_shared_changed_and_taken_back_without_a_script(visit: Visit) -> None:
    page = start(visit(java_script_enabled=False))
    page.get_by_role("link", name="Let us reach you").click()
    page.get_by_label("Phone number").fill("020 7946 0958")
    page.get_by_role("button", name="Share this").click()
    expect(page.get_by_text("You share a number that ends in 58")).to_be_visible()
    page.get_by_text("Change the number").click()
    page.get_by_label("A new phone number").fill("029 2018 0018")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You share a number that ends in 18")).to_be_visible()
    assert "7946" not in page.content()
    page.get_by_role("button", name="Take the number back").click()
    expect(page.get_by_role("status")).to_contain_text("It is gone.")
    expect(page.get_by_label("Phone number")).to_be_visible()
    page.get_by_role("link", name="Go back to the chat").first.click()
    expect(page.get_by_label("Write a message")).to_be_visible()


def test_a_message_written_without_a_signal_is_sent_once_when_it_is_back(visit: Visit) -> None:
    page = start(visit())
    page.context.set_offline(True)
    say(page, "i feel alone")
    expect(page.locator(".hb-message--unsent")).to_contain_text("Not sent yet")
    expect(page.get_by_role("status")).to_contain_text("You are offline")
    page.context.set_offline(False)
    expect(page.locator(".hb-message--unsent")).to_have_count(0, timeout=15_000)
    page.reload()
    expect(page.locator('.hb-message[data-kind="you"]')).to_have_count(1)


def test_an_answer_that_was_lost_on_the_way_does_not_send_the_message_twice(visit: Visit) -> None:
    page = start(visit())
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().text())
            route.abort()
        else:
            route.continue_()

    page.route("**/chat", lose_the_first_answer)
    say(page, "i feel alone")
    expect(page.locator(".hb-message--unsent")).to_have_count(0, timeout=15_000)
    expect(page.locator('.hb-message[data-kind="you"]')).to_have_count(1)
    page.reload()
    expect(page.locator('.hb-message[data-kind="you"]')).to_have_count(1)
    assert lost


def test_leaving_goes_elsewhere_and_leaves_no_way_back(visit: Visit) -> None:
    page = start(visit())
    page.context.route(
        f"{AWAY}*", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html")
    )
    say(page, "i am scared of him")
    expect(page.locator(".hb-message--unsent")).to_have_count(0)
    page.get_by_role("button", name="Leave this page").click()
    page.wait_for_url(AWAY)
    assert page.context.cookies() == []
    page.go_back()
    assert page.url == "about:blank"


def test_ending_takes_the_chat_off_the_screen(visit: Visit) -> None:
    page = start(visit())
    say(page, "i feel alone")
    page.get_by_role("button", name="End this chat").click()
    expect(page.get_by_role("heading", name="This chat is closed")).to_be_focused()
    expect(page.get_by_text("i feel alone")).to_have_count(0)


def test_enter_sends_and_shift_enter_starts_a_line(visit: Visit) -> None:
    page = start(visit())
    box = page.get_by_label("Write a message")
    box.fill("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(box).to_have_value("one\ntwo")
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    expect(box).to_be_focused()


def test_the_first_load_is_small(visit: Visit) -> None:
    loaded: list[bytes] = []
    page = visit()
    page.on("response", lambda answer: loaded.append(answer.body()) if answer.ok else None)
    page.reload(wait_until="networkidle")
    assert len(loaded) >= 3
    assert sum(len(gzip.compress(body)) for body in loaded) < LARGEST_FIRST_LOAD
