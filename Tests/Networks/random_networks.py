"""Random combinations of features: a stem, blocks one after another, and a tail."""
from __future__ import annotations

import numpy as np

import features
from graph import Graph, Map
from operators.activations import relu
from operators.convolutions import conv
from registry import FEATURES, Feature, plain_stem, plain_tail

SIZES = ((128, 96), (96, 64), (120, 90), (100, 76), (75, 61), (64, 112))
OPSETS = (13, 17, 17, 17, 18, 20, 21)
LEAST_SIDE = 6
MOST_CHANNELS = 32


def build_random(seed: int, index: int) -> tuple[Graph, list[str]]:
    """The network `index` of a seed, and the names of its 2 to 12 features."""
    random = np.random.default_rng([seed, index])
    width, height = SIZES[random.integers(len(SIZES))]
    g = Graph(random, width, height, int(random.choice(OPSETS)))
    count = int(random.integers(2, 13))
    stem = pick(g, "stem") if random.random() < 0.4 else None
    tail = pick(g, "tail") if random.random() < 0.5 else None
    used = [feature.name for feature in (stem, tail) if feature]
    x = stem.build(g) if stem else plain_stem(g)
    for position in range(count - len(used)):
        feature = pick(g, "block", x)
        used.insert(len(used) - bool(tail), feature.name)
        with g.scope("blocks"), g.scope(f"blocks.{position}"):
            x = feature.build(g, tidied(g, x))
    (tail.build if tail else plain_tail)(g, x)
    return g, used


def pick(g: Graph, part: str, x: Map | None = None) -> Feature:
    """A random feature that this opset has and that keeps the map's size within bounds."""
    fitting = [f for f in FEATURES.values() if f.part == part and f.least <= g.opset and (x is None or fits(g, f, x))]
    return fitting[g.random.integers(len(fitting))]


def fits(g: Graph, feature: Feature, x: Map) -> bool:
    """Whether a block's result is neither tiny nor larger than the image."""
    if feature.effect == "up":
        return 2 * x.height <= g.image.height and 2 * x.width <= g.image.width
    return min(x.height, x.width) >= 2 * LEAST_SIDE


def tidied(g: Graph, x: Map) -> Map:
    """The map, or a convolution of it to 16 channels where it has many or an odd count: blocks split in four."""
    if x.channels <= MOST_CHANNELS and x.channels % 4 == 0 and x.channels >= 8:
        return x
    return relu(g, conv(g, x, kernel=1))
