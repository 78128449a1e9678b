# %% [markdown]
# # From a PyTorch model to int8
#
# A small network learns the rendered scenes of `Samples/` for some seconds, goes to int8, and is compared with itself. Each cell can be run
# in an editor that knows `# %%`; all of it is `python pytorch_to_int8.py FOLDER`. Needs what requirements.txt says.

# %%
import sys
from pathlib import Path

import eseg
import numpy as np
import torch
from PIL import Image
from torch import nn

torch.manual_seed(1)
samples = Path(__file__).parents[2] / "Samples"
folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
folder.mkdir(parents=True, exist_ok=True)


# %% [markdown]
# ## A network
#
# Its output is at a quarter of the image's size; eseg brings logits to the image's by itself.

# %%
def layer(inputs: int, outputs: int, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, padding=dilation, dilation=dilation, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


network = nn.Sequential(
    layer(3, 16, stride=2), layer(16, 32, stride=2), layer(32, 32), layer(32, 32, dilation=2), layer(32, 32, dilation=4), nn.Conv2d(32, 11, 1))

# %% [markdown]
# ## Training
#
# On 16 scenes, at a quarter of their size. A network for a product takes more of everything.

# %%
mean, std = (0.45, 0.45, 0.45), (0.25, 0.25, 0.25)


def pixels_of(path: Path, size: tuple[int, int]) -> torch.Tensor:
    """What the network reads of an image: (pixel / 255 - mean) / std."""
    pixels = torch.from_numpy(np.array(Image.open(path).convert("RGB").resize(size))).permute(2, 0, 1) / 255
    return (pixels - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


def labels_of(path: Path, size: tuple[int, int]) -> torch.Tensor:
    return torch.from_numpy(np.array(Image.open(path).resize(size, Image.Resampling.NEAREST))).long()


paths = sorted((samples / "calibration" / "images").iterdir())
images = torch.stack([pixels_of(path, (240, 180)) for path in paths])
labels = torch.stack([labels_of(samples / "calibration" / "labels" / f"{path.stem}.png", (60, 45)) for path in paths])
optimizer = torch.optim.AdamW(network.parameters(), lr=0.01)
steps = 100
for step in range(steps):
    batch = torch.randperm(len(images))[:4]
    loss = nn.functional.cross_entropy(network(images[batch]), labels[batch], ignore_index=255)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"loss {loss.item():.2f} after {steps} steps")

# %% [markdown]
# ## To ONNX, and what eseg makes of it

# %%
network.eval()
onnx = folder / "net.onnx"
torch.onnx.export(network, (torch.zeros(1, 3, 180, 240),), onnx, opset_version=17, dynamo=False)
inspection = eseg.inspect(onnx)
print(f"{len(inspection.layers)} layers, {inspection.parameters} parameters, {inspection.macs / 1e6:.0f} MMAC")


# %% [markdown]
# ## To int8

# %%
def progress(stage: str, done: int, total: int) -> None:
    if done == total:
        print(f"{stage}: {total} steps")


made = eseg.quantize(onnx, paths, folder / "net.eseg", mean=mean, std=std, size=(240, 180), progress=progress)
print(f"{made.path}: calibrated on {made.frames} frames")

# %% [markdown]
# ## What int8 costs, on frames that neither training nor calibration has seen

# %%
found = eseg.compare(onnx, made.path, samples / "compare", mean=mean, std=std, size=(240, 180))
print(f"mIoU {found.float.mean_iou:.2f} % in float, {found.int8.mean_iou:.2f} % in int8")
print(f"{found.agreement:.2f} % of pixels keep their class; {found.float.milliseconds:.1f} ms become {found.int8.milliseconds:.1f}")
print("noisiest layer:", min((layer for layer in found.layers if layer.sqnr_db is not None), key=lambda layer: layer.sqnr_db).name)

# %% [markdown]
# ## In a program

# %%
with eseg.Model(made.path) as model:
    image = Image.open(samples / "compare" / "images" / "000376.jpg")
    classes = model.segment(image)
    Image.fromarray(model.overlay(image, classes)).save(folder / "overlay.png")
    print(f"{folder / 'overlay.png'}: {len(np.unique(classes))} classes")
