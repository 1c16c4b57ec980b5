"""Teaches the network: `harbour train redaction`, or `python -m privacy.redaction.training.teach`.

Everything is drawn from a seed, so that the same corpus gives the same lessons.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from encoder import model_file
from encoder.training.network import Parameters
from encoder.wordpieces import WordPieces
from privacy.redaction.tagger import MODEL
from privacy.redaction.training import network
from privacy.redaction.training.corpus import Sample, written
from privacy.redaction.training.lessons import Batch, batches
from privacy.redaction.training.sentences import framed
from privacy.redaction.training.variation import Variation

SEED: Final = 20240229
MINUTES: Final = 13.0
"""How long the teaching goes on by default; the learning rate follows the time, so any length ends well."""
_FRAMED: Final = 1_500
_RATE: Final = 4e-4
_NEW_FASTER: Final = 3.0
"""What begins from nothing (the features and the head) learns so many times faster than what was taught before."""
_NEW: Final = frozenset({"features", "head", "head_bias"})
_WARMING: Final = 0.04
_DROP: Final = 0.1

Say = Callable[[str], None]


def main() -> None:
    """Teach, and keep the network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    options = parser.parse_args()
    teach(options.minutes)


def teach(minutes: float = MINUTES, say: Say = print) -> None:
    """Teach the network for so many minutes and put it in the place of the present one."""
    samples = written()
    say(f"Teaching the network from {len(samples)} written messages for {minutes:g} minutes.")
    words, taught = network.parameters(SEED)
    taught = _teach(words, taught, samples, 60 * minutes, say)
    network.save(words, jax.tree.map(np.asarray, taught), MODEL)
    model_file.review(MODEL.parent, [MODEL.name])
    say(f"The network is in {MODEL.name} ({MODEL.stat().st_size / 1e6:.1f} MB), its SHA-256 beside it.")


def _teach(
    words: NDArray[np.float32], taught: Parameters, samples: list[Sample], seconds: float, say: Say
) -> Parameters:
    optimiser = optax.chain(
        optax.clip_by_global_norm(1.0), optax.scale_by_adam(), optax.add_decayed_weights(0.01)
    )
    state = optimiser.init(taught)
    step = jax.jit(_step(optimiser), donate_argnums=(0, 1))
    key = jax.random.key(SEED)
    began = time.monotonic()
    losses: list[float] = []
    for number, batch in enumerate(_endless(samples)):
        gone = (time.monotonic() - began) / seconds
        if gone >= 1:
            break
        rate = _RATE * min(gone / _WARMING, 1 - gone)
        key, drop = jax.random.split(key)
        taught, state, loss = step(
            taught, state, words[batch.pieces], batch.features, batch.mask, batch.answers, drop, rate
        )
        losses.append(float(loss))
        if number % 200 == 199:
            say(f"  {100 * gone:3.0f}%  batch {number + 1}, loss {np.mean(losses[-200:]):.4f}")
    return taught


def _endless(samples: list[Sample]) -> Iterator[Batch]:
    """Pass after pass: every written message in a new variation, and some framed ones."""
    pieces = WordPieces.load()
    for seed in range(SEED, SEED + 1_000):
        lessons = list(Variation(samples, seed).of(samples))
        lessons += framed(seed, _FRAMED // 2, _FRAMED // 2)
        yield from batches(lessons, pieces, seed)


def _step(optimiser: Any) -> Callable[..., Any]:
    def loss(taught: Parameters, words: Any, features: Any, mask: Any, answers: Any, key: Any) -> Any:
        said = network.logits(taught, words, features, mask, key, _DROP)
        asked = (answers >= 0).astype(jnp.float32)
        each = optax.softmax_cross_entropy_with_integer_labels(said, jnp.maximum(answers, 0))
        return (each * asked).sum() / asked.sum()

    def step(
        taught: Parameters,
        state: Any,
        words: Any,
        features: Any,
        mask: Any,
        answers: Any,
        key: Any,
        rate: Any,
    ) -> tuple[Parameters, Any, Any]:
        value, slope = jax.value_and_grad(loss)(taught, words, features, mask, answers, key)
        change, state = optimiser.update(slope, state, taught)
        taught = {
            name: jax.tree.map(
                lambda one, by, pace=_NEW_FASTER if name in _NEW else 1.0: one - pace * rate * by,
                part,
                change[name],
            )
            for name, part in taught.items()
        }
        return taught, state, value

    return step


if __name__ == "__main__":
    main()
