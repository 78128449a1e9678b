#!/usr/bin/env python3
"""Times a call of the Python package beside the C call in it, on a frame of 480×360, in random order:  python_call.py [RUNS]

Needs the package: see docs/python.md. Prints medians in milliseconds; one thread.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from ctypes import byref

import eseg
import numpy as np
from eseg import _library


def milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)


def main(runs: int) -> None:
    pixels, out = np.random.default_rng(1).integers(0, 256, (360, 480, 3), np.uint8), np.empty((360, 480), np.uint8)
    with eseg.Model(eseg.EXAMPLE_MODEL) as model:
        model.segment(pixels, threads=1)
        [[session]] = model._sessions._sessions.values()  # the one that the model's calls use: the same memory, in the same caches
        image = _library.Image(format=0, width=480, height=360)
        image.planes[0] = pixels.ctypes.data
        result, failure = _library.Result(classes=out.ctypes.data), _library.Failure()
        segment = _library.library().eseg_segment
        calls = {
            "eseg_segment": lambda: segment(session._handle, byref(image), byref(result), byref(failure)),
            "Model.segment": lambda: model.segment(pixels, threads=1),
            "Model.segment, out": lambda: model.segment(pixels, threads=1, out=out),
            "Model.segment, doubt": lambda: model.segment(pixels, threads=1, doubt=True),
        }
        times: dict[str, list[float]] = {name: [] for name in calls}
        for _ in range(runs):
            for name in random.sample(sorted(calls), len(calls)):
                times[name].append(milliseconds(calls[name]))
    bare = statistics.median(times["eseg_segment"])
    for name, taken in times.items():
        print(f"{name:22} {statistics.median(taken):8.3f} ms  {statistics.median(taken) - bare:+.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
