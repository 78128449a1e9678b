"""Weight files: safetensors with a network's tensors, and in the metadata its config and the classes' names, as `eseg` reads them."""
import dataclasses
import json
import os
import re

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from config import InputError, read_config
from network import ESeg

# The modules of a block of timm's EfficientNets, by ours. The first stage's have no expansion, and count their modules from there.
TIMM_MODULES = {
    "conv_pw": "expand.conv", "bn1": "expand.bn", "conv_dw": "depthwise.conv", "bn2": "depthwise.bn", "conv_pwl": "project.conv",
    "bn3": "project.bn", "se.conv_reduce": "se.reduce", "se.conv_expand": "se.expand",
}
TIMM_FIRST_MODULES = {**TIMM_MODULES, "bn1": "depthwise.bn", "conv_pw": "project.conv", "bn2": "project.bn"}


def save_weights(path, model, class_names):
    """Writes a model with its config and the names of its classes."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in stored_tensors(model).items()}
    metadata = {"config": json.dumps(dataclasses.asdict(model.config)), "classes": json.dumps(class_names)}
    write_file(path, save(tensors, metadata))


def load_weights(path):
    """The network in a weight file, ready for inference, and the names of its classes. Raises InputError."""
    tensors, metadata = read_file(path)
    try:
        fields, names = json.loads(metadata["config"]), json.loads(metadata.get("classes", "null"))
    except (KeyError, ValueError):
        raise InputError.of(path, "no config in its metadata", "weights of an ESeg network") from None
    model = ESeg(read_config(fields, path))
    if missing := take(model, tensors):
        raise InputError.of(f"{path}: {missing[0]}", "no such tensor, or one of another shape", f"all tensors of {model.config.name}")
    return model.eval(), names or [f"class{i}" for i in range(model.config.classes)]


def start_from(model, path):
    """Takes what fits by name and shape from an ESeg's weights or a timm EfficientNet's; returns the names of the tensors it lacks."""
    tensors, _ = read_file(path)
    if "conv_stem.weight" in tensors:
        tensors = {name_from_timm(name): tensor for name, tensor in tensors.items()}
    missing = take(model, tensors)
    if len(missing) == len(stored_tensors(model)):
        raise InputError.of(path, f"no tensor that fits {model.config.name}", "weights of an ESeg network or a timm EfficientNet")
    return missing


def take(model, tensors):
    """Copies the tensors that fit by name and shape; returns the names of those that are missing."""
    own = stored_tensors(model)
    fitting = {name: tensors[name] for name in own if name in tensors and tensors[name].shape == own[name].shape}
    model.load_state_dict(fitting, strict=False)
    return [name for name in own if name not in fitting]


def name_from_timm(name):
    """Our name of a tensor of timm's EfficientNet, or None where there is no use for it."""
    if stem := re.fullmatch(r"(conv_stem|bn1)\.(\w+)", name):
        return f"backbone.stem.{'conv' if stem[1] == 'conv_stem' else 'bn'}.{stem[2]}"
    if block := re.fullmatch(r"blocks\.(\d+)\.(\d+)\.(.+)\.(\w+)", name):
        module = (TIMM_FIRST_MODULES if block[1] == "0" else TIMM_MODULES).get(block[3])
        return module and f"backbone.stages.{block[1]}.{block[2]}.{module}.{block[4]}"
    return None


def stored_tensors(model):
    """The tensors that a weight file holds, by name: all but batch normalization's counters."""
    return {name: tensor for name, tensor in model.state_dict().items() if not name.endswith("num_batches_tracked")}


def read_file(path):
    """A safetensors file's tensors and metadata."""
    try:
        with safe_open(path, "pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}
    except (OSError, SafetensorError) as error:
        raise InputError.of(path, error, "a safetensors file") from None


def write_file(path, content):
    """Writes a file that is replaced as a whole or not at all."""
    new = f"{path}.new"
    try:
        with open(new, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except OSError as error:
        if os.path.exists(new):
            os.remove(new)
        raise InputError.of(path, error.strerror, "to write the file") from None
