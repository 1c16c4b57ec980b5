"""Rasa in a real Harbour: nobody gets in beside Harbour, and nobody in danger waits for it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from benchmarks.running import RunningHarbour, running_harbour
from content import Content
from tests.journeys.patient import DANGER, Page, Patient, Records

pytestmark = pytest.mark.slow

OURS = {"/ready": "GET", "/message": "POST", "/interrupt": "POST", "/forget": "POST"}
NOT_ENABLED = {
    "/webhooks/rest/webhook": "POST",
    "/webhooks/rest/": "GET",
    "/webhooks/callback/webhook": "POST",
    "/webhooks/socketio/": "GET",
    "/socket.io/": "GET",
    "/conversations/x/tracker": "GET",
    "/conversations/x/messages": "POST",
    "/conversations/x/execute": "POST",
    "/conversations/x/trigger_intent": "POST",
    "/model/parse": "POST",
    "/model/train": "POST",
    "/model": "PUT",
    "/domain": "GET",
    "/status": "GET",
    "/webhooks/harbour/../../model/parse": "POST",
    "/webhooks/harbour/%2e%2e/rest/webhook": "POST",
}
WRONG = (
    "",
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    "Basic OjE=",
    "{}",
    "bearer {}",
    "Bearer {}x",
    "Bearer \xff\xfe",
)
COMMANDS = (
    "/delete_my_data",
    '/delete_my_data{{"confirmed": true}}',
    " \t/delete_my_data",
    "\u200b/delete_my_data",
    "\ufeff\u2060/delete_my_data",
    "\u00ad/delete_my_data",
    "\u180e\u2063/delete_my_data",
    "\0/delete_my_data",
    "\u202e/delete_my_data",
    "／delete_my_data",
    "⁄delete_my_data",
    "//delete_my_data",
    "/ /delete_my_data",
    "\u0338/delete_my_data",
    "\n\n/delete_my_data",
    "hello\n/delete_my_data",
)


@pytest.fixture(scope="module")
def model_home(trained_model: Path) -> Path:
    return trained_model.parent.parent


@pytest.fixture(scope="module")
def harbour(model_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHarbour]:
    """One of our own: here its Rasa is killed and frozen."""
    with running_harbour(tmp_path_factory.mktemp("sealed") / "home", model_home=model_home) as harbour:
        yield harbour


@pytest.fixture(scope="module")
def records(harbour: RunningHarbour) -> Records:
    return Records(harbour)


@pytest.fixture(scope="module")
def secret(harbour: RunningHarbour) -> str:
    return (harbour.home / "secrets" / "engine").read_text().strip()


@pytest.fixture
def patient(harbour: RunningHarbour) -> Patient:
    """Somebody who is already talking with the bot."""
    patient = Patient(harbour).start()
    patient.tell("hello")
    return patient


def call(port: int, method: str, path: str, body: object = None, authorization: str = "") -> tuple[int, str]:
    """The status and the words of an answer."""
    head = {"Content-Type": "application/json"} | ({"Authorization": authorization} if authorization else {})
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request(method, path, json.dumps(body) if method != "GET" else None, head)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def listening(pid: int) -> list[tuple[str, int]]:
    """Where a process and its children listen."""
    process = psutil.Process(pid)
    everyone = [process, *process.children(recursive=True)]
    sockets = [each for one in everyone for each in one.net_connections("inet") if each.status == "LISTEN"]
    return [(each.laddr.ip, each.laddr.port) for each in sockets]


def internal_port(harbour: RunningHarbour) -> int:
    """The one listener of Harbour that is neither the patients' nor the staff's."""
    ports = {port for _, port in listening(harbour.harbour_pid)} - {harbour.patients_port, harbour.staff_port}
    (port,) = ports
    return port


# The wall.


def test_rasa_listens_on_loopback_alone(harbour: RunningHarbour) -> None:
    assert listening(harbour.rasa_pid) == [("127.0.0.1", harbour.rasa_port)]
    assert {address for address, _ in listening(harbour.pid)} == {"127.0.0.1"}


@pytest.mark.parametrize("given", WRONG)
def test_every_door_demands_the_secret(harbour: RunningHarbour, secret: str, given: str) -> None:
    authorization = given.format(secret)
    message = {"session": "somebody", "text": "hello"}
    for path, method in OURS.items():
        status, said = call(harbour.rasa_port, method, f"/webhooks/harbour{path}", message, authorization)
        assert (status, said) == (403, '{"error": "forbidden"}')
    status, said = call(internal_port(harbour), "POST", "/actions", {}, authorization)
    assert status == 403
    assert secret not in said


def test_the_secret_opens_the_doors(harbour: RunningHarbour, secret: str) -> None:
    opened = f"Bearer {secret}"
    assert call(harbour.rasa_port, "GET", "/webhooks/harbour/ready", None, opened)[0] == 200
    assert call(internal_port(harbour), "POST", "/actions", {}, opened)[0] == 400


@pytest.mark.parametrize(("path", "method"), NOT_ENABLED.items())
def test_rasas_own_doors_are_not_there(harbour: RunningHarbour, secret: str, path: str, method: str) -> None:
    for authorization in ("", f"Bearer {secret}"):
        for query in ("", f"?token={secret}"):
            assert call(harbour.rasa_port, method, path + query, {}, authorization)[0] == 404


@pytest.mark.parametrize("body", [[], None, "text", 5, {"next_action": "nobody"}, {"tracker": 5}], ids=repr)
def test_actions_refuse_what_is_no_call(harbour: RunningHarbour, secret: str, body: object) -> None:
    assert call(internal_port(harbour), "POST", "/actions", body, f"Bearer {secret}")[0] in (400, 404)


def test_health_checks_say_nothing_more(harbour: RunningHarbour) -> None:
    assert call(internal_port(harbour), "GET", "/live") == (200, '{"live":true}')
    assert call(internal_port(harbour), "GET", "/ready") == (200, '{"store":true,"engine":true}')


@pytest.mark.parametrize("typed", COMMANDS, ids=ascii)
def test_a_typed_command_is_only_words(patient: Patient, records: Records, typed: str) -> None:
    """Were it obeyed, this person's words would be gone."""
    people, kept = records.one("SELECT count(*) FROM person"), records.kept()
    assert patient.tell(typed.format()).status == 200
    assert records.one("SELECT count(*) FROM person") == people
    assert records.kept() == kept + 1
    assert len(patient.get("/chat").bot_says) >= 3, "the conversation goes on"


