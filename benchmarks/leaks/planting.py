"""What is planted: who said which canaries, over which channel, and in what words."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field

from benchmarks.leaks.canaries import KINDS, WORDS, Canaries, Canary

_SAYING = {
    "name": ["my name is {}", "im {}", "please call me {} not mate", "my sister {} is worried about me"],
    "common name": ["{} last night"],
    "phone": ["ring me on {}", "my number is {}", "you can text {} if you want"],
    "email": ["email me at {}", "its {}"],
    "postcode": ["i live near {}", "my postcode is {}"],
    "address": ["i live at {}", "come to {} please"],
    "nhs number": ["my nhs number is {}", "nhs no {}"],
    "ni number": ["my national insurance number is {}"],
    "date of birth": ["i was born on {}", "dob {}", "my date of birth is {}"],
    "url": ["its all on {}"],
    "handle": ["my insta is {}", "im {} on tiktok"],
    "school": ["i go to {}", "everyone at {} hates me"],
    "employer": ["i work at {}", "i got sacked from {}"],
    "practice": ["my gp is at {}", "im registered with {}"],
    "student id": ["my student id is {}", "student number {}"],
    "card": ["my card number is {}"],
    "ip address": ["my ip address is {}"],
}
_AROUND = [
    "i feel really low",
    "cant sleep again",
    "its all a bit much",
    "not sure what to do",
    "i am so {w} today",
]
_DANGER = [
    "i've taken all my tablets",
    "i want to end it tonight",
    "he is hurting me",
    "whats the point anymore",
]


@dataclass(frozen=True)
class Said:
    """One message and what was planted in it."""

    person: str
    channel: str
    text: str
    canaries: tuple[Canary, ...]
    to_be_kept: bool
    """Whether it went where Harbour keeps redacted text: not a header, nor a body that is refused."""
    opening: str = ""
    """What Harbour puts before it, and redacts with it."""


@dataclass
class Planting:
    """Makes messages and remembers them. Safe to share between threads."""

    seed: int
    said: list[Said] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._canaries = Canaries(self.seed)
        self._dice = random.Random(self.seed)  # noqa: S311 - not for secrets
        self._lock = threading.Lock()
        self._next = 0
        self.owners: dict[int, set[str]] = {}

    def message(
        self, person: str, channel: str, *, danger: bool = False, padding: int = 0, opening: str = ""
    ) -> str:
        """A sentence with an identifier and a word of the person's own in it."""
        with self._lock:
            canary, word = self._canaries.one(self._kind()), self._canaries.one(WORDS)
            text = self._dice.choice(_SAYING[canary.kind]).format(canary.written)
            around = self._dice.choice(_AROUND).format(w=word.written)
            around = around if word.written in around else f"{around}, {word.written}"
            parts = [self._dice.choice(_DANGER)] if danger else []
            text = ". ".join([*parts, text, around]) + " word" * padding
            self._remember(Said(person, channel, text, (canary, word), True, opening))
            return text

    def loose(
        self, person: str, channel: str, pattern: str = "{}", *, kind: str = "", to_be_kept: bool = False
    ) -> str:
        """An identifier without a sentence, for a place in which no message belongs."""
        with self._lock:
            canary = self._canaries.one(kind or self._kind())
            text = pattern.replace("{}", canary.written)
            self._remember(Said(person, channel, text, (canary,), to_be_kept))
            return text

    def shown_to(self, text: str, person: str) -> None:
        """Another who may see what was planted in `text`: it was written to them."""
        with self._lock:
            for said in self.said:
                if said.text == text:
                    for canary in said.canaries:
                        self.owners[canary.number].add(person)

    def _kind(self) -> str:
        self._next += 1
        return KINDS[self._next % len(KINDS)]

    def _remember(self, said: Said) -> None:
        self.said.append(said)
        for canary in said.canaries:
            self.owners[canary.number] = {said.person}

    @property
    def canaries(self) -> list[Canary]:
        """All that were made."""
        return self._canaries.made
