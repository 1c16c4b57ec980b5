"""Sentences that mean alike lie close; nothing but the reviewed network is loaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from encoder import sentences
from encoder.model_file import ModelChanged
from encoder.sentences import LONGEST, WIDTH, SentenceEncoder


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder.load()


def test_meaning_counts_more_than_words(encoder: SentenceEncoder) -> None:
    asleep, awake, rain = encoder.embed_all(
        ["i cant sleep at all", "lying awake every night", "will it rain at all"]
    )
    assert asleep @ awake > asleep @ rain


def test_many_are_read_as_one_by_one_and_in_order(encoder: SentenceEncoder) -> None:
    texts = ["no", "my mum shouted at me about the washing up again", "ok thanks", "don\u2019t know"]
    together = encoder.embed_all(texts)
    assert together.shape == (4, WIDTH)
    for text, vector in zip(texts, together, strict=True):
        assert vector @ encoder.embed(text) > 0.97  # 8-bit steps are taken over all that is read at once
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", " ", "\U0001f622", "a" * 5000, "word " * 5000])
def test_any_text_has_a_vector(encoder: SentenceEncoder, text: str) -> None:
    assert np.isfinite(encoder.embed(text)).all()


def test_what_comes_after_the_longest_text_is_not_read(encoder: SentenceEncoder) -> None:
    text = "tired " * LONGEST
    assert np.array_equal(encoder.embed(text), encoder.embed(text + "and happy"))


def test_a_changed_network_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = tmp_path / "model.onnx"
    changed.write_bytes(sentences._file().read_bytes()[:-1])
    monkeypatch.setattr(sentences, "_file", lambda: changed)
    with pytest.raises(ModelChanged, match="is not version"):
        SentenceEncoder.load()
