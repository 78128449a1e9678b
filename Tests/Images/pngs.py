"""PNG files of all color types, depths and ways to lie in the file."""
from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from jpegs import orientation
from samples import Sample, noise

GRAY, RGB, PALETTE, GRAY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GRAY: 1, RGB: 3, PALETTE: 1, GRAY_ALPHA: 2, RGB_ALPHA: 4}
NAMES = {GRAY: "gray", RGB: "rgb", PALETTE: "palette", GRAY_ALPHA: "gray-alpha", RGB_ALPHA: "rgb-alpha"}
DEPTHS = {GRAY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GRAY_ALPHA: (8, 16), RGB_ALPHA: (8, 16)}
# Of Adam7's passes: first column and row, and the steps between.
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def packed(values: np.ndarray, depth: int) -> bytes:
    """A row of samples as the format packs them."""
    if depth == 16:
        return values.astype(">u2").tobytes()
    if depth == 8:
        return values.astype(np.uint8).tobytes()
    bits = (values.reshape(-1, 1) >> np.arange(depth - 1, -1, -1)) & 1
    return np.packbits(bits.astype(np.uint8)).tobytes()


def filtered(row: bytes, above: bytes, kind: int, distance: int) -> bytes:
    """A row behind one of the five filters."""
    x = np.frombuffer(row, np.uint8).astype(int)
    b = np.frombuffer(above, np.uint8).astype(int)
    a = np.concatenate([np.zeros(distance, int), x])[: len(x)]
    c = np.concatenate([np.zeros(distance, int), b])[: len(x)]
    p = a + b - c
    nearest = np.where((abs(p - a) <= abs(p - b)) & (abs(p - a) <= abs(p - c)), a, np.where(abs(p - b) <= abs(p - c), b, c))
    predicted = [0 * x, a, b, (a + b) // 2, nearest][kind]
    return bytes([kind]) + ((x - predicted) & 255).astype(np.uint8).tobytes()


def rows(values: np.ndarray, depth: int) -> bytes:
    """All rows, with a filter after the other."""
    if values.size == 0:
        return b""
    distance, above, out = max(1, values.shape[2] * depth // 8), None, b""
    for index, row in enumerate(values):
        data = packed(row.reshape(-1), depth)
        out += filtered(data, above or bytes(len(data)), index % 5, distance)
        above = data
    return out


def png(values: np.ndarray, type: int, depth: int, interlaced: bool = False, before: bytes = b"", behind: bytes = b"", pieces: int = 1) -> bytes:
    height, width, _ = values.shape
    header = struct.pack(">IIBBBBB", width, height, depth, type, 0, 0, int(interlaced))
    parts = [values[y::dy, x::dx] for x, y, dx, dy in PASSES] if interlaced else [values]
    data = zlib.compress(b"".join(rows(part, depth) for part in parts))
    size = -(-len(data) // pieces)
    chunks = b"".join(chunk(b"IDAT", data[start : start + size]) for start in range(0, len(data), size))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunks + behind + chunk(b"IEND", b"")


def palette(depth: int) -> bytes:
    return chunk(b"PLTE", noise(1, 1 << depth, 3, 256).astype(np.uint8).tobytes())


def pillow_differs(type: int, depth: int) -> str | None:
    return "Pillow clips 16-bit gray to 255; OpenCV takes the high byte, as both do of colors" if (type, depth) == (GRAY, 16) else None


def kinds() -> Iterator[Sample]:
    for type, depths in DEPTHS.items():
        for depth in depths:
            for width, height in [(1, 1), (3, 2), (13, 11), (40, 24)]:
                for interlaced in (False, True):
                    values = noise(height, width, CHANNELS[type], 1 << depth)
                    file = png(values, type, depth, interlaced, before=palette(depth) if type == PALETTE else b"")
                    name = f"{NAMES[type]}-{depth}-{width}x{height}{'-interlaced' if interlaced else ''}.png"
                    yield Sample(name, file, pillow=pillow_differs(type, depth))


def chunks() -> Iterator[Sample]:
    gray, rgb, indices = noise(9, 14, 1, 256), noise(9, 14, 3, 256), noise(9, 14, 1, 16)
    for name, content in [("gAMA", struct.pack(">I", 100000)), ("sRGB", b"\0"), ("iCCP", b"x\0\0" + zlib.compress(bytes(300))), ("tEXt", b"a\0b")]:
        yield Sample(f"chunk-{name}.png", png(rgb, RGB, 8, before=chunk(name.encode(), content)))
    yield Sample("transparent-gray.png", png(gray, GRAY, 8, before=chunk(b"tRNS", struct.pack(">H", int(gray[0, 0, 0])))))
    yield Sample("transparent-rgb.png", png(rgb, RGB, 8, before=chunk(b"tRNS", struct.pack(">HHH", *map(int, rgb[0, 0])))))
    transparency = chunk(b"tRNS", bytes(range(0, 160, 10)))
    yield Sample("transparent-palette.png", png(indices, PALETTE, 8, before=palette(8) + transparency))
    yield Sample("short-palette.png", png(indices % 4, PALETTE, 8, before=palette(2)))
    yield Sample("indices-beyond-the-palette.png", png(indices, PALETTE, 8, before=palette(2)))
    deep = noise(9, 14, 3, 1 << 16)
    yield Sample("transparent-rgb-16.png", png(deep, RGB, 16, before=chunk(b"tRNS", struct.pack(">HHH", *map(int, deep[0, 0])))))
    yield Sample("transparent-gray-1.png", png(gray % 2, GRAY, 1, before=chunk(b"tRNS", b"\0\1")))
    yield Sample("suggested-palette.png", png(rgb, RGB, 8, before=palette(4)))
    yield Sample("background.png", png(noise(9, 14, 4, 256), RGB_ALPHA, 8, before=chunk(b"bKGD", bytes(6))))
    yield Sample("pieces.png", png(rgb, RGB, 8, pieces=7))
    yield Sample("trailing.png", png(rgb, RGB, 8) + b"trailing bytes")
    for value in range(1, 9):
        exif = chunk(b"eXIf", orientation(value, ">"))
        yield Sample(f"exif-{value}.png", png(rgb, RGB, 8, before=exif))
    yield Sample("exif-behind.png", png(rgb, RGB, 8, behind=chunk(b"eXIf", orientation(6))))
    cut = "Pillow and OpenCV show what is there; eseg segments no image that is partly invented"
    yield Sample("cut.png", png(rgb, RGB, 8)[:-40], refused=True, pillow=cut)


def samples() -> Iterator[Sample]:
    yield from kinds()
    yield from chunks()
