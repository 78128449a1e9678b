"""From float weights to an int8 network."""

import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Unpack

from ._errors import refused
from ._frames import Frames, LabeledFrames, Order, folder_of
from ._options import File, Settings, options, sides
from ._program import Progress, run

Effort = Literal["fast", "default", "best"]
Technique = Literal["equalization", "absorption", "fitting", "bias-correction", "mixed-precision"]


@dataclass(frozen=True)
class Doubt:
    """What calibration saw of doubtful pixels. Shares are 0 to 1."""

    #: Pixels whose best two logits are closer than about this, which differs by their classes, are doubtful.
    margin: float
    #: Of all pixels.
    pixels: float
    #: Of the pixels whose class int8 changes.
    flips: float


@dataclass(frozen=True)
class Cost:
    """What int8 costs on some frames."""

    frames: int
    #: Percent of pixels whose class is the same in float and int8.
    agreement: float
    #: In percent; None without labels.
    float_mean_iou: float | None
    int8_mean_iou: float | None


@dataclass(frozen=True)
class Search:
    """What ``max_loss`` led to."""

    loss: float
    #: The loss with 8 bits alone.
    loss_of_8_bits: float
    #: What losses count: points of mIoU, or percent of pixels that change their class.
    unit: str
    max_loss: float


@dataclass(frozen=True)
class Quantization:
    """An int8 network that was made, and how."""

    #: Its file.
    path: Path
    #: Its name.
    name: str
    #: How many frames it was calibrated on, and their width and height.
    frames: int
    size: tuple[int, int]
    #: Nodes and modules whose outputs have int16 codes because arguments named them or quantization chose them.
    int16_activations: tuple[str, ...]
    #: What could not be equalized, and why.
    not_equalized: tuple[str, ...]
    #: None where no pixel changed its class.
    doubt: Doubt | None
    #: On the frames of ``measure``.
    cost: Cost | None
    search: Search | None


def quantize(
    weights: File,
    frames: Frames,
    output: File,
    *,
    images: int | None = None,
    format: Order = "rgb",
    size: tuple[int, int] | None = None,
    effort: Effort = "default",
    without: Sequence[Technique] = (),
    range: str = "auto",
    int16: Sequence[str] = (),
    int16_activations: Sequence[str] = (),
    max_loss: float | None = None,
    measure: LabeledFrames | None = None,
    statistics: File | None = None,
    progress: Progress | None = None,
    **settings: Unpack[Settings],
) -> Quantization:
    """Calibrates the float weights of a safetensors or ONNX file on frames, and writes an int8 network: ``eseg quantize``.

    - ``frames``: typical frames without labels: a folder, or images, all of which are taken.
    - ``images``: how many of a folder's frames to take; 32 unless given.
    - ``format``: of frames that are arrays.
    - ``size``: width and height that frames are resized to, instead of what the network was made for or the first frame's.
    - ``effort``: how much time to take; ``without``: techniques to leave out; ``range``: how ranges are chosen.
    - ``int16``, ``int16_activations``: names of nodes or modules with int16 weights, or activations.
    - ``max_loss``: gives int16 activations to as few layers as lose no more than this, in points.
    - ``measure``: frames on which the cost is measured, which is written into the file.
    - ``statistics``: what `observe` and `merge` made of all frames, which are then not observed again.
    - ``progress``: is called with a stage, and how many of how many steps of it are done.

    Raises `Error` where the program does, and where ``max_loss`` cannot be met: the best network is then written all the same. Whatever ends
    it, there is no part of a file.
    """
    chosen = {
        **options(settings), "size": sides("size", size), "effort": effort, "without": without, "range": range, "int16": int16,
        "int16_activations": int16_activations, "max_loss": max_loss, "statistics": statistics, "output": output}
    with folder_of(frames, format) as (folder, count), folder_of("" if measure is None else measure, format) as (measured, _):
        chosen |= {"calibrate": folder, "images": _count(images, count), "measure": measured or None}
        with tempfile.TemporaryDirectory(prefix="eseg-") as results:
            file = Path(results, "quantization.json")
            run("quantize", [weights], {**chosen, "json": file}, progress)
            return _quantization(json.loads(file.read_bytes()))


def observe(
    weights: File,
    frames: Frames,
    shard: tuple[int, int],
    output: File,
    *,
    images: int | None = None,
    format: Order = "rgb",
    size: tuple[int, int] | None = None,
    effort: Effort = "default",
    without: Sequence[Technique] = (),
    progress: Progress | None = None,
    **settings: Unpack[Settings],
) -> Path:
    """Observes a part of the frames, ``shard`` (k, n) every n-th from the k-th on, and writes its statistics for `merge`.

    What ``quantize(…, statistics=…)`` makes of all parts is the file that it makes without parts, byte for byte. All need the same weights,
    frames and arguments, and the same instruction set. Returns ``output``.
    """
    with folder_of(frames, format) as (folder, count):
        part, parts = shard
        chosen = {
            **options(settings), "calibrate": folder, "images": _count(images, count), "size": sides("size", size), "effort": effort,
            "without": without, "shard": f"{part}/{parts}", "output": output}
        run("quantize", [weights], chosen, progress)
    return Path(output)


def merge(parts: Iterable[File], output: File) -> Path:
    """Merges the statistics of parts, in any order, into one file. Returns ``output``."""
    run("merge", [*parts], {"output": output}, None)
    return Path(output)


def _count(asked: int | None, written: int | None) -> int | None:
    if asked is not None and written is not None and asked > written:
        raise refused("images", asked, f"at most {written}, the number of frames")
    return written if asked is None else asked


def _quantization(told: Any) -> Quantization:
    doubt, cost, search = told["doubt"], told["cost"], told["search"]
    return Quantization(
        path=Path(os.fsdecode(told["output"])),
        name=told["name"],
        frames=told["frames"],
        size=tuple(told["size"]),
        int16_activations=tuple(told["int16Activations"]),
        not_equalized=tuple(told["notEqualized"]),
        doubt=doubt and Doubt(doubt["margin"], doubt["pixels"], doubt["flips"]),
        cost=cost and Cost(cost["frames"], cost["argmaxAgreement"], cost["floatMIoU"], cost["int8MIoU"]),
        search=search and Search(search["loss"], search["lossOf8Bits"], search["lossUnit"], search["maxLoss"]),
    )
