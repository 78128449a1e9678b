#!/usr/bin/env python3
"""How many pixels get the same class from `eseg run` and from ONNX Runtime on what `eseg export` wrote.

    python3 Benchmarks/onnx_agreement.py MODEL.eseg FRAMES/ [--images 10] [--eseg .build/release/eseg]

Needs onnxruntime, numpy and Pillow (PyPI). PNG frames are best: decoders of JPEG can differ.
"""
import argparse
import pathlib
import subprocess
import tempfile

import numpy
import onnxruntime
from PIL import Image

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("model")
parser.add_argument("frames", type=pathlib.Path)
parser.add_argument("--images", type=int, default=10, help="use this many frames, evenly spaced in the sorted folder")
parser.add_argument("--eseg", default=".build/release/eseg")
arguments = parser.parse_args()

frames = sorted(path for path in arguments.frames.iterdir() if path.suffix in (".jpg", ".png"))
frames = [frames[i * len(frames) // arguments.images] for i in range(min(arguments.images, len(frames)))]
with tempfile.TemporaryDirectory() as folder:
    onnx = f"{folder}/model.onnx"
    subprocess.run([arguments.eseg, "export", arguments.model, "--onnx", onnx], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([arguments.eseg, "run", arguments.model, *map(str, frames), "-o", folder], check=True, stdout=subprocess.DEVNULL)
    session = onnxruntime.InferenceSession(onnx)
    agreements = []
    for frame in frames:
        image = numpy.asarray(Image.open(frame).convert("RGB"))[None]
        theirs = session.run(["classes"], {"image": image})[0][0]
        ours = numpy.asarray(Image.open(f"{folder}/{frame.stem}.png"))
        agreements.append(100 * (theirs == ours).mean())
print(f"{len(frames)} frames: {numpy.mean(agreements):.3f} % of pixels agree, {min(agreements):.3f} % on the worst frame")
