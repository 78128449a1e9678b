"""The steps of a quantization in parts, for ray_quantize.py and dask_quantize.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import eseg


@dataclass(frozen=True)
class Run:
    """`folder`, as all paths, is on storage that every machine sees."""

    weights: str
    frames: str
    images: int
    parts: int
    folder: str
    model: str
    isa: str = "avx2"

    def part(self, number: int) -> dict[str, Any]:
        """What `eseg.observe` takes to observe one part of the frames, 1 to `parts`."""
        return {
            "weights": self.weights, "frames": self.frames, "shard": (number, self.parts), "output": f"{self.folder}/{number}.stats",
            "images": self.images, "isa": self.isa, "threads": 1}

    def finish(self, observed: Iterable[Path]) -> None:
        merged = eseg.merge(observed, f"{self.folder}/all")
        eseg.quantize(self.weights, self.frames, self.model, images=self.images, isa=self.isa, statistics=merged)


def parse(arguments: list[str]) -> Run:
    """WEIGHTS FRAMES IMAGES PARTS FOLDER MODEL [ISA]"""
    weights, frames, images, parts, folder, model, *isa = arguments
    return Run(weights, frames, int(images), int(parts), folder, model, *isa)
