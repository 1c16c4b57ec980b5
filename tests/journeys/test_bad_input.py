"""Everything wrong that can be sent to the patients' listener, sent to a real Harbour.

Each time: a clear reply or a clean refusal, nothing lost, nothing half-written, and numbers to call for
somebody who was in danger while it went wrong.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import pytest
from itsdangerous import TimestampSigner

from benchmarks.running import RunningHarbour, running_harbour
from tests.journeys.patient import DANGER, FORM, JSON, Page, Patient, Records, in_pieces

pytestmark = pytest.mark.slow

TEN_MEGABYTES = 10_000_000
TYPED_DANGER = b"text=i%27ve+taken+all+my+tablets"
SCRIPT = {"Accept": JSON}
STALLED_SECONDS = 20

# Made up, and found nowhere else: Ofcom keeps these numbers free for stories, and nobody has these names.
NAMES = ("Perrimund Haskelby", "Quillabeth Varnishaw", "tolliver grackenby")
NUMBERS = ("07700 900813", "07700900427", "020 7946 0951")
EMAIL = "quillabeth.varnishaw@example.org"
MAY_BE_KEPT = "lukewarm wheelbarrow"
REFUSED_WORD = "gooseberryzeppelin"


@pytest.fixture(scope="module")
def harbour(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHarbour]:
    """One of our own: here its database is locked, and all its files are searched."""
    home = tmp_path_factory.mktemp("bad-input") / "home"
    with running_harbour(home, model_home=trained_model.parent.parent) as harbour:
        yield harbour


@pytest.fixture(scope="module")
def records(harbour: RunningHarbour) -> Records:
    return Records(harbour)


@pytest.fixture
def patient(harbour: RunningHarbour) -> Patient:
    return Patient(harbour).start()


@pytest.fixture(autouse=True)
def whole(records: Records) -> Iterator[None]:
    """After every test: no danger without its escalation, no escalation without its message, no gaps."""
    yield
    assert records.half_written() == []


@pytest.fixture(scope="module", autouse=True)
def stalled(harbour: RunningHarbour) -> Iterator[socket.socket]:
    """A form that stops coming half-way, begun before all other tests and looked at after them."""
    host = f"{harbour.host}:{harbour.patients_port}"
    cookie = Patient(harbour).start().cookie
    head = (
        f"POST /chat HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: harbour={cookie}\r\n"
        f"Content-Type: {FORM}\r\nContent-Length: 100\r\n\r\ntext={REFUSED_WORD}"
    )
    with socket.create_connection((harbour.host, harbour.patients_port)) as connection:
        connection.sendall(head.encode())
        yield connection


def signed(harbour: RunningHarbour, token: str, seconds_ago: int) -> str:
    """A session cookie as Harbour would have made it some time ago, with Harbour's own secret."""

    class Then(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time()) - seconds_ago

    key = (harbour.home / "secrets" / "session").read_bytes().strip()
    return Then(key, salt="harbour.web.session", digest_method=sha256).sign(token).decode()


# Nothing to read.


@pytest.mark.parametrize(
    "text", ["", "   \n\t", "\0\0", "\u202e\u202d", "\u200b\u2060\ufeff", "\u0301", "..."]
)
def test_nothing_to_read_is_said_kindly(patient: Patient, records: Records, text: str) -> None:
    before = records.kept()
    for page in (patient.say(text), patient.tell(text)):
        assert page.status == 400
    assert "hb-problem" in patient.say(text).text
    assert records.kept() == before


def test_a_form_without_a_message_is_refused(patient: Patient) -> None:
    assert patient.post("/chat", {}).status == 400
    assert patient.post("/chat", {"unknown": "field"}).status == 400


# Odd, but readable.


@pytest.mark.parametrize(
    "text",
    [
        "😢😢😢",
        "i am\0 tired",
        "\u202ei am tired\u202c",
        "hi\ud83d".encode("utf-8", "replace").decode(),
        "\n" * 1500 + "hi",
    ],
    ids=["emoji", "a null", "right to left", "a replaced surrogate", "many empty lines"],
)
def test_odd_words_are_kept_and_answered(patient: Patient, records: Records, text: str) -> None:
    before = records.kept()
    page = patient.say(text)
    assert page.status == 200
    assert len(page.bot_says) >= 2
    assert records.kept() == before + 1


