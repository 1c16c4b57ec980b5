"""What the redactor can find: an identifier's place in a message and what kind it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """The kinds of identifier that are replaced, as they are written in a placeholder."""

    PERSON = "PERSON"
    LOCATION = "LOCATION"
    ADDRESS = "ADDRESS"
    POSTCODE = "POSTCODE"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    NHS_NUMBER = "NHS_NUMBER"
    NI_NUMBER = "NI_NUMBER"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    URL = "URL"
    HANDLE = "HANDLE"
    SCHOOL = "SCHOOL"
    WORKPLACE = "WORKPLACE"
    HEALTHCARE = "HEALTHCARE"
    ID = "ID"
    CARD = "CARD"
    IP_ADDRESS = "IP_ADDRESS"


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """One identifier: `start` and `end` are code points of the message, half open; `score` is 0 to 1.

    It holds no text, so it may be logged and stored.
    """

    start: int
    end: int
    label: str
    score: float