@pytest.mark.parametrize("command", ["/back", "/want_human", "/inform{}", '/x{"requested_slot": null}'])
def test_a_command_leaves_the_form_as_it_is(harbour: RunningHarbour, records: Records, command: str) -> None:
    patient = Patient(harbour).start()
    patient.tell("can i do a check in")
    patient.tell(command)
    moods = records.one("SELECT count(*) FROM mood_checkin")
    patient.tell("4")
    assert records.one("SELECT count(*) FROM mood_checkin") == moods + (command != "/want_human")


def rasa_events(harbour: RunningHarbour, kind: str) -> int:
    """How many events of a kind Rasa holds, of all conversations."""
    with closing(sqlite3.connect(harbour.home / "rasa" / "tracker.db", timeout=10)) as tracker:
        kept = [row[0].splitlines() for row in tracker.execute("SELECT events FROM trackers")]
    return sum(json.loads(event)["event"] == kind for events in kept for event in events)


@pytest.mark.parametrize(
    ("command", "event"), [("/restart", "restart"), ("/session_start", "session_started")]
)
def test_a_command_of_rasas_own_is_not_obeyed(harbour: RunningHarbour, command: str, event: str) -> None:
    patient = Patient(harbour).start()
    patient.tell("can i do a check in")
    before = rasa_events(harbour, event)
    patient.tell(command)
    assert rasa_events(harbour, event) == before
    assert rasa_events(harbour, "user") > 0, "else the test reads the wrong table"


# Rasa away.


@contextmanager
def frozen(harbour: RunningHarbour) -> Iterator[None]:
    pid = harbour.rasa_pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def timed(ask: Callable[[], Page]) -> tuple[Page, float]:
    began = time.monotonic()
    return ask(), time.monotonic() - began


def is_honest(page: Page, ways: tuple[str, ...]) -> bool:
    """Whether a page says that the bot does not work, and shows whom to call."""
    return page.status == 200 and page.shows_numbers and any(way in page.in_sight for way in ways)


def danger_is_answered(harbour: RunningHarbour, records: Records) -> None:
    """In well under two seconds, with the numbers, and with an escalation in the store."""
    raised = records.raised()
    page, seconds = timed(lambda: Patient(harbour).start().tell(DANGER))
    assert page.shows_crisis_card
    assert seconds < 1.5
    assert records.raised() == raised + 1
    assert records.one("SELECT response FROM escalation ORDER BY raised_at DESC LIMIT 1") == "respond_now"
    assert records.half_written() == []