@pytest.mark.parametrize(
    "body", [b"text=hi+%ED%A0%BD", b"text=hi+\xed\xa0\xbd", b"text=hi+%FF%FE%00", b"text=hi+%zz%"]
)
def test_bytes_that_are_no_text_do_no_harm(patient: Patient, records: Records, body: bytes) -> None:
    before = records.kept()
    assert patient.post("/chat", body).status == 303
    kept = records.one("SELECT text FROM message WHERE speaker = 'patient' ORDER BY at DESC LIMIT 1")
    assert kept.startswith("hi")
    assert "\0" not in kept
    assert records.kept() == before + 1


@pytest.mark.parametrize(
    "text",
    [
        "i've taken\0 all my tab\0lets",
        "\u202e" + DANGER,
        "i've ta\u200fken all my\u200e tablets",
        DANGER + " \U0001f62d\U0001f62d",
        "\n".join(f"line {number}" for number in range(2000)) + "\n" + DANGER,
        "\n".join([*["line"] * 1000, DANGER, *["line"] * 1000]),
        "/" + DANGER,
        DANGER + " word" * 15_000,
    ],
    ids=[
        "nulls",
        "rtl",
        "rtl inside",
        "emoji",
        "after 2,000 lines",
        "amid 2,000",
        "as a command",
        "too long",
    ],
)
def test_danger_is_seen_through_odd_writing(patient: Patient, records: Records, text: str) -> None:
    before = records.raised()
    assert patient.tell(text).shows_crisis_card
    assert records.raised() == before + 1


@pytest.mark.parametrize("tail", [b"+%ED%A0%80", b"%00%FF", b"\xff\xfe", b"&text2=%00&%FF=%00"])
def test_danger_is_seen_through_broken_bytes(patient: Patient, records: Records, tail: bytes) -> None:
    before = records.raised()
    assert patient.post("/chat", TYPED_DANGER + tail, **SCRIPT).shows_crisis_card
    assert records.raised() == before + 1


# Too much, too slow.


def test_two_thousand_lines_are_given_back(patient: Patient, records: Records) -> None:
    before = records.kept()
    page = patient.say("\n".join(f"line {number}" for number in range(2000)))
    assert page.status == 413
    assert "line 1999" in page.in_sight, "what was written is still there to be cut"
    assert records.kept() == before


@pytest.mark.parametrize("chunked", [False, True], ids=["declared", "chunked"])
@pytest.mark.parametrize("accept", ["text/html", JSON])
@pytest.mark.parametrize("path", ["/chat", "/start"])
def test_ten_megabytes_are_refused_with_numbers(
    patient: Patient, records: Records, path: str, accept: str, *, chunked: bool
) -> None:
    before = records.kept()
    body = TYPED_DANGER + b"+" * TEN_MEGABYTES
    page = patient.post(path, in_pieces(body) if chunked else body, Accept=accept)
    assert page.status == 413
    assert page.shows_numbers
    assert records.kept() == before
    assert len(patient.say("hello").bot_says) == 2, "the chat goes on"


def test_ten_megabytes_are_not_waited_for(harbour: RunningHarbour, patient: Patient) -> None:
    page = patient.post("/chat", b"", Content_Length=str(TEN_MEGABYTES))
    assert page.status == 413


