"""What a generated file is, and the pictures in them."""
from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image


@dataclass
class Sample:
    """A file, and why a reference's pixels are not expected of it, where they are not.

    `like` is another file with the same pixels, where no reference reads this one.
    """

    name: str
    file: bytes
    pillow: str | None = None
    opencv: str | None = None
    refused: bool = False
    like: bytes | None = None


def noise(height: int, width: int, channels: int, limit: int) -> np.ndarray:
    """Samples below a limit, the same in every run."""
    return np.random.default_rng([height, width, channels, limit]).integers(0, limit, (height, width, channels))


def picture(width: int, height: int, channels: int = 3) -> Image.Image:
    """Smooth colors with edges, RGB or CMYK."""
    seed = zlib.crc32(f"{width}x{height}x{channels}".encode())
    small = np.random.default_rng(seed).integers(0, 256, (max(2, height // 6), max(2, width // 6), channels), dtype=np.uint8)
    image = Image.fromarray(small, "RGB" if channels == 3 else "CMYK").resize((width, height), Image.Resampling.BICUBIC)
    values = np.asarray(image).copy()
    values[height // 3 : height // 2, width // 4 :] = 255 - values[height // 3 : height // 2, width // 4 :]
    return Image.fromarray(values, image.mode)
