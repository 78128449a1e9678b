"""Images as the library takes them: memory with rows at equal distances."""

import os
import sys
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from ._errors import refused
from ._library import FORMATS
from ._program import decoded

Format = Literal["rgb", "bgr", "nv12", "yuyv"]
Pixels = npt.NDArray[np.uint8]

UINT8 = np.dtype(np.uint8)


class ArrayLike(Protocol):
    """What NumPy can take as an array, such as a PIL image or a tensor on the CPU."""

    def __array__(self) -> npt.NDArray[Any]: ...


#: An array, a PIL image, or the path of a JPEG or PNG file.
Image = npt.NDArray[Any] | ArrayLike | str | os.PathLike[str]


class Frame(NamedTuple):
    """An image in memory: rows of uint8 without gaps between their bytes."""

    format: int
    width: int
    height: int
    pixels: Pixels
    #: Rows above those of a second plane; 0 where there is one plane.
    upper_rows: int = 0


def frame(image: Image, format: Format = "rgb") -> Frame:
    """An image as memory, without a copy where its layout allows that.

    Raises `ArgumentError` where it is none of its format, and `Error` for a file that cannot be read.
    """
    if type(image) is np.ndarray and image.ndim == 3 and image.dtype is UINT8 and image.flags.c_contiguous:
        # What most images are: little code, as each line of it is read from memory again after a network.
        height, width, channels = image.shape
        if channels == 3 and (format == "rgb" or format == "bgr"):
            return Frame(FORMATS[format], width, height, image)
    if format not in ("rgb", "bgr", "nv12", "yuyv"):
        raise refused("format", repr(format), "'rgb', 'bgr', 'nv12' or 'yuyv'")
    if format in ("rgb", "bgr"):
        return _rgb(picture(image, format), format)
    array = _array(image)
    return _nv12(array) if format == "nv12" else _yuyv(array)


def picture(image: Image, format: Literal["rgb", "bgr"]) -> Pixels:
    """An image as an array of height × width × 1, 3 or 4, or of height × width where it is gray."""
    if not isinstance(image, np.ndarray):
        if isinstance(image, (str, os.PathLike)):
            _require_rgb(format, "a file")
            return decoded(os.fspath(image))
        if _is_pil(image):
            _require_rgb(format, "a PIL image")
            image = _plain(image)
    array = _array(image)
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise refused("image", f"an array of {_shape(array)}", "height × width, with 1, 3 or 4 channels")
    return array


def _require_rgb(format: str, kind: str) -> None:
    if format != "rgb":
        raise refused("format", f"{format!r} of {kind}", "'rgb'")


def _is_pil(image: object) -> bool:
    pil = sys.modules.get("PIL.Image")
    return pil is not None and isinstance(image, pil.Image)


def _plain(image: Any) -> ArrayLike:
    """A PIL image whose samples are gray, or red, green and blue."""
    plain: ArrayLike = image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGB")
    return plain


def _array(image: Image) -> Pixels:
    if not (isinstance(image, np.ndarray) or hasattr(image, "__array__") or hasattr(image, "__array_interface__")):
        raise refused("image", f"a {type(image).__name__}", "an array, a PIL image or a path")
    array = np.asarray(image)
    if array.dtype != np.uint8:
        raise refused("image", f"an array of {array.dtype}", "one of uint8")
    return array


def _rgb(array: Pixels, format: str) -> Frame:
    channels = array.shape[2] if array.ndim == 3 else 1
    name = {1: "gray", 3: format, 4: format + "a"}[channels]
    return Frame(FORMATS[name], array.shape[1], array.shape[0], _packed(array))


def _nv12(array: Pixels) -> Frame:
    """Luma of all rows, then chroma of every other, as OpenCV and cameras lay it out."""
    if array.ndim != 2 or array.shape[0] % 3 or array.shape[1] % 2:
        raise refused("image", f"an array of {_shape(array)}", "height · 3/2 × width for 'nv12', both even")
    height = array.shape[0] // 3 * 2
    return Frame(FORMATS["nv12"], array.shape[1], height, _packed(array), upper_rows=height)


def _yuyv(array: Pixels) -> Frame:
    if array.ndim != 3 or array.shape[2] != 2 or array.shape[1] % 2:
        raise refused("image", f"an array of {_shape(array)}", "height × width × 2 for 'yuyv', of an even width")
    return Frame(FORMATS["yuyv"], array.shape[1], array.shape[0], _packed(array))


def _packed(array: Pixels) -> Pixels:
    """The array, or a copy where rows have gaps between their bytes or lie over one another."""
    return array if has_packed_rows(array) else np.ascontiguousarray(array)


def has_packed_rows(array: npt.NDArray[Any]) -> bool:
    """Whether each row's bytes lie one after the other, and rows apart from one another."""
    if array.flags.c_contiguous:
        return True
    size = array.itemsize
    for length, stride in zip(array.shape[:0:-1], array.strides[:0:-1]):
        if length > 1 and stride != size:
            return False
        size *= length
    return len(array) < 2 or abs(array.strides[0]) >= size


def _shape(array: npt.NDArray[Any]) -> str:
    return " × ".join(map(str, array.shape)) or "no dimensions"
