"""What the redactor promises of every message, whatever was typed."""

import secrets
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.redaction import Numbering, Redactor
from privacy.text import RedactedText

REDACTOR = Redactor.load()
IDENTIFIERS = [
    "siobhan",
    "wojciech",
    "07911 123456",
    "kelly@example.com",
    "M1 1AE",
    "943 476 5919",
    "14 acacia avenue",
    "huddersfield",
    "https://example.com/jo",
]
ANY_CHARACTER = st.characters(codec=None)  # lone surrogates too


@settings(deadline=None)
@given(st.text(ANY_CHARACTER, max_size=200))
def test_it_accepts_any_text_and_its_offsets_hold(text: str) -> None:
    redaction = REDACTOR.redact(text)
    reached = 0
    for entity in redaction.entities:
        assert reached <= entity.start < entity.end <= len(text)
        assert 0.5 <= entity.score <= 1
        reached = entity.end
    redaction.text.encode("utf-8")


@settings(deadline=None)
@given(st.sampled_from(IDENTIFIERS), st.sampled_from(IDENTIFIERS), st.text(ANY_CHARACTER, max_size=30))
def test_no_recognised_identifier_is_left(first: str, second: str, between: str) -> None:
    typed = f"{first} \n {between} \n {second}"
    shown = REDACTOR.redact(typed).text
    for identifier in (first, second):
        if identifier not in between:
            assert identifier.casefold() not in shown.casefold()


@settings(deadline=None)
@given(st.text(ANY_CHARACTER, max_size=60), st.integers(0, 70), st.integers(0, 70))
def test_an_excerpt_never_shows_part_of_an_identifier(filler: str, start: int, end: int) -> None:
    redaction = REDACTOR.redact(f"{filler}\n siobhan \n{filler}")
    excerpt = redaction.excerpt(start, end)
    assert isinstance(excerpt, RedactedText)
    assert "siobhan" not in excerpt
    if start >= end:
        assert excerpt == ""


def test_an_excerpt_of_everything_is_the_redacted_text() -> None:
    typed = "its siobhan, ring me on 07911 123456 ok"
    redaction = REDACTOR.redact(typed)
    assert redaction.excerpt(0, len(typed)) == redaction.text
    assert redaction.text == "its <PERSON_1>, ring me on <PHONE_1> ok"


def test_an_excerpt_shows_a_touched_identifier_whole() -> None:
    redaction = REDACTOR.redact("told siobhan today")
    assert redaction.excerpt(0, 7) == "told <PERSON_1>"
    assert redaction.excerpt(0, 5) == "told "
    assert redaction.excerpt(11, 18) == "n<PERSON_1>"[1:] + " today"
    assert redaction.excerpt(12, 18) == " today"


def test_redacted_text_cannot_be_built_elsewhere() -> None:
    with pytest.raises(TypeError):
        RedactedText("my name is siobhan")


@pytest.mark.parametrize(
    "typed",
    [
        "siob\u200bhan left",
        "sio\u00adbhan left",
        "ｓｉｏｂｈａｎ left",
        "\U0001d4e2\U0001d4f2\U0001d4f8\U0001d4eb\U0001d4f1\U0001d4ea\U0001d4f7 left",
        "ѕіоbhаn left",
        "SioBhAN left",
        "siobha\u0301n left",
    ],
)
def test_disguised_names_are_found(typed: str) -> None:
    assert REDACTOR.redact(typed).text == "<PERSON_1> left"


@pytest.mark.parametrize(
    "typed",
    [
        "０７９１１ １２３４５６",
        "0\u200b7911123456",
        "079 1112 3456",
        "\u0660\u0667\u0669\u0661\u0661\u0661\u0662\u0663\u0664\u0665\u0666",
    ],
)
def test_disguised_numbers_are_found(typed: str) -> None:
    assert REDACTOR.redact(f"ring {typed} now").text == "ring <PHONE_1> now"


