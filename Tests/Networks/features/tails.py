"""What a network ends in: the classifier, the scale of the logits, and what is made of them."""
from __future__ import annotations

import numpy as np
from onnx import TensorProto

from graph import Graph, Map
from operators.activations import pointwise, relu, sigmoid
from operators.arithmetic import add
from operators.convolutions import conv
from operators.resizing import resize_by, resize_like, resize_to
from registry import CLASSES, classifier, network, plain_stem, plain_tail, tail


@tail("baseline", "baseline (2 convs, 1x1, bilinear half_pixel x4)")
def baseline(g: Graph, x: Map) -> None:
    plain_tail(g, x)


@tail("resize-align-corners", "final resize align_corners")
def resize_align_corners(g: Graph, x: Map) -> None:
    g.output(resize_like(g, classifier(g, x), g.image, coordinates="align_corners"))


@tail("resize-nearest", "final resize nearest")
def resize_nearest(g: Graph, x: Map) -> None:
    g.output(resize_like(g, classifier(g, x), g.image, mode="nearest"))


@tail("resize-asymmetric", "final resize asymmetric")
def resize_asymmetric(g: Graph, x: Map) -> None:
    g.output(resize_like(g, classifier(g, x), g.image, coordinates="asymmetric"))


@tail("resize-by-scales", "final resize by scales")
def resize_scales(g: Graph, x: Map) -> None:
    logits = classifier(g, x)
    g.output(resize_by(g, logits, g.image.height / x.height, g.image.width / x.width))


@tail("resize-half-way", "final resize to half the image's size")
def resize_half_way(g: Graph, x: Map) -> None:
    g.output(resize_to(g, classifier(g, x), g.image.height // 2, g.image.width // 2))


@tail("resize-in-two-steps", "final resize in two steps")
def resize_two_steps(g: Graph, x: Map) -> None:
    half = resize_to(g, classifier(g, x), g.image.height // 2, g.image.width // 2)
    g.output(resize_like(g, half, g.image))


@tail("no-final-resize", "no final resize (logits at 1/4)")
def no_final_resize(g: Graph, x: Map) -> None:
    g.output(classifier(g, x))


@tail("softmax-tail", "softmax tail")
def softmax_tail(g: Graph, x: Map) -> None:
    logits = resize_like(g, classifier(g, x), g.image)
    g.output(pointwise(g, "Softmax", logits, axis=1), "probabilities")


@tail("softmax-before-resize", "softmax before the final resize")
def softmax_before_resize(g: Graph, x: Map) -> None:
    g.output(resize_like(g, pointwise(g, "Softmax", classifier(g, x), axis=1), g.image), "probabilities")


@tail("argmax-tail", "argmax tail")
def argmax_tail(g: Graph, x: Map) -> None:
    logits = resize_like(g, classifier(g, x), g.image)
    classes = g.node("ArgMax", [logits.name], axis=1, keepdims=0, select_last_index=0)
    g.add_output(classes, "classes", [1, g.image.height, g.image.width], TensorProto.INT64)


@tail("argmax-uint8-tail", "argmax tail of bytes, with one channel")
def argmax_uint8_tail(g: Graph, x: Map) -> None:
    logits = resize_like(g, classifier(g, x), g.image)
    classes = g.node("ArgMax", [logits.name], axis=1, keepdims=1, select_last_index=0)
    bytes = g.node("Cast", [classes], to=TensorProto.UINT8)
    g.add_output(bytes, "classes", [1, 1, g.image.height, g.image.width], TensorProto.UINT8)


@tail("sigmoid-tail", "sigmoid tail, 1 class")
def sigmoid_tail(g: Graph, x: Map) -> None:
    g.output(sigmoid(g, resize_like(g, classifier(g, x, 1), g.image)), "probabilities")


@tail("one-logit", "one logit, without sigmoid")
def one_logit(g: Graph, x: Map) -> None:
    g.output(resize_like(g, classifier(g, x, 1), g.image))


@tail("two-classes", "two classes")
def two_classes(g: Graph, x: Map) -> None:
    g.output(resize_like(g, classifier(g, x, 2), g.image))


def unresized(g: Graph, strides: tuple[int, ...]) -> None:
    """A classifier on what convolutions of these strides give."""
    g.output(classifier(g, plain_stem(g, strides)))


@network("logits-at-1-8", "logits at 1/8")
def logits_at_an_eighth(g: Graph) -> None:
    unresized(g, (2, 2, 2))


@network("logits-at-1-2", "logits at 1/2")
def logits_at_half(g: Graph) -> None:
    unresized(g, (2, 1))


@network("logits-at-1-1", "logits at 1/1")
def logits_at_full(g: Graph) -> None:
    unresized(g, (1, 1))


@tail("last-conv-3x3", "last conv 3x3")
def last_conv_3x3(g: Graph, x: Map) -> None:
    with g.scope("last"):
        logits = conv(g, x, CLASSES, kernel=3)
    g.output(resize_like(g, logits, g.image))


@tail("last-is-a-sum", "logits are a sum of two convs")
def last_is_a_sum(g: Graph, x: Map) -> None:
    with g.scope("last"):
        logits = add(g, conv(g, x, CLASSES, kernel=1), conv(g, x, CLASSES, kernel=1))
    g.output(resize_like(g, logits, g.image))


@tail("last-is-activated", "classifier with ReLU")
def last_is_activated(g: Graph, x: Map) -> None:
    g.output(resize_like(g, relu(g, classifier(g, x)), g.image))


@tail("two-outputs", "two outputs")
def two_outputs(g: Graph, x: Map) -> None:
    plain_tail(g, x)
    plain_tail(g, x)


@tail("three-outputs", "logits, then logits of two earlier heads at their own size")
def three_outputs(g: Graph, x: Map) -> None:
    deep = relu(g, conv(g, x))
    plain_tail(g, deep)
    g.output(classifier(g, deep))
    g.output(classifier(g, x))


@tail("last-is-scaled", "logits divided by a temperature")
def last_is_scaled(g: Graph, x: Map) -> None:
    logits = resize_like(g, classifier(g, x), g.image)
    g.output(g.map("Div", [logits.name, g.constant(np.float32(0.7))], logits.shape[1:]))
