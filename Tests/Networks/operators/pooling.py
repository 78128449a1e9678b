"""Pools over windows, over the whole map, and over channels."""
from __future__ import annotations

import numpy as np

from graph import Graph, Map
from operators.convolutions import Pair, pair


def average_pool(g: Graph, x: Map, kernel: int | Pair = 3, stride: int | Pair = 2, pad: int = 1, count_pad: bool = True,
                 ceil: bool = False) -> Map:
    return window_pool(g, "AveragePool", x, kernel, stride, pad, ceil, count_include_pad=int(count_pad))


def max_pool(g: Graph, x: Map, kernel: int = 3, stride: int = 2, pad: int = 1, ceil: bool = False) -> Map:
    options = {"dilations": [1, 1]} if g.opset >= 10 else {}
    return window_pool(g, "MaxPool", x, kernel, stride, pad, ceil, **options)


def window_pool(g: Graph, op: str, x: Map, kernel: int | Pair, stride: int | Pair, pad: int, ceil: bool,
                **options: object) -> Map:
    """A pool whose last window is left out, or with `ceil` cut, where the map ends inside it."""
    kernel, stride = pair(kernel), pair(stride)
    up = [step - 1 if ceil else 0 for step in stride]
    size = [(side + 2 * pad - k + extra) // s + 1 for side, k, s, extra in zip((x.height, x.width), kernel, stride, up)]
    if g.opset >= 10:
        options["ceil_mode"] = int(ceil)
    return g.map(op, [x.name], (x.channels, *size), kernel_shape=kernel, pads=[pad] * 4, strides=stride, **options)


def global_average(g: Graph, x: Map) -> Map:
    """The mean of each channel, as adaptive pooling to 1×1 is exported."""
    return g.map("GlobalAveragePool", [x.name], (x.channels, 1, 1))


def spatial_mean(g: Graph, x: Map) -> Map:
    """The mean of each channel, as a mean over two axes is exported."""
    return reduce(g, "ReduceMean", x, [2, 3], (x.channels, 1, 1))


def channel_mean(g: Graph, x: Map) -> Map:
    return reduce(g, "ReduceMean", x, [1], (1, x.height, x.width))


def channel_max(g: Graph, x: Map) -> Map:
    return reduce(g, "ReduceMax", x, [1], (1, x.height, x.width))


def reduce(g: Graph, op: str, x: Map, axes: list[int], shape: tuple[int, int, int]) -> Map:
    """A reduction that keeps its axes; they are an input from opset 18 on."""
    if g.opset >= 18:
        return g.map(op, [x.name, g.constant(axes, np.int64)], shape, keepdims=1)
    return g.map(op, [x.name], shape, axes=axes, keepdims=1)
