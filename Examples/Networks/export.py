"""Writes torchvision's LR-ASPP with MobileNetV3 as ONNX:  export.py FRAMES NET.onnx

Its weights are random, always the same ones: no training here, and nothing to download. FRAMES, a folder of images, give its batch
normalization statistics, without which a network of this depth answers every image alike.
"""
import sys
from pathlib import Path

import torch
from torchvision.io import read_image
from torchvision.models.segmentation import lraspp_mobilenet_v3_large
from torchvision.transforms.functional import normalize


def main(frames: str, output: str) -> None:
    torch.manual_seed(1)
    network = lraspp_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=11)
    collect_statistics(network, sorted(Path(frames).iterdir()))

    network.eval()
    image = torch.zeros(1, 3, 360, 480)  # the size that it is to run at
    torch.onnx.export(network, image, output, opset_version=17, dynamo=False)


def collect_statistics(network: torch.nn.Module, paths: list[Path]) -> None:
    """Replaces the statistics of batch normalization by those of images."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None  # the mean over all batches
    images = torch.stack([read_image(str(path)) for path in paths]) / 255
    with torch.no_grad():
        network.train()(normalize(images, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))


if __name__ == "__main__":
    main(*sys.argv[1:])
