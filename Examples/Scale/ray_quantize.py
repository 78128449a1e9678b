"""Quantizes with a Ray cluster (pip install ray): ray_quantize.py WEIGHTS FRAMES IMAGES PARTS FOLDER MODEL [ISA]"""
import sys

import ray

from parts import parse

run = parse(sys.argv[1:])
observe = ray.remote(num_cpus=1)(run.observe)
run.finish(ray.get([observe.remote(part) for part in range(1, run.parts + 1)]))
