"""Writes images and streams, and the pixels that Pillow, OpenCV and ffmpeg make of them.

For each image: its file and, unless it is to be refused, NAME.rgb (bytes, height x width x RGB). For each stream: NAME and
NAME.frames, the frames' pixels one after the other. samples.json lists them. Where Pillow and OpenCV differ, the file's sample
must say why, and where ffmpeg finds other frames too: a difference without a reason ends this with status 1.
"""
from __future__ import annotations

import argparse
import io
import json
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

import jpegs
import pngs
from samples import Sample
from streams import Stream, streams


def by_pillow(file: bytes) -> np.ndarray | None:
    try:
        return np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(file))).convert("RGB"))
    except Exception:
        return None


def by_opencv(file: bytes) -> np.ndarray | None:
    image = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_COLOR)
    return None if image is None else image[:, :, ::-1]


def same(a: np.ndarray | None, b: np.ndarray | None) -> bool:
    return (a is None) == (b is None) and (a is None or np.array_equal(a, b))


def write_image(folder: Path, sample: Sample) -> tuple[dict, list[str]]:
    """Writes an image's files; returns its entry and what is wrong with its sample."""
    file = sample.like or sample.file
    pillow, opencv = by_pillow(file), by_opencv(file)
    expected = opencv if sample.pillow else pillow
    problems = []
    if not sample.refused:
        if expected is None:
            problems.append(f"{sample.name}: its reference does not read it")
        if not (sample.pillow or sample.opencv) and not same(pillow, opencv):
            problems.append(f"{sample.name}: Pillow and OpenCV differ")
    (folder / sample.name).write_bytes(sample.file)
    entry = {"name": sample.name, "refused": sample.refused, "width": 0, "height": 0}
    if not sample.refused and expected is not None:
        entry |= {"width": expected.shape[1], "height": expected.shape[0]}
        (folder / f"{sample.name}.rgb").write_bytes(np.ascontiguousarray(expected).tobytes())
    return entry, problems


def count_by_ffmpeg(stream: Stream) -> int:
    format = "yuv4mpegpipe" if stream.name.startswith("y4m") else "mjpeg"
    command = ["ffmpeg", "-v", "quiet", "-f", format, "-i", "-", "-f", "framemd5", "-"]
    lines = subprocess.run(command, input=stream.data, capture_output=True, check=False).stdout.decode().splitlines()
    return sum(not line.startswith("#") for line in lines)


def write_stream(folder: Path, stream: Stream) -> tuple[dict, list[str]]:
    problems = []
    if stream.as_ffmpeg and shutil.which("ffmpeg"):
        count = count_by_ffmpeg(stream)
        if count != len(stream.frames):
            problems.append(f"{stream.name}: ffmpeg finds {count} frames, {len(stream.frames)} are expected")
    (folder / stream.name).write_bytes(stream.data)
    (folder / f"{stream.name}.frames").write_bytes(b"".join(np.ascontiguousarray(frame).tobytes() for frame in stream.frames))
    sizes = [[frame.shape[1], frame.shape[0]] for frame in stream.frames]
    entry = {"name": stream.name, "raw": stream.raw, "tolerance": stream.tolerance, "damaged": stream.damaged, "sizes": sizes}
    return entry, problems


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    images = [write_image(folder, sample) for make in (jpegs.samples, pngs.samples) for sample in make()]
    found = [write_stream(folder, stream) for stream in streams()]
    entries = {"images": [entry for entry, _ in images], "streams": [entry for entry, _ in found]}
    (folder / "samples.json").write_text(json.dumps(entries, indent=1) + "\n")
    print(f"{len(images)} images and {len(found)} streams in {folder}")
    problems = [problem for _, problems in images + found for problem in problems]
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
