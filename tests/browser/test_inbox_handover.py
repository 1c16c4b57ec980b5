"""A patient in danger and a clinician, each in a real browser, from the set-up link to the hand-back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "tide lamp orchard"


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def amina(running_harbour: Any, chrome: Browser) -> StorageState:
    """What the browser of the first account holds, once its owner has followed the set-up link."""
    page = chrome.new_context(bypass_csp=True).new_page()
    page.goto(running_harbour.setup_link)
    assert barriers(page) == []
    page.get_by_label("First name").fill("Amina")
    page.get_by_label("Job title").fill("crisis nurse")
    page.get_by_label("Work email").fill("amina@trust.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    assert barriers(page) == []
    secret = page.locator(".qr__key").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Finish and sign in").click()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    return page.context.storage_state()


@pytest.fixture
def complaints() -> list[str]:
    """What the browsers' consoles complained about."""
    return []


def new_page(chrome: Browser, complaints: list[str], state: StorageState | None = None) -> Page:
    # axe is put into the page by the test, which the page's own policy rightly forbids.
    context = chrome.new_context(
        viewport={"width": 1280, "height": 800}, bypass_csp=True, storage_state=state
    )
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def barriers(page: Page) -> Any:
    """What axe finds wrong with the page for people who use it with other senses or other hands."""
    page.add_script_tag(path=AXE)
    return page.evaluate(
        "async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html)])"
    )


def when_a_patient_writes(page: Page, chat_url: str, words: str) -> None:
    page.goto(chat_url)
    page.get_by_role("button", name="Start", exact=True).click()
    patient_writes(page, words)


def patient_writes(page: Page, words: str) -> None:
    page.get_by_label("Write a message").fill(words)
    page.get_by_role("button", name="Send").click()


def test_a_clinician_takes_over_answers_and_hands_back(
    running_harbour: Any, chrome: Browser, amina: StorageState, complaints: list[str], pictures: Path
) -> None:
    staff, patient = new_page(chrome, complaints, amina), new_page(chrome, complaints)
    staff.goto(f"{running_harbour.staff_url}/inbox")

    words = "i've taken all my tablets about ten mins back"
    when_a_patient_writes(patient, running_harbour.chat_url, words)
    card = staff.locator(".card", has_text=words)
    expect(staff.get_by_role("status")).to_have_text(re.compile("1 new message needs a response"))
    show = staff.get_by_role("button", name="Show")
    if show.is_visible():
        show.click()
    expect(card).to_contain_text("Respond now")
    expect(card).to_contain_text("target 5 minutes")
    assert barriers(staff) == []

    card.get_by_role("button", name="Read and acknowledge").click()
    staff.locator("#thread").get_by_role("button", name="Take over").click()
    expect(patient.get_by_text("Amina, crisis nurse, has joined.")).to_be_visible()
    assert barriers(staff) == []

    staff.get_by_label("Your reply to the patient").fill("Hello, I'm Amina. Are you alone?")
    staff.keyboard.press("Control+Enter")
    expect(patient.get_by_text("Hello, I'm Amina. Are you alone?")).to_be_visible()
    expect(staff.get_by_label("Your reply to the patient")).to_have_value("")

    patient_writes(patient, "yes im alone")
    expect(staff.locator("#messages")).to_contain_text("yes im alone")
    staff.screenshot(path=pictures / "inbox.png")

    staff.get_by_role("button", name="Hand back to the bot").click()
    expect(patient.get_by_text("Amina has left the chat.")).to_be_visible()
    staff.get_by_text("Close with an outcome").click()
    staff.get_by_label("Talked with, and supported").check()
    staff.get_by_role("button", name="Close", exact=True).click()
    expect(staff.locator("#thread")).to_contain_text("Talked with, and supported")
    assert complaints == []


