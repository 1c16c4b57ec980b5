"""Teaches the screen's network: `harbour train screen`, or `python -m bot.safety.training.teach`."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from bot.safety.classifier import MODEL
from bot.safety.lexicon import FOLDER as LEXICON
from bot.safety.lexicon import Lexicon
from bot.safety.training import network
from bot.safety.training.corpus import Said, taught
from bot.safety.training.lessons import Batch, batches, varied
from bot.safety.training.tradeoff import table
from encoder import model_file
from encoder.training.network import Parameters
from encoder.wordpieces import WordPieces

SEED: Final = 20240301
MINUTES: Final = 12.0
"""How long the teaching goes on by default; the learning rate follows the time, so any length ends well."""
_RATE: Final = 3e-4
_WARMING: Final = 0.05
_DROP: Final = 0.1
_SMOOTHED: Final = 0.05
_CATEGORIES: Final = 0.5
"""How much the categories weigh beside the response."""

Say = Callable[[str], None]


def main() -> None:
    """Teach, and keep the network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    teach(parser.parse_args().minutes)


def teach(minutes: float = MINUTES, say: Say = print) -> None:
    """Teach the network for so many minutes and put it in the place of the present one."""
    samples = taught()
    say(f"Teaching the screen from {len(samples)} messages for {minutes:g} minutes.")
    words, begun = network.parameters(SEED)
    done = _teach(words, begun, samples, 60 * minutes, say)
    network.save(words, jax.tree.map(np.asarray, done), MODEL)
    model_file.review(MODEL.parent, [MODEL.name])
    say(f"The network is in {MODEL.name} ({MODEL.stat().st_size / 1e6:.1f} MB), its SHA-256 beside it.")
    for line in table():
        say(line)


def _teach(
    words: NDArray[np.float32], taught: Parameters, samples: list[Said], seconds: float, say: Say
) -> Parameters:
    optimiser = optax.chain(
        optax.clip_by_global_norm(1.0), optax.scale_by_adam(), optax.add_decayed_weights(0.01)
    )
    state = optimiser.init(taught)
    step = jax.jit(_step(optimiser), donate_argnums=(0, 1))
    key = jax.random.key(SEED)
    began = time.monotonic()
    losses: list[float] = []
    for number, batch in enumerate(_endless(samples), 1):
        gone = (time.monotonic() - began) / seconds
        if gone >= 1:
            break
        rate = _RATE * min(gone / _WARMING, 1 - gone)
        key, drop = jax.random.split(key)
        given = (words[batch.pieces], batch.mask, batch.responses, batch.categories, batch.rows)
        taught, state, loss = step(taught, state, given, drop, rate)
        losses.append(float(loss))
        if number % 200 == 0:
            say(f"  {100 * gone:3.0f}%  batch {number}, loss {np.mean(losses[-200:]):.4f}")
    return taught


def _endless(samples: list[Said]) -> Iterator[Batch]:
    """Pass after pass, every message in a new variation."""
    pieces, spelling = WordPieces.load(), Lexicon.load(LEXICON).spelling
    chance = random.Random(SEED)  # noqa: S311 - an order is no secret
    while True:
        yield from batches(varied(samples, chance), spelling, pieces, chance)


def _step(optimiser: Any) -> Callable[..., Any]:
    def loss(taught: Parameters, given: Any, key: Any) -> Any:
        words, mask, responses, categories, rows = given
        said, spoken_of = network.logits(taught, words, mask, key, _DROP)
        wanted = optax.smooth_labels(jax.nn.one_hot(responses, said.shape[-1]), _SMOOTHED)
        of_response = optax.softmax_cross_entropy(said, wanted)
        of_category = optax.sigmoid_binary_cross_entropy(spoken_of, categories).sum(-1)
        return ((of_response + _CATEGORIES * of_category) * rows).sum() / jnp.maximum(rows.sum(), 1)

    def step(taught: Parameters, state: Any, given: Any, key: Any, rate: Any) -> tuple[Parameters, Any, Any]:
        value, slope = jax.value_and_grad(loss)(taught, given, key)
        change, state = optimiser.update(slope, state, taught)
        return jax.tree.map(lambda one, by: one - rate * by, taught, change), state, value

    return step


if __name__ == "__main__":
    main()
