"""Writes small ONNX networks, an image for each and what ONNX Runtime makes of it.

For each network: NAME.onnx, NAME.image.raw (bytes, height x width x RGB), NAME.logits.raw (float32: the first output for
the image as pixel / 255 in NCHW; classes as floats too). networks.json lists them.
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import features
from evaluation import evaluate
from graph import Graph
from random_networks import build_random
from registry import FEATURES, build_feature


def write(folder: Path, name: str, feature: str, g: Graph) -> dict:
    """Writes one network's files and returns its entry of networks.json."""
    model, result = evaluate(name, g)
    (folder / f"{name}.onnx").write_bytes(model.SerializeToString())
    (folder / f"{name}.image.raw").write_bytes(result.image.tobytes())
    (folder / f"{name}.logits.raw").write_bytes(result.output.tobytes())
    return {
        "name": name,
        "feature": feature,
        "width": g.image.width,
        "height": g.image.height,
        "outputShape": list(result.output.shape),
        "outputKind": g.outputs[0].kind,
        "opset": g.opset,
    }


def generate(folder: Path, random: int, seed: int, only: list[str]) -> list[dict]:
    """Writes one network a feature and `random` combinations, or those of them that are named."""
    entries = []
    for name, feature in FEATURES.items():
        if not only or name in only:
            entries.append(write(folder, name, feature.title, build_feature(feature)))
    for index in range(random):
        name = f"random-{seed}-{index:03}"
        if not only or name in only:
            g, used = build_random(seed, index)
            entries.append(write(folder, name, ", ".join(used), g))
    return entries


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="random combinations to add")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="seed of the combinations")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="write these networks only")
    options = parser.parse_args()

    options.folder.mkdir(parents=True, exist_ok=True)
    entries = generate(options.folder, options.random, options.seed, options.only)
    unknown = set(options.only) - {entry["name"] for entry in entries}
    if unknown:
        parser.error(f"no network is named {', '.join(sorted(unknown))}")
    (options.folder / "networks.json").write_text(json.dumps(entries, indent=1) + "\n")
    print(f"{len(entries)} networks in {options.folder}")


if __name__ == "__main__":
    main()
