"""Which passwords are refused, and how one is kept."""

from __future__ import annotations

import pytest

from clinic.auth.passwords import hash_password, matches, problem_with


@pytest.mark.parametrize(
    "refused",
    [
        "eleven char",
        "a" * 257,
        "passwordpassword",
        "Password2026!",
        "letmein12345!",
        "aaaaaaaaaaaaaa",
        "abcabcabcabc",
        "123456789012",
        "210987654321",
        "qwertyuiopas",
        "amina.amina12",
    ],
)
def test_a_password_that_anybody_would_try_is_refused(refused: str) -> None:
    assert problem_with(refused, about=["Amina"])


@pytest.mark.parametrize(
    "good", ["tide lamp orchard", "8362 9174 0285 33", "amina likes green tea", "жёлтая лодка море"]
)
def test_a_long_password_of_any_kind_is_taken(good: str) -> None:
    assert problem_with(good, about=["Amina", ""]) is None


def test_only_the_same_password_matches_however_its_letters_were_typed() -> None:
    kept = hash_password("café by the harbour")
    assert matches("cafe\u0301 by the harbour", kept)
    assert not matches("cafe by the harbour", kept)
