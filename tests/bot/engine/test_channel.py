"""The sealed channel: who may speak through it, in which shapes, and what it never does."""

import pytest

from tests.bot.engine.speaking import Actions, Engine

pytestmark = pytest.mark.slow

MESSAGE = {"session": "s", "text": "hello"}


@pytest.mark.parametrize("secret", [None, "", "wrong", "a-made-up-secret-of-forty-characters-xxx"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "message"), ("POST", "interrupt"), ("POST", "forget"), ("GET", "ready")]
)
def test_no_route_opens_without_the_secret(
    engine: Engine, method: str, path: str, secret: str | None
) -> None:
    status, body = engine.call(method, path, MESSAGE, secret)
    assert (status, body) == (403, {"error": "forbidden"})


def test_it_answers_a_text_with_replies_buttons_and_the_intent(engine: Engine) -> None:
    status, body = engine.call("POST", "message", {"session": "shape", "text": "hello"})
    assert status == 200
    assert body["intent"]["name"] == "greet"
    assert 0.4 < body["intent"]["confidence"] <= 1
    assert body["replies"] == [
        {
            "text": "Hello.",
            "buttons": [
                {"title": "Check in", "payload": "/checkin"},
                {"title": "Numbers", "payload": "/helplines"},
            ],
            "custom": None,
        }
    ]


def test_a_card_comes_with_the_reply(engine: Engine) -> None:
    _, body = engine.call("POST", "message", {"session": "card", "intent": "helplines"})
    assert [reply["custom"] for reply in body["replies"]] == [{"card": "helplines"}]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        {"text": "hello"},
        {"session": "", "text": "hello"},
        {"session": "s" * 200, "text": "hello"},
        {"session": "s", "text": "   "},
        {"session": "s", "text": 7},
        {"session": "s", "text": "x" * 4001},
        {"session": "s", "text": "hello", "intent": "greet"},
        {"session": "s", "intent": "greet", "entities": ["mood"]},
        {"session": "s", "intent": "no_such_intent"},
        {"session": "s", "intent": "greet", "entities": {"no_such_slot": 1}},
    ],
)
def test_it_refuses_any_other_shape(engine: Engine, body: object) -> None:
    status, answer = engine.call("POST", "message", body)
    assert status == 400
    assert set(answer) == {"error"}


@pytest.mark.parametrize(
    "text",
    [
        "/helplines",
        "  /helplines",
        "\t\n/helplines",
        "\u200b/helplines",
        "\u2060\ufeff /helplines",
        "\u00a0//helplines",
        "\uff0fhelplines",
        "\u202e/helplines",
        '/checkin{"mood": 3}',
        "/restart",
        "/session_start",
        "/back",
    ],
)
def test_what_a_person_types_is_never_a_command(engine: Engine, text: str) -> None:
    """Rasa would obey these with confidence 1.0; the pipeline reads them as the words that they are."""
    _, body = engine.call("POST", "message", {"session": f"slash {text!r}", "text": text})
    assert body["intent"]["confidence"] < 1.0
    assert body["intent"]["name"] not in {"restart", "session_start", "back"}


def test_a_chosen_button_is_certain_and_fills_its_slots(engine: Engine) -> None:
    engine.choose("form", "checkin")
    assert engine.choose("form", "mood_number", mood=7) == ["What is on your mind?"]
    assert engine.say("form", "the neighbours") == ["Noted: 7, the neighbours."]


def test_a_button_is_never_taken_for_the_answer_to_an_open_question(engine: Engine) -> None:
    engine.choose("not swallowed", "checkin", mood=4)
    assert engine.choose("not swallowed", "goodbye")[0] == "Goodbye."
    assert engine.say("not swallowed", "still here") == ["Noted: 4, still here."]


def test_interrupting_leaves_the_form_and_clears_what_it_had_asked(engine: Engine) -> None:
    engine.choose("left", "checkin", mood=2)
    status, body = engine.call("POST", "interrupt", {"session": "left", "reason": "danger"})
    assert (status, body) == (200, {"interrupted": True})
    assert engine.say("left", "hello") == ["Hello."]
    assert engine.choose("left", "checkin") == ["From 0 to 10, how is your mood?"]


def test_interrupting_outside_a_form_changes_nothing(engine: Engine) -> None:
    assert engine.call("POST", "interrupt", {"session": "nobody", "reason": "danger"})[1] == {
        "interrupted": False
    }


def test_forgetting_leaves_nothing_in_the_database_files(engine: Engine) -> None:
    engine.choose("forgotten", "checkin", mood=5)
    engine.say("forgotten", "marmalade lighthouse")
    files = list((engine.home / "rasa").glob("tracker.db*"))
    assert any(b"marmalade" in file.read_bytes() for file in files)
    assert engine.call("POST", "forget", {"session": "forgotten"}) == (200, {"forgotten": True})
    assert engine.call("POST", "forget", {"session": "forgotten"}) == (200, {"forgotten": False})
    assert not any(b"marmalade" in file.read_bytes() for file in files)


def test_actions_are_called_with_the_secret(engine: Engine, actions: Actions) -> None:
    assert engine.choose("colour", "remember") == ["Your colour is new."]
    assert actions.headers[-1]["authorization"].startswith("Bearer a-made-up-secret")
    assert engine.choose("colour", "remember") == ["Your colour is green."]


@pytest.mark.parametrize("intent", ["broken", "nonsense", "silent", "picture"])
def test_a_turn_that_fails_is_a_500_and_is_not_kept(engine: Engine, intent: str) -> None:
    session = f"fails {intent}"
    engine.choose(session, "checkin")
    engine.call("POST", "interrupt", {"session": session, "reason": "test"})
    status, body = engine.call("POST", "message", {"session": session, "intent": intent})
    assert status == 500
    assert set(body) == {"error"}
    assert engine.say(session, "hello") == ["Hello."]


def test_nothing_that_was_said_reaches_the_log_or_an_error(engine: Engine) -> None:
    secret_words = "xylophone pineapple"
    session = "logged"
    engine.choose(session, "checkin", mood=1)
    engine.say(session, f"{secret_words} is on my mind")
    for intent in ("broken", "nonsense"):
        _, body = engine.call("POST", "message", {"session": session, "intent": intent})
        assert "xylophone" not in str(body)
    status, body = engine.call("POST", "message", {"session": session, "text": f"break it {secret_words}"})
    assert status in {200, 500}
    log = engine.log.read_text()
    assert "xylophone" not in log + str(body)
    assert "pineapple" not in log
    assert "A turn failed" in log


def test_two_messages_at_once_in_one_conversation_wait_for_each_other(engine: Engine) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: engine.choose("at once", "slow"), range(4)))
    assert answers == [["There."]] * 4


def test_a_message_late_in_a_long_conversation_remembers_the_form_and_the_slots(engine: Engine) -> None:
    engine.choose("long", "remember")
    engine.choose("long", "checkin", mood=9)
    for _ in range(40):
        assert engine.choose("long", "goodbye")[0] == "Goodbye."
    assert engine.say("long", "nearly done") == ["Noted: 9, nearly done."]
    assert engine.choose("long", "remember") == ["Your colour is green."]
