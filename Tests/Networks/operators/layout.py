"""Operators that move values without changing them: concat, split, slice, shuffle, pads and expansion."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto, numpy_helper

from graph import Graph, Map


def concat(g: Graph, *maps: Map) -> Map:
    """Maps of one size side by side, in channels."""
    channels = sum(x.channels for x in maps)
    return g.map("Concat", [x.name for x in maps], (channels, maps[0].height, maps[0].width), axis=1)


def split(g: Graph, x: Map, parts: list[int]) -> list[Map]:
    """A split of channels; the sizes are an input from opset 13 on."""
    if g.opset >= 13:
        names = g.nodes("Split", [x.name, g.constant(parts, np.int64)], len(parts), axis=1)
    else:
        names = g.nodes("Split", [x.name], len(parts), axis=1, split=parts)
    return [Map(name, part, x.height, x.width) for name, part in zip(names, parts)]


def slice_axis(g: Graph, x: Map, axis: int, start: int, end: int) -> Map:
    """x[..., start:end, ...] on one axis; attributes before opset 10."""
    shape = x.shape
    shape[axis] = len(range(shape[axis])[start:end])
    if g.opset < 10:
        return g.map("Slice", [x.name], shape[1:], axes=[axis], starts=[start], ends=[end])
    axes, starts, ends = (g.constant([value], np.int64) for value in (axis, start, end))
    steps = g.constant([1], np.int64)
    return g.map("Slice", [x.name, starts, ends, axes, steps], shape[1:])


def reshape(g: Graph, name: str, shape: list[int]) -> str:
    options = {"allowzero": 0} if g.opset >= 14 else {}
    return g.node("Reshape", [name, g.constant(shape, np.int64)], **options)


def channel_shuffle(g: Graph, x: Map, groups: int = 2) -> Map:
    """ShuffleNet's: reshape to groups, transpose, reshape back."""
    grouped = reshape(g, x.name, [1, groups, x.channels // groups, x.height, x.width])
    turned = g.node("Transpose", [grouped], perm=[0, 2, 1, 3, 4])
    return Map(reshape(g, turned, [1, -1, x.height, x.width]), *x.shape[1:])


def pixel_shuffle(g: Graph, x: Map) -> Map:
    """Blocks of 2×2 channels become pixels."""
    options = {"mode": "CRD"} if g.opset >= 11 else {}
    return g.map("DepthToSpace", [x.name], (x.channels // 4, x.height * 2, x.width * 2), blocksize=2, **options)


def pad(g: Graph, x: Map, top: int, left: int, bottom: int, right: int, mode: str = "constant") -> Map:
    """A Pad with constant amounts; attributes before opset 11."""
    amounts = [0, 0, top, left, 0, 0, bottom, right]
    shape = (x.channels, x.height + top + bottom, x.width + left + right)
    if g.opset < 11:
        return g.map("Pad", [x.name], shape, mode=mode, pads=amounts)
    inputs = [x.name, g.constant(amounts, np.int64)] + ([g.constant(0)] if mode == "constant" else [])
    return g.map("Pad", inputs, shape, mode=mode)


def pad_by_chain(g: Graph, x: Map, left: int, right: int, top: int, bottom: int) -> Map:
    """F.pad as TorchScript exports it: PyTorch's order is completed with zeros, reversed and transposed."""
    given = g.constant([left, right, top, bottom], np.int64)
    zeros = g.node("ConstantOfShape", [g.constant([4], np.int64)], value=tensor([0]))
    pairs = reshape(g, g.node("Concat", [given, zeros], axis=0), [-1, 2])
    starts, ends, axes, steps = (g.constant([value], np.int64) for value in (-1, -(2**63) + 1, 0, -1))
    turned = g.node("Transpose", [g.node("Slice", [pairs, starts, ends, axes, steps])], perm=[1, 0])
    amounts = g.node("Cast", [reshape(g, turned, [-1])], to=7)
    shape = (x.channels, x.height + top + bottom, x.width + left + right)
    return g.map("Pad", [x.name, amounts, g.constant(0)], shape, mode="constant")


def tensor(values: list[int]) -> TensorProto:
    """An int64 tensor for an attribute."""
    return numpy_helper.from_array(np.asarray(values, dtype=np.int64))


def expand_like(g: Graph, x: Map, other: Map) -> Map:
    """x.expand(...) to another map's height and width."""
    return expanded(g, x, [1, -1, other.height, other.width], (x.channels, other.height, other.width))


def expand_to(g: Graph, x: Map, other: Map) -> Map:
    """x.expand(...) to another map's shape."""
    return expanded(g, x, other.shape, other.shape[1:])


def expanded(g: Graph, x: Map, sides: list[int], result: Sequence[int]) -> Map:
    """Expand as TorchScript exports it, with Where for the sides that would be -1."""
    target = g.constant(sides, np.int64)
    ones = g.node("ConstantOfShape", [g.constant([4], np.int64)], value=tensor([1]))
    unknown = g.node("Equal", [target, g.node("Mul", [ones, g.constant(-1, np.int64)])])
    shape = g.node("Where", [unknown, ones, target])
    return g.map("Expand", [x.name, shape], result)
