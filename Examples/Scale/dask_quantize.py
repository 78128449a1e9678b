"""Quantizes with Dask (pip install eseg-runtime "dask[distributed]"): dask_quantize.py WEIGHTS FRAMES IMAGES PARTS FOLDER MODEL [ISA]

Starts workers on this machine or, where DASK_SCHEDULER_ADDRESS names one, uses a cluster's; all need the package.
"""

import os
import sys

import eseg
from dask.distributed import Client
from parts import parse

if __name__ == "__main__":
    run = parse(sys.argv[1:])
    scheduler = os.environ.get("DASK_SCHEDULER_ADDRESS")
    with Client(scheduler) if scheduler else Client(n_workers=min(run.parts, os.cpu_count() or 1), threads_per_worker=1) as client:
        run.finish(client.gather([client.submit(eseg.observe, **run.part(number)) for number in range(1, run.parts + 1)]))
