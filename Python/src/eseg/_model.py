"""An int8 network that segments images."""

import os
import threading
from ctypes import byref, c_void_p
from types import TracebackType
from typing import Literal, Self, overload

import numpy as np
import numpy.typing as npt

from . import _library
from ._errors import Error, refused
from ._images import Format, Image, Pixels, frame, picture
from ._pool import SessionPool
from ._session import Segmentation, Session

#: The path of an .eseg file, or its bytes.
Source = str | os.PathLike[str] | bytes | bytearray | memoryview


class Model:
    """An int8 network, from an ``.eseg`` file or its bytes, packed for an instruction set: the CPU's best, unless ``isa`` names another.

    Threads may share a model: each that segments has a session of its own. Closing it, as ``with`` does, frees its memory at once.

    Raises `Error` for a file that is no such network, or not a whole one.
    """

    def __init__(self, source: Source, *, isa: str | None = None) -> None:
        self._handle = _opened(source, isa)
        self._lock = threading.Lock()
        self._sessions = SessionPool()
        info, failure = _library.ModelInfo(), _library.Failure()
        _library.check(failure, _library.library().eseg_model_describe(self._handle, byref(info), byref(failure)))
        classes = [self._class(index) for index in range(info.classes)]
        #: The network's name.
        self.name: str = info.name.decode()
        #: The instruction set whose kernels it runs on; results are the same with each.
        self.isa: str = info.isa.decode()
        #: Names of the classes, by class.
        self.classes: tuple[str, ...] = tuple(each.name.decode() for each in classes)
        #: Red, green and blue of the classes' colors, by class.
        self.palette: Pixels = np.array([(each.red, each.green, each.blue) for each in classes], np.uint8)
        self.palette.flags.writeable = False
        #: Width and height that the network was made for; None where any is as good.
        self.size: tuple[int, int] | None = (info.width, info.height) if info.width else None
        #: The least and the greatest width and height of images that are not resized.
        self.sides: tuple[int, int] = info.least_side, info.greatest_side
        #: Of red, green and blue: what the network reads is (pixel / 255 - mean) / std, as the library makes it.
        self.mean: tuple[float, ...] = tuple(info.mean)
        self.std: tuple[float, ...] = tuple(info.std)
        #: The step of logits.
        self.logit_scale: float = info.logit_scale
        #: Pixels whose best two logits are closer than about this, which differs by their classes, are doubtful.
        self.doubt_margin: float = info.doubt_margin
        #: Share of the doubtful pixels in calibration's frames; None where that was not measured.
        self.doubtful_share: float | None = info.doubtful_share if info.doubtful_share >= 0 else None

    @overload
    def segment(
        self,
        image: Image,
        *,
        format: Format = ...,
        size: tuple[int, int] | None = ...,
        threads: int | None = ...,
        doubt: Literal[False] = ...,
        logits: Literal[False] = ...,
        out: Pixels | None = ...,
    ) -> Pixels: ...

    @overload
    def segment(
        self,
        image: Image,
        *,
        format: Format = ...,
        size: tuple[int, int] | None = ...,
        threads: int | None = ...,
        doubt: Literal[True],
        logits: bool = ...,
        out: Pixels | None = ...,
    ) -> Segmentation: ...

    @overload
    def segment(
        self,
        image: Image,
        *,
        format: Format = ...,
        size: tuple[int, int] | None = ...,
        threads: int | None = ...,
        doubt: bool = ...,
        logits: Literal[True],
        out: Pixels | None = ...,
    ) -> Segmentation: ...

    def segment(
        self,
        image: Image,
        *,
        format: Format = "rgb",
        size: tuple[int, int] | None = None,
        threads: int | None = None,
        doubt: bool = False,
        logits: bool = False,
        out: Pixels | None = None,
    ) -> Pixels | Segmentation:
        """The class of each pixel of an image: an array of uint8, height × width.

        An image is an array of uint8, height × width × 3 or 4, or height × width where it is gray; a PIL image; or the path of a JPEG or PNG
        file. Arrays are read where they are if the bytes of each row lie one after the other, whatever is between rows, and copied otherwise.

        - ``format``: of arrays; ``"bgr"`` as OpenCV has them, or a camera's ``"nv12"`` (height · 3/2 × width) and ``"yuyv"`` (height × width × 2).
        - ``size``: width and height that the image is resized to for the network, instead of those that it was made for or the image's own.
        - ``threads``: 1 to 256, instead of one for each of the fastest CPUs that the process may use.
        - ``doubt``, ``logits``: also asks for these; what is returned is then a `Segmentation`.
        - ``out``: an array for the classes, which is returned.

        Raises `ArgumentError` for what cannot be, and `Error` for files that cannot be read and where the system lacks threads.
        """
        seen = frame(image, format)
        if size is not None:
            _require_sides("size", size)
        options = seen.width, seen.height, size, threads
        session = self._sessions.take(options)
        if session is None:
            session = self._sessions.add(options, self.session((seen.width, seen.height), input_size=size, threads=threads))
        try:
            return session.run(seen, doubt, logits, out)
        finally:
            self._sessions.give_back(session)

    def session(
        self, size: tuple[int, int], *, input_size: tuple[int, int] | None = None, threads: int | None = None, cpus: str | None = None
    ) -> Session:
        """A session of the caller's own, for images of ``size``, width and height.

        ``input_size`` is what they are resized to for the network; ``cpus`` are CPUs to pin its threads to, such as ``"4-7"``.
        """
        options = _session_options(size, input_size, threads, cpus)
        handle, failure = c_void_p(), _library.Failure()
        with self._lock:
            if not self._handle:
                raise Error("model: found it closed, expected an open one")
            status = _library.library().eseg_session_open(self._handle, byref(options), byref(handle), byref(failure))
        _library.check(failure, status)
        return Session(handle, len(self.classes))

    def overlay(self, image: Image, classes: Pixels, *, format: Literal["rgb", "bgr"] = "rgb", opacity: float = 0.5) -> Pixels:
        """The classes' colors over an image, as ``eseg run`` shows them: an array of uint8, height × width × 3, in the image's format.

        An ``opacity`` of 1 hides the image.
        """
        if format not in ("rgb", "bgr"):
            raise refused("format", repr(format), "'rgb' or 'bgr'")
        if not 0 <= opacity <= 1:
            raise refused("opacity", opacity, "0 to 1")
        pixels = picture(image, format)
        pixels = pixels[..., :3] if pixels.ndim == 3 else pixels[..., None]
        self._require_classes(classes, pixels.shape[:2])
        alpha = round(256 * opacity)
        colors = self.palette if format == "rgb" else self.palette[:, ::-1]
        tints = colors.astype(np.uint16) * alpha + 128
        blended = (pixels.astype(np.uint16) * (256 - alpha) + tints[classes]) >> 8
        return blended.astype(np.uint8)

    def close(self) -> None:
        """Frees the model's memory, once other threads are done with it; nothing happens where it is closed."""
        self._sessions.close()
        with self._lock:
            if self._handle:
                _library.library().eseg_model_close(byref(self._handle))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_sessions"):
            self.close()

    def __repr__(self) -> str:
        return f"<eseg.Model {self.name}: {len(self.classes)} classes, {self.isa}>"

    def _class(self, index: int) -> _library.ClassInfo:
        info, failure = _library.ClassInfo(), _library.Failure()
        _library.check(failure, _library.library().eseg_model_class(self._handle, index, byref(info), byref(failure)))
        return info

    def _require_classes(self, classes: Pixels, shape: tuple[int, ...]) -> None:
        if not isinstance(classes, np.ndarray) or classes.dtype != np.uint8:
            raise refused("classes", f"{getattr(classes, 'dtype', type(classes).__name__)}", "an array of uint8")
        if classes.shape != shape:
            raise refused("classes", " × ".join(map(str, classes.shape)), f"{' × '.join(map(str, shape))}, as the image")
        if classes.max(initial=0) >= len(self.classes):
            raise refused("classes", classes.max(), f"0 to {len(self.classes) - 1}")


