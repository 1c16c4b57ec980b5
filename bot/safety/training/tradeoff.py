"""What each threshold would do, on messages that the network was not taught: data/screen/tune.txt.

The operating point is chosen from this table and written down, with its reasons, in docs/decisions/0015.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.safety.classifier import RESPONSES, THRESHOLDS, Classifier
from bot.safety.lexicon import Lexicon
from bot.safety.reading import read
from bot.safety.screening import ResponseNeeded
from bot.safety.training import corpus
from bot.safety.training.corpus import Said

TUNE: Final = corpus.FOLDER / "tune.txt"
_STEPS: Final = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def table() -> Iterator[str]:
    """The lines of the table: for each response and threshold, the share of each group that would reach it."""
    said = corpus.read(TUNE)
    shares = _shares(said)
    wanted = np.array([RESPONSES.index(each.response) for each in said])
    yield f"{'threshold':24}" + "".join(f"{response.value:>16}" for response in RESPONSES)
    for response in THRESHOLDS:
        reached = shares[:, RESPONSES.index(response) :].sum(axis=1)
        for least in _STEPS:
            row = [float((reached[wanted == place] >= least).mean()) for place in range(len(RESPONSES))]
            yield f"{response.value} {least:<10g}".ljust(24) + "".join(
                f"{100 * share:15.1f}%" for share in row
            )


def _shares(said: Sequence[Said]) -> NDArray[np.float32]:
    classifier, spelling = Classifier.load(), Lexicon.load().spelling
    rows = [classifier.shares(read(each.text, spelling).words, each.asked) for each in said]
    if RESPONSES[0] is not ResponseNeeded.NONE:
        raise AssertionError("the responses must stand in the order of their urgency")
    return np.array(rows, np.float32)
