"""Activations, each as PyTorch's exporter writes it."""
from __future__ import annotations

import numpy as np

from graph import Graph, Map


def pointwise(g: Graph, op: str, x: Map, **attributes: object) -> Map:
    """An operator without further inputs that keeps the shape."""
    return g.map(op, [x.name], x.shape[1:], **attributes)


def relu(g: Graph, x: Map) -> Map:
    return pointwise(g, "Relu", x)


def sigmoid(g: Graph, x: Map) -> Map:
    return pointwise(g, "Sigmoid", x)


def clip(g: Graph, x: Map, least: float, most: float) -> Map:
    """Clip with constants, or with attributes before opset 11."""
    if g.opset < 11:
        return pointwise(g, "Clip", x, min=float(least), max=float(most))
    return g.map("Clip", [x.name, g.constant(least), g.constant(most)], x.shape[1:])


def prelu(g: Graph, x: Map, shared: bool = False) -> Map:
    """PRelu with slopes of shape [channels, 1, 1], or with a single one."""
    slopes = g.random.uniform(-0.2, 0.5, (1 if shared else x.channels, 1, 1))
    return g.map("PRelu", [x.name, g.parameter("slope", slopes)], x.shape[1:])


def hard_sigmoid(g: Graph, x: Map) -> Map:
    """PyTorch's: alpha 1/6, and beta by default 0.5."""
    return pointwise(g, "HardSigmoid", x, alpha=1 / 6)


def hard_swish(g: Graph, x: Map) -> Map:
    """HardSwish, or its two operators before opset 14."""
    if g.opset >= 14:
        return pointwise(g, "HardSwish", x)
    return g.map("Mul", [x.name, hard_sigmoid(g, x).name], x.shape[1:])


def silu(g: Graph, x: Map) -> Map:
    return g.map("Mul", [x.name, sigmoid(g, x).name], x.shape[1:])


def gelu(g: Graph, x: Map) -> Map:
    """x / sqrt 2, Erf, + 1, · x, · 0.5, as before opset 20."""
    scaled = g.node("Div", [x.name, g.constant(np.sqrt(2))])
    shifted = g.node("Add", [g.node("Erf", [scaled]), g.constant(1)])
    return g.map("Mul", [g.node("Mul", [x.name, shifted]), g.constant(0.5)], x.shape[1:])


def gelu_tanh(g: Graph, x: Map) -> Map:
    """The approximation by a hyperbolic tangent, with x³ as products."""
    return gelu_of_cube(g, x, g.node("Mul", [x.name, g.node("Mul", [x.name, x.name])]))


def gelu_tanh_power(g: Graph, x: Map) -> Map:
    """The same with x³ as a power."""
    return gelu_of_cube(g, x, g.node("Pow", [x.name, g.constant(3)]))


def gelu_of_cube(g: Graph, x: Map, cube: str) -> Map:
    """0.5 x (1 + Tanh(0.7979 (x + 0.044715 x³)))."""
    inner = g.node("Add", [x.name, g.node("Mul", [cube, g.constant(0.044715)])])
    bent = g.node("Tanh", [g.node("Mul", [inner, g.constant(np.sqrt(2 / np.pi))])])
    half = g.node("Mul", [x.name, g.constant(0.5)])
    return g.map("Mul", [half, g.node("Add", [bent, g.constant(1)])], x.shape[1:])


def mish(g: Graph, x: Map) -> Map:
    """x · Tanh(Softplus(x))."""
    bent = g.node("Tanh", [g.node("Softplus", [x.name])])
    return g.map("Mul", [x.name, bent], x.shape[1:])
