"""A clinician in the hunt: makes the first account, reads every kind of page, and answers patients."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pyotp

from benchmarks.leaks.browser import Browser
from benchmarks.leaks.planting import Planting

PERSON = "staff"
OPENING = f"{PERSON} opening what was shared"
"""Who sees the one page on which a contact detail is open."""
_EMAIL = "amina@trust.example"
_PASSWORD = "tide lamp orchard"  # noqa: S105 - of an account that lives for one run


@dataclass
class Clinician:
    """A signed-in member of staff."""

    browser: Browser
    planting: Planting

    def set_up(self, link: str) -> None:
        """Make the first account. Raises `LookupError` if that does not work."""
        path = urlsplit(link).path
        browser = self.browser
        browser.get(path)
        account = {"first_name": "Amina", "job_title": "crisis nurse", "email": _EMAIL, "password": _PASSWORD}
        self._send(path, account)
        key = re.search(r'class="qr__key">([^<]+)<', browser.page)
        if key is None:
            raise LookupError("The first account was not set up.")
        code = pyotp.TOTP(key[1].replace(" ", "")).now()
        self._send(f"{path}/code", {"account": browser.hidden("account"), "code": code})
        browser.get("/inbox")

    def waiting(self) -> list[str]:
        """The escalations in the inbox."""
        page = self.browser.get("/inbox").text
        return list(dict.fromkeys(re.findall(r'href="/inbox/([\w-]{16,})"', page)))

    def look_around(self) -> None:
        """Every kind of page that staff have."""
        for path in ("/inbox", "/inbox/list", "/inbox/closed", "/report", "/report.csv", "/sign-in", "/none"):
            self.browser.get(path)

    def answer(self, escalation: str, person: str) -> None:
        """Take a conversation over and say something to `person`, with an identifier in it."""
        path = f"/inbox/{escalation}"
        self.browser.get(path)
        self._send(f"{path}/take-over", {})
        self.browser.get(path)
        said = self.planting.message(PERSON, "clinician")
        self.planting.shown_to(said, person)
        self._send(f"{path}/reply", {"text": said, "delivery": self.browser.hidden("delivery")})
        self.browser.get(path)
        self.browser.get(f"{path}/fragment")

    def reveal(self, escalation: str, shared: Iterable[tuple[str, str]]) -> None:
        """Open each kind of contact detail. Its value may be on that page alone, and on none that follows."""
        path = f"/inbox/{escalation}"
        self.browser.get(path)
        for kind, value in shared:
            self.planting.shown_to(value, OPENING)
            opening = replace(self.browser, person=OPENING)
            reason = {"kind": kind, "reason": "welfare_check", "csrf": self.browser.hidden("csrf")}
            opening.post(f"{path}/reveal", reason)
            self.browser.get(path)
            self.browser.get(f"{path}/fragment")
        wrong = [self.planting.loose(PERSON, "clinician's other places") for _ in range(2)]
        self._send(f"{path}/reveal", {"kind": wrong[0], "reason": wrong[1]})
        self.browser.get(path)

    def hand_back(self, escalation: str) -> None:
        """Leave it to the bot again."""
        self.browser.get(f"/inbox/{escalation}")
        self._send(f"/inbox/{escalation}/hand-back", {})

    def put_words_everywhere(self) -> None:
        """Words where none belong: staff type in the wrong place as well."""
        planting = self.planting
        loose = [planting.loose(PERSON, "clinician's other places") for _ in range(4)]
        self._send("/sign-in", {"email": loose[0], "password": loose[1], "code": loose[2]})
        self.browser.get("/inbox", {"User-Agent": loose[3], "X-Forwarded-For": loose[3]})

    def _send(self, path: str, fields: dict[str, str]) -> None:
        self.browser.post(path, {"csrf": self.browser.hidden("csrf"), **fields})
