"""JPEG files of all kinds that decoders meet."""
from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import cv2
import numpy as np
from PIL import Image

from samples import Sample, picture

EXIF = b"Exif\0\0"
TYPES = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i"}


def encoded(image: Image.Image, **options) -> bytes:
    """The image as Pillow writes it."""
    out = io.BytesIO()
    image.save(out, "JPEG", **({"quality": 90} | options))
    return out.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def behind_start(jpeg: bytes, *segments: bytes) -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def orientation(value: int, order: str = "<", type: int = 3, count: int = 1) -> bytes:
    """A TIFF structure that asks for an orientation."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    entry = struct.pack(order + "HHHI", 1, 0x112, type, count) + struct.pack(order + TYPES[type], value).ljust(4, b"\0")
    return head + entry + struct.pack(order + "I", 0)


def without_adobe(jpeg: bytes) -> bytes:
    start = jpeg.index(b"\xff\xee")
    return jpeg[:start] + jpeg[start + 2 + int.from_bytes(jpeg[start + 2 : start + 4], "big") :]


def with_transform(jpeg: bytes, transform: int) -> bytes:
    """With another color transform in the Adobe segment: 2 makes YCCK of CMYK."""
    place = jpeg.index(b"Adobe") + 11
    return jpeg[:place] + bytes([transform]) + jpeg[place + 1 :]


def samplings() -> Iterator[Sample]:
    for width, height in [(1, 1), (7, 5), (16, 16), (33, 17), (130, 70)]:
        image = picture(width, height)
        for name in ("444", "422", "420", "411", "440"):
            factor = getattr(cv2, f"IMWRITE_JPEG_SAMPLING_FACTOR_{name}")
            for progressive in (0, 1):
                options = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, factor, cv2.IMWRITE_JPEG_PROGRESSIVE, progressive]
                jpeg = cv2.imencode(".jpg", np.asarray(image)[:, :, ::-1], options)[1].tobytes()
                yield Sample(f"sampling-{name}-{width}x{height}-{'progressive' if progressive else 'baseline'}.jpg", jpeg)


def codings() -> Iterator[Sample]:
    image = picture(67, 41)
    for quality in (1, 50, 100):
        yield Sample(f"quality-{quality}.jpg", encoded(image, quality=quality))
    for blocks in (1, 3):
        yield Sample(f"restart-{blocks}.jpg", encoded(image, restart_marker_blocks=blocks))
        yield Sample(f"restart-{blocks}-progressive.jpg", encoded(image, restart_marker_blocks=blocks, progressive=True))
    yield Sample("optimized.jpg", encoded(image, optimize=True))


def colors() -> Iterator[Sample]:
    image = picture(67, 41)
    yield Sample("gray.jpg", encoded(image.convert("L")))
    yield Sample("gray-progressive.jpg", encoded(image.convert("L"), progressive=True))
    yield Sample("rgb.jpg", encoded(image, keep_rgb=True))
    for name, options in [("", {}), ("-progressive", {"progressive": True}), ("-420", {"subsampling": 2})]:
        cmyk = encoded(picture(67, 41, channels=4), **options)
        ycck = with_transform(cmyk, 2)
        opencv = "OpenCV rounds ink times paper down, and its bits to 256ths; Pillow rounds to the nearest"
        yield Sample(f"cmyk{name}.jpg", cmyk, opencv=opencv)
        yield Sample(f"ycck{name}.jpg", ycck, opencv=opencv)
        yield Sample(f"cmyk{name}-without-adobe.jpg", without_adobe(cmyk), opencv=opencv)
        yield Sample(f"ycck{name}-without-adobe.jpg", without_adobe(ycck), opencv=opencv)


def orientations() -> Iterator[Sample]:
    jpeg = encoded(picture(48, 32))
    for order, name in [("<", "little"), (">", "big")]:
        for value in range(10):
            yield Sample(f"exif-{value}-{name}.jpg", behind_start(jpeg, segment(0xE1, EXIF + orientation(value, order))))
        for type in TYPES:
            opencv = "OpenCV takes any type for SHORT" if type in (1, 4, 6, 9) else None
            file = behind_start(jpeg, segment(0xE1, EXIF + orientation(6, order, type)))
            yield Sample(f"exif-type-{type}-{name}.jpg", file, opencv=opencv)
    first, second = segment(0xE1, EXIF + orientation(1)), segment(0xE1, EXIF + orientation(6))
    yield Sample("exif-twice-first.jpg", behind_start(jpeg, second, first))
    yield Sample("exif-twice-second.jpg", behind_start(jpeg, first, second))
    yield Sample("exif-behind-comment.jpg", behind_start(jpeg, segment(0xFE, b"a comment"), second))
    yield Sample("exif-no-entries.jpg", behind_start(jpeg, segment(0xE1, EXIF + orientation(6, count=0))), opencv="OpenCV takes any count for one")
    yield Sample("exif-list.jpg", behind_start(jpeg, segment(0xE1, EXIF + orientation(6, count=2))))
    yield Sample("exif-cut.jpg", behind_start(jpeg, segment(0xE1, EXIF + orientation(6)[:14])))
    yield Sample("exif-other.jpg", behind_start(jpeg, segment(0xE1, b"Exif\0\xff" + orientation(6))))
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation="6"/>'
    yield Sample("xmp.jpg", behind_start(jpeg, segment(0xE1, xmp)), pillow="Pillow takes an orientation in XMP too, OpenCV does not")


def surroundings() -> Iterator[Sample]:
    jpeg = encoded(picture(48, 32), icc_profile=b"\0" * 400)
    plain, progressive = encoded(picture(48, 32)), encoded(picture(48, 32), progressive=True)
    frame = plain.index(b"\xff\xc0")
    yield Sample("icc.jpg", jpeg)
    yield Sample("trailing-zeros.jpg", plain + b"\0" * 1000)
    yield Sample("trailing-image.jpg", plain + encoded(picture(9, 9)))
    yield Sample("fill-bytes.jpg", plain[:frame] + b"\xff\xff\xff" + plain[frame:])
    # Pillow and OpenCV read some of these and not others: their decoders wait for bytes behind the last ones that they need.
    yield Sample("no-end.jpg", plain[:-2], like=plain)
    yield Sample("half-an-end.jpg", plain[:-1], like=plain)
    yield Sample("cut.jpg", plain[:-20], refused=True)
    yield Sample("cut-progressive.jpg", progressive[:-20], refused=True)
    yield Sample("thumbnail.jpg", behind_start(plain, segment(0xE1, EXIF + orientation(1) + encoded(picture(8, 8)))))


def samples() -> Iterator[Sample]:
    for make in (samplings, codings, colors, orientations, surroundings):
        yield from make()
