"""A model laid out for images of one size."""

import ctypes
import threading
from ctypes import byref
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self, overload

import numpy as np
import numpy.typing as npt

from . import _library
from ._buffers import READABLE, WRITABLE, Buffer, borrow, give_back
from ._errors import Error, refused
from ._images import UINT8, Format, Frame, Image, Pixels, frame, has_packed_rows


@dataclass(frozen=True)
class Segmentation:
    """An image's class map, and what else was asked for."""

    #: Class of each pixel, height × width.
    classes: Pixels
    #: Doubt of each pixel, height × width: 255 where two classes are equally likely, 128 and more where the class is doubtful.
    doubt: Pixels | None
    #: Share of the pixels that are doubtful, 0 to 1.
    doubtful_share: float | None
    #: Logits before upsampling, height × width × classes, in steps of the model's ``logit_scale``.
    logits: npt.NDArray[np.int16] | None


@dataclass(frozen=True)
class LayerTime:
    """A step of the network, and how long it took of the last image."""

    name: str
    #: What is fused in it.
    kind: str
    #: Multiply-accumulates of an image.
    macs: int
    #: Bytes of the maps and weights that it reads and writes.
    bytes: int
    milliseconds: float


class Session:
    """A model laid out for images of one size, with memory and threads of its own: ``Model.session`` makes it.

    Threads may share it; one of them segments at a time, and others wait.
    """

    def __init__(self, handle: ctypes.c_void_p, classes: int) -> None:
        self._handle = handle
        #: Held by who segments.
        self.lock = threading.Lock()
        #: Whether it is to be closed by who has it.
        self.is_unwanted = False
        self._call = _library.library().eseg_segment
        # What a call takes, and the memory borrowed for it, kept from one to the next.
        self._arguments = _library.Arguments()
        self._pack = _library.ARGUMENTS.pack_into
        self._failure = _library.Failure()
        self._pointers = handle, byref(self._arguments.image), byref(self._arguments.result), byref(self._failure)
        self._image, self._classes = Buffer(), Buffer()
        info = self._describe()
        #: Width and height of its images.
        self.size: tuple[int, int] = info.width, info.height
        #: Width and height that images are resized to for the network.
        self.input_size: tuple[int, int] = info.input_width, info.input_height
        self.threads: int = info.threads
        #: Bytes of memory that the session and its model hold.
        self.bytes: int = info.bytes
        self._layer_count: int = info.layers
        self._logit_shape = info.logit_height, info.logit_width, classes

    @overload
    def segment(
        self, image: Image, *, format: Format = ..., doubt: Literal[False] = ..., logits: Literal[False] = ..., out: Pixels | None = ...
    ) -> Pixels: ...

    @overload
    def segment(
        self, image: Image, *, format: Format = ..., doubt: bool = ..., logits: bool = ..., out: Pixels | None = ...
    ) -> Pixels | Segmentation: ...

    def segment(
        self, image: Image, *, format: Format = "rgb", doubt: bool = False, logits: bool = False, out: Pixels | None = None
    ) -> Pixels | Segmentation:
        """Segments an image of the session's size, as ``Model.segment`` does."""
        seen = frame(image, format)
        with self.lock:
            return self.run(seen, doubt, logits, out)

    def run(self, image: Frame, doubt: bool, logits: bool, out: Pixels | None) -> Pixels | Segmentation:
        """Segments an image, with the maps that are asked for; who calls it holds the lock."""
        classes = np.empty((image.height, image.width), UINT8) if out is None else _usable(out, image)
        if not (doubt or logits):
            self._segment(image, classes, 0, 0, 0)
            return classes
        doubts = np.empty(classes.shape, UINT8) if doubt else None
        values = np.empty(self._logit_shape, np.int16) if logits else None
        self._segment(
            image, classes, 0 if doubts is None else _address(doubts),
            0 if values is None else _address(values), 0 if values is None else values.size)
        return Segmentation(classes, doubts, self._describe().doubtful_share if doubt else None, values)

    def _segment(self, image: Frame, classes: Pixels, doubts: int, logits: int, logit_count: int) -> None:
        """Segments an image to where classes, doubt and logits are to go: little code, as a network leaves none of it in the caches."""
        if not self._handle:
            raise _closed()
        format, width, height, pixels, upper_rows = image
        read, written = self._image, self._classes
        stride = pixels.strides[0]
        try:
            borrow(pixels, read, READABLE)
            borrow(classes, written, WRITABLE)
            address = read.address
            self._pack(
                self._arguments, 0, format, width, height, address, address + upper_rows * stride, stride, stride,
                written.address, classes.strides[0], doubts, width, logits, logit_count)
            status = self._call(*self._pointers)
        finally:
            give_back(read)
            give_back(written)
        if status:
            _library.check(self._failure, status)

    @property
    def milliseconds(self) -> float:
        """How long the last image took, conversion and resizing included; 0 before the first."""
        with self.lock:
            self._require_open()
            taken: float = self._describe().milliseconds
            return taken

    @property
    def layers(self) -> tuple[LayerTime, ...]:
        """The network's steps in the order they run, with the times of the last image."""
        with self.lock:
            self._require_open()
            return tuple(map(self._layer, range(self._layer_count)))

    def close(self) -> None:
        """Frees the session's memory; nothing happens where it is closed."""
        with self.lock:
            self._free()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_handle"):
            self._free()

    def _free(self) -> None:
        if self._handle:
            _library.library().eseg_session_close(byref(self._handle))

    def _require_open(self) -> None:
        if not self._handle:
            raise _closed()

    def _describe(self) -> _library.SessionInfo:
        info, failure = _library.SessionInfo(), _library.Failure()
        _library.check(failure, _library.library().eseg_session_describe(self._handle, byref(info), byref(failure)))
        return info

    def _layer(self, index: int) -> LayerTime:
        layer, failure = _library.LayerInfo(), _library.Failure()
        _library.check(failure, _library.library().eseg_session_layer(self._handle, index, byref(layer), byref(failure)))
        return LayerTime(layer.name.decode(), layer.kind.decode(), layer.macs, layer.bytes, layer.milliseconds)


def _closed() -> Error:
    return Error("session: found it closed, expected an open one")


def _usable(out: Pixels, image: Frame) -> Pixels:
    """The array that results are to go to. Raises `ArgumentError` where they cannot."""
    if not isinstance(out, np.ndarray):
        raise refused("out", f"a {type(out).__name__}", "an array")
    if out.dtype != UINT8 or out.shape != (image.height, image.width):
        found = f"{' × '.join(map(str, out.shape))} of {out.dtype}"
        raise refused("out", found, f"{image.height} × {image.width} of uint8, height × width of the image")
    flags, pixels = out.flags, image.pixels
    if not flags.writeable:
        raise refused("out", "an array that is not writable", "a writable one")
    if not has_packed_rows(out):
        raise refused("out", f"an array with strides of {out.strides[0]} and {out.strides[1]} bytes", "rows without gaps")
    has_own_memory = flags.owndata and pixels.flags.owndata and out is not pixels
    if not has_own_memory and np.may_share_memory(out, pixels):
        raise refused("out", "memory of the image", "an array of its own")
    return out


def _address(array: npt.NDArray[Any]) -> int:
    address: int = array.__array_interface__["data"][0]
    return address
