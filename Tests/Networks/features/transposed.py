"""Layers that enlarge by learned weights."""
from __future__ import annotations

from graph import Graph, Map
from operators.activations import relu
from operators.convolutions import batch_norm, conv, conv_transpose
from operators.layout import pixel_shuffle
from registry import CLASSES, block, tail


def halved(g: Graph, x: Map, channels: int = 16) -> Map:
    return relu(g, conv(g, x, channels, stride=2))


@block("transposed-2x2", "transposed conv 2x2 s2")
def transposed_2x2(g: Graph, x: Map) -> Map:
    return relu(g, conv_transpose(g, halved(g, x)))


@block("transposed-3x3-output-padding", "transposed conv 3x3 s2 op1")
def transposed_3x3(g: Graph, x: Map) -> Map:
    return relu(g, conv_transpose(g, halved(g, x), kernel=3, pad=1, output_padding=1))


@block("transposed-3x3", "transposed conv 3x3 s2 without output padding")
def transposed_3x3_short(g: Graph, x: Map) -> Map:
    return relu(g, conv_transpose(g, halved(g, x), kernel=3, pad=1))


@block("transposed-4x4", "transposed conv 4x4 s2")
def transposed_4x4(g: Graph, x: Map) -> Map:
    return relu(g, conv_transpose(g, halved(g, x), kernel=4, pad=1))


@block("transposed-depthwise", "transposed depthwise conv 4x4 s2")
def transposed_depthwise(g: Graph, x: Map) -> Map:
    return relu(g, conv_transpose(g, halved(g, x), kernel=4, pad=1, groups=16))


@block("transposed-norm", "transposed conv 3x3 s2 op1, BN, ReLU (ERFNet)")
def transposed_norm(g: Graph, x: Map) -> Map:
    return relu(g, batch_norm(g, conv_transpose(g, halved(g, x), kernel=3, pad=1, output_padding=1)))


@block("transposed-up", "transposed conv 2x2 s2 to twice the size", effect="up")
def transposed_up(g: Graph, x: Map) -> Map:
    return relu(g, conv_transpose(g, x))


@block("pixel-shuffle", "pixel shuffle")
def pixel_shuffle_block(g: Graph, x: Map) -> Map:
    return pixel_shuffle(g, halved(g, x, channels=64))


@tail("transposed-tail", "two transposed convs make the logits")
def transposed_tail(g: Graph, x: Map) -> None:
    with g.scope("last"):
        g.output(conv_transpose(g, relu(g, conv_transpose(g, x)), channels=CLASSES))
