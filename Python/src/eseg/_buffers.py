"""Memory of arrays, borrowed by CPython's buffer protocol."""

import ctypes
from ctypes import POINTER, c_char_p, c_int, c_ssize_t, c_void_p, py_object

#: What is asked of an array: rows at any distance, and to be written to.
READABLE, WRITABLE = 0x18, 0x19


class Buffer(ctypes.Structure):
    """Py_buffer, as CPython's stable interface has it."""

    _fields_ = [
        ("address", c_void_p),
        ("owner", c_void_p),
        ("length", c_ssize_t),
        ("itemsize", c_ssize_t),
        ("readonly", c_int),
        ("ndim", c_int),
        ("format", c_char_p),
        ("shape", c_void_p),
        ("strides", c_void_p),
        ("suboffsets", c_void_p),
        ("internal", c_void_p),
    ]


_python = ctypes.PyDLL(None)

#: Borrows an object's memory, which neither moves nor goes until it is given back.
borrow = _python["PyObject_GetBuffer"]
borrow.argtypes, borrow.restype = (py_object, POINTER(Buffer), c_int), c_int

#: Gives it back; nothing happens where nothing is borrowed.
give_back = _python["PyBuffer_Release"]
give_back.argtypes, give_back.restype = (POINTER(Buffer),), None
