"""What an int8 network costs against the float network that it was made from."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Unpack

from ._frames import LabeledFrames, Order, folder_of
from ._options import File, Settings, options, sides
from ._program import Progress, run

Percent = float
Decibels = float


@dataclass(frozen=True)
class ClassScore:
    """A class's IoU; None where the labels do not have the class."""

    name: str
    iou: Percent | None


@dataclass(frozen=True)
class NetworkScore:
    """One network's quality and cost. Quality is None without labels."""

    mean_iou: Percent | None
    pixel_accuracy: Percent | None
    #: mIoU of the pixels near borders.
    boundary_iou: Percent | None
    classes: tuple[ClassScore, ...]
    #: Median time of a frame in milliseconds, from pixels to class map.
    milliseconds: float | None
    #: Memory that it takes.
    bytes: int


@dataclass(frozen=True)
class LayerNoise:
    """How far a layer's output in int8 is from float, everything before it in int8 too; None where both are equal."""

    name: str
    sqnr_db: Decibels | None


@dataclass(frozen=True)
class DoubtShares:
    """How well doubt tells where int8 changes classes."""

    #: Of all pixels, those that are doubtful.
    pixels: Percent
    #: Of the pixels whose class int8 changes, those that are doubtful; None where there are none.
    flips: Percent | None


@dataclass(frozen=True)
class ComparedFrame:
    """How many of a frame's pixels change their class."""

    name: str
    pixels: int
    flipped_pixels: int


@dataclass(frozen=True)
class EarlierNetwork:
    """Another int8 network of the same weights, on the same frames."""

    name: str
    techniques: str | None
    agreement: Percent | None
    mean_iou: Percent | None
    mean_sqnr_db: Decibels | None


@dataclass(frozen=True)
class Comparison:
    """What int8 costs on frames."""

    #: The pixels whose class is the same in float and int8.
    agreement: Percent | None
    float: NetworkScore
    int8: NetworkScore
    #: None where the network was not calibrated for it.
    doubt: DoubtShares | None
    mean_sqnr_db: Decibels | None
    layers: tuple[LayerNoise, ...]
    frames: tuple[ComparedFrame, ...]
    before: tuple[EarlierNetwork, ...]


def compare(
    weights: File,
    model: File,
    data: LabeledFrames,
    *,
    images: int | None = None,
    format: Order = "rgb",
    size: tuple[int, int] | None = None,
    before: Sequence[File] = (),
    ignore: Sequence[int] = (),
    report: File | None = None,
    progress: Progress | None = None,
    **settings: Unpack[Settings],
) -> Comparison:
    """Compares an int8 network with its float original: ``eseg compare``.

    - ``data``: a folder with ``images`` and ``labels``, or of images alone; or images, or pairs of an image and its labels.
    - ``images``: on how many of the frames; all unless given.
    - ``format``: of frames that are arrays.
    - ``size``: width and height that frames are resized to, instead of what the network was made for or each one's own.
    - ``before``: other int8 networks of the same weights, to be compared too.
    - ``ignore``: labels whose pixels are left out.
    - ``report``: a folder, made if missing, for a page about it.
    - ``progress``: is called with a stage, and how many of how many steps of it are done.
    """
    chosen = {
        **options(settings), "images": images, "size": sides("size", size), "before": [str(Path(file)) for file in before],
        "ignore": ignore, "report": report}
    with folder_of(data, format) as (folder, _), tempfile.TemporaryDirectory(prefix="eseg-") as results:
        file = Path(results, "comparison.json")
        run("compare", [weights, model], {**chosen, "data": folder, "json": file}, progress)
        return _comparison(json.loads(file.read_bytes()))


def _comparison(told: Any) -> Comparison:
    return Comparison(
        agreement=told["argmaxAgreement"],
        float=_score(told["float"], told["classes"]),
        int8=_score(told["int8"], told["classes"]),
        doubt=told["doubt"] and DoubtShares(told["doubt"]["pixels"], told["doubt"].get("flips")),
        mean_sqnr_db=told["meanSqnrDb"],
        layers=tuple(LayerNoise(layer["name"], layer["sqnrDb"]) for layer in told["layers"]),
        frames=tuple(ComparedFrame(frame["name"], frame["pixels"], frame["flippedPixels"]) for frame in told["frames"]),
        before=tuple(
            EarlierNetwork(each["name"], each["techniques"], each["argmaxAgreement"], each["mIoU"], each["meanSqnrDb"])
            for each in told["before"]),
    )


def _score(told: Any, classes: Sequence[str]) -> NetworkScore:
    return NetworkScore(
        mean_iou=told["mIoU"],
        pixel_accuracy=told["pixelAccuracy"],
        boundary_iou=told["boundaryIoU"],
        classes=tuple(map(ClassScore, classes, told["perClassIoU"])),
        milliseconds=told["medianMs"],
        bytes=told["peakBytes"],
    )
