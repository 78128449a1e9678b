"""Classifiers whose logits differ from pixel to pixel, so that no class wins everywhere."""
from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper

from graph import Graph
from runtime import run

DEVIATION = 2
MOST_GAIN = 50


def spread_logits(g: Graph, image: np.ndarray) -> None:
    """Scales the layers of the classifier, so that each of its channels has mean 0 and this deviation."""
    for node in g.nodes_in_order:
        if node.name.startswith("/last/") and node.op_type in ("Conv", "ConvTranspose"):
            spread_layer(g, node, image)


def spread_layer(g: Graph, node: onnx.NodeProto, image: np.ndarray) -> None:
    """Scales one layer by what it gives for the image; hardly varying channels are raised by a bounded factor."""
    values = run(g.model_with([helper.make_tensor_value_info(node.output[0], TensorProto.FLOAT, None)]), image)[0]
    gain = np.minimum(DEVIATION / (values.std(axis=(0, 2, 3)) + 1e-9), MOST_GAIN)
    weight, bias = (stored_name(g, name) for name in node.input[1:3])
    shape = (-1, 1, 1, 1) if node.op_type == "Conv" else (1, -1, 1, 1)
    g.parameters[weight] = g.parameters[weight] * gain.reshape(shape)
    g.parameters[bias] = (g.parameters[bias] - values.mean(axis=(0, 2, 3))) * gain


def stored_name(g: Graph, name: str) -> str:
    """The parameter of this name, or the one that a Cast of this name reads."""
    casts = {node.output[0]: node.input[0] for node in g.nodes_in_order if node.op_type == "Cast"}
    return name if name in g.parameters else casts[name]
