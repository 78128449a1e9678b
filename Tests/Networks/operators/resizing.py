"""Resizes to a size and by factors, as exporters of each opset write them."""
from __future__ import annotations

import numpy as np

from graph import Graph, Map


def resize_to(g: Graph, x: Map, height: int, width: int, mode: str = "linear", coordinates: str = "half_pixel") -> Map:
    """F.interpolate with a size; before opset 11 there are only factors."""
    if g.opset < 11:
        return resize_by(g, x, height / x.height, width / x.width, mode)
    roi = "" if g.opset >= 13 else g.constant([])
    empty_scales = "" if g.opset >= 13 else g.constant([])
    sizes = sizes_chain(g, x, height, width)
    return resize_node(g, [x.name, roi, empty_scales, sizes], (x.channels, height, width), mode, coordinates)


def sizes_chain(g: Graph, x: Map, height: int, width: int) -> str:
    """Batch and channels sliced from the map's own shape, then the constant height and width."""
    shape = g.node("Shape", [x.name])
    axes, starts, ends = (g.constant([value], np.int64) for value in (0, 0, 2))
    kept = g.node("Slice", [shape, starts, ends, axes])
    return g.node("Concat", [kept, g.constant([height, width], np.int64)], axis=0)


def resize_by(g: Graph, x: Map, down: float, across: float, mode: str = "linear", coordinates: str = "half_pixel") -> Map:
    """F.interpolate with factors of height and width."""
    shape = (x.channels, int(x.height * down + 1e-4), int(x.width * across + 1e-4))
    scales = g.constant([1, 1, factor(x.height, shape[1]), factor(x.width, shape[2])])
    if g.opset < 11:
        return g.map("Upsample" if g.opset < 10 else "Resize", [x.name, scales], shape, mode=mode)
    roi = "" if g.opset >= 13 else g.constant([])
    return resize_node(g, [x.name, roi, scales], shape, mode, coordinates)


def factor(side: int, target: int) -> np.float32:
    """The least float32 by which the side, cut to an integer, gives the target."""
    scale = np.float32(target / side)
    while int(side * float(scale)) < target:
        scale = np.nextafter(scale, np.float32(np.inf))
    return scale


def resize_node(g: Graph, inputs: list[str], shape: tuple[int, int, int], mode: str, coordinates: str) -> Map:
    """Resize as of opset 11, with the attributes that PyTorch writes."""
    if mode == "nearest":
        coordinates = "asymmetric"
    return g.map("Resize", inputs, shape, coordinate_transformation_mode=coordinates, cubic_coeff_a=-0.75, mode=mode,
                 nearest_mode="floor")


def resize_like(g: Graph, x: Map, other: Map, mode: str = "linear", coordinates: str = "half_pixel") -> Map:
    """F.interpolate to the size of another map."""
    return resize_to(g, x, other.height, other.width, mode, coordinates)
