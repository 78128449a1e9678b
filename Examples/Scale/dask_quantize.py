"""Quantizes with Dask (pip install "dask[distributed]"): dask_quantize.py WEIGHTS FRAMES IMAGES PARTS FOLDER MODEL [ISA]

Client() starts workers on this machine; Client("scheduler:8786") uses a cluster's.
"""
import sys

from dask.distributed import Client

from parts import parse

if __name__ == "__main__":
    run = parse(sys.argv[1:])
    with Client(threads_per_worker=1) as client:
        run.finish(client.gather(client.map(run.observe, range(1, run.parts + 1))))
