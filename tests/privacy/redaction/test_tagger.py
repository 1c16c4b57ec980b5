"""The network reads long messages as well as short ones, and its beliefs become claims."""

import numpy as np
import pytest

from privacy.redaction.engine import WORD
from privacy.redaction.entities import Label
from privacy.redaction.recognisers.learnt import claims
from privacy.redaction.tagger import LABELS, OUTPUTS, Beliefs, Tagger


def read(reader: Tagger, text: str) -> Beliefs:
    matches = list(WORD.finditer(text))
    return reader.read(text, [match.group() for match in matches], matches)


@pytest.fixture(scope="module")
def reader() -> Tagger:
    return Tagger.load()


def test_beliefs_are_shares_of_one(reader: Tagger) -> None:
    beliefs = read(reader, "my name is agnieszka")
    assert beliefs.shape == (4, OUTPUTS)
    assert np.allclose(beliefs.sum(axis=1), 1, atol=1e-3)


@pytest.mark.parametrize("words", [1, 90, 500])
def test_a_message_of_any_length_is_read_whole(reader: Tagger, words: int) -> None:
    beliefs = read(reader, " ".join(["tired"] * words))
    assert len(beliefs) == words
    assert np.allclose(beliefs.sum(axis=1), 1, atol=1e-3)


def test_a_name_deep_inside_a_long_message_is_seen(reader: Tagger) -> None:
    filler = "i could not sleep again and the rain would not stop " * 12
    beliefs = read(reader, f"{filler}then my brother tobiasz rang me {filler}")
    place = len(WORD.findall(filler)) + 3
    assert beliefs[place, 0] < 0.5


def believed(*words: tuple[int, float]) -> Beliefs:
    rows = np.zeros((len(words), OUTPUTS), np.float32)
    for row, (output, share) in zip(rows, words, strict=True):
        row[0] = 1 - share
        row[output] += share
    return rows


BEGINS = 1 + 2 * LABELS.index(Label.PERSON)
GOES_ON = BEGINS + 1
PHONE = 1 + 2 * LABELS.index(Label.PHONE)


def test_words_that_go_on_join_the_first() -> None:
    found = list(claims(believed((BEGINS, 0.9), (GOES_ON, 0.8), (0, 0.0), (BEGINS, 0.9), (BEGINS, 0.9))))
    assert [(first, stop) for first, stop, _, _ in found] == [(0, 2), (3, 4), (4, 5)]


def test_numbers_are_left_to_the_rules() -> None:
    found = list(claims(believed((BEGINS, 0.7), (PHONE, 0.99))))
    assert [label for _, _, label, _ in found] == [Label.PERSON]
