"""Only the network that was reviewed is loaded."""

from pathlib import Path

import pytest

from encoder import model_file
from encoder.model_file import ModelChanged
from privacy.redaction.tagger import MODEL


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A network of ours in a folder of its own."""
    for file in (MODEL, MODEL.with_name(model_file.DIGESTS)):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path / MODEL.name


def test_the_reviewed_network_is_loaded(copied: Path) -> None:
    assert [each.name for each in model_file.load(copied).get_outputs()] == ["beliefs"]


def test_an_altered_network_is_refused(copied: Path) -> None:
    altered = bytearray(copied.read_bytes())
    altered[len(altered) // 2] ^= 1
    copied.write_bytes(altered)
    with pytest.raises(ModelChanged, match="harbour train"):
        model_file.load(copied)


def test_a_missing_network_is_refused(copied: Path) -> None:
    copied.unlink()
    with pytest.raises(ModelChanged):
        model_file.load(copied)


def test_what_was_made_anew_is_the_reviewed_one(copied: Path) -> None:
    (copied.parent / "other.onnx").write_bytes(b"new")
    model_file.review(copied.parent, ["other.onnx"])
    model_file.check(copied.parent)
