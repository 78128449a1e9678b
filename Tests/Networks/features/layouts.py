"""Concats, splits and shuffles of channels."""
from __future__ import annotations

from graph import Graph, Map
from operators.activations import relu
from operators.arithmetic import add
from operators.convolutions import conv
from operators.layout import channel_shuffle, concat, slice_axis, split
from registry import block


@block("concat", "concat of two maps")
def concat_two(g: Graph, x: Map) -> Map:
    return concat(g, relu(g, conv(g, x, 8)), relu(g, conv(g, x, 8, kernel=1)))


@block("concat-of-3-into-conv", "concat of three maps of unequal channels, then 1x1")
def concat_three(g: Graph, x: Map) -> Map:
    maps = [relu(g, conv(g, x, channels)) for channels in (4, 7, 13)]
    return relu(g, conv(g, concat(g, *maps), kernel=1))


@block("concat-of-concat", "concat of a concat and a map (dense)")
def concat_of_concat(g: Graph, x: Map) -> Map:
    first = concat(g, x, relu(g, conv(g, x, 4)))
    second = concat(g, first, relu(g, conv(g, first, 4)))
    return relu(g, conv(g, second, kernel=1))


@block("concat-relu", "concat, then relu")
def concat_relu(g: Graph, x: Map) -> Map:
    return relu(g, concat(g, conv(g, x, 8), conv(g, x, 8)))


@block("concat-same-map-twice", "concat of a map with itself")
def concat_same(g: Graph, x: Map) -> Map:
    y = relu(g, conv(g, x, 8))
    return concat(g, y, y)


@block("split-by-slice", "channel split")
def split_by_slice(g: Graph, x: Map) -> Map:
    half = x.channels // 2
    first, second = slice_axis(g, x, 1, 0, half), slice_axis(g, x, 1, half, x.channels)
    return concat(g, first, relu(g, conv(g, second, half)))


@block("split-and-concat", "Split, a conv on one part, Concat")
def split_and_concat(g: Graph, x: Map) -> Map:
    first, second = split(g, x, [x.channels // 2] * 2)
    return concat(g, relu(g, conv(g, first, x.channels // 2)), second)


@block("split-unequal", "Split to parts of 4 and the rest")
def split_unequal(g: Graph, x: Map) -> Map:
    first, second = split(g, x, [4, x.channels - 4])
    return concat(g, relu(g, conv(g, second, 12)), first)


@block("split-hierarchy", "splits added one after another (Res2Net)")
def split_hierarchy(g: Graph, x: Map) -> Map:
    quarter = x.channels // 4
    parts = split(g, x, [quarter] * 4)
    done = [parts[0]]
    for part in parts[1:]:
        done.append(relu(g, conv(g, add(g, part, done[-1]), quarter)))
    return concat(g, *done)


@block("channel-shuffle", "channel shuffle of a map")
def shuffle(g: Graph, x: Map) -> Map:
    return channel_shuffle(g, relu(g, conv(g, x)))


@block("shuffle-block", "split, depthwise branch, concat, shuffle (ShuffleNetV2)")
def shuffle_block(g: Graph, x: Map) -> Map:
    half = x.channels // 2
    first, second = split(g, x, [half] * 2)
    second = relu(g, conv(g, conv(g, second, half, groups=half), half, kernel=1))
    return channel_shuffle(g, concat(g, first, second))


@block("cropped", "padded conv, its border cut off by Slice")
def cropped(g: Graph, x: Map) -> Map:
    y = relu(g, conv(g, x, pads=[2, 2, 2, 2]))
    return slice_axis(g, slice_axis(g, y, 2, 1, y.height - 1), 3, 1, y.width - 1)