def test_an_endless_head_is_cut_off(harbour: RunningHarbour, patient: Patient) -> None:
    with socket.create_connection((harbour.host, harbour.patients_port), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX-Endless: ")
        with pytest.raises(OSError, match=r"reset|pipe"):  # noqa: PT012 - one of many sends is the first refused
            for _ in range(100):
                connection.sendall(b"x" * 64 * 1024)
    assert patient.get("/chat").status == 200


def test_a_slow_form_is_taken_in(patient: Patient, records: Records) -> None:
    before = records.raised()

    def drop_by_drop() -> Iterator[bytes]:
        for start in range(0, len(TYPED_DANGER), 4):
            time.sleep(0.1)
            yield TYPED_DANGER[start : start + 4]

    assert patient.post("/chat", drop_by_drop(), **SCRIPT).shows_crisis_card
    assert records.raised() == before + 1


# Sessions.


def test_an_hour_old_session_is_closed_with_numbers(
    harbour: RunningHarbour, patient: Patient, records: Records
) -> None:
    token, before = patient.cookie.split(".")[0], records.kept()
    patient.cookie = signed(harbour, token, seconds_ago=60)
    assert patient.get("/chat").status == 200, "the forgery is right: only its age is wrong below"
    for ago in (3700, 10**9, -3600):
        for accept in ("text/html", JSON):
            patient.cookie = signed(harbour, token, ago)
            page = patient.post("/chat", {"text": f"{DANGER} {REFUSED_WORD}"}, Accept=accept)
            assert page.status == 403
            assert page.shows_numbers
            assert patient.cookie == "", "the old cookie is taken away"
    assert records.kept() == before


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "é" * 30, "." * 200, "x" * 6000, '"', "=;="])
def test_a_made_up_session_opens_nothing(harbour: RunningHarbour, records: Records, cookie: str) -> None:
    before = records.kept()
    for method, path in (("POST", "/chat"), ("POST", "/end"), ("GET", "/chat"), ("GET", "/chat/stream")):
        stranger = Patient(harbour)
        stranger.cookie = cookie
        posts = method == "POST"
        page = stranger.post(path, TYPED_DANGER, **SCRIPT) if posts else stranger.get(path, **SCRIPT)
        assert page.status == 403
        assert page.shows_numbers
    assert records.kept() == before


def test_another_persons_signature_fits_no_other_token(patient: Patient) -> None:
    token, when, signature = patient.cookie.split(".")
    for forged in (
        f"{token[:-1]}x.{when}.{signature}",
        f"{token}.{when}.{signature[:-2]}AA",
        f"{token}.{when}",
    ):
        patient.cookie = forged
        assert patient.get("/chat", **SCRIPT).status == 403


# Other sites, other formats, other addresses.


@pytest.mark.parametrize(
    "head",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": "http://[::1"},
        {"Origin": "http://127.0.0.1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "", "Sec_Fetch_Site": ""},
    ],
    ids=str,
)
def test_another_sites_form_does_nothing(patient: Patient, records: Records, head: dict[str, str]) -> None:
    before = records.kept()
    for path in ("/chat", "/start", "/end", "/leave"):
        for accept in ("text/html", JSON):
            page = patient.post(path, {"text": f"{DANGER} {REFUSED_WORD}"}, Accept=accept, **head)
            assert page.status == 403
            assert page.shows_numbers
    assert records.kept() == before
    assert patient.say("hello").status == 200, "the chat is as it was"


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", JSON, "multipart/form-data", "multipart/form-data; boundary=x", "\xff;", ";;=,"],
)
def test_what_is_no_form_is_refused_with_numbers(patient: Patient, records: Records, kind: str) -> None:
    before = records.kept()
    for accept in ("text/html", JSON):
        page = patient.post("/chat", TYPED_DANGER, Content_Type=kind, Accept=accept)
        assert page.status == 400
        assert page.shows_numbers
    assert records.kept() == before


def test_too_many_fields_are_refused(patient: Patient) -> None:
    page = patient.post("/chat", b"a=1&" * 5000 + TYPED_DANGER, **SCRIPT)
    assert page.status == 400
    assert page.shows_numbers


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/%00",
        "/%ff%fe",
        "/chat/%2e%2e/%2e%2e/etc/passwd",
        "/static/../../bot/app.py",
        "/static/%2e%2e/%2e%2e/bot/app.py",
        "/static/%00",
        "/static/" + "x" * 5000,
        "/actions",
        "/ready",
        "/sign-in",
        "/webhooks/rest/webhook",
        "//example.org",
    ],
)
def test_an_unknown_address_says_so(patient: Patient, path: str) -> None:
    assert patient.get(path).status == 404
    assert patient.post(path, TYPED_DANGER, **SCRIPT).status in (404, 405)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "NONSENSE"])
