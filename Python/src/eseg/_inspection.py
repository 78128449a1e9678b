"""What is in a model file."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Unpack

from ._options import File, Settings, options, sides
from ._program import run


@dataclass(frozen=True)
class Layer:
    """A node of the graph. What follows ``macs`` is None where it was not chosen, as in float networks, or not measured."""

    name: str
    operation: str
    #: Width, height and channels of its output.
    output: tuple[int, int, int]
    #: Multiply-accumulates.
    macs: int
    #: Type of its weights.
    weights: str | None
    #: Type of its output's codes, and what real values they stand for: scale · (code - zero_point).
    precision: str | None
    scale: float | None
    zero_point: int | None
    #: The real values that codes were chosen for, from the least to the greatest, and by which method.
    range: tuple[float, float] | None
    range_method: str | None
    #: SQNR of its output against float, everything before it in int8 too, in dB.
    sqnr_db: float | None


@dataclass(frozen=True)
class Inspection:
    """A network of a file, at one input size."""

    name: str
    kind: Literal["float", "int8"]
    classes: tuple[str, ...]
    #: What the network reads is (pixel / 255 - mean) / std, in channel_order; None where the file does not say.
    mean: tuple[float, ...] | None
    std: tuple[float, ...] | None
    channel_order: Literal["rgb", "bgr"]
    #: Width and height that it was made for; None where any is as good.
    made_for: tuple[int, int] | None
    #: How it came to be.
    provenance: dict[str, str]
    #: Weights and biases.
    parameters: int
    #: Multiply-accumulates of an image of ``size``, width and height.
    macs: int
    size: tuple[int, int]
    layers: tuple[Layer, ...]


def inspect(model: File, *, size: tuple[int, int] | None = None, **settings: Unpack[Settings]) -> Inspection:
    """What is in an ``.eseg``, safetensors or ONNX file: ``eseg inspect``.

    ``size`` is the width and height that sizes of maps and MACs are for. Raises `Error` for what cannot be taken, such as operators of an ONNX
    file; each is one of ``further``.
    """
    with tempfile.TemporaryDirectory(prefix="eseg-") as results:
        file = Path(results, "inspection.json")
        run("inspect", [model], {**options(settings), "size": sides("size", size), "json": file}, None)
        return _inspection(json.loads(file.read_bytes()))


def _inspection(told: Any) -> Inspection:
    return Inspection(
        name=told["name"],
        kind=told["kind"],
        classes=tuple(told["classes"]),
        mean=told["mean"] and tuple(told["mean"]),
        std=told["std"] and tuple(told["std"]),
        channel_order=told["channelOrder"],
        made_for=told["madeFor"] and tuple(told["madeFor"]),
        provenance=told["provenance"],
        parameters=told["parameters"],
        macs=told["macs"],
        size=tuple(told["size"]),
        layers=tuple(map(_layer, told["layers"])),
    )


def _layer(told: Any) -> Layer:
    return Layer(
        name=told["name"],
        operation=told["operation"],
        output=tuple(told["output"]),
        macs=told["macs"],
        weights=told["weights"],
        precision=told["precision"],
        scale=told["scale"],
        zero_point=told["zeroPoint"],
        range=told["range"] and tuple(told["range"]),
        range_method=told["rangeMethod"],
        sqnr_db=told["sqnrDb"],
    )
