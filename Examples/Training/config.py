"""What defines a network: the `config` of a weight file, and those of the seven known networks."""
import dataclasses
import json
import math
from dataclasses import dataclass


class InputError(Exception):
    """What is wrong with a file or an option."""

    @classmethod
    def of(cls, place, found, expected):
        return cls(f"{place}: found {found}, expected {expected}")


@dataclass(frozen=True)
class Config:
    name: str
    width: float                            # EfficientNet's multipliers
    depth: float
    block: str                              # mbconv, or fused: a dense kernel instead of expansion and depthwise convolution
    activation: str                         # relu, relu6, silu or hard_swish
    squeeze_excite: bool
    fpn_channels: int
    fpn_repeats: int
    lite_scaling: bool = False              # the stem stays 32 channels, the first and last stages keep their repeats
    force_kernel3: bool = False             # every kernel of the backbone is 3x3
    min_level: int = 2
    max_level: int = 9
    classes: int = 19
    mean: tuple = (0.485, 0.456, 0.406)     # of pixel / 255
    std: tuple = (0.229, 0.224, 0.225)


CONFIGS = {config.name: config for config in (
    Config("eseg-edge", 1.0, 1.0, "mbconv", "relu6", False, 64, 1, lite_scaling=True, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5)),
    Config("eseg-lite-s", 1.0, 1.1, "fused", "relu", False, 64, 1, force_kernel3=True),
    Config("eseg-lite-m", 1.1, 1.2, "fused", "relu", False, 80, 2, force_kernel3=True),
    Config("eseg-lite-l", 1.2, 1.4, "fused", "relu", False, 96, 3, force_kernel3=True),
    Config("eseg-s", 1.0, 1.1, "mbconv", "silu", True, 96, 4),
    Config("eseg-m", 1.4, 1.8, "mbconv", "silu", True, 192, 5),
    Config("eseg-l", 2.0, 3.1, "mbconv", "silu", True, 288, 6),
)}

# What `eseg` accepts: refused here, before the training and not after it.
CHOICES = {"block": ("mbconv", "fused"), "activation": ("relu", "relu6", "silu", "hard_swish")}
LIMITS = {"width": (0.01, 10), "depth": (0.01, 10), "fpn_channels": (1, 1024), "fpn_repeats": (1, 16), "min_level": (2, 2),
          "max_level": (6, 9), "classes": (1, 255), "mean": (-1000, 1000), "std": (1e-4, 1000)}


def read_config(fields, place):
    """A config from its JSON, in which fields with defaults may be missing. Raises InputError naming the field."""
    if not isinstance(fields, dict):
        raise InputError.of(place, json.dumps(fields), "an object with a config's fields")
    known = {field.name: field for field in dataclasses.fields(Config)}
    for name, value in fields.items():
        if name not in known:
            raise InputError.of(f"{place}: {name}", "an unknown field", ", ".join(known))
        if problem := expectation(name, known[name].type, value):
            raise InputError.of(f"{place}: {name}", json.dumps(value), problem)
    for name, field in known.items():
        if name not in fields and field.default is dataclasses.MISSING:
            raise InputError.of(f"{place}: {name}", "nothing", expectation(name, field.type, None))
    config = Config(**{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()})
    if config.squeeze_excite and config.block == "fused":
        raise InputError.of(f"{place}: squeeze_excite", "true with fused blocks", "false, or mbconv blocks")
    return config


def expectation(name, kind, value):
    """What was expected of a field where its value is not that, else None."""
    low, high = LIMITS.get(name, (0, 0))

    def is_number(value):
        return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and low <= value <= high

    if kind is tuple:
        holds = isinstance(value, (list, tuple)) and len(value) == 3 and all(map(is_number, value))
        return None if holds else f"three numbers from {low} to {high}"
    if kind is float:
        return None if is_number(value) else f"a number from {low} to {high}"
    if kind is int:
        return None if is_number(value) and isinstance(value, int) else f"an integer from {low} to {high}"
    if kind is bool:
        return None if isinstance(value, bool) else "true or false"
    if name in CHOICES:
        return None if value in CHOICES[name] else " or ".join(CHOICES[name])
    return None if isinstance(value, str) and len(value.encode()) <= 256 else "a text of at most 256 bytes"
