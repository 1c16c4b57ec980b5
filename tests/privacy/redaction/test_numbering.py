"""How identifiers are numbered within one conversation."""

import json

import pytest

from privacy.redaction import Numbering

KEY = bytes(range(32))


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Numbering(b"short")


def test_numbers_count_up_for_each_label() -> None:
    numbering = Numbering(KEY)
    assert [numbering.number("PERSON", name) for name in ("amy", "bob", "amy")] == [1, 2, 1]
    assert numbering.number("LOCATION", "leeds") == 1


def test_a_number_typed_differently_is_the_same_number() -> None:
    numbering = Numbering(KEY)
    assert {
        numbering.number("PHONE", typed) for typed in ("07911 123456", "+447911123456", "0044 7911-123456")
    } == {1}
    assert {numbering.number("POSTCODE", typed) for typed in ("M1 1AE", "m11ae")} == {1}


def test_a_given_name_alone_is_the_person_known_by_it() -> None:
    numbering = Numbering(KEY)
    assert numbering.number("PERSON", "Scott Brennan") == 1
    assert numbering.number("PERSON", "scott") == 1
    assert numbering.number("PERSON", "scott hale") == 2


def test_a_surname_learnt_later_joins_the_given_name() -> None:
    numbering = Numbering(KEY)
    assert numbering.number("PERSON", "sarah") == 1
    assert numbering.number("PERSON", "sarah jones") == 1
    assert numbering.number("PERSON", "sarah khan") == 2


def test_known_survives_json() -> None:
    numbering = Numbering(KEY)
    numbering.number("PERSON", "amy")
    again = Numbering(KEY, json.loads(json.dumps(numbering.known)))
    assert (again.number("PERSON", "bob"), again.number("PERSON", "amy")) == (2, 1)