def test_other_methods_do_nothing(patient: Patient, records: Records, method: str) -> None:
    before = records.kept()
    assert patient.request(method, "/chat", TYPED_DANGER, {"Content-Type": FORM}).status == 405
    assert records.kept() == before


@pytest.mark.parametrize(
    "after", ["-1", "1e9", "9" * 400, "99999999", "NaN", "\0", "١٢", "0x1", "' OR 1=1 --", "%"]
)
def test_an_absurd_position_is_no_matter(patient: Patient, after: str) -> None:
    assert patient.get(f"/chat?after={quote(after)}", **SCRIPT).status == 200
    assert patient.tell("hello", after=after).status == 200
    assert patient.tell(DANGER, after="0" + after).status == 200
    assert patient.get("/chat").shows_crisis_card


@pytest.mark.parametrize(
    "choice",
    ["x:0", ":0", "::", "x:99", "x:-1", "x:99999999999", "\0:0", "é" * 900 + ":0", "x" * 9000 + ":1", "x:١"],
)
def test_an_absurd_choice_is_refused_or_ignored(patient: Patient, records: Records, choice: str) -> None:
    before = records.kept()
    assert patient.tell("", choice=choice).status in (400, 409)
    assert records.kept() == before


def test_another_persons_choice_is_refused(
    harbour: RunningHarbour, patient: Patient, records: Records
) -> None:
    patient.say("whats the point of anything anymore")
    offered = records.one("SELECT id FROM message WHERE buttons != '[]' ORDER BY at DESC LIMIT 1")
    assert Patient(harbour).start().tell("", choice=f"{offered}:0").status == 409
    assert patient.tell("", choice=f"{offered}:0").status == 200


# Staff's listener.


@pytest.mark.parametrize("origin", ["", "null", "http://[::1", "https://example.org", "http://127.0.0.1"])
def test_another_sites_form_does_nothing_to_staff(harbour: RunningHarbour, origin: str) -> None:
    stranger = Patient(harbour)
    stranger.address = (harbour.host, harbour.staff_port)
    assert stranger.post("/sign-in", {"email": "a", "password": "b"}, Origin=origin).status == 403


@pytest.mark.parametrize("body", [b"csrf=" + b"a" * TEN_MEGABYTES, b"a=1&" * 5000, b"%ff%00=\xff", b""])
@pytest.mark.parametrize("kind", [FORM, JSON, "multipart/form-data; boundary=x", "\xff"])
def test_what_is_no_form_of_ours_does_nothing_to_staff(
    harbour: RunningHarbour, body: bytes, kind: str
) -> None:
    stranger = Patient(harbour)
    stranger.address = (harbour.host, harbour.staff_port)
    assert stranger.post("/sign-in", in_pieces(body), Content_Type=kind).status in (400, 403, 413, 415)


# The same again.


def test_a_delivery_that_comes_many_times_is_kept_once(patient: Patient, records: Records) -> None:
    kept, raised = records.kept(), records.raised()
    with ThreadPoolExecutor(6) as threads:
        pages = list(threads.map(lambda _: patient.tell(DANGER, delivery="the-same"), range(6)))
    assert all(page.status == 200 and page.shows_crisis_card for page in pages)
    assert (records.kept(), records.raised()) == (kept + 1, raised + 1)


def test_an_odd_delivery_id_is_only_an_id(patient: Patient, records: Records) -> None:
    kept = records.kept()
    for delivery in ("x" * 20_000, "\0", "'; DROP TABLE message; --", "٣"):
        assert [patient.tell("hello", delivery=delivery).status for _ in range(2)] == [200, 200]
    assert records.kept() == kept + 4


# A locked database.


@contextmanager
def locked(records: Records) -> Iterator[None]:
    with closing(records.open()) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            database.execute("ROLLBACK")


