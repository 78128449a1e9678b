"""What a network gets right, counted as `eseg compare` counts."""
from dataclasses import dataclass

import torch

from frames import IGNORED
from network import upsampled_logits


@dataclass
class Accuracy:
    """In 0...1; a class that no label has is None in `iou`, and not in the mean."""

    iou: list
    mean_iou: float
    pixels: float


@torch.no_grad()
def measured(model, batches, device):
    """The accuracy over batches of pixels and labels, at each frame's own size in float32; None if no pixel has a class."""
    count = model.config.classes
    confusion = torch.zeros(count * count, dtype=torch.int64, device=device)
    for pixels, labels in batches:
        logits = model(pixels.to(device).float().contiguous(memory_format=torch.channels_last))
        labels, classes = labels.to(device), upsampled_logits(logits, labels.shape[1:]).argmax(1)
        known = labels != IGNORED
        confusion += torch.bincount(labels[known] * count + classes[known], minlength=count * count)
    confusion = confusion.view(count, count).double().cpu()
    hits, labeled, predicted = confusion.diag(), confusion.sum(1), confusion.sum(0)
    if labeled.sum() == 0:
        return None
    iou = [(hits[c] / (labeled[c] + predicted[c] - hits[c])).item() if labeled[c] else None for c in range(count)]
    known = [value for value in iou if value is not None]
    return Accuracy(iou, sum(known) / len(known), (hits.sum() / labeled.sum()).item())
