"""Operators on two maps, and on a map and a constant."""
from __future__ import annotations

from graph import Graph, Map


def binary(g: Graph, op: str, a: Map, b: Map) -> Map:
    """An operator on two maps, of which either may be broadcast."""
    return g.map(op, [a.name, b.name], [max(sides) for sides in zip(a.shape[1:], b.shape[1:])])


def add(g: Graph, a: Map, b: Map) -> Map:
    return binary(g, "Add", a, b)


def subtract(g: Graph, a: Map, b: Map) -> Map:
    return binary(g, "Sub", a, b)


def multiply(g: Graph, a: Map, b: Map) -> Map:
    return binary(g, "Mul", a, b)


def with_constant(g: Graph, op: str, x: Map, values: object) -> Map:
    """An operator on a map and a constant that broadcasts to it."""
    return g.map(op, [x.name, g.constant(values)], x.shape[1:])


def one_minus(g: Graph, x: Map) -> Map:
    return g.map("Sub", [g.constant(1), x.name], x.shape[1:])
