"""Frames of a program's own as the folders of files that eseg reads."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ._errors import refused
from ._images import Image, picture
from ._png import png

Folder = str | os.PathLike[str]
Order = Literal["rgb", "bgr"]
#: A folder of JPEG and PNG files, or images: arrays, PIL images, paths.
Frames = Folder | Iterable[Image]
Labels = npt.NDArray[np.uint8] | Folder
#: A folder with ``images`` and ``labels``, or of images alone; or images, or pairs of an image and its labels, height × width of classes.
LabeledFrames = Folder | Iterable[Image] | Iterable[tuple[Image, Labels]]


@contextmanager
def folder_of(frames: Frames | LabeledFrames, format: Order) -> Iterator[tuple[str, int | None]]:
    """A folder that holds the frames as files, and how many they are, where it is made for them; then it is removed in the end."""
    if isinstance(frames, (str, os.PathLike)):
        yield os.fspath(frames), None
        return
    if format not in ("rgb", "bgr"):
        raise refused("format", repr(format), "'rgb' or 'bgr'")
    with tempfile.TemporaryDirectory(prefix="eseg-") as folder:
        yield folder, _write(frames, format, Path(folder))


def _write(frames: Any, format: Order, folder: Path) -> int:
    """Writes frames as they come; those with labels into folders of their own. Returns how many there were."""
    count, is_labeled = 0, False
    for each in frames:
        pair = each if isinstance(each, tuple) else (each,)
        if count == 0:
            is_labeled = len(pair) == 2
            for name in ("images", "labels") if is_labeled else ():
                (folder / name).mkdir()
        if len(pair) != 1 + is_labeled:
            raise refused("frames", f"a tuple of {len(pair)}", "pairs of image and labels" if is_labeled else "images, as the first is one")
        name = f"{count:06}"
        _write_image(pair[0], format, folder / "images" / name if is_labeled else folder / name)
        if is_labeled:
            _write_labels(pair[1], folder / "labels" / name)
        count += 1
    if count == 0:
        raise refused("frames", "none", "at least one")
    return count


def _write_image(image: Image, format: Order, path: Path) -> None:
    """Files are linked to, not read: the program takes them as they are."""
    if isinstance(image, (str, os.PathLike)):
        return _link(image, path)
    pixels = picture(image, format)
    if pixels.ndim == 3:
        pixels = pixels[..., 0] if pixels.shape[2] == 1 else pixels[..., :3] if format == "rgb" else pixels[..., 2::-1]
    path.with_suffix(".png").write_bytes(png(pixels))


def _write_labels(labels: Labels, path: Path) -> None:
    if isinstance(labels, (str, os.PathLike)):
        return _link(labels, path)
    if not isinstance(labels, np.ndarray) or labels.dtype != np.uint8 or labels.ndim != 2:
        found = f"{labels.ndim} dimensions of {labels.dtype}" if isinstance(labels, np.ndarray) else f"a {type(labels).__name__}"
        raise refused("labels", found, "an array of uint8, height × width")
    path.with_suffix(".png").write_bytes(png(labels))


def _link(file: Folder, path: Path) -> None:
    file = Path(file).absolute()
    path.with_suffix(file.suffix).symlink_to(file)
