"""Gates: maps multiplied by what is computed from means over space or channels."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from graph import Graph, Map
from operators.activations import hard_sigmoid, pointwise, relu, sigmoid, silu
from operators.arithmetic import add, multiply
from operators.convolutions import batch_norm, conv, he_weights
from operators.layout import concat, expand_like, expand_to, reshape, split
from operators.pooling import channel_max, channel_mean, global_average, reduced, spatial_mean
from operators.resizing import resize_like
from registry import block

Activation = Callable[[Graph, Map], Map]


def squeeze_excite(g: Graph, x: Map, inner: Activation, gate: Activation) -> Map:
    """x times a gate of two 1×1 convolutions over its mean."""
    mean = global_average(g, x)
    narrow = inner(g, conv(g, mean, max(x.channels // 4, 4), kernel=1))
    return multiply(g, x, gate(g, conv(g, narrow, x.channels, kernel=1)))


@block("se-silu", "SE with SiLU")
def se_silu(g: Graph, x: Map) -> Map:
    return squeeze_excite(g, silu(g, conv(g, x)), silu, sigmoid)


@block("se-relu", "SE with ReLU")
def se_relu(g: Graph, x: Map) -> Map:
    return squeeze_excite(g, conv(g, x), relu, sigmoid)


@block("se-hard-sigmoid", "SE with ReLU + HardSigmoid (MobileNetV3)")
def se_hard_sigmoid(g: Graph, x: Map) -> Map:
    return squeeze_excite(g, relu(g, conv(g, x)), relu, hard_sigmoid)


@block("se-gemm", "SE by Reshape and Gemm (CGNet)")
def se_gemm(g: Graph, x: Map) -> Map:
    flat = reshape(g, global_average(g, x).name, [1, x.channels])
    narrow = max(x.channels // 4, 4)
    hidden = g.node("Relu", [gemm(g, flat, x.channels, narrow)])
    gate = g.node("Sigmoid", [gemm(g, hidden, narrow, x.channels)])
    return multiply(g, x, Map(reshape(g, gate, [1, x.channels, 1, 1]), x.channels, 1, 1))


def gemm(g: Graph, x: str, inputs: int, outputs: int) -> str:
    """A linear layer."""
    with g.layer():
        weights = g.parameter("weight", he_weights(g, (outputs, inputs), inputs))
        bias = g.parameter("bias", g.random.normal(0, 0.2, outputs))
        return g.node("Gemm", [x, weights, bias], alpha=1.0, beta=1.0, transB=1)


@block("gate-one-conv", "one-conv gate (BiSeNet ARM, LR-ASPP)")
def gate_one_conv(g: Graph, x: Map) -> Map:
    x = relu(g, conv(g, x))
    return multiply(g, x, sigmoid(g, conv(g, global_average(g, x), kernel=1)))


@block("gate-norm", "gate of a conv and BN over the mean (BiSeNet)")
def gate_norm(g: Graph, x: Map) -> Map:
    gate = batch_norm(g, conv(g, spatial_mean(g, x), x.channels, kernel=1, bias=False))
    return multiply(g, x, sigmoid(g, gate))


@block("gate-on-another-map", "gate on another map")
def gate_on_another_map(g: Graph, x: Map) -> Map:
    other = relu(g, conv(g, x))
    return multiply(g, other, sigmoid(g, conv(g, global_average(g, x), kernel=1)))


@block("gate-plus-map", "x + x*gate (FFM)")
def gate_plus_map(g: Graph, x: Map) -> Map:
    x = relu(g, conv(g, x))
    narrow = relu(g, conv(g, spatial_mean(g, x), 4, kernel=1))
    return add(g, multiply(g, x, sigmoid(g, conv(g, narrow, kernel=1))), x)


@block("gate-of-map", "map times the sigmoid of another map")
def gate_of_map(g: Graph, x: Map) -> Map:
    return multiply(g, relu(g, conv(g, x)), sigmoid(g, conv(g, x)))


@block("gate-resized", "map times the resized sigmoid of a smaller map (BiSeNetV2)")
def gate_resized(g: Graph, x: Map) -> Map:
    small = sigmoid(g, conv(g, x, stride=2))
    return multiply(g, relu(g, conv(g, x)), resize_like(g, small, x))


@block("pooled-branch-resized", "pooled branch broadcast (ASPP pooling)")
def pooled_branch_resized(g: Graph, x: Map) -> Map:
    branch = relu(g, conv(g, global_average(g, x), 8, kernel=1))
    return relu(g, conv(g, concat(g, x, resize_like(g, branch, x)), kernel=1))


@block("pooled-branch-added", "pooled branch added by broadcast (BiSeNetV2 CE)")
def pooled_branch_added(g: Graph, x: Map) -> Map:
    branch = relu(g, conv(g, spatial_mean(g, x), x.channels, kernel=1))
    return add(g, branch, x)


@block("pooled-branch-resized-and-added", "pooled branch resized from 1x1, then added")
def pooled_branch_resized_and_added(g: Graph, x: Map) -> Map:
    branch = relu(g, conv(g, global_average(g, x), x.channels, kernel=1))
    return add(g, x, resize_like(g, branch, x))


@block("pooled-branch-expanded", "pooled branch broadcast by Expand")
def pooled_branch_expanded(g: Graph, x: Map) -> Map:
    branch = relu(g, conv(g, global_average(g, x), 8, kernel=1))
    return relu(g, conv(g, concat(g, x, expand_like(g, branch, x)), kernel=1))


@block("attention-channel-mean", "spatial attention (mean over channels)")
def attention_channel_mean(g: Graph, x: Map) -> Map:
    return multiply(g, x, sigmoid(g, conv(g, channel_mean(g, x), 1, kernel=3)))


@block("attention-mean-and-max", "spatial attention of mean and maximum over channels (CBAM)")
def attention_mean_and_max(g: Graph, x: Map) -> Map:
    both = concat(g, channel_mean(g, x), channel_max(g, x))
    return multiply(g, x, sigmoid(g, conv(g, both, 1, kernel=7)))


@block("attention-one-conv", "spatial attention of a conv to one channel")
def attention_one_conv(g: Graph, x: Map) -> Map:
    return multiply(g, x, sigmoid(g, conv(g, x, 1, kernel=1)))


@block("softmax-of-two-maps", "softmax over channels of two logits weighs two maps")
def softmax_of_two_maps(g: Graph, x: Map) -> Map:
    weights = split(g, pointwise(g, "Softmax", conv(g, x, 2, kernel=1), axis=1), [1, 1])
    first, second = (multiply(g, relu(g, conv(g, x)), weight) for weight in weights)
    return add(g, first, second)


@block("softmax-doubt", "map weighed by one minus the greatest share, expanded (SINet)")
def softmax_doubt(g: Graph, x: Map) -> Map:
    other = relu(g, conv(g, x, x.channels))
    shares = pointwise(g, "Softmax", conv(g, x, kernel=1), axis=-3)
    flat = reduced(g, "ReduceMax", shares.name, [1], (1, x.height, x.width))
    doubt = g.node("Sub", [g.constant(1), flat.name])
    spread = Map(g.node("Unsqueeze", [doubt, g.constant([1], np.int64)]), 1, x.height, x.width)
    return add(g, multiply(g, other, expand_to(g, spread, x)), x)


@block("softmax-transposed", "softmax over channels that are put last (before opset 13)", opset=11, least=9)
def softmax_transposed(g: Graph, x: Map) -> Map:
    last = g.node("Transpose", [relu(g, conv(g, x, 3)).name], perm=[0, 3, 2, 1])
    shares = g.map("Transpose", [g.node("Softmax", [last], axis=3)], (3, x.height, x.width), perm=[0, 3, 2, 1])
    return concat(g, x, shares)


@block("channel-max", "maximum over channels beside a map")
def channel_max_beside(g: Graph, x: Map) -> Map:
    return concat(g, x, channel_max(g, conv(g, x)))
