"""The tagger's network: the shared encoder, told what the lists say of each word, and a linear head for the labels."""

from __future__ import annotations

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike
from numpy.typing import NDArray

from encoder.training import export, network
from encoder.training.network import WIDTH, Parameters
from privacy.redaction.features import COUNT
from privacy.redaction.tagger import OUTPUTS


def parameters(seed: int) -> tuple[NDArray[np.float32], Parameters]:
    """The word embeddings, which are not taught, and all that is. Raises `BaseChanged`."""
    words, taught = network.parameters()
    head = {
        "features": jnp.zeros((COUNT, WIDTH)),
        "head": network.new_weights(seed, WIDTH, OUTPUTS),
        "head_bias": jnp.zeros(OUTPUTS),
    }
    return words, {**taught, **head}


def logits(
    taught: Parameters, words: ArrayLike, features: ArrayLike, mask: ArrayLike, key: jax.Array, drop: float
) -> jax.Array:
    """What the network says of each piece, before softmax. `words` are embeddings: (batch, pieces, WIDTH)."""
    state = network.encode(
        taught, jnp.asarray(words) + jnp.asarray(features) @ taught["features"], jnp.asarray(mask), key, drop
    )
    result: jax.Array = state @ taught["head"] + taught["head_bias"]
    return result


def save(words: NDArray[np.float32], taught: Parameters, target: Path) -> None:
    """Write it to `target`: pieces (batch, n) and features (batch, n, COUNT) in, beliefs (batch, n, OUTPUTS) out."""
    graph = export.Graph()
    lists = graph("MatMul", "features", graph.constant(np.asarray(taught["features"], np.float32)))
    state = export.encoder(graph, words, taught, added=lists)
    beliefs = graph("Softmax", graph.linear(state, taught["head"], taught["head_bias"]), axis=-1)
    graph.rename(beliefs, "beliefs")
    inputs: export.Shapes = {"pieces": ["batch", "length"], "features": ["batch", "length", COUNT]}
    export.save(graph, inputs, {"beliefs": ["batch", "length", OUTPUTS]}, target)
