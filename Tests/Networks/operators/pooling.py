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


def adaptive_average(g: Graph, x: Map, rows: int, columns: int) -> Map:
    """Adaptive pooling to a grid, element by element as the dynamo exporter writes it."""
    (down, heights), (across, widths) = cells(x.height, rows), cells(x.width, columns)
    places = np.stack(np.broadcast_arrays(down[:, :, None, None], across[None, None]), axis=-1)
    last = g.node("GatherND", [g.node("Transpose", [x.name], perm=[2, 3, 0, 1]), g.constant(places, np.int64)], batch_dims=0)
    values = g.node("Transpose", [last], perm=[4, 5, 0, 1, 2, 3])
    for counts, most, shape in ((heights, down.shape[1], (rows, -1, 1, 1)), (widths, across.shape[1], (columns, -1))):
        if counts.min() < most:
            behind = (np.arange(most) >= counts[:, None]).reshape(shape)
            values = g.node("Where", [g.constant(behind, np.bool_), g.constant(0), values])
    if heights.min() == down.shape[1] and widths.min() == across.shape[1]:
        return reduced(g, "ReduceMean", values, [-3, -1], (x.channels, rows, columns))
    total = ""
    for row in range(down.shape[1]):
        for column in range(across.shape[1]):
            part = g.node("Gather", [values, g.constant(row, np.int64)], axis=3)
            part = g.node("Gather", [part, g.constant(column, np.int64)], axis=4)
            total = g.node("Add", [total, part]) if total else part
    return g.map("Div", [total, g.constant(heights[:, None] * widths)], (x.channels, rows, columns))


def cells(extent: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each cell of an axis, its samples, as many as the greatest has, and how many are its own."""
    first = np.arange(count) * extent // count
    counts = -(-(np.arange(count) + 1) * extent // count) - first
    return np.minimum(first[:, None] + np.arange(counts.max()), extent - 1), counts


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
    """A reduction that keeps its axes."""
    return reduced(g, op, x.name, axes, shape, keep=1)


def reduced(g: Graph, op: str, x: str, axes: list[int], shape: tuple[int, int, int], keep: int = 0) -> Map:
    """A reduction of any tensor; its axes are an input from opset 18 on."""
    if g.opset >= 18:
        return g.map(op, [x, g.constant(axes, np.int64)], shape, keepdims=keep)
    return g.map(op, [x], shape, axes=axes, keepdims=keep)
