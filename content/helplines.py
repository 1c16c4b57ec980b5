"""Helplines: who can be reached, how, when, and until which date we may say so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import model_validator
from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence
from privacy.text import WrittenText


class How(StrEnum):
    """A way to reach a helpline."""

    CALL = "call"
    TEXT = "text"
    TEXTPHONE = "textphone"
    EMAIL = "email"
    WEB = "web"


class Nation(StrEnum):
    """A nation of the United Kingdom."""

    ENGLAND = "england"
    SCOTLAND = "scotland"
    WALES = "wales"
    NORTHERN_IRELAND = "northern_ireland"


class Shown(StrEnum):
    """When a helpline is listed: in every list, or only where its topic calls for it."""

    ALWAYS = "always"
    FOR_TOPIC = "for_topic"


@dataclass(frozen=True, config=CHECKED)
class Contact:
    """One way to reach a helpline: where `to`, and the word to `say` in a text message."""

    how: How
    to: Sentence
    say: Sentence | None = None
    then: Sentence | None = None

    @property
    def words(self) -> WrittenText:
        """What to do, as one short phrase: ``Call 116 123``."""
        match self.how:
            case How.CALL:
                phrase = f"Call {self.to}"
            case How.TEXT:
                phrase = f"Text {self.say} to {self.to}" if self.say else f"Text {self.to}"
            case How.TEXTPHONE:
                phrase = f"Textphone {self.to}"
            case How.EMAIL:
                phrase = f"Email {self.to}"
            case _:
                phrase = f"Go to {self.to}"
        return WrittenText(f"{phrase}, {self.then}" if self.then else phrase)

    @property
    def link(self) -> str:
        """The address behind the phrase: ``tel:``, ``sms:``, ``mailto:`` or ``https:``."""
        digits = self.to.replace(" ", "")
        match self.how:
            case How.CALL | How.TEXTPHONE:
                return f"tel:{digits}"
            case How.TEXT:
                return f"sms:{digits}?&body={self.say}" if self.say else f"sms:{digits}"
            case How.EMAIL:
                return f"mailto:{self.to}"
            case How.WEB:
                return f"https://{self.to}"


@dataclass(frozen=True, config=CHECKED)
class Helpline:
    """One service, with where its details come from and the date after which they must be checked again."""

    name: Sentence
    contacts: tuple[Contact, ...]
    hours: Sentence
    audience: Sentence
    nations: tuple[Nation, ...]
    source: str
    checked: date
    expires: date
    shown: Shown = Shown.ALWAYS
    topics: tuple[str, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if not self.contacts:
            raise ValueError("Add at least one way to reach it under 'contacts'.")
        if not self.source.strip():
            raise ValueError("Say where these details come from under 'source'.")
        if self.expires <= self.checked:
            raise ValueError("'expires' must be later than 'checked'. Check the details and set both dates.")
        return self

    def has_expired(self, on: date) -> bool:
        """Whether the details are past the date until which they were good."""
        return on > self.expires

    @property
    def line(self) -> WrittenText:
        """One line for plain text: name, ways to reach it, hours."""
        first, *others = (contact.words for contact in self.contacts if contact.how != How.TEXTPHONE)
        ways = " or ".join([first, *(way[0].lower() + way[1:] for way in others)])
        return WrittenText(f"{self.name}: {ways}. {self.hours}.")


@dataclass(frozen=True, config=CHECKED)
class Helplines:
    """Every helpline by its key, in the order in which it is listed.

    `crisis_team` is the service's own line, if it has put one in the file. An expired helpline is still
    shown, because a number that may be old is better than none at night; a test and `expired` report it.
    """

    helplines: dict[str, Helpline]
    crisis_team: Helpline | None = None

    def __getitem__(self, key: str) -> Helpline:
        """The helpline of that key. Raises `KeyError` when there is none."""
        return self.helplines[key]

    def listed(self, topic: str | None = None, nation: Nation | None = None) -> tuple[Helpline, ...]:
        """Those to list: the service's own team, then each shown always or for this topic.

        With a `nation`, only those that serve it; without one, all of them.
        """
        own = (self.crisis_team,) if self.crisis_team else ()
        return own + tuple(
            line
            for line in self.helplines.values()
            if (line.shown is Shown.ALWAYS or topic in line.topics) and nation in (None, *line.nations)
        )

    def listed_everywhere(self) -> tuple[Helpline, ...]:
        """Every one there is, whatever its topic."""
        return tuple(line for _, line in self._everyone())

    def expired(self, on: date) -> tuple[str, ...]:
        """The keys of those whose details must be checked again before they are trusted."""
        return tuple(key for key, line in self._everyone() if line.has_expired(on))

    def _everyone(self) -> Iterable[tuple[str, Helpline]]:
        yield from self.helplines.items()
        if self.crisis_team:
            yield "crisis_team", self.crisis_team
