"""Activations after a convolution."""
from __future__ import annotations

from collections.abc import Callable

from graph import Graph, Map
from operators.activations import clip, gelu, gelu_tanh, gelu_tanh_power, hard_sigmoid, hard_swish, mish, pointwise, prelu, sigmoid, silu
from operators.convolutions import conv
from registry import block

Activation = Callable[[Graph, Map], Map]

ACTIVATIONS: list[tuple[str, str, Activation]] = [
    ("prelu", "PReLU", prelu),
    ("prelu-shared", "PReLU with one slope for all channels", lambda g, x: prelu(g, x, shared=True)),
    ("leaky-relu", "LeakyReLU", lambda g, x: pointwise(g, "LeakyRelu", x, alpha=0.1)),
    ("hard-swish", "HardSwish", hard_swish),
    ("silu", "SiLU", silu),
    ("relu6", "ReLU6", lambda g, x: clip(g, x, 0, 6)),
    ("gelu", "GELU", gelu),
    ("gelu-tanh", "GELU by Tanh", gelu_tanh),
    ("gelu-tanh-power", "GELU by Tanh and Pow", gelu_tanh_power),
    ("mish", "Mish", mish),
    ("elu", "ELU", lambda g, x: pointwise(g, "Elu", x, alpha=1.0)),
    ("elu-half", "ELU with alpha 0.5", lambda g, x: pointwise(g, "Elu", x, alpha=0.5)),
    ("hardtanh", "Hardtanh(-1,1)", lambda g, x: clip(g, x, -1, 1)),
    ("tanh", "Tanh", lambda g, x: pointwise(g, "Tanh", x)),
    ("sigmoid", "Sigmoid", sigmoid),
    ("hard-sigmoid", "HardSigmoid", hard_sigmoid),
    ("softplus", "Softplus", lambda g, x: pointwise(g, "Softplus", x)),
]


def after_conv(activation: Activation) -> Callable[[Graph, Map], Map]:
    """A block of one 3×3 convolution and the activation."""
    return lambda g, x: activation(g, conv(g, x))


for name, title, activation in ACTIVATIONS:
    block(name, title)(after_conv(activation))


@block("gelu-operator", "GELU as one operator", opset=20, least=20)
def gelu_operator(g: Graph, x: Map) -> Map:
    return pointwise(g, "Gelu", conv(g, x), approximate="none")


@block("no-activation", "two convs without an activation between them")
def no_activation(g: Graph, x: Map) -> Map:
    return conv(g, conv(g, x), kernel=1)
