"""The screen's network: the shared encoder, attention over the pieces (Bahdanau et al., 2015), and two heads."""

from __future__ import annotations

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike
from numpy.typing import NDArray

from bot.safety.classifier import CATEGORIES, RESPONSES
from encoder.training import export, network
from encoder.training.network import WIDTH, Parameters


def parameters(seed: int) -> tuple[NDArray[np.float32], Parameters]:
    """The word embeddings, which are not taught, and all that is. Raises `BaseChanged`."""
    words, taught = network.parameters()
    head = {
        "telling": network.new_weights(seed, WIDTH, 1),
        "responses": network.new_weights(seed + 1, WIDTH, len(RESPONSES)),
        "responses_bias": jnp.zeros(len(RESPONSES)),
        "categories": network.new_weights(seed + 2, WIDTH, len(CATEGORIES)),
        "categories_bias": jnp.zeros(len(CATEGORIES)),
    }
    return words, {**taught, **head}


def logits(
    taught: Parameters, words: ArrayLike, mask: ArrayLike, key: jax.Array, drop: float
) -> tuple[jax.Array, jax.Array]:
    """What it says of each message: (batch, RESPONSES) before softmax, (batch, CATEGORIES) before the logistic."""
    read = jnp.asarray(mask)
    state = network.encode(taught, jnp.asarray(words), read, key, drop)
    telling = (state @ taught["telling"])[..., 0] - 1e9 * (1 - read)
    told = jax.nn.softmax(telling, axis=-1)
    whole = (told[..., None] * state).sum(1)
    responses = whole @ taught["responses"] + taught["responses_bias"]
    return responses, whole @ taught["categories"] + taught["categories_bias"]


def save(words: NDArray[np.float32], taught: Parameters, target: Path) -> None:
    """Write it to `target`: pieces (batch, n) in; shares of responses, of categories, and what each piece told out."""
    graph = export.Graph()
    state = export.encoder(graph, words, taught)
    telling = graph("MatMul", state, graph.constant(np.asarray(taught["telling"], np.float32)))
    told = graph("Softmax", telling, axis=1)
    whole = graph(
        "Squeeze", graph("MatMul", graph("Transpose", told, perm=[0, 2, 1]), state), _axis(graph, 1)
    )
    responses = graph.linear(whole, taught["responses"], taught["responses_bias"])
    categories = graph.linear(whole, taught["categories"], taught["categories_bias"])
    graph.rename(graph("Softmax", responses, axis=-1), "response")
    graph.rename(graph("Sigmoid", categories), "category")
    graph.rename(graph("Squeeze", told, _axis(graph, 2)), "told")
    outputs: export.Shapes = {
        "response": ["batch", len(RESPONSES)],
        "category": ["batch", len(CATEGORIES)],
        "told": ["batch", "length"],
    }
    export.save(graph, {"pieces": ["batch", "length"]}, outputs, target)


def _axis(graph: export.Graph, axis: int) -> str:
    return graph.constant(np.array([axis]))
