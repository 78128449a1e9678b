"""Semantic segmentation by int8 networks on CPUs.

    import eseg

    model = eseg.Model("eseg-edge.eseg")
    classes = model.segment("street.jpg")  # or an array, or a PIL image

`quantize` makes such a network from float weights, `compare` measures what int8 costs, and `inspect` tells what is in a file.
"""

from importlib.metadata import version as _version

from ._bundle import EXAMPLE_MODEL
from ._comparison import ClassScore, ComparedFrame, Comparison, DoubtShares, EarlierNetwork, LayerNoise, NetworkScore, compare
from ._errors import ArgumentError, Error
from ._inspection import Inspection, Layer, inspect
from ._model import Model
from ._quantization import Cost, Doubt, Quantization, Search, merge, observe, quantize
from ._session import LayerTime, Segmentation, Session

__version__ = _version("eseg-runtime")

__all__ = [
    "EXAMPLE_MODEL",
    "ArgumentError",
    "ClassScore",
    "ComparedFrame",
    "Comparison",
    "Cost",
    "Doubt",
    "DoubtShares",
    "EarlierNetwork",
    "Error",
    "Inspection",
    "Layer",
    "LayerNoise",
    "LayerTime",
    "Model",
    "NetworkScore",
    "Quantization",
    "Search",
    "Segmentation",
    "Session",
    "compare",
    "inspect",
    "merge",
    "observe",
    "quantize",
]
