"""A graph under construction, with nodes named as PyTorch's TorchScript exporter names them."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


@dataclass(frozen=True)
class Map:
    """A float tensor of shape [1, channels, height, width]."""

    name: str
    channels: int
    height: int
    width: int

    @property
    def shape(self) -> list[int]:
        return [1, self.channels, self.height, self.width]


@dataclass(frozen=True)
class Output:
    """An output of the network: what it holds, its shape and its ONNX element type."""

    name: str
    kind: str
    shape: list[int]
    type: int


class Graph:
    """Nodes, initializers and outputs of one network; `random` gives its weights."""

    def __init__(self, random: np.random.Generator, width: int = 128, height: int = 96, opset: int = 17) -> None:
        self.random = random
        self.opset = opset
        self.image = Map("image", 3, height, width)
        self.outputs: list[Output] = []
        self.half_weights = False
        self.constant_weights = False
        self.initializers_are_inputs = False
        self.parameters: dict[str, np.ndarray] = {}
        self.nodes_in_order: list[onnx.NodeProto] = []
        self._scope: list[str] = []
        self._uses: Counter[str] = Counter()

    @contextmanager
    def scope(self, name: str) -> Iterator[None]:
        """Names what is added inside as parts of the module `name`."""
        self._scope.append(name)
        yield
        self._scope.pop()

    @contextmanager
    def layer(self) -> Iterator[None]:
        """Names what is added inside as the next member of a module's list of layers: m.0, m.1, ..."""
        key = "/".join(self._scope) + "#layers"
        with self.scope(f"m.{self._uses[key]}"):
            self._uses[key] += 1
            yield

    def node(self, op: str, inputs: Sequence[str], **attributes: object) -> str:
        """Adds a node with one output, whose name is returned."""
        return self.nodes(op, inputs, 1, **attributes)[0]

    def nodes(self, op: str, inputs: Sequence[str], outputs: int, **attributes: object) -> list[str]:
        """Adds a node with several outputs, whose names are returned."""
        name = self._unique("/" + "/".join([*self._scope, op]))
        names = [f"{name}_output_{index}" for index in range(outputs)]
        self.nodes_in_order.append(helper.make_node(op, list(inputs), names, name=name, **attributes))
        return names

    def map(self, op: str, inputs: Sequence[str], shape: Sequence[int], **attributes: object) -> Map:
        """Adds a node whose output is a map of the given channels, height and width."""
        return Map(self.node(op, inputs, **attributes), *shape)

    def constant(self, values: object, type: type = np.float32) -> str:
        """Adds a Constant node."""
        return self.node("Constant", [], value=numpy_helper.from_array(np.asarray(values, dtype=type)))

    def parameter(self, role: str, values: np.ndarray) -> str:
        """Adds a weight, which is stored as float16 and cast when `half_weights` is set."""
        name = self._unique(".".join([*self._scope, role]))
        self.parameters[name] = np.asarray(values, dtype=np.float32)
        return self.node("Cast", [name], to=TensorProto.FLOAT) if self.half_weights else name

    def output(self, tensor: Map, kind: str = "logits") -> None:
        """Makes a map an output of the network."""
        self.add_output(tensor.name, kind, tensor.shape, TensorProto.FLOAT)

    def add_output(self, tensor: str, kind: str, shape: list[int], type: int) -> None:
        """Makes a tensor of any type an output, under a name of its own."""
        name = self._unique(kind)
        self._rename(tensor, name)
        self.outputs.append(Output(name, kind, shape, type))

    def model(self) -> onnx.ModelProto:
        """The finished network."""
        outputs = [helper.make_tensor_value_info(o.name, o.type, o.shape) for o in self.outputs]
        return self.model_with(outputs)

    def model_with(self, outputs: list[onnx.ValueInfoProto]) -> onnx.ModelProto:
        """The network with other outputs, which any of its tensors may be."""
        opsets = [helper.make_opsetid("", self.opset)]
        type = np.float16 if self.half_weights else np.float32
        tensors = [numpy_helper.from_array(values.astype(type), name) for name, values in self.parameters.items()]
        nodes, inputs = self.nodes_in_order, [helper.make_tensor_value_info("image", TensorProto.FLOAT, self.image.shape)]
        if self.constant_weights:
            nodes = [helper.make_node("Constant", [], [t.name], name=f"Constant_{t.name}", value=t) for t in tensors] + nodes
            tensors = []
        if self.initializers_are_inputs:
            inputs += [helper.make_tensor_value_info(t.name, t.data_type, t.dims) for t in tensors]
        graph = helper.make_graph(nodes, "main_graph", inputs, outputs, tensors)
        version = helper.find_min_ir_version_for(opsets)
        return helper.make_model(graph, opset_imports=opsets, ir_version=version, producer_name="pytorch")

    def _unique(self, name: str) -> str:
        count = self._uses[name]
        self._uses[name] += 1
        return f"{name}_{count}" if count else name

    def _rename(self, old: str, new: str) -> None:
        for node in self.nodes_in_order:
            for names in (node.input, node.output):
                renamed = [new if name == old else name for name in names]
                del names[:]
                names.extend(renamed)