def test_a_clinician_opens_a_number_that_the_patient_shares(
    running_harbour: Any, chrome: Browser, amina: StorageState, complaints: list[str]
) -> None:
    staff, patient = new_page(chrome, complaints, amina), new_page(chrome, complaints)
    when_a_patient_writes(patient, running_harbour.chat_url, "i've taken all my tablets just now")
    expect(patient.locator(".hb-crisis")).to_be_visible()
    staff.goto(f"{running_harbour.staff_url}/inbox")
    staff.locator(".card", has_text="just now").locator(".card__words a").click()
    expect(staff.locator("#messages")).to_contain_text("just now")

    patient.get_by_role("link", name="Let us reach you").click()
    patient.get_by_label("Phone number").fill("020 7946 0958")
    patient.get_by_role("button", name="Share this").click()

    shared = staff.get_by_text("Shared with us: phone number")
    expect(shared).to_be_visible()  # without a reload
    shared.click()
    assert barriers(staff) == []
    staff.get_by_label("To ring back in a crisis").check()
    staff.get_by_role("button", name="Show it once").click()
    expect(staff.locator("[data-revealed]")).to_contain_text("020 7946 0958")
    expect(staff.locator("[data-revealed]")).to_be_in_viewport()
    assert barriers(staff) == []

    patient.goto(running_harbour.chat_url + "/contact")
    patient.get_by_role("button", name="Take the number back").click()
    expect(staff.locator("[data-part=state]")).to_be_visible()
    expect(staff.locator("[data-revealed]")).to_contain_text("020 7946 0958")
    staff.goto(f"{running_harbour.staff_url}/inbox")
    staff.locator(".card", has_text="just now").locator(".card__words a").click()
    expect(staff.locator("#messages")).to_contain_text("just now")
    assert "020 7946" not in staff.content()
    expect(shared).to_have_count(0)
    assert complaints == []


def test_the_keyboard_alone_reaches_a_reply(
    running_harbour: Any, chrome: Browser, amina: StorageState, complaints: list[str]
) -> None:
    staff, patient = new_page(chrome, complaints, amina), new_page(chrome, complaints)
    staff.goto(f"{running_harbour.staff_url}/inbox")
    when_a_patient_writes(patient, running_harbour.chat_url, "i've taken all my tablets")
    expect(staff.get_by_role("status")).to_have_text(re.compile("needs a response"))
    staff.goto(f"{running_harbour.staff_url}/inbox")
    press_until(staff, "Tab", ".card__words a")
    staff.keyboard.press("Enter")
    expect(staff.locator("#thread")).to_be_visible()
    press_until(staff, "Tab", ".thread__steps .act:not(.act--quiet)")
    staff.keyboard.press("Enter")
    expect(staff.locator("#text")).to_be_visible()
    press_until(staff, "Tab", "#text")
    staff.keyboard.type("Hello")
    staff.keyboard.press("Control+Enter")
    expect(staff.locator("#messages")).to_contain_text("Hello")
    assert complaints == []


def press_until(page: Page, key: str, wanted: str) -> None:
    for _ in range(60):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press(key)
    pytest.fail(f"{key} does not lead to {wanted}")


def test_the_forms_work_without_any_script(
    running_harbour: Any, chrome: Browser, amina: StorageState, complaints: list[str]
) -> None:
    words = "i have swallowed a lot of pills"
    when_a_patient_writes(new_page(chrome, complaints), running_harbour.chat_url, words)
    staff = chrome.new_context(java_script_enabled=False, storage_state=amina).new_page()
    staff.goto(f"{running_harbour.staff_url}/inbox")
    card = staff.locator(".card", has_text=words)
    for _ in range(20):
        if card.count():
            break
        staff.wait_for_timeout(500)
        staff.get_by_role("link", name="Refresh the list").click()
    card.get_by_role("button", name="Read and acknowledge").click()
    staff.locator("#thread").get_by_role("button", name="Take over").click()
    staff.get_by_label("Your reply to the patient").fill("Hello")
    staff.get_by_role("button", name="Send").click()
    expect(staff.locator("#messages")).to_contain_text("Hello")


