"""Pools over windows and to grids."""
from __future__ import annotations

from graph import Graph, Map
from operators.activations import relu
from operators.convolutions import conv
from operators.layout import concat
from operators.pooling import adaptive_average, average_pool, max_pool
from operators.resizing import resize_like
from registry import block


@block("average-pool-3x3", "avg-pool 3x3 s2", effect="down")
def average_3x3(g: Graph, x: Map) -> Map:
    return average_pool(g, x)


@block("average-pool-3x3-no-pad-count", "avg-pool 3x3 s2 that does not count pads", effect="down")
def average_uncounted(g: Graph, x: Map) -> Map:
    return average_pool(g, x, count_pad=False)


@block("average-pool-3x3-stride-1", "avg-pool 3x3 s1")
def average_stride_1(g: Graph, x: Map) -> Map:
    return average_pool(g, x, stride=1)


@block("average-pool-2x2", "avg-pool 2x2 s2", effect="down")
def average_2x2(g: Graph, x: Map) -> Map:
    return average_pool(g, x, kernel=2, pad=0)


@block("average-pool-5x5", "avg-pool 5x5 s2 p2 (DDRNet)", effect="down")
def average_5x5(g: Graph, x: Map) -> Map:
    return average_pool(g, x, kernel=5, pad=2)


@block("max-pool-3x3", "max-pool 3x3 s2 p1", effect="down")
def max_3x3(g: Graph, x: Map) -> Map:
    return max_pool(g, x)


@block("max-pool-2x2", "max-pool 2x2 s2", effect="down")
def max_2x2(g: Graph, x: Map) -> Map:
    return max_pool(g, x, kernel=2, pad=0)


@block("max-pool-3x3-stride-1", "max-pool 3x3 s1 p1")
def max_stride_1(g: Graph, x: Map) -> Map:
    return max_pool(g, conv(g, x), stride=1)


@block("max-pool-signed", "max-pool of values below zero, with pads", effect="down")
def max_signed(g: Graph, x: Map) -> Map:
    return relu(g, max_pool(g, conv(g, x)))


@block("pool-beside-conv", "max-pool concatenated with a stride 2 conv (ERFNet)")
def pool_beside_conv(g: Graph, x: Map) -> Map:
    even = conv(g, x, 12, stride=2)
    pooled = max_pool(g, x)
    return relu(g, concat(g, even, pooled))


@block("grid-pool-2x2", "adaptive avg-pool 2x2 (PPM)")
def grid_pool(g: Graph, x: Map) -> Map:
    cell = (x.height // 2, x.width // 2)
    pooled = relu(g, conv(g, average_pool(g, x, cell, cell, pad=0), 4, kernel=1))
    return concat(g, x, resize_like(g, pooled, x))


def pooled_branch(g: Graph, x: Map, rows: int, columns: int) -> Map:
    """The map beside what convolutions make of its means in a grid."""
    pooled = relu(g, conv(g, adaptive_average(g, x, rows, columns), 4, kernel=1))
    return concat(g, x, resize_like(g, pooled, x, coordinates="align_corners"))


@block("grid-pool-5x3", "adaptive avg-pool to a grid that does not divide the map", opset=18, least=18)
def uneven_grid_pool(g: Graph, x: Map) -> Map:
    return pooled_branch(g, x, 5, 3)


@block("grid-pool-16x24", "adaptive avg-pool to cells of one size that overlap", opset=18, least=18)
def overlapping_grid_pool(g: Graph, x: Map) -> Map:
    return pooled_branch(g, x, 16, 24)


@block("pyramid-pool", "pyramid of grids 1, 2 and 4, align_corners (PSPNet)")
def pyramid_pool(g: Graph, x: Map) -> Map:
    maps = [x]
    for grid in (1, 2, 4):
        cell = (x.height // grid, x.width // grid)
        pooled = relu(g, conv(g, average_pool(g, x, cell, cell, pad=0), 4, kernel=1))
        maps.append(resize_like(g, pooled, x, coordinates="align_corners"))
    return relu(g, conv(g, concat(g, *maps), kernel=1))
