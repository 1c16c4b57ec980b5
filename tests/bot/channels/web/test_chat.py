"""The conversation through its form, with a script and without one."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy.orm import Session

from bot.channels.web.room import WebRoom
from store import conversations
from store.models import Conversation, Message, Speaker, Staff, Turn

JSON = {"Accept": "application/json"}
DANGER = "i've taken all my tablets"


def say(client: httpx.Client, text: str, **fields: str) -> dict[str, object]:
    answer = client.post("/chat", data={"text": text, **fields}, headers=JSON)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def kept(room: WebRoom, client: httpx.Client) -> list[Message]:
    with room.store.read() as session:
        found = chat_of(session, room, client)
        return list(conversations.messages_after(session, found.id, 0))


def chat_of(session: Session, room: WebRoom, client: httpx.Client) -> Conversation:
    token = client.cookies["harbour"].partition(".")[0]
    found = conversations.find_conversation(session, room.pseudonyms.of("web", token))
    assert found
    return found


def test_the_chat_opens_with_a_greeting(chatting: httpx.Client, room: WebRoom) -> None:
    page = chatting.get("/chat").text
    assert room.content.notices.greeting[0].replace("'", "&#39;") in page
    assert 'role="log"' in page


def test_without_a_script_a_message_leads_back_to_the_page(chatting: httpx.Client) -> None:
    answer = chatting.post("/chat", data={"text": "hello"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/chat#m2")
    assert "<p>hello</p>" in chatting.get("/chat").text


def test_what_is_kept_is_shown_under_what_was_said(chatting: httpx.Client) -> None:
    html = str(say(chatting, "my name is Priya Sharma")["html"])
    assert "What we keep" in html
    assert "Priya" not in html
    assert "&lt;PERSON_1&gt;" in html


def test_an_answer_holds_only_what_is_new(chatting: httpx.Client) -> None:
    first = say(chatting, "hello", after="1")
    second = say(chatting, "are you there", after=str(first["position"]))
    assert re.findall(r'data-position="(\d+)"', str(second["html"])) == [
        str(number) for number in range(int(str(first["position"])) + 1, int(str(second["position"])) + 1)
    ]
    assert second["own"] == int(str(first["position"])) + 1


def test_the_page_the_answer_and_the_script_show_the_same_message(chatting: httpx.Client) -> None:
    answered = str(say(chatting, "hello", after="1")["html"])
    looked = chatting.get("/chat?after=1", headers=JSON).json()["html"]
    assert answered == looked
    assert answered.strip()[:200] in chatting.get("/chat").text


def test_danger_shows_the_crisis_card_first(chatting: httpx.Client) -> None:
    html = str(say(chatting, DANGER, after="2")["html"])
    assert 'href="tel:999"' in html
    assert "hb-message--urgent" in html
    page = chatting.get("/chat").text
    assert page.index("hb-crisis") < page.index("Thank you for telling me")


def test_the_words_of_a_patient_are_never_markup(chatting: httpx.Client) -> None:
    html = str(say(chatting, "<script>alert(1)</script><img src=x onerror=alert(1)>")["html"])
    assert "<script" not in html
    assert "<img" not in html


def test_the_same_sending_twice_is_kept_once(chatting: httpx.Client, room: WebRoom) -> None:
    first = say(chatting, "hello", delivery="one")
    second = say(chatting, "hello", delivery="one")
    assert first["own"] == second["own"]
    assert len([message for message in kept(room, chatting) if message.speaker == Speaker.PATIENT]) == 1


def test_something_new_written_on_an_old_page_is_not_taken_for_a_repetition(
    chatting: httpx.Client, room: WebRoom
) -> None:
    say(chatting, "hello", delivery="one")
    say(chatting, "something else", delivery="one")
    assert len([message for message in kept(room, chatting) if message.speaker == Speaker.PATIENT]) == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"text=", 400),
        (b"text=%00%00", 400),
        (b"text=" + b"%F0%9F%98%A2" * 3, 200),
        (b"text=%ED%A0%BD+sad", 200),
        (b"text=%E2%80%AEolleh+there", 200),
        (b"text=" + b"line%0A" * 2000, 413),
        (b"text=%FF%FE+hello", 200),
        (b"&".join(b"a%d=1" % number for number in range(500)), 400),
        (b"choice=nonsense", 400),
        (b"choice=nonsense:7", 409),
    ],
)
def test_odd_input_gets_an_answer_or_a_clean_refusal(
    chatting: httpx.Client, body: bytes, status: int
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = chatting.post("/chat", content=body, headers=JSON | form)
    assert answer.status_code == status
    assert answer.json().get("notice" if status != 200 else "html")
    page = chatting.post("/chat", content=body, headers=form)
    assert page.status_code == (303 if status == 200 else status)


def test_a_body_that_is_far_too_big_is_refused_before_it_is_read(chatting: httpx.Client) -> None:
    def ten_megabytes() -> Iterator[bytes]:
        for _ in range(1000):
            yield b"a" * 10_000

    form = {"Content-Type": "application/x-www-form-urlencoded", **JSON}
    assert chatting.post("/chat", data={"text": "a" * 10_000_000}, headers=JSON).status_code == 413
    assert chatting.post("/chat", content=ten_megabytes(), headers=form).status_code == 413


def test_a_refused_message_gives_the_words_back(chatting: httpx.Client) -> None:
    answer = chatting.post("/chat", data={"text": "so tired\n" * 1000})
    assert answer.status_code == 413
    assert "so tired\nso tired" in answer.text
    assert "Can you send it in parts" in answer.text


def test_looking_for_new_messages_keeps_what_is_half_written(chatting: httpx.Client, room: WebRoom) -> None:
    answer = chatting.post("/chat", data={"text": "half written", "look": "1"})
    assert answer.status_code == 200
    assert "half written</textarea>" in answer.text
    assert len(kept(room, chatting)) == 1


def test_while_the_database_is_locked_nobody_is_told_that_staff_know(
    chatting: httpx.Client, room: WebRoom
) -> None:
    lock = sqlite3.connect(str(room.store.engine.url.database), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    answer = chatting.post("/chat", data={"text": DANGER}, headers=JSON)
    lock.execute("ROLLBACK")
    lock.close()
    assert answer.status_code == 503
    assert answer.json()["notice"] in room.content.crisis.what_happens_next.not_reached
    assert 'href="tel:999"' in answer.json()["html"]
    assert len(kept(room, chatting)) == 1


def test_a_clinician_speaks_with_name_and_job_in_their_own_words(
    chatting: httpx.Client, room: WebRoom
) -> None:
    hand_over(room, chatting, "Hello Sam, I'm here.")
    page = chatting.get("/chat").text
    assert "Amina, crisis nurse" in page
    assert "Hello Sam, I&#39;m here." in page
    assert "You are talking with Amina, crisis nurse." in page


def hand_over(room: WebRoom, chatting: httpx.Client, words: str) -> None:
    with room.store.begin() as session:
        conversation = chat_of(session, room, chatting)
        staff = Staff(
            email="a@trust.example",
            first_name="Amina",
            job_title="crisis nurse",
            password_hash="-",
            totp_secret=room.vault.seal("-", owner="-", purpose="totp"),
        )
        session.add(staff)
        session.flush()
        conversation.turn = Turn.CLINICIAN
        conversations.append(
            session,
            conversation,
            Speaker.CLINICIAN,
            room.content.notices.greeting[0],
            sealed=room.vault.seal(words, owner=conversation.id, purpose="reply"),
            staff_id=staff.id,
        )
    room.signals.notify(conversation.id)


def test_choices_are_offered_until_something_else_is_said(chatting: httpx.Client, room: WebRoom) -> None:
    with room.store.begin() as session:
        conversation = chat_of(session, room, chatting)
        buttons = [{"title": "Not now", "payload": "/not_now"}]
        conversations.append(
            session, conversation, Speaker.BOT, room.content.notices.greeting[1], buttons=buttons
        )
    page = chatting.get("/chat").text
    choice = re.search(r'name="choice" value="([^"]+)"', page)
    assert choice
    assert "/not_now" not in page
    answer = chatting.post("/chat", data={"choice": choice[1]}, headers=JSON)
    assert "Not now" in answer.json()["html"]
    assert 'name="choice"' not in chatting.get("/chat").text


def test_a_chat_that_was_ended_takes_no_more_messages(chatting: httpx.Client) -> None:
    cookie = chatting.cookies["harbour"]
    chatting.post("/end")
    answer = chatting.post("/chat", data={"text": "hello"}, headers={"Cookie": f"harbour={cookie}", **JSON})
    assert answer.status_code == 403
    assert answer.json()["over"]
