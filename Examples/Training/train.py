#!/usr/bin/env python3
"""Trains an ESeg network on frames and labels, and writes weights that `eseg quantize` takes.

DATA is a folder with images/ (JPEG, PNG), labels/ (8-bit gray or palette PNG of class indices; 255, or anything from the number of
classes on, is ignored) and classes.txt (the classes' names, one a line, in the order of the indices). Frames and labels are paired by
name. DIR gets weights.safetensors, state.pt to resume from, and log.txt.
"""
import json
import sys
from pathlib import Path

import torch

from config import CONFIGS, InputError, read_config
from options import parse_options
from trainer import Trainer


def main():
    sys.exit(failure(parse_options(__doc__)))


def failure(options):
    """Trains; returns what went wrong, or None."""
    try:
        class_names = read_class_names(Path(options.classes or Path(options.data) / "classes.txt"))
        trainer = Trainer(options, chosen_config(options.config, len(class_names)), class_names)
        trainer.run()
        print(trainer.weights_path)
    except InputError as error:
        return f"train.py: error: {error}"
    except OSError as error:
        return f"train.py: error: {error.filename}: {error.strerror}"
    except torch.OutOfMemoryError:
        return "train.py: error: the GPU's memory is too small: lower --batch or --crop"
    except KeyboardInterrupt:
        return "\ntrain.py: stopped; --resume continues after the last whole epoch"


def read_class_names(path):
    try:
        names = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.of(path, getattr(error, "strerror", None) or error, "the classes' names, one a line (--classes)") from None
    if not 1 <= len(names) <= 255:
        raise InputError.of(path, f"{len(names)} names", "1 to 255")
    for name in names:
        if len(name.encode()) > 256 or not name.isprintable():
            raise InputError.of(path, repr(name), "a name of at most 256 bytes without control characters")
    return names


def chosen_config(name, classes):
    """The network of that name, or the one that a JSON file describes, for so many classes."""
    if name in CONFIGS:
        fields = vars(CONFIGS[name])
    else:
        try:
            fields = json.loads(Path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            found = getattr(error, "strerror", None) or error
            raise InputError.of(f"--config {name}", found, f"{', '.join(CONFIGS)} or a JSON file") from None
    return read_config({**fields, "classes": classes} if isinstance(fields, dict) else fields, name)


if __name__ == "__main__":
    main()
