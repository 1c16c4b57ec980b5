"""Each page of the staff rooms in a real browser, on a desk and on a phone: nothing hides, and axe finds nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import select, update
from starlette.routing import Mount

from clinic import on_call
from clinic.auth import sessions
from clinic.web import ClinicRoom
from clinic.web.app import PublicFiles
from store.models import Alarm, Escalation, MoodCheckin, Role, ServiceAlert, Staff, now
from tests.clinic.conftest import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SIZES = {"desk": (1280, 800), "phone": (390, 844)}


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(room: ClinicRoom) -> Iterator[str]:
    assets = Mount("/assets", PublicFiles(directory=ROOT / "build" / "static"))
    with serving(room, also=[assets]) as url:
        yield url


@pytest.fixture
def opened(room: ClinicRoom, address: str, chrome: Browser) -> Iterator[Callable[..., Page]]:
    """A page of a browser in which that member of staff is signed in."""
    contexts = []

    def open_page(person: Any, size: tuple[int, int] = SIZES["desk"]) -> Page:
        with room.store.begin() as session:
            token = sessions.start(session, session.get_one(Staff, person.id))
        # axe is put into the page by the test, which the page's own policy rightly forbids.
        context = chrome.new_context(
            viewport={"width": size[0], "height": size[1]}, bypass_csp=True, base_url=address
        )
        context.add_cookies([{"name": "harbour_staff", "value": token, "url": address}])
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def everyone(room: ClinicRoom, hire: Callable[..., Any]) -> dict[str, Any]:
    people = {"Amina": hire("Amina", *Role), "Ben": hire("Ben")}
    with room.store.begin() as session:
        for name, covers in (("Ben", "always"), ("Amina", "open")):
            staff = session.get_one(Staff, people[name].id)
            on_call.put(session, room.vault, staff, covers=covers, mobile="+447700900123")
    return people


@pytest.fixture
def a_busy_night(room: ClinicRoom, everyone: dict[str, Any], raised: Callable[..., Escalation]) -> Escalation:
    """Somebody overdue, somebody waiting, somebody with Ben, and one that Amina talks with."""
    overdue, mine = raised("1"), raised("4")
    raised("2", "respond_today")
    raised("3", owner_id=everyone["Ben"].id, state="acknowledged")
    with room.store.begin() as session:
        then = now() - timedelta(minutes=12)
        session.execute(
            update(Escalation)
            .where(Escalation.id == overdue.id)
            .values(raised_at=then, target_at=then + timedelta(minutes=5))
        )
        session.add(Alarm(escalation_id=overdue.id, asked_id=everyone["Ben"].id, step=3, notices=3))
        session.add(ServiceAlert(kind="route_failed_sms"))
        person = session.get_one(Escalation, mine.id).conversation.person
        session.add_all(
            MoodCheckin(person_id=person.id, mood=mood, at=now() - timedelta(days=days))
            for days, mood in ((9, 3), (6, 2), (2, 5))
        )
    return mine


def barriers(page: Page) -> Any:
    page.add_script_tag(path=AXE)
    return page.evaluate(
        "async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html)])"
    )


@pytest.mark.parametrize("size", SIZES)
def test_each_page_fits_and_has_no_barriers(
    room: ClinicRoom,
    opened: Callable[..., Page],
    everyone: dict[str, Any],
    a_busy_night: Escalation,
    pictures: Path,
    size: str,
) -> None:
    page = opened(everyone["Amina"], SIZES[size])
    page.goto(f"/inbox/{a_busy_night.id}")
    page.get_by_role("button", name="Take over").first.click()
    expect(page.get_by_label("Your reply to the patient")).to_be_visible()
    addresses = {
        "inbox": "/inbox",
        "thread": f"/inbox/{a_busy_night.id}",
        "summary": f"/inbox/{a_busy_night.id}/summary",
        "closed": "/inbox/closed",
        "team": "/team",
        "audit": "/audit",
    }
    found = {}
    for name, path in addresses.items():
        page.goto(path)
        page.screenshot(path=pictures / f"clinic-{name}-{size}.png", full_page=name in ("team", "summary"))
        for fold in page.locator(".fold > summary").all():
            fold.click()
        found[name] = barriers(page)
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{name} is wider than the screen by {width}"
    assert found == {name: [] for name in addresses}


def test_two_clinicians_see_each_others_steps_without_reloading(
    room: ClinicRoom, opened: Callable[..., Page], everyone: dict[str, Any], raised: Callable[..., Escalation]
) -> None:
    first, second = raised("1"), raised("2")
    amina, ben = opened(everyone["Amina"]), opened(everyone["Ben"])
    amina.goto(f"/inbox/{first.id}")
    ben.goto(f"/inbox/{second.id}")
    amina.get_by_role("button", name="Take over").last.click()
    expect(ben.locator(f'.card[data-id="{first.id}"]')).to_contain_text("Amina is talking", timeout=40_000)
    ben.get_by_text("Pass to a colleague").click()
    ben.get_by_label("Who takes it from here?").select_option(everyone["Amina"].id)
    ben.get_by_role("button", name="Pass it on").click()
    expect(ben.locator("#thread")).to_contain_text("Amina has this one.")
    amina.goto("/inbox")
    expect(amina.locator(f'.card[data-id="{second.id}"]')).to_contain_text("With you")
    with room.store.read() as session:
        owners = session.scalars(select(Escalation.owner_id)).all()
        assert set(owners) == {everyone["Amina"].id}


def test_a_ready_reply_is_put_after_what_is_written_and_waits_to_be_sent(
    opened: Callable[..., Page], everyone: dict[str, Any], raised: Callable[..., Escalation]
) -> None:
    page = opened(everyone["Amina"])
    page.goto(f"/inbox/{raised().id}")
    page.get_by_role("button", name="Take over").last.click()
    box = page.get_by_label("Your reply to the patient")
    box.fill("Hello Sam.")
    page.get_by_text("Replies that are ready").click()
    page.get_by_role("button", name="Still here").click()
    expect(box).to_have_value(re.compile(r"^Hello Sam\. Take your time"))
    expect(page.locator("#messages .line--clinician")).to_have_count(0)
    expect(box).to_be_focused()


def test_the_keyboard_alone_passes_on_and_writes_a_note(
    room: ClinicRoom, opened: Callable[..., Page], everyone: dict[str, Any], raised: Callable[..., Escalation]
) -> None:
    page = opened(everyone["Amina"])
    page.goto(f"/inbox/{raised().id}")
    open_with_keys(page, "Private notes")
    press_until(page, "#note")
    page.keyboard.type("Rang her GP.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#thread")).to_contain_text("Private notes (1)")
    open_with_keys(page, "Pass to a colleague")
    press_until(page, "#colleague")
    page.keyboard.press("B")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#thread")).to_contain_text("Ben has this one.")


def open_with_keys(page: Page, words: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.textContent || ''")
        if words in focused and page.evaluate("document.activeElement.tagName") == "SUMMARY":
            page.keyboard.press("Enter")
            return
    pytest.fail(f"Tab does not lead to {words}")


def press_until(page: Page, wanted: str) -> None:
    for _ in range(80):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {wanted}")
