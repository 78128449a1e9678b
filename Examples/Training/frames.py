"""Frames with labels: a folder with `images/` (JPEG, PNG) and `labels/` (PNG of class indices), paired by name."""
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageOps
from torch.utils.data import Dataset, default_collate

from config import InputError

IGNORED = 255       # the label of pixels that count nowhere
GRAY = (127, 127, 127)


class Frames(Dataset):
    """Pixels, u8 [3, H, W], and labels, i64 [H, W]: below the count of classes, or 255. Frames without labels are left out.

    An augmentation changes each frame differently in every epoch, but in the same way in every run with the same seed.
    Raises InputError at once where folders, names or sizes are wrong. For a damaged file the InputError is what the frame is, so that it
    comes as it is from processes that read frames; `collated` and `checked` pass it on.
    """

    def __init__(self, folder, classes, size=None, augmentation=None, seed=0):
        self.classes, self.size, self.augmentation, self.seed, self.epoch = classes, size, augmentation, seed, 0
        images = files(Path(folder) / "images", ".jpg", ".jpeg", ".png")
        labels = files(Path(folder) / "labels", ".png")
        for stem, label in labels.items():
            if stem not in images:
                raise InputError.of(label, "no frame of that name", f"{stem}.jpg or {stem}.png in {Path(folder) / 'images'}")
        self.pairs = [(images[stem], label) for stem, label in labels.items()]
        self.unlabeled = len(images) - len(labels)
        for image, label in self.pairs:
            found, expected = open_labels(label).size, upright_size(open_image(image))
            if found != expected:
                raise InputError.of(label, "size %dx%d" % found, "%dx%d, the size of %s" % (*expected, image))

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        try:
            return self.read(*self.pairs[index], random.Random(f"{self.seed} {self.epoch} {index}"))
        except InputError as error:
            return error

    def read(self, image, label, rng):
        frame, labels = read_frame(image), read_labels(label)
        if self.size:
            frame, labels = frame.resize(self.size, Image.Resampling.BILINEAR), labels.resize(self.size, Image.Resampling.NEAREST)
        if self.augmentation:
            frame, labels = self.augmentation(frame, labels, rng)
        classes = np.array(labels, np.int64)
        classes[classes >= self.classes] = IGNORED
        return torch.from_numpy(np.array(frame)).permute(2, 0, 1), torch.from_numpy(classes)

    def frame_size(self):
        """(width, height) of the first frame."""
        return self.size or upright_size(open_image(self.pairs[0][0]))

    def pixels_per_class(self):
        counts = sum(np.bincount(np.asarray(read_labels(label)).ravel(), minlength=256) for _, label in self.pairs)
        return torch.from_numpy(counts[:self.classes])


def collated(frames):
    """A batch, or the first error among the frames."""
    return next((frame for frame in frames if isinstance(frame, InputError)), None) or default_collate(frames)


def checked(batches):
    """The batches; raises the first that is an error."""
    for batch in batches:
        if isinstance(batch, InputError):
            raise batch
        yield batch


@dataclass
class Augmentation:
    """Scales a frame, cuts a piece out of it (gray and ignored where the frame ends), mirrors it, and changes its colors."""

    crop: tuple             # width, height
    scale: tuple            # least, greatest
    flip: bool
    jitter: float           # brightness, contrast and saturation change by up to this share

    def __call__(self, frame, labels, rng):
        scale = rng.uniform(*self.scale)
        size = [max(1, round(side * scale)) for side in frame.size]
        corner = [-rng.randint(min(0, whole - part), max(0, whole - part)) for whole, part in zip(size, self.crop)]
        frame = pasted(frame.resize(size, Image.Resampling.BILINEAR), corner, Image.new("RGB", self.crop, GRAY))
        labels = pasted(labels.resize(size, Image.Resampling.NEAREST), corner, Image.new("L", self.crop, IGNORED))
        if self.flip and rng.random() < 0.5:
            frame, labels = ImageOps.mirror(frame), ImageOps.mirror(labels)
        for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
            frame = enhance(frame).enhance(rng.uniform(1 - self.jitter, 1 + self.jitter))
        return frame, labels


def pasted(image, corner, canvas):
    canvas.paste(image, tuple(corner))
    return canvas


def files(folder, *extensions):
    """The folder's visible files with these extensions, by name without extension, sorted."""
    if not folder.is_dir():
        raise InputError.of(folder, "no folder" if not folder.exists() else "a file", "a folder")
    found = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in extensions and not path.name.startswith("."):
            if path.stem in found:
                raise InputError.of(folder, f"{found[path.stem].name} and {path.name}", "one file of that name")
            found[path.stem] = path
    if not found:
        raise InputError.of(folder, "no images", "files named " + ", ".join("*" + extension for extension in extensions))
    return found


def open_image(path):
    """A JPEG or PNG image, its header read."""
    try:
        image = Image.open(path, formats=["JPEG", "PNG"])
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InputError.of(path, error, "a JPEG or PNG image") from None
    if image.mode.startswith(("I", "F")):
        raise InputError.of(path, "16-bit gray", "8-bit pixels")
    return image


def open_labels(path):
    """A PNG whose samples are indices: 8-bit gray or palette. Other images' samples are scaled or blended, so they are refused."""
    image = open_image(path)
    with open(path, "rb") as file:
        depth, kind = file.read(26)[24:]
    if image.format != "PNG" or not (kind == 3 or (kind == 0 and depth == 8)):
        found = f"{depth}-bit {image.mode}" if image.format == "PNG" else image.format
        raise InputError.of(path, found, "an 8-bit gray or palette PNG of class indices")
    return image


def read_frame(path):
    """RGB pixels as `eseg` sees them: turned as a JPEG's EXIF says, alpha dropped."""
    image = loaded(open_image(path), path)
    return (ImageOps.exif_transpose(image) if image.format == "JPEG" else image).convert("RGB")


def read_labels(path):
    return Image.fromarray(np.asarray(loaded(open_labels(path), path)))


def loaded(image, path):
    try:
        image.load()
    except (OSError, ValueError, SyntaxError) as error:
        raise InputError.of(path, error, "a whole image") from None
    return image


def upright_size(image):
    """(width, height), once a JPEG is turned as its EXIF says."""
    turned = image.format == "JPEG" and image.getexif().get(0x0112, 1) >= 5
    return image.size[::-1] if turned else image.size
