"""The form for a way to reach somebody: it is kept sealed, shown only as a hint, and goes nowhere else."""

from __future__ import annotations

import logging
import re
from html import unescape
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.channels.web.room import WebRoom
from store import conversations
from store.contact_details import ContactKind, held, opened
from store.models import ContactDetail, Message

VALUES = {"name": "Priya Shah", "phone": "020 7946 0958", "email": "priya.shah@mail.example"}


def text_of(page: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def shared(room: WebRoom, client: httpx.Client) -> dict[str, str]:
    with room.store.read() as session:
        token = client.cookies["harbour"].partition(".")[0]
        chat = conversations.find_conversation(session, room.pseudonyms.of("web", token))
        assert chat
        return {
            kind.value: opened(room.vault, chat.person, detail)
            for kind, detail in held(session, chat.person_id).items()
        }


def share(client: httpx.Client, **values: str) -> httpx.Response:
    """As a browser does: the form, then the page that it leads to."""
    answer = client.post("/contact", data={"name": "", "phone": "", "email": "", **values})
    assert (answer.status_code, answer.headers["location"]) == (303, "/contact?done=shared"), answer.text
    return client.get(answer.headers["location"])


def test_the_page_says_why_who_and_that_it_can_be_taken_back(chatting: httpx.Client, room: WebRoom) -> None:
    page = chatting.get("/contact")
    words = room.content.contact
    before = (words.purpose, words.choice, words.not_a_call, words.who, words.safe)
    said = text_of(page)
    for sentence in (*before, *(line for part in words.sections for line in part.body)):
        assert sentence in said
    shown = unescape(page.text)
    form = shown.index('id="share"')
    assert all(shown.index(sentence) < form for sentence in before), "read before anything is filled in"
    assert page.headers["cache-control"] == "no-store"
    assert 'href="tel:999"' in page.text


def test_it_is_linked_from_the_chat_and_from_privacy(chatting: httpx.Client) -> None:
    for path in ("/chat", "/privacy"):
        assert 'href="/contact"' in chatting.get(path).text


def test_what_is_shared_is_sealed_for_the_person(chatting: httpx.Client, room: WebRoom) -> None:
    share(chatting, **VALUES)
    assert shared(room, chatting) == VALUES
    with room.store.read() as session:
        for detail in session.scalars(select(ContactDetail)):
            assert not any(value.encode() in detail.sealed.envelope for value in VALUES.values())


def test_one_thing_alone_is_enough(chatting: httpx.Client, room: WebRoom) -> None:
    share(chatting, phone=" +44 20 7946 0958 ")
    assert shared(room, chatting) == {"phone": "020 7946 0958"}


def test_after_it_is_kept_only_a_hint_is_shown(chatting: httpx.Client, room: WebRoom) -> None:
    page = share(chatting, **VALUES)
    said = text_of(page)
    assert room.content.contact.done.shared in said
    assert "You share a number that ends in 58" in said
    assert "You share an email address that starts with p" in said
    assert "You share a name that starts with P" in said
    for path in ("/contact", "/chat", "/privacy"):
        shown = chatting.get(path).text
        assert not any(value in shown for value in (*VALUES.values(), "7946", "Shah", "mail.example"))


def test_it_can_be_changed(chatting: httpx.Client, room: WebRoom) -> None:
    share(chatting, **VALUES)
    share(chatting, phone="029 2018 0018")
    assert shared(room, chatting) == {**VALUES, "phone": "029 2018 0018"}


def test_it_can_be_taken_back(chatting: httpx.Client, room: WebRoom) -> None:
    share(chatting, **VALUES)
    answer = chatting.post("/contact", data={"take_back": "phone"})
    assert answer.headers["location"] == "/contact?done=taken_back"
    assert room.content.contact.done.taken_back in text_of(chatting.get(answer.headers["location"]))
    assert shared(room, chatting) == {"name": VALUES["name"], "email": VALUES["email"]}


def test_enter_in_a_box_never_takes_anything_back(chatting: httpx.Client) -> None:
    """A browser presses the first button of the box's own form."""
    share(chatting, **VALUES)
    page = chatting.get("/contact").text
    form = re.search(r'<form[^>]*id="share".*?</form>', page, re.DOTALL)
    assert form
    own = [button for button in re.findall(r"<button[^>]*>", form[0]) if ' form="take-back"' not in button]
    assert len(own) == 1
    assert "take_back" not in own[0]


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("phone", "12", "phone"),
        ("phone", "+1 202 555 0143", "phone_abroad"),
        ("phone", "0300 123 4567", "phone_of_a_service"),
        ("email", "sam at mail", "email"),
        ("name", "12345", "name"),
    ],
)
def test_a_slip_is_answered_kindly_and_keeps_what_was_typed(
    chatting: httpx.Client, room: WebRoom, field: str, typed: str, problem: str
) -> None:
    good = {"name": "Sam", "phone": "020 7946 0958", "email": "sam@mail.example"}
    page = chatting.post("/contact", data={**good, field: typed})
    assert page.status_code == 422
    assert text_of(page).count(getattr(room.content.contact.problems, problem)) == 2
    assert f'href="#{field}"' in page.text
    for value in {**good, field: typed}.values():
        assert f'value="{value}"' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert shared(room, chatting) == {}, "all or nothing"


