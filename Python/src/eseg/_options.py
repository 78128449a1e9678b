"""What functions that run the program take, as its options."""

import os
from collections.abc import Sequence
from typing import Any, Literal, TypedDict

from ._errors import refused
from ._program import Option

File = str | os.PathLike[str]
#: One number for all channels, or three.
Channels = float | Sequence[float]


class Settings(TypedDict, total=False):
    """Keyword arguments of all functions that read weights."""

    # Of ONNX files, which do not hold these:

    #: The mean of pixel / 255 that is subtracted from the input, at most 1; 0 where the graph does it.
    mean: Channels
    #: The standard deviation that the input is then divided by; 1 where the graph does it.
    std: Channels
    #: The order in which the input has a pixel's channels, and in which ``mean`` and ``std`` are.
    channel_order: Literal["rgb", "bgr"]
    #: The output that is the network's, instead of the first.
    output_name: str
    #: Of a network with one output channel: the foreground is where it is greater.
    threshold: float

    # How kernels are run:

    #: 1 to 256, instead of one for each of the fastest CPUs.
    threads: int
    #: CPUs to run on and to pin the threads to, such as ``"4-7"``.
    cpus: str
    #: The instruction set, instead of the best.
    isa: str


def options(given: Settings) -> dict[str, Option]:
    """The program's options for settings. Raises TypeError for others than there are."""
    for name in given:
        if name not in Settings.__optional_keys__:
            raise TypeError(f"unexpected argument {name!r}, expected one of {', '.join(sorted(Settings.__optional_keys__))}")
    chosen: dict[str, Any] = {**given}
    return chosen | {name: _channels(name, chosen[name]) for name in ("mean", "std") if name in chosen}


def sides(name: str, size: tuple[int, int] | None) -> str | None:
    """Width and height as the program takes them."""
    if size is None:
        return None
    try:
        width, height = size
        return f"{int(width)}x{int(height)}"
    except (TypeError, ValueError):
        raise refused(name, repr(size), "width and height") from None


def _channels(name: str, values: Any) -> str:
    numbers = list(values) if isinstance(values, Sequence) else [values]
    if len(numbers) not in (1, 3) or not all(isinstance(number, (int, float)) for number in numbers):
        raise refused(name, repr(values), "a number, or three")
    return ",".join(repr(float(number)) for number in numbers)
