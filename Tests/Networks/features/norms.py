"""Batch norms and scales that no convolution before them can take up."""
from __future__ import annotations

from graph import Graph, Map
from operators.activations import prelu, relu
from operators.arithmetic import add, with_constant
from operators.convolutions import batch_norm, conv
from operators.layout import concat
from registry import block


@block("norm-before-conv", "BN before conv (pre-activation)")
def norm_before_conv(g: Graph, x: Map) -> Map:
    return conv(g, relu(g, batch_norm(g, x)))


@block("norm-prelu-before-conv", "BN and PReLU before conv (DABNet)")
def norm_prelu_before_conv(g: Graph, x: Map) -> Map:
    return conv(g, prelu(g, batch_norm(g, x)))


@block("norm-after-conv", "conv, BN as a node, ReLU")
def norm_after_conv(g: Graph, x: Map) -> Map:
    return relu(g, batch_norm(g, conv(g, x, bias=False)))


@block("norm-straight-to-conv", "BN before a padded conv without activation")
def norm_straight_to_conv(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, batch_norm(g, x)))


@block("concat-norm-relu", "concat, then BN + ReLU")
def concat_norm_relu(g: Graph, x: Map) -> Map:
    return relu(g, batch_norm(g, concat(g, conv(g, x, 8), conv(g, x, 8))))


@block("concat-norm-prelu", "concat, then BN + PReLU")
def concat_norm_prelu(g: Graph, x: Map) -> Map:
    return prelu(g, batch_norm(g, concat(g, conv(g, x, 8), x)))


@block("sum-norm-prelu", "sum, then BN + PReLU (ESPNet)")
def sum_norm_prelu(g: Graph, x: Map) -> Map:
    return prelu(g, batch_norm(g, add(g, conv(g, x, x.channels), x)))


@block("scale-and-shift", "factor and shift for each channel")
def scale_and_shift(g: Graph, x: Map) -> Map:
    factors = g.random.uniform(0.5, 1.5, (1, x.channels, 1, 1))
    shifts = g.random.normal(0, 0.3, (1, x.channels, 1, 1))
    return with_constant(g, "Add", with_constant(g, "Mul", relu(g, conv(g, x, x.channels)), factors), shifts)


@block("divided", "map divided by a constant")
def divided(g: Graph, x: Map) -> Map:
    return with_constant(g, "Div", relu(g, conv(g, x)), 1.7)