def _opened(source: Source, isa: str | None) -> c_void_p:
    handle, failure, library = c_void_p(), _library.Failure(), _library.library()
    options = byref(_library.ModelOptions(_text("isa", isa)))
    if isinstance(source, (bytes, bytearray, memoryview)):
        content = bytes(source)
        status = library.eseg_model_open_memory(content, len(content), options, byref(handle), byref(failure))
    elif isinstance(source, (str, os.PathLike)):
        status = library.eseg_model_open(_text("path", os.fsdecode(source)), options, byref(handle), byref(failure))
    else:
        raise refused("source", f"a {type(source).__name__}", "a path or bytes")
    _library.check(failure, status)
    return handle


def _session_options(
    size: tuple[int, int], input_size: tuple[int, int] | None, threads: int | None, cpus: str | None
) -> _library.SessionOptions:
    """What a session is asked for. Raises `ArgumentError` for what they cannot hold."""
    _require_sides("size", size)
    if input_size is not None:
        _require_sides("input_size", input_size)
    if threads is not None and not _is_count(threads):
        raise refused("threads", repr(threads), "1 to 256")
    return _library.SessionOptions(*size, *(input_size or (0, 0)), threads or 0, _text("cpus", cpus))


def _require_sides(name: str, sides: object) -> None:
    if not (isinstance(sides, tuple) and len(sides) == 2 and all(_is_count(side) for side in sides)):
        raise refused(name, repr(sides), "width and height")


def _is_count(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and 1 <= int(value) < 2**31


def _text(name: str, text: str | None) -> bytes | None:
    if text is None:
        return None
    if not isinstance(text, str) or "\0" in text:
        raise refused(name, repr(text), "a text without zero bytes")
    return os.fsencode(text)
