"""What the network is taught from, and that what is kept computes what was taught."""

from pathlib import Path

import jax
import numpy as np
import onnxruntime
import pytest

from encoder.wordpieces import WordPieces
from privacy.redaction.entities import Label
from privacy.redaction.features import COUNT
from privacy.redaction.tagger import OUTPUTS
from privacy.redaction.training import corpus, network
from privacy.redaction.training.corpus import BadLine, Sample
from privacy.redaction.training.lessons import batches
from privacy.redaction.training.variation import Variation


def test_a_marked_line_is_a_message_and_its_identifiers(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("# a comment\nme n [shaz|PERSON] left\\n[hull|LOCATION]\n", encoding="utf-8")
    assert corpus.read(file) == [
        Sample("me n shaz left\nhull", ((5, 9, Label.PERSON), (15, 19, Label.LOCATION)))
    ]


@pytest.mark.parametrize("line", ["hi [sam|NAME]", "hi [sam", "hi sam|PERSON]"])
def test_a_line_that_is_not_well_marked_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "lines.txt"
    file.write_text(f"fine\n{line}\n", encoding="utf-8")
    with pytest.raises(BadLine, match=r"lines.txt:2"):
        corpus.read(file)


def test_every_written_line_is_well_marked_and_there_are_as_many_without_identifiers() -> None:
    samples = corpus.written()
    plain = sum(not sample.spans for sample in samples)
    assert len(samples) > 7_000
    assert plain * 2 > len(samples) * 0.9


def test_no_line_is_written_twice() -> None:
    texts = [sample.text.casefold() for sample in corpus.written()]
    assert len(texts) - len(set(texts)) < len(texts) // 200


def test_the_held_out_messages_are_not_among_those_taught() -> None:
    held_out = Path(__file__).parents[3] / "benchmarks" / "messages"
    taught = {sample.text.casefold() for sample in corpus.written()}
    for file in sorted(held_out.glob("redaction_*.txt")):
        assert not taught.intersection(sample.text.casefold() for sample in corpus.read(file))


def test_a_variation_keeps_marks_on_names() -> None:
    samples = [Sample("me n shaz left", ((5, 9, Label.PERSON),)), Sample("so tired")]
    for varied in Variation(samples, 7).of(samples * 50):
        for start, end, _ in varied.spans:
            assert varied.text[start:end].strip() == varied.text[start:end] != ""


def test_the_same_seed_draws_the_same() -> None:
    samples = corpus.written()[:200]
    assert list(Variation(samples, 3).of(samples)) == list(Variation(samples, 3).of(samples))


@pytest.mark.slow
def test_the_exported_network_computes_what_was_taught(tmp_path: Path) -> None:
    words, taught = network.parameters(1)
    network.save(words, jax.tree.map(np.asarray, taught), tmp_path / "network.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "network.onnx")
    batch = next(batches([Sample("me n shaz left hull"), Sample("so tired today")], WordPieces.load(), 1))
    said = network.logits(
        taught, words[batch.pieces], batch.features, batch.mask, jax.random.key(0), drop=0.0
    )
    expected = np.asarray(jax.nn.softmax(said))
    rows = [(row, int(mask.sum())) for row, mask in enumerate(batch.mask) if mask.any()]
    assert len(rows) == 2, "the rest of the batch is empty"
    for row, used in rows:
        given = {
            "pieces": batch.pieces[row : row + 1, :used],
            "features": batch.features[row : row + 1, :used],
        }
        (beliefs,) = session.run(None, given)
        assert np.asarray(beliefs).shape == (1, used, OUTPUTS)
        assert np.abs(np.asarray(beliefs)[0] - expected[row, :used]).max() < 0.05
    assert batch.features.shape[-1] == COUNT
