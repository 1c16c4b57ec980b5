"""The session cookie, and who may post."""

from __future__ import annotations

import time
from http.cookies import SimpleCookie

import httpx
import pytest

from bot.channels.web.sessions import IDLE_SECONDS, Sessions

JSON = {"Accept": "application/json"}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: httpx.Client) -> None:
    cookie = SimpleCookie(browser.post("/start").headers["set-cookie"])["harbour"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "strict"
    assert cookie["max-age"] == ""


def test_behind_https_the_cookie_is_bound_to_the_host() -> None:
    sessions = Sessions(b"k" * 32, secure=True)
    assert sessions.cookie == "__Host-harbour"


def test_each_start_is_a_new_session(browser: httpx.Client) -> None:
    browser.post("/start")
    first = browser.cookies["harbour"]
    browser.post("/start")
    assert browser.cookies["harbour"].partition(".")[0] != first.partition(".")[0]


def test_starting_again_ends_the_chat_that_was_open(chatting: httpx.Client) -> None:
    old = chatting.cookies["harbour"]
    chatting.post("/start")
    chatting.cookies.clear()
    answer = chatting.get("/chat", headers={"Cookie": f"harbour={old}"})
    assert answer.status_code == 403


def test_an_idle_session_is_over_and_says_why(
    chatting: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = time.time() + IDLE_SECONDS + 60
    monkeypatch.setattr(time, "time", lambda: later)
    answer = chatting.get("/chat")
    assert answer.status_code == 403
    assert "quiet for a while" in answer.text
    assert 'href="tel:999"' in answer.text


def test_each_use_gives_the_session_a_new_hour(
    chatting: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = time.time()
    monkeypatch.setattr(time, "time", lambda: started + IDLE_SECONDS - 60)
    assert chatting.get("/chat").status_code == 200
    monkeypatch.setattr(time, "time", lambda: started + IDLE_SECONDS + 600)
    assert chatting.get("/chat").status_code == 200


@pytest.mark.parametrize("value", ["forged", "a.b.c", "x" * 5000, "aGVsbG8.aGVsbG8.aGVsbG8"])
def test_a_forged_session_opens_nothing(browser: httpx.Client, value: str) -> None:
    for method, path in [("GET", "/chat"), ("POST", "/chat"), ("POST", "/end"), ("GET", "/chat/stream")]:
        answer = browser.request(method, path, headers={"Cookie": f"harbour={value}"})
        assert answer.status_code == 403
    answer = browser.post("/chat", data={"text": "hi"}, headers={"Cookie": f"harbour={value}", **JSON})
    assert answer.json()["notice"]


def test_a_session_signed_with_another_key_is_forged(chatting: httpx.Client) -> None:
    other = Sessions(b"o" * 32, secure=False)
    value = other._signer.sign(other.new().token).decode()
    chatting.cookies.clear()
    assert chatting.get("/chat", headers={"Cookie": f"harbour={value}"}).status_code == 403


def test_whoever_never_had_a_chat_meets_the_first_page(browser: httpx.Client) -> None:
    assert browser.get("/chat").headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {},
    ],
)
@pytest.mark.parametrize("path", ["/start", "/chat", "/contact", "/end", "/leave"])
def test_a_post_from_elsewhere_is_refused(stranger: httpx.Client, path: str, headers: dict[str, str]) -> None:
    answer = stranger.post(path, data={"text": "hi"}, headers=headers)
    assert answer.status_code == 403
    assert "we did not take that in" in answer.text
    assert "set-cookie" not in answer.headers