def test_a_locked_database_loses_nothing_and_shows_numbers(harbour: RunningHarbour, records: Records) -> None:
    writing, danger, script, leaving = (Patient(harbour).start() for _ in range(4))
    kept, raised = records.kept(), records.raised()
    asked: dict[str, Callable[[], Page]] = {
        "harmless": lambda: writing.say(f"i like {REFUSED_WORD}", delivery="a"),
        "danger": lambda: danger.say(DANGER, delivery="b"),
        "danger by script": lambda: script.tell(DANGER, delivery="c"),
        "start": lambda: Patient(harbour).post("/start", {}),
        "leave": lambda: leaving.post("/leave", {}),
        "read": lambda: writing.get("/chat"),
    }
    with locked(records), ThreadPoolExecutor(len(asked)) as threads:
        pages = dict(zip(asked, threads.map(lambda ask: ask(), asked.values()), strict=True))
    for trouble in ("harmless", "danger", "danger by script", "start"):
        assert pages[trouble].status == 503, trouble
        assert pages[trouble].headers["retry-after"] == "5"
    assert REFUSED_WORD in pages["harmless"].in_sight, "the words are given back"
    assert pages["danger"].shows_crisis_card
    assert pages["danger by script"].shows_crisis_card
    assert pages["start"].shows_numbers
    assert pages["read"].status == 200
    assert pages["leave"].status == 303
    assert (records.kept(), records.raised()) == (kept, raised)
    for again in (script, danger):
        assert again.tell(DANGER, delivery="c").shows_crisis_card, "and the next try is kept"
    assert (records.kept(), records.raised()) == (kept + 2, raised + 2)


def test_a_short_lock_is_waited_for(patient: Patient, records: Records) -> None:
    kept, raised = records.kept(), records.raised()
    with ThreadPoolExecutor(1) as threads:
        with locked(records):
            sending = threads.submit(patient.tell, DANGER)
            time.sleep(1)
            assert not sending.done()
        page = sending.result()
    assert page.shows_crisis_card
    assert (records.kept(), records.raised()) == (kept + 1, raised + 1)


# What lies in the files afterwards.


def test_nothing_typed_is_in_any_file_but_what_redaction_keeps(
    harbour: RunningHarbour, patient: Patient
) -> None:
    token = patient.cookie.split(".")[0]
    first, second, third = NAMES
    patient.say(f"my name is {first} and my number is {NUMBERS[0]}")
    patient.say(
        f"My name is {second}, call me on {NUMBERS[1]} or {NUMBERS[2]} or write to {EMAIL}. {MAY_BE_KEPT}"
    )
    patient.say(f"my name is {third} and {DANGER}")
    patient.say(f"{REFUSED_WORD} " * 400)
    patient.post("/chat", f"text={REFUSED_WORD}".encode() + b"+" * TEN_MEGABYTES)
    patient.get(f"/{REFUSED_WORD}?{REFUSED_WORD}=1", Referer=REFUSED_WORD, User_Agent=REFUSED_WORD)
    parts = {part for name in NAMES for part in (name, *name.split())}
    secret = [*parts, *NUMBERS, *(number.replace(" ", "") for number in NUMBERS), EMAIL, REFUSED_WORD, token]
    found = {word: files_with(harbour.home, word) for word in (*secret, MAY_BE_KEPT)}
    kept_in = {file.removesuffix("-wal").removesuffix("-shm") for file in found.pop(MAY_BE_KEPT)}
    assert kept_in == {"harbour.db", "rasa/tracker.db"}, "the search does find what is there"
    assert {word: files for word, files in found.items() if files} == {}


def files_with(home: Path, word: str) -> list[str]:
    """The files under the home that hold the word, in any case and in either of two encodings."""
    wanted = [word.lower().encode(), word.lower().encode("utf-16-le")]
    files = [file for file in sorted(home.rglob("*")) if file.is_file() and not file.is_symlink()]
    return [
        str(file.relative_to(home))
        for file in files
        if any(each in file.read_bytes().lower() for each in wanted)
    ]


def test_no_trouble_went_unhandled(harbour: RunningHarbour) -> None:
    log = (harbour.home / "logs" / "harbour.log").read_text()
    assert [line for line in log.splitlines() if '"frames"' in line] == []


def test_a_form_that_never_ends_is_given_up(stalled: socket.socket, harbour: RunningHarbour) -> None:
    stalled.settimeout(STALLED_SECONDS + 5)
    answer = stalled.recv(100)
    assert answer.startswith(b"HTTP/1.1 408")
    assert files_with(harbour.home, REFUSED_WORD) == []
