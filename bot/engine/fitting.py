"""The arithmetic of `IntentModel`: fitting it with scikit-learn, and applying it with NumPy alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_FOLDS = 3
_TEMPERATURES = np.geomspace(0.1, 3.0, 60)


Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Fitted:
    """A fitted model: `weights` is pieces by labels, `rarity` the inverse document frequency of each piece."""

    labels: list[str]
    vocabulary: dict[str, int]
    rarity: Numbers
    weights: Numbers
    bias: Numbers


def scores(model: Fitted, counted: Counter[str]) -> Numbers:
    """The probability of each label."""
    at, values = _weighted(model.vocabulary, model.rarity, counted)
    logits = values @ model.weights[at] + model.bias
    shares = np.exp(logits - logits.max())
    return np.asarray(shares / shares.sum())


def fit(texts: Sequence[Counter[str]], labels: Sequence[str], trust: float) -> Fitted:
    """Fit to examples. `trust` is the inverse of the strength of regularisation."""
    vocabulary = {piece: at for at, piece in enumerate(sorted(set().union(*texts)))}
    seen = Counter(piece for text in texts for piece in text)
    rarity = np.array(
        [1 + math.log((1 + len(texts)) / (1 + seen[piece])) for piece in vocabulary], np.float32
    )
    names = sorted(set(labels))
    examples = _matrix(vocabulary, rarity, texts)
    targets = np.array([names.index(label) for label in labels])
    if len(names) == 1:
        return Fitted(names, vocabulary, rarity, np.zeros((len(vocabulary), 1), np.float32), np.zeros(1))
    weights, bias = _regress(examples, targets, trust)
    heat = _temperature(examples, targets, trust)
    return Fitted(names, vocabulary, rarity, (weights / heat).astype(np.float32), bias / heat)


def _weighted(vocabulary: dict[str, int], rarity: Numbers, counted: Counter[str]) -> tuple[Numbers, Numbers]:
    """Where a text's known pieces are in the vocabulary, and their weights: damped counts times rarity, length 1."""
    known = [(vocabulary[piece], count) for piece, count in counted.items() if piece in vocabulary]
    at = np.array([place for place, _ in known], np.int64)
    values = (1 + np.log(np.array([count for _, count in known], np.float32))) * rarity[at]
    length = float(np.linalg.norm(values)) or 1.0
    return at, values / length


def _matrix(vocabulary: dict[str, int], rarity: Numbers, texts: Sequence[Counter[str]]) -> Any:
    from scipy.sparse import csr_matrix

    rows = [_weighted(vocabulary, rarity, text) for text in texts]
    starts = np.cumsum([0, *(len(at) for at, _ in rows)])
    places = np.concatenate([at for at, _ in rows])
    values = np.concatenate([weights for _, weights in rows])
    return csr_matrix((values, places, starts), shape=(len(texts), len(vocabulary)))


def _regress(examples: Any, targets: Numbers, trust: float) -> tuple[Numbers, Numbers]:
    """Weights (pieces by labels) and biases: one regression for each label against the rest.

    One multinomial regression took nine times as long to fit and found no more right intents (83% against 84%).
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=trust, class_weight="balanced", solver="liblinear", multi_class="ovr", random_state=0
    )
    model.fit(examples, targets)
    if len(model.classes_) == 2:
        return np.hstack([-model.coef_.T, model.coef_.T]), np.hstack([-model.intercept_, model.intercept_])
    return model.coef_.T, model.intercept_


def _temperature(examples: Any, targets: Numbers, trust: float) -> float:
    """What to divide by so that held-out examples are predicted as surely as they are right."""
    if np.bincount(targets).min() < _FOLDS:
        return 1.0
    from sklearn.model_selection import StratifiedKFold

    held_out = np.zeros((len(targets), targets.max() + 1))
    for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(examples, targets):
        weights, bias = _regress(examples[train], targets[train], trust)
        held_out[test] = examples[test] @ weights + bias
    losses = [_loss(held_out / heat, targets) for heat in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def _loss(logits: Numbers, targets: Numbers) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(targets)), targets]
    return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - chosen))
