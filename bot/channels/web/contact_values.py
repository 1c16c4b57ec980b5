"""What a person types into the contact form: checked, and written the one way that is kept.

Nothing here is logged, and no error holds what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from store.contact_details import ContactKind

LONGEST_NAME: Final = 60
# A cry for help belongs in the chat, where the safety screen reads it; nobody may see it here for hours.
_MOST_WORDS_IN_A_NAME: Final = 5
_LONGEST_EMAIL: Final = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
_LONGEST_NUMBER_TYPED: Final = 40
_UK: Final = 44
# Deliberately wide: whoever has an odd address knows it better than we do.
_EMAIL: Final = re.compile(r"[^@\s,;<>()\"\\]{1,64}@(?:[^@\s.,;<>()\"\\]{1,63}\.)+[^@\s.,;<>()\"\\]{2,63}")
_REACHES_ONE_PERSON: Final = frozenset(
    [
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.VOIP,
    ]
)


class NotUsable(Exception):
    """It cannot be kept; `problem` is the key of the sentence in contact.yml that says why."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


def checked(kind: ContactKind, typed: str) -> str:
    """What is kept of what was typed. Raises `NotUsable`."""
    return _CHECKS[kind](_cleaned(typed))


def hint(kind: ContactKind, value: str) -> str | None:
    """The little that is shown of what is kept: a number's last two digits, or a first letter.

    None for a value so short that the hint would be most of it.
    """
    if kind is ContactKind.PHONE:
        return value[-2:]
    return value[0] if len(value) > 2 else None


def is_blank(typed: str) -> bool:
    """Whether nothing was typed that anybody could see."""
    return not _cleaned(typed)


def _cleaned(typed: str) -> str:
    """One line in one form of Unicode, without what cannot be seen."""
    normal = unicodedata.normalize("NFC", typed)
    seen = "".join(" " if letter.isspace() else letter for letter in normal if not _invisible(letter))
    return " ".join(seen.split())


def _invisible(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cn", "Cs") and not letter.isspace()


def _name(typed: str) -> str:
    short = len(typed) <= LONGEST_NAME and len(typed.split()) <= _MOST_WORDS_IN_A_NAME
    if not short or not any(letter.isalpha() for letter in typed) or "\ufffd" in typed:
        raise NotUsable("name")
    return typed


def _phone(typed: str) -> str:
    if len(typed) > _LONGEST_NUMBER_TYPED:
        raise NotUsable("phone")
    try:
        number = phonenumbers.parse(typed, "GB")
    except NumberParseException as error:
        raise NotUsable("phone") from error
    if number.country_code != _UK:
        raise NotUsable("phone_abroad")
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise NotUsable("phone")
    if phonenumbers.number_type(number) not in _REACHES_ONE_PERSON:
        raise NotUsable("phone_of_a_service")
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


def _email(typed: str) -> str:
    if len(typed) > _LONGEST_EMAIL or not _EMAIL.fullmatch(typed):
        raise NotUsable("email")
    return typed


_CHECKS: Final[Mapping[ContactKind, Callable[[str], str]]] = {
    ContactKind.NAME: _name,
    ContactKind.PHONE: _phone,
    ContactKind.EMAIL: _email,
}
