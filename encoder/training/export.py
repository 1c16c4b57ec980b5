"""Writes a taught network as ONNX with 8-bit weights, in the computation of `network.py`."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from encoder.training.network import HEADS, WIDTH, Parameters

Shapes = Mapping[str, Sequence[int | str]]
"""The tensors that go in or come out, by name: each size is a number, or the name of one that varies."""

_OPSET: Final = 17
_EPSILON: Final = 1e-12


class Graph:
    """Collects nodes and tensors; each call of an operation names its output."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.tensors: list[Any] = []

    def constant(self, value: Any) -> str:
        """A tensor; an array of floats is kept with 32 bits."""
        name = f"constant_{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def rename(self, output: str, name: str) -> None:
        """Let an output be called `name`."""
        self.nodes.append(helper.make_node("Identity", [output], [name], name=name))

    def __call__(self, operation: str, *inputs: str, **attributes: Any) -> str:
        """The output of an ONNX operation on `inputs`."""
        output = f"{operation.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, list(inputs), [output], name=output, **attributes))
        return output

    def linear(self, state: str, matrix: Any, bias: Any) -> str:
        """`state` times `matrix`, and `bias` added."""
        product = self("MatMul", state, self.constant(np.asarray(matrix, np.float32)))
        return self("Add", product, self.constant(np.asarray(bias, np.float32)))

    def normal(self, state: str, scale: Any, shift: Any) -> str:
        """Layer normalisation (Ba et al., 2016)."""
        weights = (self.constant(np.asarray(each, np.float32)) for each in (scale, shift))
        return self("LayerNormalization", state, *weights, axis=-1, epsilon=_EPSILON)


def encoder(graph: Graph, words: NDArray[np.float32], taught: Parameters, added: str | None = None) -> str:
    """The encoder over the input ``pieces`` (batch, length); `added` is a tensor that is added to the embeddings."""
    entered = graph("Gather", graph.constant(words), "pieces")
    if added is not None:
        entered = graph("Add", entered, added)
    length = graph("Slice", graph("Shape", "pieces"), *(graph.constant(np.array([n])) for n in (1, 2)))
    positions = graph(
        "Slice",
        graph.constant(np.asarray(taught["positions"], np.float32)),
        graph.constant(np.array([0])),
        length,
        graph.constant(np.array([0])),
    )
    state = graph.normal(graph("Add", entered, positions), taught["scale"], taught["shift"])
    for layer in taught["layers"]:
        state = _layer(graph, state, layer)
    return state


def save(graph: Graph, inputs: Shapes, outputs: Shapes, target: Path) -> None:
    """Write the graph to `target` with 8-bit weights. The shapes name sizes that vary; ``pieces`` are integers."""

    def described(tensors: Shapes) -> list[Any]:
        kinds = {"pieces": TensorProto.INT64}
        return [
            helper.make_tensor_value_info(name, kinds.get(name, TensorProto.FLOAT), list(shape))
            for name, shape in tensors.items()
        ]

    made = helper.make_graph(graph.nodes, target.stem, described(inputs), described(outputs), graph.tensors)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        onnx.save(model, whole)
        quantize_dynamic(whole, target, weight_type=QuantType.QInt8)


def _layer(graph: Graph, state: str, layer: Parameters) -> str:
    attended = _attend(graph, state, layer)
    state = graph.normal(graph("Add", state, attended), layer["first_scale"], layer["first_shift"])
    wide = _gelu(graph, graph.linear(state, layer["wider"], layer["wider_bias"]))
    narrow = graph.linear(wide, layer["narrower"], layer["narrower_bias"])
    return graph.normal(graph("Add", state, narrow), layer["second_scale"], layer["second_shift"])


def _attend(graph: Graph, state: str, layer: Parameters) -> str:
    into_heads = graph.constant(np.array([0, 0, HEADS, WIDTH // HEADS]))
    joined_again = graph.constant(np.array([0, 0, WIDTH]))

    def heads(name: str, order: list[int]) -> str:
        projected = graph.linear(state, layer[name], layer[f"{name}_bias"])
        return graph("Transpose", graph("Reshape", projected, into_heads), perm=order)

    query, key = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1])
    scale = graph.constant(np.float32(1 / np.sqrt(WIDTH // HEADS)))
    weights = graph("Softmax", graph("Mul", graph("MatMul", query, key), scale), axis=-1)
    mixed = graph("MatMul", weights, heads("value", [0, 2, 1, 3]))
    joined = graph("Reshape", graph("Transpose", mixed, perm=[0, 2, 1, 3]), joined_again)
    return graph.linear(joined, layer["attended"], layer["attended_bias"])


def _gelu(graph: Graph, state: str) -> str:
    """The exact form of Hendrycks and Gimpel (2016), in operations that onnxruntime fuses."""
    root, one, half = (graph.constant(np.float32(value)) for value in (np.sqrt(2), 1, 0.5))
    error = graph("Add", graph("Erf", graph("Div", state, root)), one)
    return graph("Mul", graph("Mul", state, error), half)
