"""The page of one's own data: everything, for its owner alone; messages taken back or answered; deletion."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.web.room import WebRoom
from privacy.text import WrittenText
from store import conversations, holds
from store.forgetting import waiting
from store.models import (
    ContactDetail,
    Conversation,
    Escalation,
    Message,
    MoodCheckin,
    Person,
    Role,
    Speaker,
    Staff,
)

JSON = {"Accept": "application/json"}


def say(client: httpx.Client, text: str) -> None:
    assert client.post("/chat", data={"text": text}, headers=JSON).status_code == 200


def person_of(session: Session, room: WebRoom, client: httpx.Client) -> Person | None:
    token = client.cookies["harbour"].partition(".")[0]
    return session.scalar(select(Person).where(Person.pseudonym == room.pseudonyms.of("web", token)))


def chat_of(session: Session, room: WebRoom, client: httpx.Client) -> Conversation:
    person = person_of(session, room, client)
    assert person
    return session.scalars(select(Conversation).where(Conversation.person_id == person.id)).one()


def saved(client: httpx.Client) -> dict[str, Any]:
    answer = client.get("/my-data.json")
    assert answer.status_code == 200
    return dict(answer.json())


def own_message(client: httpx.Client, words: str) -> str:
    [chat] = saved(client)["conversations"]
    [found] = [message["id"] for message in chat["messages"] if words in message["text"]]
    return str(found)


@pytest.fixture
def filled(chatting: httpx.Client, room: WebRoom) -> httpx.Client:
    """Somebody with a redacted message, a mood, a contact detail and a clinician's reply."""
    say(chatting, "my name is Priya Sharma and i am so tired")
    with room.store.begin() as session:
        conversation = chat_of(session, room, chatting)
        person = conversation.person
        session.add(MoodCheckin(person_id=person.id, conversation_id=conversation.id, mood=3))
        phone = room.vault.seal("07700 900123", owner=person.pseudonym, purpose="contact:phone")
        session.add(ContactDetail(person_id=person.id, kind="phone", sealed=phone))
        secret = room.vault.seal("s", owner="a", purpose="totp")
        staff = Staff(
            email=f"{conversation.id}@example.org",
            first_name="Amina",
            job_title="crisis nurse",
            roles=[Role.CLINICIAN.value],
            password_hash="",
            totp_secret=secret,
        )
        session.add(staff)
        session.flush()
        sealed = room.vault.seal("Hello Priya, it is Amina Okafor", owner=conversation.id, purpose="reply")
        conversations.append(
            session,
            conversation,
            Speaker.CLINICIAN,
            WrittenText("Hello <PERSON_1>, it is <PERSON_2>"),
            sealed=sealed,
            staff_id=staff.id,
        )
    return chatting


