"""Makes the screen's model: `harbour train screen`, or `python -m bot.safety.training.teach`.

scikit-learn fits it; what serves patients needs only NumPy and the sentence encoder. The same corpus gives the same
model.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression

from bot.safety.classifier import CATEGORIES, DIGEST, MODEL, RESPONSES, weigh
from bot.safety.lexicon import Lexicon
from bot.safety.meaning import GAMMA, sentence
from bot.safety.ngrams import Counted, of_letters, of_words
from bot.safety.reading import read
from bot.safety.screening import ResponseNeeded
from bot.safety.spelling import Spelling
from bot.safety.training.corpus import Said, taught
from bot.safety.training.tradeoff import table
from encoder.sentences import SentenceEncoder

_LEAST: Final = {"w": 2, "c": 3}
"""In so many messages must an n-gram stand to be counted at all."""
_FREEDOM: Final = 10.0
_ROUNDS: Final = 300
_LANDMARKS: Final = 3_000

Say = Callable[[str], None]
Read = tuple[list[Counted], list[Counted]]
Numbers = NDArray[Any]


def teach(say: Say = print) -> None:
    """Fit the model to every message of the corpus, keep it, and print what each threshold would do."""
    samples = taught()
    say(f"Teaching the screen from {len(samples)} messages.")
    spelling = Lexicon.load().spelling
    counted = [_read(said, spelling) for said in samples]
    places, rarity = _known(counted)
    matrix = _matrix(counted, places, rarity)
    weights, biases = _fitted(matrix, samples)
    landmarks, pulls, leanings = _meaning(samples, spelling)
    _keep(
        list(places),
        {"rarity": rarity, "weights": weights, "landmarks": landmarks},
        {"biases": biases, "pulls": pulls, "leanings": leanings},
    )
    say(f"The model is in {MODEL.name} ({MODEL.stat().st_size / 1e6:.1f} MB), its SHA-256 beside it.")
    for line in table():
        say(line)


def _read(said: Said, spelling: Spelling) -> Read:
    words = read(said.text, spelling).words
    return list(of_words(words, said.asked)), list(of_letters(words))


def _known(counted: Sequence[Read]) -> tuple[dict[str, int], NDArray[np.float32]]:
    """The n-grams that stand in enough messages, with their places, and how rare each is: log((1+n)/(1+df)) + 1."""
    messages: Counter[str] = Counter()
    for words, letters in counted:
        messages.update({each.name for each in words} | {each.name for each in letters})
    names = sorted(name for name, count in messages.items() if count >= _LEAST[name[0]])
    rarity = [math.log((1 + len(counted)) / (1 + messages[name])) + 1 for name in names]
    return {name: place for place, name in enumerate(names)}, np.array(rarity, np.float32)


def _matrix(counted: Sequence[Read], places: dict[str, int], rarity: NDArray[np.float32]) -> csr_matrix:
    rows, columns, values = list[int](), list[int](), list[float]()
    for row, kinds in enumerate(counted):
        for kind in kinds:
            for _, place, value in weigh(kind, places, rarity):
                rows.append(row)
                columns.append(place)
                values.append(value)
    return csr_matrix((values, (rows, columns)), (len(counted), len(places)), dtype=np.float32)


def _fitted(matrix: csr_matrix, samples: Sequence[Said]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (n-grams, RESPONSES + CATEGORIES) and biases: the response by softmax, each category by itself."""
    responses = np.array([RESPONSES.index(said.response) for said in samples])
    model = LogisticRegression(C=_FREEDOM, max_iter=_ROUNDS).fit(matrix, responses)
    weights, biases = [model.coef_], [model.intercept_]
    for category in CATEGORIES:
        wanted = [said.response is not ResponseNeeded.NONE and said.category == category for said in samples]
        one = LogisticRegression(C=_FREEDOM, solver="liblinear").fit(matrix, wanted)
        weights.append(one.coef_)
        biases.append(one.intercept_)
    return np.vstack(weights).T.astype(np.float32), np.concatenate(biases).astype(np.float32)


def _meaning(samples: Sequence[Said], spelling: Spelling) -> tuple[Numbers, Numbers, Numbers]:
    """The landmarks, their pulls and the leanings, as `Meaning` takes them."""
    sentences = [sentence(read(said.text, spelling).words, said.asked) for said in samples]
    vectors = SentenceEncoder.load(threads=2).embed_all(sentences)
    responses = np.array([RESPONSES.index(said.response) for said in samples])
    kernel = Nystroem(gamma=GAMMA, n_components=_LANDMARKS, random_state=0)
    near = kernel.fit_transform(vectors)
    model = LogisticRegression(C=_FREEDOM, max_iter=_ROUNDS).fit(near, responses)
    return kernel.components_, kernel.normalization_.T @ model.coef_.T, model.intercept_


def _keep(names: list[str], halves: dict[str, Numbers], others: dict[str, Numbers]) -> None:
    """Write the model and its sum: the large tables with 16 bits a number, the others with 32."""
    MODEL.parent.mkdir(exist_ok=True)
    arrays: dict[str, Any] = {name: array.astype(np.float16) for name, array in halves.items()}
    arrays |= {name: array.astype(np.float32) for name, array in others.items()}
    np.savez_compressed(MODEL, names=np.frombuffer("\n".join(names).encode(), np.uint8), **arrays)
    digest = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    DIGEST.write_text(f"{digest}  {MODEL.name}\n", encoding="ascii")


if __name__ == "__main__":
    teach()
