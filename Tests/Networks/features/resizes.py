"""Resizes inside a network."""
from __future__ import annotations

from graph import Graph, Map
from operators.activations import relu
from operators.arithmetic import add
from operators.convolutions import conv
from operators.resizing import resize_by, resize_like, resize_to
from registry import block


def halved(g: Graph, x: Map, channels: int = 16) -> Map:
    return relu(g, conv(g, x, channels, stride=2))


def resized_from_half(g: Graph, x: Map, mode: str = "linear", coordinates: str = "half_pixel") -> Map:
    return relu(g, conv(g, resize_like(g, halved(g, x), x, mode, coordinates)))


@block("bilinear-inside", "bilinear x2 inside, half_pixel")
def bilinear_inside(g: Graph, x: Map) -> Map:
    return resized_from_half(g, x)


@block("bilinear-inside-align-corners", "bilinear x2 inside, align_corners")
def align_corners_inside(g: Graph, x: Map) -> Map:
    return resized_from_half(g, x, coordinates="align_corners")


@block("bilinear-inside-asymmetric", "bilinear x2 inside, asymmetric")
def asymmetric_inside(g: Graph, x: Map) -> Map:
    return resized_from_half(g, x, coordinates="asymmetric")


@block("bilinear-inside-pytorch-half-pixel", "bilinear x2 inside, pytorch_half_pixel")
def pytorch_half_pixel_inside(g: Graph, x: Map) -> Map:
    return resized_from_half(g, x, coordinates="pytorch_half_pixel")


@block("bilinear-added", "bilinear x2 added to a map")
def bilinear_added(g: Graph, x: Map) -> Map:
    return add(g, x, resize_like(g, halved(g, x, x.channels), x))


@block("relu-after-bilinear", "relu after bilinear")
def relu_after_bilinear(g: Graph, x: Map) -> Map:
    return relu(g, resize_like(g, conv(g, x, stride=2), x))


@block("bilinear-down", "bilinear to half the size", effect="down")
def bilinear_down(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, resize_to(g, x, x.height // 2, x.width // 2)))


@block("bilinear-uneven-down", "bilinear to 5/8 of the size, and back")
def bilinear_uneven_down(g: Graph, x: Map) -> Map:
    small = resize_to(g, x, x.height * 5 // 8, x.width * 5 // 8)
    return relu(g, resize_like(g, conv(g, small, x.channels), x))


@block("bilinear-by-scales", "bilinear x2 by scales", effect="up")
def bilinear_by_scales(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, resize_by(g, x, 2, 2), kernel=1))


@block("bilinear-by-scales-1.5", "bilinear x1.5 by scales, from half the size")
def bilinear_by_uneven_scales(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, resize_by(g, halved(g, x), 1.5, 1.5), kernel=1))


@block("nearest-into-conv", "nearest x2 into a conv")
def nearest_into_conv(g: Graph, x: Map) -> Map:
    return resized_from_half(g, x, mode="nearest")


@block("nearest-added", "nearest x2 added (FPN)")
def nearest_added(g: Graph, x: Map) -> Map:
    return add(g, conv(g, x, kernel=1), resize_like(g, halved(g, x), x, "nearest"))


@block("nearest-by-scales", "nearest x2 by scales", effect="up")
def nearest_by_scales(g: Graph, x: Map) -> Map:
    return relu(g, conv(g, resize_by(g, x, 2, 2, "nearest"), kernel=1))


@block("nearest-x4", "nearest x4 from a quarter of the size")
def nearest_x4(g: Graph, x: Map) -> Map:
    return add(g, x, resize_like(g, halved(g, halved(g, x), x.channels), x, "nearest"))
