"""Words are cut into the pieces of BERT's uncased vocabulary."""

import pytest

from encoder.wordpieces import WordPieces

PIECES = WordPieces.load()
SMALL = ["[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "'", "s", "want", "##ed"]


@pytest.mark.parametrize(
    ("word", "pieces"),
    [("unaffable", ["un", "##aff", "##able"]), ("wanted", ["want", "##ed"]), ("want's", ["want", "'", "s"])],
)
def test_the_longest_piece_comes_first(word: str, pieces: list[str]) -> None:
    assert WordPieces(SMALL).cut(word) == [SMALL.index(piece) for piece in pieces]


@pytest.mark.parametrize("word", ["☂", "", "żż"])
def test_a_word_of_no_known_piece_is_unknown(word: str) -> None:
    assert WordPieces(SMALL).cut(word) == [SMALL.index("[UNK]")]


def test_a_word_has_eight_pieces_at_most() -> None:
    assert len(PIECES.cut("asdfghjklqwertyuiopzxcvbnm" * 50)) <= 8


def test_the_vocabulary_is_whole() -> None:
    assert len(PIECES.cut("the")) == 1
    assert PIECES.cut("agnieszka") != [PIECES.unknown]
