"""How a file says the same network: where its weights are, and nodes that do nothing."""
from __future__ import annotations

import numpy as np

from graph import Graph, Map
from operators.activations import relu
from operators.convolutions import conv, he_weights
from registry import block, network, plain_stem, plain_tail


@network("half-weights", "float16 initializers with Cast")
def half_weights(g: Graph) -> None:
    g.half_weights = True
    plain_tail(g, plain_stem(g))


@network("initializers-as-inputs", "initializers that are inputs too")
def initializers_as_inputs(g: Graph) -> None:
    g.initializers_are_inputs = True
    plain_tail(g, plain_stem(g))


@network("unused-initializers", "initializers that no node reads")
def unused_initializers(g: Graph) -> None:
    g.parameter("num_batches_tracked", np.zeros(1))
    plain_tail(g, plain_stem(g))
    g.parameter("auxiliary.weight", g.random.normal(0, 1, (4, 16, 3, 3)))


@network("unread-branch", "a branch whose result nothing reads")
def unread_branch(g: Graph) -> None:
    x = plain_stem(g)
    with g.scope("auxiliary"):
        relu(g, conv(g, x))
    plain_tail(g, x)


@network("weights-as-constants", "weights in Constant nodes")
def weights_as_constants(g: Graph) -> None:
    g.constant_weights = True
    plain_tail(g, plain_stem(g))


@block("identity", "Identity between layers")
def identity(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, g.map("Identity", [x.name], x.shape[1:])))


@block("dropout", "Dropout between layers")
def dropout(g: Graph, x: Map) -> Map:
    ratio = g.constant(0.1)
    off = g.constant(False, np.bool_)
    return relu(g, conv(g, g.map("Dropout", [x.name, ratio, off], x.shape[1:])))


@block("dropout-last", "Dropout before the classifier, ratio as the only constant")
def dropout_last(g: Graph, x: Map) -> Map:
    x = relu(g, conv(g, x))
    return g.map("Dropout", [x.name, g.constant(0.2)], x.shape[1:])


@block("shared-weights", "two convs of the same weights, the second through Identity")
def shared_weights(g: Graph, x: Map) -> Map:
    channels = x.channels
    weights = g.parameter("shared.weight", he_weights(g, (channels, channels, 3, 3), channels * 9))
    bias = g.parameter("shared.bias", g.random.normal(0, 0.2, channels))
    options = {"dilations": [1, 1], "group": 1, "kernel_shape": [3, 3], "pads": [1] * 4, "strides": [1, 1]}
    first = relu(g, g.map("Conv", [x.name, weights, bias], x.shape[1:], **options))
    again = [g.node("Identity", [name]) for name in (weights, bias)]
    return relu(g, g.map("Conv", [first.name, *again], x.shape[1:], **options))