def test_redacting_twice_changes_nothing() -> None:
    once = REDACTOR.redact("siobhan lives at 14 acacia avenue, M1 1AE").text
    assert REDACTOR.redact(once).text == once


def test_a_person_keeps_the_number_across_messages() -> None:
    key = secrets.token_bytes(32)
    numbering = Numbering(key)
    assert REDACTOR.redact("siobhan and owen", numbering).text == "<PERSON_1> and <PERSON_2>"
    stored = numbering.known
    assert REDACTOR.redact("OWEN then Siobhan", Numbering(key, stored)).text == "<PERSON_2> then <PERSON_1>"


def test_what_is_stored_for_numbering_holds_no_name() -> None:
    numbering = Numbering(secrets.token_bytes(32))
    REDACTOR.redact("siobhan", numbering)
    assert "siobhan" not in str(numbering.known).lower()
    other = Numbering(secrets.token_bytes(32))
    REDACTOR.redact("siobhan", other)
    assert set(numbering.known).isdisjoint(other.known)


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "a1",
        "a.",
        "@",
        "a@",
        "at ",
        "o ",
        "seven ",
        "st ",
        "flat 1 ",
        "work at ",
        "student id 1",
        "1/1/",
        "a-",
        "<",
        "é",
    ],
)
def test_a_hostile_message_takes_no_longer_than_its_length(unit: str) -> None:
    began = time.perf_counter()
    REDACTOR.redact(unit * (4000 // len(unit)) + "é")
    assert time.perf_counter() - began < 2


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789abdeglnopst@.:/-# \n'"), max_size=300))
def test_it_accepts_what_looks_like_identifiers(text: str) -> None:
    for entity in REDACTOR.redact(text).entities:
        assert text[entity.start : entity.end].strip()


KEY = secrets.token_bytes(32)


def after(before: str, typed: str) -> tuple[str, str | None]:
    """What is kept of `typed`, sent after `before`, and what becomes of `before`."""
    numbering = Numbering(KEY)
    earlier = REDACTOR.redact(before, numbering).text
    redaction = REDACTOR.redact(typed, numbering, earlier)
    return redaction.text, redaction.before


@pytest.mark.parametrize(
    ("before", "typed", "kept", "then"),
    [
        ("ring me on 07911", "123456", "<PHONE_1>", "ring me on <PHONE_1>"),
        ("its 0161 496", "0234 after six", "<PHONE_1> after six", "its <PHONE_1>"),
    ],
)
def test_an_identifier_over_two_messages_is_taken_out_of_both(
    before: str, typed: str, kept: str, then: str
) -> None:
    assert after(before, typed) == (kept, then)


def test_a_name_is_known_by_the_question_before_it() -> None:
    assert after("hi my name is", "aurelijus")[0] == "<PERSON_1>"


@pytest.mark.parametrize(
    ("before", "typed"), [("i feel", "so tired"), ("i rated it 7", "10 would be great"), ("see you", "yes")]
)
def test_ordinary_messages_in_a_row_stay_as_they_are(before: str, typed: str) -> None:
    assert after(before, typed) == (typed, None)


@pytest.mark.parametrize(
    "typed",
    [
        "im 0\ufe0f\u20e37\ufe0f\u20e3911123456",
        "im 07911\U0001f499123456",
        "im 07911 123\n456 ok",
        "im 07911\n123456",
    ],
)
def test_numbers_behind_pictures_and_line_breaks_are_found(typed: str) -> None:
    assert "<PHONE_1>" in REDACTOR.redact(typed).text


@pytest.mark.parametrize("typed", ["my name is s i o b h a n", "its s.i.o.b.h.a.n here", "im s-i-o-b-h-a-n"])
def test_names_typed_letter_by_letter_are_found(typed: str) -> None:
    assert "<PERSON_1>" in REDACTOR.redact(typed).text


@pytest.mark.parametrize("typed", ["night x x x x", "o x o x o x", "i c u 2 nite", "a b c"])
def test_kisses_and_short_words_are_no_names(typed: str) -> None:
    assert REDACTOR.redact(typed).text == typed
