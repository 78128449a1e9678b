"""Sums, products and differences of maps."""
from __future__ import annotations

from graph import Graph, Map
from operators.activations import relu, sigmoid
from operators.arithmetic import add, multiply, one_minus, subtract
from operators.convolutions import conv
from registry import block


@block("residual-relu", "relu(residual add) (ResNet)")
def residual_relu(g: Graph, x: Map) -> Map:
    return relu(g, add(g, conv(g, relu(g, conv(g, x)), x.channels), x))


@block("residual-reused", "residual without relu, reused by relu and add")
def residual_reused(g: Graph, x: Map) -> Map:
    first = add(g, conv(g, x, x.channels), x)
    return add(g, conv(g, relu(g, first), x.channels), first)


@block("residual-linear", "residual after a linear 1x1 (MobileNetV2)")
def residual_linear(g: Graph, x: Map) -> Map:
    wide = relu(g, conv(g, x, 2 * x.channels, kernel=1))
    deep = relu(g, conv(g, wide, wide.channels, groups=wide.channels))
    return add(g, x, conv(g, deep, x.channels, kernel=1))


@block("sum-of-4", "sum of 4")
def sum_of_4(g: Graph, x: Map) -> Map:
    maps = [conv(g, x, x.channels, dilation=dilation) for dilation in (1, 2, 4)]
    total = maps[0]
    for other in [*maps[1:], x]:
        total = add(g, total, other)
    return total


@block("running-sums", "sums that are kept, each with one map more (ESPNet)")
def running_sums(g: Graph, x: Map) -> Map:
    first, second, third = (conv(g, x, x.channels, dilation=dilation) for dilation in (1, 2, 4))
    two = add(g, first, second)
    return add(g, two, add(g, two, third))


@block("twice-the-map", "a map added to itself")
def twice_the_map(g: Graph, x: Map) -> Map:
    y = relu(g, conv(g, x))
    return add(g, y, y)


@block("product", "product of two maps")
def product(g: Graph, x: Map) -> Map:
    return multiply(g, conv(g, x, kernel=1), conv(g, x, kernel=1))


@block("difference", "difference of maps")
def difference(g: Graph, x: Map) -> Map:
    return subtract(g, relu(g, conv(g, x)), relu(g, conv(g, x)))


@block("one-minus-sigmoid", "1 - sigmoid")
def one_minus_sigmoid(g: Graph, x: Map) -> Map:
    gate = sigmoid(g, conv(g, x, x.channels, kernel=1))
    return multiply(g, x, one_minus(g, gate))


@block("blend", "sigmoid · a + (1 - sigmoid) · b (PIDNet)")
def blend(g: Graph, x: Map) -> Map:
    gate = sigmoid(g, conv(g, x, kernel=1))
    kept = multiply(g, gate, relu(g, conv(g, x)))
    return add(g, kept, multiply(g, one_minus(g, gate), relu(g, conv(g, x))))
