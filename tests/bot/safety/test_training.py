"""What the screen's network is taught from, what is held out, and that what is kept computes what was taught."""

import random
from pathlib import Path

import jax
import numpy as np
import onnxruntime
import pytest

from bot.safety.classifier import CATEGORIES, QUESTIONS, RESPONSES
from bot.safety.lexicon import Lexicon
from bot.safety.screening import ResponseNeeded, SafetyQuestion
from bot.safety.training import corpus, network
from bot.safety.training.corpus import BadLine, Said
from bot.safety.training.lessons import batches, varied
from encoder.wordpieces import WordPieces

HELD_OUT = (
    corpus.FOLDER / "tune.txt",
    Path(__file__).parents[3] / "benchmarks" / "messages" / "screen_test.txt",
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
    assert len(dangers) > 5_500
    assert len(said) - len(dangers) > 5_500


def test_every_danger_is_of_a_known_category() -> None:
    for each in [*corpus.taught(), *(one for file in HELD_OUT for one in corpus.read(file))]:
        if each.response is not ResponseNeeded.NONE:
            assert each.category in CATEGORIES


def test_what_is_held_out_is_not_taught() -> None:
    taught = {each.text.casefold() for each in corpus.taught() if each.asked is None and len(each.text) > 12}
    for file in HELD_OUT:
        same = [each.text for each in corpus.read(file) if each.text.casefold() in taught]
        assert not same, f"{file.name} holds lines that are taught"


def test_every_question_has_its_words() -> None:
    assert QUESTIONS.keys() == set(SafetyQuestion)


def test_a_variation_keeps_what_a_message_needs() -> None:
    said = corpus.taught()[::40]
    for before, after in zip(said, varied(said, random.Random(1)), strict=True):
        assert (after.response, after.category, after.asked) == (
            before.response,
            before.category,
            before.asked,
        )


@pytest.mark.slow
def test_the_exported_network_computes_what_was_taught(tmp_path: Path) -> None:
    words, taught = network.parameters(1)
    network.save(words, jax.tree.map(np.asarray, taught), tmp_path / "screen.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "screen.onnx")
    said = [Said(ASK, "suicide", ("whats the point of any of it",), None)] * 3
    batch = next(batches(said, Lexicon.load().spelling, WordPieces.load(), random.Random(1)))
    responses, _ = network.logits(taught, words[batch.pieces], batch.mask, jax.random.key(0), drop=0.0)
    used = int(batch.mask[0].sum())
    given = {"pieces": batch.pieces[:1, :used]}
    shares, categories, told = session.run(None, given)
    assert np.abs(np.asarray(shares)[0] - np.asarray(jax.nn.softmax(responses))[0]).max() < 0.05
    assert np.asarray(shares).shape == (1, len(RESPONSES))
    assert np.asarray(categories).shape == (1, len(CATEGORIES))
    assert np.asarray(told).sum() == pytest.approx(1, abs=1e-3)
