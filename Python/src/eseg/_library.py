"""libeseg's functions and structs, as eseg.h declares them."""

import ctypes
import functools
import struct
from ctypes import POINTER, c_char, c_char_p, c_double, c_float, c_int, c_int32, c_int64, c_size_t, c_ssize_t, c_uint8, c_void_p

from ._bundle import LIBRARY
from ._errors import ArgumentError, Error

_INVALID_ARGUMENT, _NO_MEMORY = 1, 3

FORMATS = {"rgb": 0, "bgr": 1, "rgba": 2, "bgra": 3, "gray": 4, "nv12": 5, "yuyv": 6}


class Failure(ctypes.Structure):
    """eseg_error"""

    _fields_ = [("status", c_int), ("message", c_char * 1020)]


class ModelOptions(ctypes.Structure):
    """eseg_model_options"""

    _fields_ = [("isa", c_char_p)]


class ModelInfo(ctypes.Structure):
    """eseg_model_info"""

    _fields_ = [
        ("name", c_char_p),
        ("isa", c_char_p),
        ("classes", c_int32),
        ("width", c_int32),
        ("height", c_int32),
        ("least_side", c_int32),
        ("greatest_side", c_int32),
        ("mean", c_float * 3),
        ("std", c_float * 3),
        ("logit_scale", c_float),
        ("doubt_margin", c_float),
        ("doubtful_share", c_float),
    ]


class ClassInfo(ctypes.Structure):
    """eseg_class"""

    _fields_ = [("name", c_char_p), ("red", c_uint8), ("green", c_uint8), ("blue", c_uint8)]


class SessionOptions(ctypes.Structure):
    """eseg_session_options"""

    _fields_ = [
        ("width", c_int32),
        ("height", c_int32),
        ("input_width", c_int32),
        ("input_height", c_int32),
        ("threads", c_int32),
        ("cpus", c_char_p),
    ]


class Image(ctypes.Structure):
    """eseg_image"""

    _fields_ = [
        ("format", c_int),
        ("width", c_int32),
        ("height", c_int32),
        ("planes", c_void_p * 2),
        ("strides", c_ssize_t * 2),
    ]


class Result(ctypes.Structure):
    """eseg_result"""

    _fields_ = [
        ("classes", c_void_p),
        ("classes_stride", c_ssize_t),
        ("doubt", c_void_p),
        ("doubt_stride", c_ssize_t),
        ("logits", c_void_p),
        ("logit_count", c_size_t),
    ]


class Arguments(ctypes.Structure):
    """What eseg_segment takes, in one place."""

    _fields_ = [("image", Image), ("result", Result)]


#: Its values, in the order of their fields.
ARGUMENTS = struct.Struct("@iii PP nn Pn Pn PN")


class SessionInfo(ctypes.Structure):
    """eseg_session_info"""

    _fields_ = [
        ("width", c_int32),
        ("height", c_int32),
        ("input_width", c_int32),
        ("input_height", c_int32),
        ("threads", c_int32),
        ("logit_width", c_int32),
        ("logit_height", c_int32),
        ("layers", c_int32),
        ("bytes", c_size_t),
        ("milliseconds", c_double),
        ("doubtful_share", c_double),
    ]


class LayerInfo(ctypes.Structure):
    """eseg_layer"""

    _fields_ = [("name", c_char_p), ("kind", c_char_p), ("macs", c_int64), ("bytes", c_int64), ("milliseconds", c_double)]


_FUNCTIONS = {
    "eseg_model_open": (c_int, [c_char_p, POINTER(ModelOptions), POINTER(c_void_p), POINTER(Failure)]),
    "eseg_model_open_memory": (c_int, [c_char_p, c_size_t, POINTER(ModelOptions), POINTER(c_void_p), POINTER(Failure)]),
    "eseg_model_close": (None, [POINTER(c_void_p)]),
    "eseg_model_describe": (c_int, [c_void_p, POINTER(ModelInfo), POINTER(Failure)]),
    "eseg_model_class": (c_int, [c_void_p, c_int32, POINTER(ClassInfo), POINTER(Failure)]),
    "eseg_session_open": (c_int, [c_void_p, POINTER(SessionOptions), POINTER(c_void_p), POINTER(Failure)]),
    "eseg_session_close": (None, [POINTER(c_void_p)]),
    "eseg_segment": (c_int, [c_void_p, POINTER(Image), POINTER(Result), POINTER(Failure)]),
    "eseg_session_describe": (c_int, [c_void_p, POINTER(SessionInfo), POINTER(Failure)]),
    "eseg_session_layer": (c_int, [c_void_p, c_int32, POINTER(LayerInfo), POINTER(Failure)]),
}


@functools.cache
def library() -> ctypes.CDLL:
    """libeseg, loaded once. While one of its functions runs, other Python threads do too."""
    loaded = ctypes.CDLL(str(LIBRARY))
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, arguments
    return loaded


def check(failure: Failure, status: int) -> None:
    """Raises what a function that returned ``status`` wrote to ``failure``."""
    if status == 0:
        return
    text = failure.message.decode(errors="replace").removeprefix("options.")
    if status == _NO_MEMORY:
        raise MemoryError(text)
    raise (ArgumentError if status == _INVALID_ARGUMENT else Error)(text)