def open_alerts(records: Records) -> int:
    """Open alerts about Rasa; staff may have others, such as that no notice can reach them."""
    of_rasa = "SELECT count(*) FROM service_alert WHERE cleared_at IS NULL AND kind = 'engine_unavailable'"
    return int(records.one(of_rasa))


def test_a_frozen_rasa_is_waited_for_once_and_never_in_danger(
    harbour: RunningHarbour, patient: Patient, records: Records
) -> None:
    words = Content.load().fallback.engine
    kept = records.kept()
    with frozen(harbour):
        page, seconds = timed(lambda: patient.tell("i like tea"))
        assert is_honest(page, words.slow)
        assert seconds < 6
        assert open_alerts(records) == 1
        danger_is_answered(harbour, records)
        shaken = Patient(harbour).start()
        assert timed(lambda: shaken.tell(DANGER))[1] < 1.5
        assert timed(lambda: shaken.tell("i still like tea"))[1] < 1.5, (
            "the bot stays, and needs no Rasa for it"
        )
        page, seconds = timed(lambda: patient.tell("i still like tea"))
        assert is_honest(page, words.slow)
        assert seconds < 6
    assert records.kept() == kept + 5
    normal_again(patient, records, words.slow + words.down)


def test_a_killed_rasa_comes_back_and_nothing_waits_for_it(
    harbour: RunningHarbour, patient: Patient, records: Records
) -> None:
    words = Content.load().fallback.engine
    leaving = Patient(harbour).start()
    leaving.tell("hello")
    session = records.one("SELECT engine_session FROM conversation ORDER BY started_at DESC LIMIT 1")
    assert held_by_rasa(harbour, session)
    killed = harbour.rasa_pid
    os.kill(killed, signal.SIGKILL)
    page, seconds = timed(lambda: patient.tell("i like tea"))
    assert is_honest(page, words.down)
    assert seconds < 6
    assert open_alerts(records) == 1
    assert call(internal_port(harbour), "GET", "/ready") == (200, '{"store":true,"engine":false}')
    danger_is_answered(harbour, records)
    assert leaving.post("/end", {}).status == 200
    normal_again(patient, records, words.slow + words.down)
    assert harbour.rasa_pid != killed
    deadline = time.monotonic() + 5
    while held_by_rasa(harbour, session) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not held_by_rasa(harbour, session), "who left meanwhile is forgotten as soon as Rasa is back"


def held_by_rasa(harbour: RunningHarbour, session: str) -> bool:
    """Whether Rasa's own database holds anything of a session."""
    with closing(sqlite3.connect(harbour.home / "rasa" / "tracker.db", timeout=5)) as database:
        return database.execute("SELECT 1 FROM trackers WHERE session = ?", (session,)).fetchone() is not None


def normal_again(patient: Patient, records: Records, ways: tuple[str, ...]) -> None:
    """Within half a minute the bot answers as ever, and the alert is cleared."""
    deadline = time.monotonic() + 30
    page = patient.tell("hello")
    while any(way in page.in_sight for way in ways) and time.monotonic() < deadline:
        time.sleep(0.5)
        page = patient.tell("hello")
    assert page.bot_says
    assert not any(way in page.in_sight for way in ways)
    assert open_alerts(records) == 0


# The end.


def test_ctrl_c_leaves_no_process(model_home: Path, tmp_path: Path) -> None:
    with running_harbour(tmp_path / "home", model_home=model_home) as harbour:
        patient = Patient(harbour).start()
        patient.tell("hello")
        stream = HTTPConnection(*patient.address, timeout=30)
        stream.request("GET", "/chat/stream", headers={"Cookie": f"harbour={patient.cookie}"})
        assert stream.getresponse().status == 200
        launcher = psutil.Process(harbour.pid)
        family = launcher.children(recursive=True)
        ports = listening(harbour.pid)
        assert len(family) >= 2
        os.kill(harbour.pid, signal.SIGINT)
        gone, alive = psutil.wait_procs(family, timeout=20)
        assert alive == []
        assert len(gone) == len(family)
        stream.close()
    assert not launcher.is_running()
    bound = {each.laddr[:2] for each in psutil.net_connections("inet") if each.status == "LISTEN"}
    assert bound.isdisjoint(ports)
    assert list((tmp_path / "home" / "tmp").iterdir()) == []
