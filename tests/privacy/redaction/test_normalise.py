"""The plain copy that recognisers read, and its way back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.redaction.normalise import normalise


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=80))
def test_every_character_comes_from_the_message(typed: str) -> None:
    reading = normalise(typed)
    assert len(reading.text) == len(reading.folded) == len(reading.starts) == len(reading.ends)
    for start, end in zip(reading.starts, reading.ends, strict=True):
        assert 0 <= start < end <= len(typed)
    assert list(reading.starts) == sorted(reading.starts)


def test_plain_ascii_is_untouched() -> None:
    assert normalise("I'm ok, 07911").text == "I'm ok, 07911"


def test_an_accent_goes_with_its_letter() -> None:
    reading = normalise("ab\u0301c")
    assert reading.text == "abc"
    assert reading.span(1, 2) == (1, 3)


def test_ligatures_and_invisible_characters() -> None:
    assert normalise("\ufb01\u200bn").text == "fin"
    assert normalise("don\u2019t").text == "don't"
