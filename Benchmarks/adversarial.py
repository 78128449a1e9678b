#!/usr/bin/env python3
"""Makes a network that is hard to quantize and computes the same as the original.

    eseg analyze WEIGHTS --data FRAMES --images 32 --json ranges.json
    adversarial.py WEIGHTS ranges.json OUT.safetensors [--seed N]

Channels between an expand convolution and the depthwise one behind it are multiplied by random powers of two from 2^-6 to 2^6, and the depthwise
weights divided by them; exact in float. Where ReLU6 lies between, only channels that stay below 6 on the analyzed frames, before and after.
"""
import argparse
import json
import random
import struct
from array import array

LARGEST = 6


def read(path):
    """The header and the bytes of each tensor of a safetensors file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    return header, {name: data[slice(*entry["data_offsets"])] for name, entry in header.items() if name != "__metadata__"}


def write(path, header, tensors):
    offset = 0
    for name, content in tensors.items():
        header[name]["data_offsets"] = [offset, offset + len(content)]
        offset += len(content)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(tensors.values()))


def scale_rows(tensors, name, factors):
    """Multiplies each part of a float32 tensor's first dimension by its factor."""
    values = array("f", tensors[name])
    each = len(values) // len(factors)
    tensors[name] = array("f", (value * factors[i // each] for i, value in enumerate(values))).tobytes()


def factor(channel_range, bounded):
    exponent = random.randint(-LARGEST, LARGEST)
    if bounded:
        if channel_range >= 6:
            return 1.0
        while channel_range * 2.0**exponent >= 5.5:
            exponent -= 1
    return 2.0**exponent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights")
    parser.add_argument("ranges", help="what eseg analyze --json wrote of the weights")
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    header, tensors = read(arguments.weights)
    with open(arguments.ranges) as file:
        ranges = {layer["name"]: layer["channel_ranges"] for layer in json.load(file)["layers"]}
    bounded = json.loads(header["__metadata__"]["config"])["activation"] == "relu6"
    scaled = total = 0
    for name in sorted(ranges):
        block = name.removesuffix(".expand")
        if block == name or block + ".depthwise.conv.weight" not in tensors:
            continue
        factors = [factor(channel_range, bounded) for channel_range in ranges[name]]
        for part in (".expand.bn.weight", ".expand.bn.bias"):
            scale_rows(tensors, block + part, factors)
        scale_rows(tensors, block + ".depthwise.conv.weight", [1 / value for value in factors])
        scaled += sum(value != 1 for value in factors)
        total += len(factors)
    write(arguments.out, header, tensors)
    print(f"{arguments.out}: {scaled} of {total} channels rescaled")


if __name__ == "__main__":
    main()