def an_invited_colleague(admin: Page, chrome: Browser, complaints: list[str], staff_url: str) -> Page:
    """Ben, whom Amina invites: his browser, signed in."""
    admin.goto(f"{staff_url}/team")
    admin.get_by_text("Invite a colleague").click()
    invitation = admin.locator('form[action="/team/invite"]')
    invitation.get_by_label("Answers patients").check()
    invitation.get_by_role("button", name="Make a link").click()
    link = admin.locator(".reach__value--link").inner_text()
    ben = new_page(chrome, complaints)
    ben.goto(link)
    ben.get_by_label("First name").fill("Ben")
    ben.get_by_label("Job title").fill("crisis nurse")
    ben.get_by_label("Work email").fill("ben@trust.example")
    ben.get_by_label("Password").fill("another lamp orchard")
    ben.get_by_role("button", name="Continue").click()
    secret = ben.locator(".qr__key").inner_text().replace(" ", "")
    ben.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    ben.get_by_role("button", name="Finish and sign in").click()
    expect(ben.get_by_role("heading", name="Inbox")).to_be_visible()
    return ben


def takes_over(staff: Page, staff_url: str, words: str) -> None:
    staff.goto(f"{staff_url}/inbox")
    staff.locator(".card", has_text=words).locator(".card__words a").click()
    staff.locator(".thread__steps").get_by_role("button", name="Take over").click()
    expect(staff.get_by_label("Your reply to the patient")).to_be_visible()


def replies(staff: Page, words: str) -> None:
    staff.get_by_label("Your reply to the patient").fill(words)
    staff.keyboard.press("Control+Enter")


def test_two_clinicians_and_two_patients_at_once_and_nothing_crosses_over(
    running_harbour: Any, chrome: Browser, amina: StorageState, complaints: list[str]
) -> None:
    # given two patients who both need somebody now, and two clinicians
    admin = new_page(chrome, complaints, amina)
    ben = an_invited_colleague(admin, chrome, complaints, running_harbour.staff_url)
    one, two = new_page(chrome, complaints), new_page(chrome, complaints)
    when_a_patient_writes(one, running_harbour.chat_url, "i've taken all my tablets, the blue ones")
    when_a_patient_writes(two, running_harbour.chat_url, "i've taken all my tablets, the white ones")

    # when each takes one of them over and writes
    takes_over(admin, running_harbour.staff_url, "the blue ones")
    takes_over(ben, running_harbour.staff_url, "the white ones")
    replies(admin, "Hello, this is Amina")
    replies(ben, "Hello, this is Ben")

    # then each patient hears from their own clinician alone
    expect(one.get_by_text("Hello, this is Amina")).to_be_visible()
    expect(two.get_by_text("Hello, this is Ben")).to_be_visible()
    assert "this is Ben" not in one.content()
    assert "this is Amina" not in two.content()

    # and when Ben passes his patient on, she is told, and Amina goes on
    ben.get_by_text("Pass to a colleague").click()
    ben.get_by_label("Who takes it from here?").select_option(label="Amina, crisis nurse")
    ben.get_by_role("button", name="Pass it on").click()
    expect(ben.locator("#thread")).to_contain_text("Amina has this one.")
    expect(two.get_by_text("Amina, crisis nurse, has joined.")).to_be_visible()
    admin.goto(f"{running_harbour.staff_url}/inbox")
    admin.locator(".card", has_text="the white ones").locator(".card__words a").click()
    replies(admin, "Amina again, I am with you now")
    expect(two.get_by_text("Amina again, I am with you now")).to_be_visible()
    assert "I am with you now" not in one.content()

    # and while a human has it, danger is still seen
    patient_writes(two, "i'm going to jump")
    expect(admin.locator("#messages .line", has_text="going to jump")).to_contain_text("Respond")
    assert complaints == []
