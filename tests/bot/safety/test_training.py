"""What the screen's model is taught from, what is held out, and what it counts."""

from pathlib import Path

import pytest

from bot.safety.classifier import CATEGORIES, weigh
from bot.safety.ngrams import of_letters, of_words
from bot.safety.screening import ResponseNeeded, SafetyQuestion
from bot.safety.training import corpus
from bot.safety.training.corpus import BadLine, Said

HELD_OUT = (
    corpus.FOLDER / "tune.txt",
    *sorted((Path(__file__).parents[3] / "benchmarks" / "messages").glob("screen_*.txt")),
)
ASK = ResponseNeeded.ASK


def test_a_line_is_a_message_with_what_it_needs(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text(
        "# a comment\nask|suicide_passive|whats // the point\nnone|negation|{asked:safe_right_now} yeah\n",
        encoding="utf-8",
    )
    assert corpus.read(file) == [
        Said(ASK, "suicide", ("whats", "the point"), None),
        Said(ResponseNeeded.NONE, "negation", ("yeah",), SafetyQuestion.SAFE_RIGHT_NOW),
    ]


@pytest.mark.parametrize("line", ["ask|hello", "soon|suicide|hello", "ask|suicide|{asked:why} no"])
def test_a_line_that_is_not_well_written_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "lines.txt"
    file.write_text(f"none|chat|hi\n{line}\n", encoding="utf-8")
    with pytest.raises(BadLine, match=r"lines.txt:2"):
        corpus.read(file)


def test_there_are_thousands_and_as_many_harmless_ones() -> None:
    said = corpus.taught()
    dangers = [each for each in said if each.response is not ResponseNeeded.NONE]
    assert len(dangers) > 6_000
    assert len(said) - len(dangers) > 6_000


def test_every_danger_is_of_a_known_category() -> None:
    for each in [*corpus.taught(), *(one for file in HELD_OUT for one in corpus.read(file))]:
        if each.response is not ResponseNeeded.NONE:
            assert each.category in CATEGORIES


def test_what_is_held_out_is_not_taught() -> None:
    taught = {each.text.casefold() for each in corpus.taught() if each.asked is None and len(each.text) > 12}
    for file in HELD_OUT:
        held_out = [each.text for each in corpus.read(file) if each.asked is None]
        same = [text for text in held_out if text.casefold() in taught]
        assert not same, f"{file.name} holds lines that are taught"


def test_an_ngram_knows_its_words() -> None:
    words = ["cant", "go", "on"]
    for each in [*of_words(words, None), *of_letters(words)]:
        letters = "".join(words[each.first : each.last])
        assert each.name[2:].replace(" ", "") in letters
    assert {each.name for each in of_words(words, SafetyQuestion.SAFE_RIGHT_NOW)} >= {
        "w:?safe_right_now",
        "w:safe_right_now?cant",
        "w:cant go on",
    }


def test_the_weights_of_a_message_have_length_one() -> None:
    words = ["i", "am", "so", "tired", "so", "tired"]
    places = {each.name: place for place, each in enumerate(of_words(words, None))}
    weighed = list(weigh(of_words(words, None), places, [1.0] * (max(places.values()) + 1)))
    assert sum(value**2 for _, _, value in weighed) == pytest.approx(1)
