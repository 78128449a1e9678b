"""Convolutions of other kernels, dilations, groups and pads."""
from __future__ import annotations

from graph import Graph, Map
from operators.activations import relu
from operators.convolutions import conv, depthwise
from operators.layout import pad, pad_by_chain
from registry import block


@block("dilated-2", "dilated 3x3 d2")
def dilated_2(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, x, dilation=2))


@block("depthwise-dilated-4", "dilated depthwise d4")
def depthwise_dilated_4(g: Graph, x: Map) -> Map:
    return relu(g, depthwise(g, x, dilation=4))


@block("depthwise-dilated-12", "depthwise dilated by 12, beyond a small map's edge")
def depthwise_dilated_12(g: Graph, x: Map) -> Map:
    return relu(g, depthwise(g, x, dilation=12))


@block("dilated-pair", "3x1 dilated (5, 1), then 1x3 dilated (1, 5)")
def dilated_pair(g: Graph, x: Map) -> Map:
    x = relu(g, conv(g, x, kernel=(3, 1), dilation=(5, 1)))
    return relu(g, conv(g, x, kernel=(1, 3), dilation=(1, 5)))


@block("grouped-2", "grouped conv (2 groups)")
def grouped_2(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, x, groups=2))


@block("grouped-4-1x1", "grouped 1x1 conv (4 groups)")
def grouped_4_1x1(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, x, kernel=1, groups=4))


@block("depthwise-multiplier-2", "depthwise x2 (multiplier)")
def depthwise_multiplier_2(g: Graph, x: Map) -> Map:
    return relu(g, depthwise(g, x, multiplier=2))


@block("depthwise-separable", "depthwise 3x3 with ReLU, then 1x1")
def depthwise_separable(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, relu(g, depthwise(g, x)), kernel=1))


@block("asymmetric-3x1-1x3", "3x1 + 1x3")
def asymmetric(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, relu(g, conv(g, x, kernel=(3, 1))), kernel=(1, 3)))


@block("depthwise-3x1-1x3", "depthwise 3x1 + 1x3")
def depthwise_asymmetric(g: Graph, x: Map) -> Map:
    return relu(g, depthwise(g, relu(g, depthwise(g, x, kernel=(3, 1))), kernel=(1, 3)))


@block("conv-2x2-stride-2", "2x2 stride 2 conv", effect="down")
def conv_2x2_stride_2(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, x, kernel=2, stride=2, pads=[0, 0, 0, 0]))


@block("conv-4x4", "4x4 conv with pads 1, 1, 2, 2")
def conv_4x4(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, x, kernel=4, pads=[1, 1, 2, 2]))


@block("conv-4x4-stride-2", "4x4 stride 2 conv, pads of 1", effect="down")
def conv_4x4_stride_2(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, x, kernel=4, stride=2, pads=[1, 1, 1, 1]))


@block("conv-5x5", "5x5 conv")
def conv_5x5(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, x, kernel=5))


@block("conv-stride-2-1", "3x3 conv of stride 2 in height only")
def conv_stride_2_1(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, x, stride=(2, 1)))


@block("conv-1x1-stride-2", "1x1 conv of stride 2", effect="down")
def conv_1x1_stride_2(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, x, kernel=1, stride=2))


@block("tf-same-pads", "TF SAME pads (0,1)", effect="down")
def tf_same_pads(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, pad_by_chain(g, x, 0, 1, 0, 1), stride=2, pads=[0, 0, 0, 0]))


@block("constant-pads", "Pad of constant amounts before a conv", effect="down")
def constant_pads(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, pad(g, x, 1, 1, 2, 2), kernel=5, stride=2, pads=[0, 0, 0, 0]))


@block("reflected-pads", "Pad by reflection before a conv")
def reflected_pads(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, pad(g, x, 1, 1, 1, 1, mode="reflect"), pads=[0, 0, 0, 0]))


@block("uneven-pads", "3x3 stride 2 conv with pads 0, 0, 1, 1", effect="down")
def uneven_pads(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, x, stride=2, pads=[0, 0, 1, 1]))


@block("no-pads", "3x3 conv without pads")
def no_pads(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, x, pads=[0, 0, 0, 0]))


@block("no-bias", "conv without a bias")
def no_bias(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, x, bias=False))


@block("depthwise-7x7", "depthwise 7x7")
def depthwise_7x7(g: Graph, x: Map) -> Map:
    return relu(g, depthwise(g, x, kernel=7))


@block("depthwise-11x11", "depthwise 11x11")
def depthwise_11x11(g: Graph, x: Map) -> Map:
    return relu(g, depthwise(g, x, kernel=11))


@block("uneven-channels", "convs to 13 channels, and from there to 16")
def uneven_channels(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, relu(g, conv(g, x, channels=13)), kernel=1))