@pytest.mark.parametrize("form", [{}, {"name": " ", "phone": "\u200b"}, {"take_back": "pin"}])
def test_an_empty_form_says_so(chatting: httpx.Client, room: WebRoom, form: dict[str, str]) -> None:
    page = chatting.post("/contact", data=form or {"name": ""})
    assert page.status_code == 422
    assert room.content.contact.problems.nothing in text_of(page)


def test_what_is_typed_is_shown_as_text_and_never_as_a_page(chatting: httpx.Client) -> None:
    page = chatting.post("/contact", data={"email": '"><script>alert(1)</script>'})
    assert "<script>alert" not in page.text


def test_one_browser_sees_nothing_of_anothers(chatting: httpx.Client, room: WebRoom) -> None:
    share(chatting, **VALUES)
    chatting.cookies.clear()
    chatting.post("/start")
    assert "You share" not in text_of(chatting.get("/contact"))
    assert shared(room, chatting) == {}


def test_without_an_open_chat_nothing_is_kept(chatting: httpx.Client, room: WebRoom) -> None:
    cookie = chatting.cookies["harbour"]
    chatting.post("/end")
    with room.store.read() as session:
        before = session.query(ContactDetail).count()
    answer = chatting.post("/contact", data=VALUES, headers={"Cookie": f"harbour={cookie}"})
    assert answer.status_code == 403
    assert "This chat has ended" in answer.text
    with room.store.read() as session:
        assert session.query(ContactDetail).count() == before
    assert chatting.get("/contact").headers["location"] == "/"


def test_it_is_in_no_message_log_address_or_file(
    chatting: httpx.Client, room: WebRoom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = share(chatting, **VALUES)
    chatting.post("/contact", data={"email": "not quite, priya.shah"})
    with room.store.read() as session:
        kept = " ".join(str(message.text) for message in session.scalars(select(Message)))
    log = caplog.text + " ".join(str(record.__dict__) for record in caplog.records)
    for value in ("Priya", "7946", "priya.shah"):
        assert value not in kept
        assert value not in log
        assert value not in str(page.url)
    database = Path(str(room.store.engine.url.database))
    for file in database.parent.rglob("*"):
        if file.is_file():
            assert b"priya.shah@mail" not in file.read_bytes(), file


def test_an_envelope_that_does_not_open_can_still_be_taken_back(
    chatting: httpx.Client, room: WebRoom
) -> None:
    share(chatting, phone=VALUES["phone"])
    with room.store.begin() as session:
        token = chatting.cookies["harbour"].partition(".")[0]
        chat = conversations.find_conversation(session, room.pseudonyms.of("web", token))
        assert chat
        moved = room.vault.seal("x", owner="another", purpose="contact:phone")
        held(session, chat.person_id)[ContactKind.PHONE].sealed = moved
    assert "You share a phone number." in text_of(chatting.get("/contact"))
    chatting.post("/contact", data={"take_back": "phone"})
    assert shared(room, chatting) == {}
