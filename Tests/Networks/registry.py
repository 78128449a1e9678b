"""The features that networks are made of, and how one feature becomes a network."""
from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from graph import Graph, Map
from operators.activations import relu
from operators.convolutions import conv
from operators.resizing import resize_like

CLASSES = 11


@dataclass(frozen=True)
class Feature:
    """What a network has beyond the baseline.

    `part` says what `build` makes: a "stem" turns the graph into a map, a "block" a map into another, a "tail" a map
    into outputs, and a "network" all of it. `effect` of a block: "same", "down" (half the size) or "up" (twice).
    `opset` is the one of the feature's own network, `least` the first that has its operators.
    """

    name: str
    title: str
    part: str
    build: Callable
    opset: int = 17
    least: int = 13
    effect: str = "same"


FEATURES: dict[str, Feature] = {}


def register(part: str, name: str, title: str, **options: object) -> Callable[[Callable], Callable]:
    """Keeps a function as a feature's `build`."""
    def keep(build: Callable) -> Callable:
        assert name not in FEATURES, name
        FEATURES[name] = Feature(name, title, part, build, **options)
        return build
    return keep


def stem(name: str, title: str, **options: object) -> Callable[[Callable], Callable]:
    return register("stem", name, title, **options)


def block(name: str, title: str, **options: object) -> Callable[[Callable], Callable]:
    return register("block", name, title, **options)


def tail(name: str, title: str, **options: object) -> Callable[[Callable], Callable]:
    return register("tail", name, title, **options)


def network(name: str, title: str, **options: object) -> Callable[[Callable], Callable]:
    return register("network", name, title, **options)


def plain_stem(g: Graph, strides: tuple[int, ...] = (2, 2)) -> Map:
    """3×3 convolutions with ReLU."""
    x = g.image
    with g.scope("stem"):
        for stride in strides:
            x = relu(g, conv(g, x, stride=stride))
    return x


def classifier(g: Graph, x: Map, classes: int = CLASSES) -> Map:
    """A 1×1 convolution to classes."""
    with g.scope("last"):
        return conv(g, x, classes, kernel=1)


def plain_tail(g: Graph, x: Map) -> None:
    """The classifier, and its logits at the image's size."""
    g.output(resize_like(g, classifier(g, x), g.image))


def build_feature(feature: Feature) -> Graph:
    """The baseline with this feature; the weights depend on its name only."""
    g = Graph(np.random.default_rng(zlib.crc32(feature.name.encode())), opset=feature.opset)
    if feature.part == "network":
        feature.build(g)
        return g
    x = feature.build(g) if feature.part == "stem" else plain_stem(g)
    if feature.part == "block":
        with g.scope("mid"):
            x = feature.build(g, x)
    (feature.build if feature.part == "tail" else plain_tail)(g, x)
    return g
