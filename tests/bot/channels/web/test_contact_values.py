"""What may be kept of what is typed: British numbers, e-mails and names, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web.contact_values import NotUsable, checked, hint, is_blank
from store.contact_details import ContactKind


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("020 7946 0958", "020 7946 0958"),
        ("02079460958", "020 7946 0958"),
        ("+44 20 7946 0958", "020 7946 0958"),
        ("0044 (0)20-7946-0958", "020 7946 0958"),
        ("  +44 (0) 20 7946 0958\n", "020 7946 0958"),
        ("07911 123456", "07911 123456"),
        ("07624 123456", "07624 123456"),  # Isle of Man
        ("０２０ ７９４６ ０９５８", "020 7946 0958"),
    ],
)
def test_a_british_number_is_kept_one_way(typed: str, kept: str) -> None:
    assert checked(ContactKind.PHONE, typed) == kept


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("999", "phone"),
        ("020 7946", "phone"),
        ("call me", "phone"),
        ("020 7946 0958 ext 12", "phone"),
        ("0" * 50, "phone"),
        ("+1 202 555 0143", "phone_abroad"),
        ("+353 20 912 3456", "phone_abroad"),
        ("0800 1111", "phone_of_a_service"),
        ("0300 123 4567", "phone_of_a_service"),
        ("0901 234 5678", "phone_of_a_service"),
    ],
)
def test_any_other_number_is_refused_with_its_reason(typed: str, problem: str) -> None:
    with pytest.raises(NotUsable) as refused:
        checked(ContactKind.PHONE, typed)
    assert refused.value.problem == problem


@pytest.mark.parametrize(
    "typed",
    ["sam@mail.example", "s.o'brien+help@mail.example.co.uk", "sám@päivä.example", " sam@mail.example "],
)
def test_an_email_is_kept_as_it_is(typed: str) -> None:
    assert checked(ContactKind.EMAIL, typed) == typed.strip()


@pytest.mark.parametrize(
    "typed",
    ["sam", "sam@", "@mail.example", "sam@mail", "a@b@c.de", "sam sam@mail.example", "a" * 250 + "@b.de"],
)
def test_what_is_no_email_is_refused(typed: str) -> None:
    with pytest.raises(NotUsable, match="email"):
        checked(ContactKind.EMAIL, typed)


@pytest.mark.parametrize("typed", ["Sam", "Zoë", "Nguyễn Thị Minh", "O’Neill", "李"])
def test_a_name_is_kept_as_it_is(typed: str) -> None:
    assert checked(ContactKind.NAME, typed) == typed


@pytest.mark.parametrize("typed", ["123", "…", "x" * 61, "please somebody help me right now"])
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(NotUsable, match="name"):
        checked(ContactKind.NAME, typed)


def test_what_cannot_be_seen_is_taken_out() -> None:
    assert checked(ContactKind.NAME, "Sa\u200bm\x00\r\nSmith\u202e") == "Sam Smith"
    assert is_blank(" \u200b\n\x00")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (ContactKind.PHONE, "020 7946 0958", "58"),
        (ContactKind.EMAIL, "sam@mail.example", "s"),
        (ContactKind.NAME, "Sam", "S"),
        (ContactKind.NAME, "Jo", None),
        (ContactKind.NAME, "李", None),
    ],
)
def test_a_hint_is_far_less_than_the_value(kind: ContactKind, value: str, shown: str | None) -> None:
    assert hint(kind, value) == shown


@given(st.sampled_from(ContactKind), st.text(max_size=80) | st.from_regex(r"0[127][0-9]{9}", fullmatch=True))
def test_what_is_kept_is_one_visible_line_and_would_be_kept_again(kind: ContactKind, typed: str) -> None:
    try:
        kept = checked(kind, typed)
    except NotUsable:
        return
    assert kept.isprintable()
    assert checked(kind, kept) == kept
