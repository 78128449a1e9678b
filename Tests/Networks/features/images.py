"""Networks that read their image in other ways than by one convolution."""
from __future__ import annotations

from graph import Graph, Map
from operators.activations import relu
from operators.arithmetic import add, with_constant
from operators.convolutions import batch_norm, conv
from operators.layout import concat
from operators.pooling import average_pool, max_pool
from operators.resizing import resize_by, resize_like
from registry import block, stem

MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


def pooled_image(g: Graph, x: Map) -> Map:
    """The image, halved by pools until it is no larger than the map, and resized to it if it is smaller then."""
    image = g.image
    while image.height > x.height:
        image = average_pool(g, image)
    same = (image.height, image.width) == (x.height, x.width)
    return image if same else resize_like(g, image, x)


@block("image-pooled-and-concatenated", "image pooled and concatenated")
def image_pooled(g: Graph, x: Map) -> Map:
    return concat(g, x, pooled_image(g, x))


@block("image-pooled-and-added", "conv of the pooled image added")
def image_added(g: Graph, x: Map) -> Map:
    return relu(g, add(g, x, conv(g, pooled_image(g, x), x.channels)))


@block("image-resized-and-concatenated", "image resized and concatenated, then BN + ReLU")
def image_resized(g: Graph, x: Map) -> Map:
    return relu(g, batch_norm(g, concat(g, x, resize_like(g, g.image, x))))


@stem("image-read-by-two-convs", "image read by two convs of stride 2, concatenated")
def two_convs(g: Graph) -> Map:
    with g.scope("stem"):
        first = relu(g, conv(g, g.image, 12, stride=2))
        return relu(g, conv(g, concat(g, first, relu(g, conv(g, g.image, 4, kernel=5, stride=2))), stride=2))


@stem("image-conv-beside-pool", "image read by a conv and a max-pool, concatenated (ERFNet)")
def conv_beside_pool(g: Graph) -> Map:
    with g.scope("stem"):
        odd = g.image.height % 2 == 1 or g.image.width % 2 == 1
        both = concat(g, conv(g, g.image, 13, stride=2), max_pool(g, g.image, kernel=2, pad=0, ceil=odd))
        return relu(g, conv(g, relu(g, batch_norm(g, both)), stride=2))


@stem("image-normalized", "image normalized inside the graph: Sub, Div")
def normalized(g: Graph) -> Map:
    with g.scope("stem"):
        x = with_constant(g, "Sub", g.image, per_channel(MEAN))
        x = with_constant(g, "Div", x, per_channel(DEVIATION))
        return relu(g, conv(g, relu(g, conv(g, x, stride=2)), stride=2))


def per_channel(values: tuple[float, float, float]) -> list:
    """Shape [1, 3, 1, 1]."""
    return [[[[value]] for value in values]]


@stem("image-shifted", "image shifted and scaled by one number: Mul, Sub")
def shifted(g: Graph) -> Map:
    with g.scope("stem"):
        x = with_constant(g, "Sub", with_constant(g, "Mul", g.image, 2), 1)
        return relu(g, conv(g, relu(g, conv(g, x, stride=2)), stride=2))


@stem("image-norm", "image through a BN before the first conv")
def normed(g: Graph) -> Map:
    with g.scope("stem"):
        return relu(g, conv(g, relu(g, conv(g, batch_norm(g, g.image), stride=2)), stride=2))


@stem("image-resized-first", "image resized to half before the first conv")
def resized_first(g: Graph) -> Map:
    with g.scope("stem"):
        return relu(g, conv(g, resize_by(g, g.image, 0.5, 0.5), stride=2))


@stem("stem-7x7-max-pool", "7x7 stride 2 conv and max-pool (ResNet)")
def resnet_stem(g: Graph) -> Map:
    with g.scope("stem"):
        return max_pool(g, relu(g, conv(g, g.image, kernel=7, stride=2)))


@stem("stem-4x4-stride-4", "4x4 stride 4 conv (ConvNeXt)")
def patch_stem(g: Graph) -> Map:
    with g.scope("stem"):
        return relu(g, conv(g, g.image, kernel=4, stride=4, pads=[0, 0, 0, 0]))
