"""One network with clip, pad, slice, split, means and resizes in each opset's spelling."""
from __future__ import annotations

from collections.abc import Callable

from graph import Graph
from operators.activations import clip, hard_swish, relu
from operators.arithmetic import add, multiply
from operators.convolutions import batch_norm, conv
from operators.layout import concat, pad, pixel_shuffle, slice_axis, split
from operators.pooling import average_pool, max_pool, spatial_mean
from operators.resizing import resize_by, resize_like
from registry import network, plain_stem, plain_tail

OPSETS = (9, 10, 11, 12, 13, 14, 16, 18, 19, 20, 21, 22, 23)


def relu6_network(g: Graph) -> None:
    """ReLU6 after each convolution, which is a Clip of attributes before opset 11."""
    with g.scope("stem"):
        x = clip(g, conv(g, g.image, stride=2), 0, 6)
        x = clip(g, conv(g, x, stride=2), 0, 6)
    plain_tail(g, x)


def many_operators(g: Graph) -> None:
    """Operators whose spelling depends on the opset."""
    x = plain_stem(g)
    with g.scope("mid"):
        half = clip(g, conv(g, pad(g, x, 0, 0, 1, 1), stride=2, pads=[0, 0, 0, 0]), 0, 6)
        pooled = concat(g, max_pool(g, x), average_pool(g, x))
        first, second = split(g, batch_norm(g, conv(g, add(g, conv(g, pooled), half), 16)), [8, 8])
        joined = concat(g, hard_swish(g, first), slice_axis(g, relu(g, second), 1, 0, 4))
        gated = multiply(g, joined, clip(g, spatial_mean(g, joined), 0.5, 2))
        x = add(g, conv(g, resize_like(g, gated, x)), resize_by(g, half, 2, 2, mode="nearest"))
        x = concat(g, x, pixel_shuffle(g, half))
    plain_tail(g, x)


def register_opset(opset: int, name: str, title: str, build: Callable[[Graph], None]) -> None:
    network(f"opset-{opset}-{name}", f"{title}, opset {opset}", opset=opset)(build)


for opset in OPSETS:
    register_opset(opset, "operators", "clip, pad, slice, split, mean, resize", many_operators)
for opset in (9, 11):
    register_opset(opset, "relu6", "ReLU6", relu6_network)
