"""The steps of a quantization in parts, as commands; for ray_quantize.py and dask_quantize.py."""
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """`folder`, as all paths, is on storage that every machine sees."""
    weights: str
    frames: str
    images: str
    parts: int
    folder: str
    model: str
    isa: str = "avx2"

    def observe(self, part):
        """Observes one part of the frames, 1 to `parts`; returns its file."""
        path = f"{self.folder}/{part}.stats"
        self._quantize("--threads", "1", "--shard", f"{part}/{self.parts}", "-o", path)
        return path

    def finish(self, paths):
        merged = f"{self.folder}/all"
        subprocess.run(["eseg", "merge", *paths, "-o", merged], check=True)
        self._quantize("--statistics", merged, "-o", self.model)

    def _quantize(self, *options):
        subprocess.run(["eseg", "quantize", self.weights, "--calibrate", self.frames, "--images", self.images, "--isa", self.isa, *options],
                       check=True)


def parse(arguments):
    """WEIGHTS FRAMES IMAGES PARTS FOLDER MODEL [ISA]"""
    weights, frames, images, parts, folder, model, *isa = arguments
    return Run(weights, frames, images, int(parts), folder, model, *isa)
