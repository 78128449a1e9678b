"""Convolutions, transposed ones and batch norms, with random weights that keep the spread of what they read."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graph import Graph, Map

Pair = tuple[int, int]


def pair(value: int | Pair) -> Pair:
    """Height and width of an option that may be given once for both."""
    return (value, value) if isinstance(value, int) else value


def he_weights(g: Graph, shape: Sequence[int], inputs: int) -> np.ndarray:
    """Normal weights for a sum of `inputs` products that a ReLU follows."""
    return g.random.normal(0, np.sqrt(2 / inputs), shape).astype(np.float32)


def conv(g: Graph, x: Map, channels: int = 16, kernel: int | Pair = 3, stride: int | Pair = 1, dilation: int | Pair = 1,
         groups: int = 1, pads: Sequence[int] | None = None, bias: bool = True) -> Map:
    """A convolution, by default with pads that keep the size at stride 1; `pads` are top, left, bottom, right."""
    with g.layer():
        return conv_here(g, x, channels, kernel, stride, dilation, groups, pads, bias)


def conv_here(g: Graph, x: Map, channels: int, kernel: int | Pair, stride: int | Pair, dilation: int | Pair,
              groups: int, pads: Sequence[int] | None, bias: bool) -> Map:
    """A convolution named after the module in which it stands."""
    kernel, stride, dilation = pair(kernel), pair(stride), pair(dilation)
    reach = [d * (k - 1) for k, d in zip(kernel, dilation)]
    pads = list(pads) if pads is not None else [reach[0] // 2, reach[1] // 2] * 2
    weights = he_weights(g, (channels, x.channels // groups, *kernel), x.channels // groups * kernel[0] * kernel[1])
    inputs = [x.name, g.parameter("weight", weights)]
    if bias:
        centered = -0.5 * weights.sum(axis=(1, 2, 3)) if x.name == "image" else 0
        inputs.append(g.parameter("bias", g.random.normal(0, 0.2, channels) + centered))
    height = (x.height + pads[0] + pads[2] - reach[0] - 1) // stride[0] + 1
    width = (x.width + pads[1] + pads[3] - reach[1] - 1) // stride[1] + 1
    return g.map("Conv", inputs, (channels, height, width), dilations=dilation, group=groups, kernel_shape=kernel,
                 pads=pads, strides=stride)


def depthwise(g: Graph, x: Map, kernel: int | Pair = 3, stride: int = 1, dilation: int = 1, multiplier: int = 1) -> Map:
    """A convolution of each channel by itself."""
    return conv(g, x, x.channels * multiplier, kernel, stride, dilation, groups=x.channels)


def conv_transpose(g: Graph, x: Map, channels: int = 16, kernel: int = 2, pad: int = 0, output_padding: int = 0,
                   groups: int = 1) -> Map:
    """A transposed convolution of stride 2."""
    weights = he_weights(g, (x.channels, channels // groups, kernel, kernel), x.channels // groups * kernel * kernel // 4)
    options = {"output_padding": [output_padding] * 2} if output_padding else {}
    size = [2 * (side - 1) + kernel - 2 * pad + output_padding for side in (x.height, x.width)]
    with g.layer():
        inputs = [x.name, g.parameter("weight", weights), g.parameter("bias", g.random.normal(0, 0.2, channels))]
        return g.map("ConvTranspose", inputs, (channels, *size), dilations=[1, 1], group=groups,
                     kernel_shape=[kernel] * 2, pads=[pad] * 4, strides=[2, 2], **options)


def batch_norm(g: Graph, x: Map) -> Map:
    """A batch norm with random statistics."""
    draws = {
        "weight": g.random.uniform(0.5, 1.5, x.channels),
        "bias": g.random.normal(0, 0.2, x.channels),
        "running_mean": g.random.normal(0, 0.3, x.channels),
        "running_var": g.random.uniform(0.5, 2, x.channels),
    }
    options = {"training_mode": 0} if g.opset >= 14 else {}
    with g.layer():
        inputs = [x.name, *(g.parameter(role, values) for role, values in draws.items())]
        return g.map("BatchNormalization", inputs, x.shape[1:], epsilon=1e-5, momentum=0.9, **options)
