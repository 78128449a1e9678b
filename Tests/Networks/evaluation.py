"""Checks a network, and runs it with ONNX Runtime on a random image."""
from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import onnx

from graph import Graph
from runtime import run
from spread import spread_logits


@dataclass(frozen=True)
class Evaluation:
    """An image of bytes, [height, width, 3], and a network's first output for it, as floats."""

    image: np.ndarray
    output: np.ndarray


def evaluate(name: str, g: Graph) -> tuple[onnx.ModelProto, Evaluation]:
    """Finishes the network; raises if it is invalid, or its outputs not of the declared shapes or not finite."""
    pixels = smooth_image(np.random.default_rng(zlib.crc32(name.encode())), g.image.height, g.image.width)
    spread_logits(g, as_input(pixels))
    model = g.model()
    onnx.checker.check_model(model, full_check=True)
    outputs = run(model, as_input(pixels))
    for value, declared in zip(outputs, g.outputs):
        if list(value.shape) != declared.shape:
            raise ValueError(f"{name}: {declared.name}: found shape {list(value.shape)}, expected {declared.shape}")
        if not np.isfinite(value).all():
            raise ValueError(f"{name}: {declared.name}: found values that are not finite")
    return model, Evaluation(pixels, outputs[0].astype(np.float32))


def as_input(pixels: np.ndarray) -> np.ndarray:
    """[1, 3, height, width], from 0 to 1."""
    return (pixels.astype(np.float32) / 255).transpose(2, 0, 1)[None].copy()


def smooth_image(random: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Waves of a few lengths in each channel, an edge, and a little noise."""
    y, x = np.mgrid[0:height, 0:width]
    channels = []
    for _ in range(3):
        waves = [wave(random, y / height, x / width) for _ in range(5)]
        channels.append(128 + 22 * sum(waves))
    image = np.stack(channels, axis=-1)
    image[y * random.normal() + x * random.normal() > 10] += random.uniform(-40, 40, 3)
    image += random.normal(0, 4, image.shape)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def wave(random: np.random.Generator, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """A sine of random direction, with one to some eight periods in the image."""
    down, across = random.normal(0, 4, 2)
    return np.sin(2 * np.pi * (down * y + across * x + random.random()))
