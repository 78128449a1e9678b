"""Streams of MJPEG, with what lies between frames, and of Y4M and raw frames."""
from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from jpegs import EXIF, behind_start, encoded, orientation, segment
from samples import noise, picture

START, END = b"\xff\xd8", b"\xff\xd9"


@dataclass
class Stream:
    """A stream and its frames' pixels; `raw` as `--raw` says it, `tolerance` in steps of 255."""

    name: str
    data: bytes
    frames: list[np.ndarray]
    damaged: int = 0
    raw: str = ""
    tolerance: int = 0
    # Whether ffmpeg finds as many frames: it also shows those of which a part is there.
    as_ffmpeg: bool = True


def pixels(jpeg: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"))


def mjpeg() -> Iterator[Stream]:
    a, b = encoded(picture(64, 48)), encoded(picture(64, 48, 4).convert("RGB"))
    small, progressive = encoded(picture(40, 24)), encoded(picture(64, 48), progressive=True)
    plain = [pixels(a), pixels(b)]
    tail = a[-300:]
    thumbnail = behind_start(a, segment(0xE1, EXIF + orientation(1) + small))
    yield Stream("plain", a + b, plain)
    yield Stream("sizes-change", a + small + b, [pixels(a), pixels(small), pixels(b)])
    yield Stream("progressive", a + progressive + b, [pixels(a), pixels(progressive), pixels(b)])
    yield Stream("end-twice", a + END + b + END, plain)
    yield Stream("end-often", a + END * 5 + b, plain)
    yield Stream("end-missing", a[:-2] + b[:-2] + a, [*plain, pixels(a)])
    yield Stream("end-missing-at-last", a + b[:-2], plain)
    yield Stream("start-twice", START + a + START + b, plain)
    yield Stream("tails", a + tail + b + tail, plain)
    yield Stream("zeros-between", bytes(100) + a + bytes(5000) + b + bytes(7), plain)
    yield Stream("ones-between", a + b"\xff" * 50 + b, plain)
    yield Stream("boundaries", b"".join(b"\r\n--x\r\nContent-Type: image/jpeg\r\n\r\n" + jpeg for jpeg in (a, b)), plain)
    yield Stream("joined-in-a-scan", a[-200:] + a + b, plain)
    yield Stream("thumbnails", thumbnail + b, plain)
    yield Stream("restarts", encoded(picture(64, 48), restart_marker_blocks=2) + b, plain)
    yield Stream("cut", a + b[: len(b) // 2] + a, [plain[0], plain[0]], damaged=1, as_ffmpeg=False)


def rgb(y: np.ndarray, u: np.ndarray, v: np.ndarray, full: bool) -> np.ndarray:
    """BT.601 in real numbers; chroma samples of the size of luma."""
    y, u, v = (plane.astype(float) for plane in (y, u, v))
    u, v = u - 128, v - 128
    if not full:
        y, u, v = (y - 16) * 255 / 219, u * 255 / 224, v * 255 / 224
    result = np.stack([y + 1.402 * v, y - 0.344136 * u - 0.714136 * v, y + 1.772 * u], axis=-1)
    return np.clip(np.rint(result), 0, 255).astype(np.uint8)


def spread(plane: np.ndarray, width: int, height: int) -> np.ndarray:
    """Each chroma sample for the pixels that share it."""
    rows, columns = -(-height // plane.shape[0]), -(-width // plane.shape[1])
    return plane.repeat(rows, axis=0).repeat(columns, axis=1)[:height, :width]


CHROMA = {"420": (2, 2), "420jpeg": (2, 2), "420mpeg2": (2, 2), "420paldv": (2, 2), "422": (2, 1), "444": (1, 1), "mono": None}


def y4m() -> Iterator[Stream]:
    for chroma, step in CHROMA.items():
        for width, height in [(16, 8), (15, 7)]:
            for full in (False, True):
                luma = noise(height, width, 2, 256)[:, :, 0].astype(np.uint8)
                planes = [luma]
                if step:
                    size = (-(-height // step[1]), -(-width // step[0]))
                    planes += [noise(*size, 3 + c, 256)[:, :, 0].astype(np.uint8) for c in range(2)]
                    u, v = (spread(plane, width, height) for plane in planes[1:])
                else:
                    u = v = np.full_like(luma, 128)
                header = f"YUV4MPEG2 W{width} H{height} F25:1 Ip C{chroma} XCOLORRANGE={'FULL' if full else 'LIMITED'}\n"
                frame = b"FRAME\n" + b"".join(plane.tobytes() for plane in planes)
                name = f"y4m-{chroma}-{width}x{height}-{'full' if full else 'limited'}"
                yield Stream(name, header.encode() + frame * 2, [rgb(luma, u, v, full)] * 2, tolerance=1)


def raw() -> Iterator[Stream]:
    width, height = 14, 6
    values = noise(height, width, 3, 256).astype(np.uint8)
    yield Stream("rgb24", values.tobytes() * 3, [values] * 3, raw=f"{width}x{height}:rgb24", as_ffmpeg=False)
    y, chroma = values[:, :, 0], noise(height // 2, width // 2, 2, 256).astype(np.uint8)
    expected = rgb(y, *(spread(chroma[:, :, c], width, height) for c in range(2)), full=False)
    nv12 = y.tobytes() + chroma.tobytes()
    i420 = y.tobytes() + chroma[:, :, 0].tobytes() + chroma[:, :, 1].tobytes()
    yield Stream("nv12", nv12, [expected], raw=f"{width}x{height}:nv12", tolerance=1, as_ffmpeg=False)
    yield Stream("i420", i420, [expected], raw=f"{width}x{height}:i420", tolerance=1, as_ffmpeg=False)
    pairs = noise(height, width // 2, 2, 256).astype(np.uint8)
    yuyv = np.stack([y[:, 0::2], pairs[:, :, 0], y[:, 1::2], pairs[:, :, 1]], axis=-1)
    expected = rgb(y, *(spread(pairs[:, :, c], width, height) for c in range(2)), full=False)
    yield Stream("yuyv", yuyv.tobytes(), [expected], raw=f"{width}x{height}:yuyv", tolerance=1, as_ffmpeg=False)


def streams() -> Iterator[Stream]:
    for make in (mjpeg, y4m, raw):
        yield from make()
