"""The arithmetic of `IntentModel`: how alike two texts are, fitting to examples, and applying what was fitted.

Least squares on one label against the rest, with a kernel (Rifkin, Yeo and Poggio 2003, "Regularized least-squares
classification"): half for words and pairs of words, half for runs of letters, and one whole for meaning, a Gaussian
of the distance between sentence vectors. Its solution is one Cholesky factor, the same each time, and gives what the
model would have said of each example had it not seen it; on these answers the temperature is chosen (Guo et al. 2017,
"On calibration of modern neural networks").
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.engine.ngrams import is_run

SHARPNESS: Final = 2.0
"""How quickly sentences that lie apart stop counting for one another."""
_WORDS: Final = 0.5
_RUNS: Final = 0.5
_CONSTANT: Final = 0.1
_HEATS: Final = np.geomspace(0.5, 30.0, 80)

Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Fitted:
    """A fitted model.

    `rarity` is the inverse document frequency of each piece and `weights` is pieces by labels; `vectors` are the
    examples' and `pulls`, examples by labels, is what each says for a label; `heat` is one over the temperature.
    """

    labels: list[str]
    vocabulary: dict[str, int]
    rarity: Numbers
    weights: Numbers
    vectors: Numbers
    pulls: Numbers
    bias: Numbers
    heat: float


def scores(model: Fitted, counted: Counter[str], vector: Numbers) -> Numbers:
    """The probability of each label."""
    at, values = _weighted(model.vocabulary, model.rarity, counted)
    meaning = _near(model.vectors @ vector) @ model.pulls
    logits = (values @ model.weights[at] + meaning + model.bias) * model.heat
    return shares(logits[None]).ravel()


def fit(texts: Sequence[Counter[str]], vectors: Numbers, labels: Sequence[str], trust: float) -> Fitted:
    """Fit to examples, of which there must be one at least. `trust` is one over the strength of regularisation."""
    vocabulary = {piece: at for at, piece in enumerate(sorted(set().union(*texts)))}
    rarity = _rarity(vocabulary, texts)
    examples = _matrix(vocabulary, rarity, texts)
    names = sorted(set(labels))
    targets = np.array([names.index(label) for label in labels])
    vectors = vectors.astype(np.float32)
    alike = np.asarray((examples @ examples.T).toarray()) + _near(vectors @ vectors.T) + np.float32(_CONSTANT)
    pulls, unseen = _solve(alike, np.eye(len(names), dtype=np.float32)[targets], trust)
    weights = np.asarray(examples.T @ pulls)
    return Fitted(
        names,
        vocabulary,
        rarity,
        weights,
        vectors,
        pulls,
        _CONSTANT * pulls.sum(axis=0),
        _heat(unseen, targets),
    )


def shares(logits: Numbers) -> Numbers:
    """Probabilities, row by row."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _near(cosines: Numbers) -> Numbers:
    return np.asarray(np.exp(np.float32(SHARPNESS) * (cosines - np.float32(1))))


def _rarity(vocabulary: dict[str, int], texts: Sequence[Counter[str]]) -> Numbers:
    seen = Counter(piece for text in texts for piece in text)
    return np.array([1 + math.log((1 + len(texts)) / (1 + seen[piece])) for piece in vocabulary], np.float32)


def _weighted(vocabulary: dict[str, int], rarity: Numbers, counted: Counter[str]) -> tuple[Numbers, Numbers]:
    """Where a text's known pieces are in the vocabulary, and their weights: damped counts times rarity.

    All words together, and all runs of letters together, have a fixed length, whatever the text's.
    """
    known = [
        (vocabulary[piece], count, is_run(piece)) for piece, count in counted.items() if piece in vocabulary
    ]
    at = np.array([place for place, _, _ in known], np.int64)
    runs = np.array([run for _, _, run in known], bool)
    values = (1 + np.log(np.array([count for _, count, _ in known], np.float32))) * rarity[at]
    for part, share in ((runs, _RUNS), (~runs, _WORDS)):
        values[part] *= math.sqrt(share) / (float(np.linalg.norm(values[part])) or 1.0)
    return at, values


def _matrix(vocabulary: dict[str, int], rarity: Numbers, texts: Sequence[Counter[str]]) -> Any:
    from scipy.sparse import csr_matrix

    rows = [_weighted(vocabulary, rarity, text) for text in texts]
    starts = np.cumsum([0, *(len(at) for at, _ in rows)])
    places = np.concatenate([at for at, _ in rows])
    values = np.concatenate([weights for _, weights in rows])
    return csr_matrix((values, places, starts), shape=(len(texts), len(vocabulary)))


def _solve(alike: Numbers, wanted: Numbers, trust: float) -> tuple[Numbers, Numbers]:
    """What each example says for each label, and what is said of it when it is left out. Overwrites `alike`."""
    from scipy.linalg import lapack

    alike[np.diag_indices_from(alike)] += 1 / trust
    factor, _ = lapack.spotrf(alike.T, lower=1, overwrite_a=1)
    inverse, failed = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed:
        raise np.linalg.LinAlgError("The examples cannot be told apart by this arithmetic: trust them less.")
    own = inverse.diagonal().copy()
    inverse = np.tril(inverse)
    pulls = inverse @ wanted + inverse.T @ wanted - own[:, None] * wanted
    return pulls, wanted - pulls / own[:, None]


def _heat(unseen: Numbers, targets: Numbers) -> float:
    """What to multiply by so that examples left out are predicted as surely as they are right."""
    chosen = np.arange(len(targets)), targets
    losses = [-np.log(np.maximum(shares(unseen * heat)[chosen], 1e-9)).mean() for heat in _HEATS]
    return float(_HEATS[int(np.argmin(losses))])