def test_everything_is_in_the_file(filled: httpx.Client) -> None:
    answer = filled.get("/my-data.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    assert answer.headers["cache-control"] == "no-store"
    mine = answer.json()
    assert mine["schema"] == "harbour.my-data/1"
    [chat] = mine["conversations"]
    texts = {message["who"]: message["text"] for message in chat["messages"]}
    assert texts["You"] == "my name is <PERSON_1> and i am so tired"
    assert texts["Amina, crisis nurse"] == "Hello Priya, it is Amina Okafor", "opened for its reader"
    assert [mood["mood"] for mood in mine["moods"]] == [3]
    assert mine["contact_details"][0]["value"] == "07700 900123"
    assert mine["statistics"]["counted"] is False
    assert mine["kept_for"]["Mood check-ins"] == "1 year"
    assert chat["care_record"] is False
    assert chat["kept_until"] > chat["last_at"]


def test_the_page_shows_the_same(filled: httpx.Client) -> None:
    answer = filled.get("/my-data")
    assert answer.headers["cache-control"] == "no-store"
    page = answer.text
    for part in ("&lt;PERSON_1&gt;", "it is Amina Okafor", "07700 900123", "Mood check-ins: 1 year"):
        assert part in page
    assert "Priya Sharma" not in page


def test_nobody_else_sees_it(filled: httpx.Client, site: str) -> None:
    with httpx.Client(base_url=site) as stranger:
        assert stranger.get("/my-data").headers["location"] == "/"
        assert stranger.get("/my-data.json").headers.get("location") == "/"


def test_danger_and_its_history_are_told_in_words(chatting: httpx.Client) -> None:
    say(chatting, "i've taken all my tablets")
    [chat] = saved(chatting)["conversations"]
    assert chat["care_record"] is True
    [request] = chat["requests_for_help"]
    assert request["response"] == "Help from a person at once"
    assert request["state"] == "Waiting for the team"
    assert request["reasons"][0]["words"]
    assert [step["what"] for step in request["history"]] == ["The team was asked"]
    assert "add a note" in chatting.get("/my-data").text


def test_a_message_is_taken_back_for_good(chatting: httpx.Client, room: WebRoom) -> None:
    say(chatting, "i hate my flatmate")
    say(chatting, "it is raining")
    message = own_message(chatting, "flatmate")
    answer = chatting.post("/my-data/message", data={"message": message})
    assert answer.headers["location"] == "/my-data?done=taken-back"
    assert "The words of that message are gone" in chatting.get(answer.headers["location"]).text
    texts = [one["text"] for one in saved(chatting)["conversations"][0]["messages"]]
    assert "it is raining" in texts
    assert room.content.my_data.taken_back in texts, "the thread has no gap"
    assert not any("flatmate" in text for text in texts)
    file = Path(str(room.store.engine.url.database))
    for part in (file, file.with_name(f"{file.name}-wal")):
        assert b"hate my flatmate" not in part.read_bytes()
    with room.store.read() as session:
        assert chat_of(session, room, chatting).engine_session in waiting(session), "Rasa remembers it too"
    say(chatting, "can we still talk")


def test_of_a_care_record_nothing_is_taken_back_but_a_note_is_added(
    chatting: httpx.Client, room: WebRoom
) -> None:
    say(chatting, "i've taken all my tablets")
    message = own_message(chatting, "tablets")
    refused = chatting.post("/my-data/message", data={"message": message})
    assert refused.headers["location"] == "/my-data?done=cannot"
    note = "that is wrong, my sister Priya Sharma typed it as a joke"
    added = chatting.post("/my-data/message", data={"message": message, "note": note})
    assert added.headers["location"] == "/my-data?done=note"
    with room.store.read() as session:
        last = conversations.latest(session, chat_of(session, room, chatting).id, Speaker.PATIENT, 1)[0]
    assert re.match(r"A note about what I wrote at \d\d:\d\d on \d\d \w+: that is wrong", last.text)
    assert "Priya" not in last.text
    assert own_message(chatting, "tablets") == message


def test_a_note_that_holds_danger_is_answered_and_reaches_staff(
    chatting: httpx.Client, room: WebRoom
) -> None:
    say(chatting, "i keep cutting myself")
    message = own_message(chatting, "cutting")
    page = chatting.post(
        "/my-data/message", data={"message": message, "note": "i've just taken all my tablets"}
    )
    assert page.status_code == 200
    assert "hb-crisis" in page.text
    with room.store.read() as session:
        chat = chat_of(session, room, chatting)
        escalation = session.scalars(select(Escalation).where(Escalation.conversation_id == chat.id)).one()
        assert escalation.response == "respond_now"
        assert session.get_one(Message, escalation.message_id).text.startswith("A note about")


@pytest.mark.parametrize("fields", [{}, {"note": "mine now"}])
def test_anothers_message_cannot_be_touched(
    chatting: httpx.Client, room: WebRoom, site: str, fields: dict[str, str]
) -> None:
    say(chatting, "i am the first")
    message = own_message(chatting, "i am the first")
    headers = {"Origin": site, "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=site, headers=headers) as other:
        other.post("/start")
        answer = other.post("/my-data/message", data={"message": message, **fields})
        assert answer.headers["location"] == "/my-data?done=cannot"
    assert own_message(chatting, "i am the first") == message


def test_the_bots_messages_are_not_the_persons_to_take_back(chatting: httpx.Client) -> None:
    greeting = saved(chatting)["conversations"][0]["messages"][0]
    assert greeting["speaker"] == "bot"
    answer = chatting.post("/my-data/message", data={"message": greeting["id"]})
    assert answer.headers["location"] == "/my-data?done=cannot"


def test_counting_is_the_persons_choice(chatting: httpx.Client) -> None:
    for wish, counted in (("yes", True), ("no", False)):
        chatting.post("/my-data/counting", data={"counted": wish})
        assert saved(chatting)["statistics"]["counted"] is counted


def test_deletion_gives_a_receipt_that_can_be_saved(filled: httpx.Client, room: WebRoom) -> None:
    with room.store.read() as session:
        person = person_of(session, room, filled)
        assert person
        pseudonym = person.pseudonym
    page = filled.post("/my-data/delete")
    assert page.status_code == 200
    assert not filled.cookies, "there is no chat any more"
    code = re.search(r"/receipt/(R-[A-Z2-7-]+)\.json", page.text)
    assert code
    assert "mood check-ins: 1" in page.text
    assert "ways to reach you: 1" in page.text
    receipt = filled.get(f"/receipt/{code[1]}.json")
    assert receipt.headers["content-disposition"].startswith("attachment")
    assert receipt.json()["erased"]["moods"] == 1
    assert pseudonym not in receipt.text
    assert filled.get(f"/receipt/{code[1]}").status_code == 200
    with room.store.read() as session:
        assert session.scalar(select(Person).where(Person.pseudonym == pseudonym)) is None
    assert room.eraser.tombstones.with_receipt(code[1])


def test_deletion_by_another_sites_page_is_refused(filled: httpx.Client, room: WebRoom) -> None:
    evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert filled.post("/my-data/delete", headers=evil).status_code == 403
    with room.store.read() as session:
        assert person_of(session, room, filled)


def test_a_care_record_stays_and_so_does_the_chat(chatting: httpx.Client) -> None:
    say(chatting, "i've taken all my tablets")
    page = chatting.post("/my-data/delete").text
    assert "care record" in page
    assert "ico.org.uk" in page
    assert "Go back to your chat" in page
    assert chatting.get("/chat").status_code == 200


def test_under_a_hold_nothing_is_offered_that_cannot_be_done(chatting: httpx.Client, room: WebRoom) -> None:
    say(chatting, "hello there")
    with room.store.begin() as session:
        person = person_of(session, room, chatting)
        assert person
        holds.place(session, person, "complaint")
    page = chatting.get("/my-data").text
    assert "A complaint is being looked into." in page
    assert "/my-data/message" not in page
    receipt = chatting.post("/my-data/delete").text
    assert "the law says that it has to stay for now" in receipt


@pytest.mark.parametrize("code", ["R-AAAA-AAAA-AAAA-AAAA", "nonsense", "R-AAAA-AAAA-AAAA-AAAA.json"])
def test_a_receipt_that_is_not_there_says_so(browser: httpx.Client, code: str) -> None:
    answer = browser.get(f"/receipt/{code}")
    assert answer.status_code == 404
    assert "no receipt at this address" in answer.text
