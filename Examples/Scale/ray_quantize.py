"""Quantizes with Ray (pip install eseg-runtime ray): ray_quantize.py WEIGHTS FRAMES IMAGES PARTS FOLDER MODEL [ISA]

Starts workers on this machine or, where RAY_ADDRESS names one, uses a cluster's; all need the package.
"""

import sys

import eseg
import ray
from parts import parse

if __name__ == "__main__":
    run = parse(sys.argv[1:])
    observe = ray.remote(num_cpus=1)(eseg.observe)
    run.finish(ray.get([observe.remote(**run.part(number)) for number in range(1, run.parts + 1)]))
