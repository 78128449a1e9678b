"""The eseg program that comes with the package."""

import os
import re
import subprocess
import warnings
from collections.abc import Callable, Sequence
from typing import IO

import numpy as np
import numpy.typing as npt

from ._bundle import PROGRAM
from ._errors import Error, refused

#: Is called with a stage of the work, such as "calibrating", and how many of how many steps of it are done.
Progress = Callable[[str, int, int], None]
Option = bool | float | str | os.PathLike[str] | Sequence[float | str] | None

_STEP = re.compile(r"(.+) (\d+)/(\d+)")
_WARNING, _ERROR = "eseg: warning: ", "eseg: error: "


def run(command: str, paths: Sequence[str | os.PathLike[str]], options: dict[str, Option], progress: Progress | None) -> None:
    """Runs a command of the program, and ends it where what it tells is not wanted any more.

    Raises `Error` where the command fails; what it warns of is a warning here.
    """
    arguments = [str(PROGRAM), command, *_texts(options)]
    if progress:
        arguments.append("--progress=lines")
    arguments += ["--", *(os.fspath(path) for path in paths)]
    _refuse_zeros(arguments)
    child = subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
    with child:
        try:
            errors = _listen(child.stderr, progress) if child.stderr else []
        except BaseException:
            child.terminate()
            child.wait()
            raise
    if child.returncode:
        raise _failure(command, errors, child.returncode)


def decoded(path: str) -> npt.NDArray[np.uint8]:
    """The pixels of a JPEG or PNG file, height × width × 3, as the program reads them."""
    arguments = [str(PROGRAM), "decode", "--", path]
    _refuse_zeros(arguments)
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        raise _failure("decode", _without_prefix(done.stderr.decode(errors="replace").splitlines()), done.returncode)
    _, size, _, pixels = done.stdout.split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(pixels, np.uint8).reshape(height, width, 3)


def _texts(options: dict[str, Option]) -> list[str]:
    """Options as the program takes them; None and False are not given, and lists once for each element."""
    texts = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            texts.append(flag)
        elif isinstance(value, (str, int, float, os.PathLike)):
            texts.append(f"{flag}={os.fspath(value) if isinstance(value, os.PathLike) else value}")
        else:
            texts += [f"{flag}={element}" for element in value]
    return texts


def _refuse_zeros(arguments: Sequence[str]) -> None:
    for argument in arguments:
        if "\0" in argument:
            raise refused("argument", repr(argument), "a text without zero bytes")


def _listen(errors: IO[str], progress: Progress | None) -> list[str]:
    """Passes on what the program tells while it works, and returns the rest: its errors."""
    rest = []
    for line in errors:
        line = line.rstrip("\n")
        if line.startswith(_WARNING):
            warnings.warn(line.removeprefix(_WARNING), stacklevel=4)
        elif progress and (step := _STEP.fullmatch(line)):
            progress(step[1], int(step[2]), int(step[3]))
        else:
            rest.append(line)
    return _without_prefix(rest)


def _without_prefix(lines: Sequence[str]) -> list[str]:
    """The errors among the lines, or where there are none all of them, as of a wrong option."""
    return [line.removeprefix(_ERROR) for line in lines if line.startswith(_ERROR)] or list(lines)


def _failure(command: str, errors: Sequence[str], status: int) -> Error:
    if status < 0:
        return Error(f"eseg {command}: found signal {-status}, expected it to go on")
    return Error("\n".join(errors) or f"eseg {command}: found status {status} and no word why, expected 0")
