"""How people talk in the hunt: in ordinary ways, and in every place of a request where words can be put."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from benchmarks.leaks.browser import Browser
from benchmarks.leaks.planting import Planting

JSON = "application/json"
CONTACT = ("name", "phone", "email")
_STRANGER = "a stranger"
_NOTE = "A note about what I wrote at 10:00 on 1 May: "


class Patient:
    """One patient at the web chat. Planting happens as they talk."""

    def __init__(self, browser: Browser, planting: Planting, dice: random.Random) -> None:
        self._browser = browser
        self._planting = planting
        self._dice = dice
        self._script = dice.random() < 0.6
        self.channel = "web script" if self._script else "web form"

    @property
    def person(self) -> str:
        """Who they are in the hunt."""
        return self._browser.person

    @property
    def address(self) -> str:
        """Their address on the web, as `harbour rights` takes it: the token of their session."""
        return self._browser.cookies.get("harbour", "").partition(".")[0]

    def begin(self) -> None:
        """Into a chat of one's own."""
        self._browser.post("/start", {"statistics": "yes"} if self._dice.random() < 0.5 else {})

    def look(self) -> None:
        """See what is new."""
        self._browser.get("/chat")

    def talk(self) -> None:
        """A whole conversation: a few messages, something unusual, and at times an ending."""
        self.begin()
        self.say()
        self._dice.choice(_UNUSUAL)(self)
        self.say()
        if self._script:
            self._browser.get("/chat/stream?after=0")
        ending = self._dice.random()
        if ending < 0.2:
            self._browser.post("/end", {})
        elif ending < 0.3:
            self._browser.post("/leave", {})

    def say(self, *, danger: bool = False, padding: int = 0) -> None:
        """One message."""
        self.send(
            {
                "text": self._planting.message(
                    self._browser.person, self.channel, danger=danger, padding=padding
                )
            }
        )

    def send(self, form: dict[str, str]) -> None:
        """A form of the chat, sent as a script or as a page does; then the page that follows."""
        self._browser.post("/chat", form, {"Accept": JSON} if self._script else {})
        if not self._script:
            self._browser.get("/chat")

    def say_danger(self) -> None:
        """Danger, twice: the second is answered while somebody is awaited."""
        self.say(danger=True)
        self.say()

    def say_in_a_form(self) -> None:
        """An answer to what the bot has just asked in a form, which is not the answer."""
        self.send({"text": self._dice.choice(["can i do a check in", "can we do the grounding exercise"])})
        self.say()

    def say_too_much(self) -> None:
        """More than is kept: refused or, in danger, cut."""
        self.say(padding=1200)
        self.say(danger=True, padding=1200)

    def command(self) -> None:
        """What a stock Rasa would obey."""
        said = self._planting.message(self._browser.person, self.channel)
        self.send({"text": said})
        command = '/inform{"name": "{}"}'
        self.send(
            {"text": self._planting.loose(self._browser.person, "web commands", command, to_be_kept=True)}
        )

    def press(self) -> None:
        """Buttons that nobody offered."""
        loose = [self._planting.loose(self._browser.person, "web buttons") for _ in range(3)]
        self.send({"choice": loose[0], "text": ""})
        self.send({"choice": f"{quote(loose[1])}:0", "delivery": loose[2]})

    def use_headers(self) -> None:
        """Headers, which a proxy or a log likes to keep."""
        loose = [self._planting.loose(self._browser.person, "web headers") for _ in range(5)]
        sent = {
            "User-Agent": loose[0],
            "Referer": f"https://search.example/?q={quote(loose[1])}",
            "X-Forwarded-For": loose[2],
            "Cookie": f"harbour={self._browser.cookies.get('harbour', '')}; other={quote(loose[3])}",
            "Last-Event-ID": quote(loose[4]),
        }
        self._browser.get("/chat", sent)
        self._browser.post(
            "/chat", {"text": "hello"}, {**sent, "Origin": f"http://{quote(loose[0])}.example"}
        )

    def use_addresses(self) -> None:
        """Queries and paths."""
        loose = [quote(self._planting.loose(self._browser.person, "web addresses")) for _ in range(4)]
        self._browser.get(f"/chat?text={loose[0]}")
        self._browser.get(f"/{loose[1]}/chat")
        self._browser.post(f"/chat/{loose[2]}?next={loose[2]}", {"text": ""})
        self._browser.get(f"/static/{loose[3]}.css")

    def use_bodies(self) -> None:
        """Bodies that are no form: JSON, broken JSON, bytes that are no text, an upload."""
        loose = [self._planting.loose(self._browser.person, "web bodies").encode() for _ in range(4)]
        upload = (
            b'--x\r\nContent-Disposition: form-data; name="text"; filename="'
            + loose[0]
            + b'"\r\n\r\n'
            + loose[1]
            + b"\r\n--x--\r\n"
        )
        self._browser.post("/chat", b'{"text": "' + loose[2], {"Content-Type": JSON})
        self._browser.post("/chat", upload, {"Content-Type": "multipart/form-data; boundary=x"})
        self._browser.post(
            "/chat", b"\xff\xfe" + loose[3] + b"=\xed\xa0\x80&%zz", {"Content-Type": "text/plain"}
        )
        self._browser.post("/chat", b"text=" + b"a" * 120_000 + loose[3])

    def share_contact(self) -> list[str]:
        """Ways to reach them, on the page for that; what was shared, in the order of `CONTACT`."""
        shared = [self._planting.loose(self._browser.person, "contact page", kind=kind) for kind in CONTACT]
        self._browser.get("/contact")
        self._browser.post("/contact", dict(zip(CONTACT, shared, strict=True)))
        self._browser.get("/contact?done=shared")
        self._browser.get("/chat")
        return shared

    def share_wrongly(self) -> None:
        """Ways to reach them in the wrong boxes, far too long, and taken back by another name."""
        loose = [self._planting.loose(self._browser.person, "contact page, wrongly") for _ in range(5)]
        self._browser.post("/contact", {"name": f"{loose[0]} " * 9, "phone": loose[1], "email": loose[2]})
        self._browser.post("/contact", {"take_back": loose[3]})
        self._browser.get(f"/contact?done={quote(loose[4])}")
        self.share_contact()
        self._browser.post("/contact", {"take_back": "phone"})

    def see_what_is_kept(self) -> None:
        """All of it, as a page and as a file."""
        self.share_contact()
        self._browser.get("/my-data")
        self._browser.get("/my-data.json")

    def correct(self) -> None:
        """Take a message back or add a note to it, whichever the page offers; then words where none belong."""
        person, page = self._browser.person, self._browser.get("/my-data").text
        messages = re.findall(r'name="message" value="([^"]+)"', page)
        for message in messages[-2:]:
            note = self._planting.message(person, "notes", danger=self._dice.random() < 0.5, opening=_NOTE)
            form = {"message": message, "note": note} if 'name="note"' in page else {"message": message}
            self._browser.post("/my-data/message", form)
            self._browser.get("/my-data")
        loose = [self._planting.loose(person, "my-data page") for _ in range(4)]
        self._browser.post("/my-data/message", {"message": loose[0], "note": loose[1]})
        self._browser.post("/my-data/counting", {"counted": loose[2]})
        self._browser.get(f"/my-data?done={quote(loose[3])}")

    def write_a_note(self) -> None:
        """Danger, so that there is a care record, and a note to it."""
        self.say(danger=True)
        self.correct()

    def delete_it_all(self) -> None:
        """Everything goes; whoever has the receipt may read it, and a made-up receipt is none."""
        self.say()
        self.see_what_is_kept()
        page = self._browser.post("/my-data/delete", {}).text
        stranger = replace(self._browser, person=_STRANGER, cookies={})
        for receipt in dict.fromkeys(re.findall(r"/receipt/([A-Z2-7-]+)", page)):
            stranger.get(f"/receipt/{receipt}")
            stranger.get(f"/receipt/{receipt}.json")
        stranger.get("/my-data")
        self._browser.get(f"/receipt/{quote(self._planting.loose(self._browser.person, 'receipts'))}.json")
        self.begin()

    def ask_to_be_erased(self) -> None:
        """Words, and then that they be deleted."""
        self.say()
        for text in ("delete my data please", "yes"):
            self.send({"text": text})


_UNUSUAL: tuple[Callable[[Patient], None], ...] = (
    Patient.say,
    Patient.say_danger,
    Patient.say_danger,
    Patient.say_in_a_form,
    Patient.say_too_much,
    Patient.command,
    Patient.press,
    Patient.use_headers,
    Patient.use_addresses,
    Patient.use_bodies,
    Patient.ask_to_be_erased,
    Patient.share_wrongly,
    Patient.see_what_is_kept,
    Patient.correct,
    Patient.write_a_note,
    Patient.delete_it_all,
)
