"""`Examples/Scale` with Ray and Dask: two workers give the file of one process."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import eseg
import numpy as np
import pytest
from conftest import ROOT, WEIGHTS
from eseg._png import png


@pytest.mark.parametrize(("script", "module"), [("ray_quantize.py", "ray"), ("dask_quantize.py", "distributed")])
def test_two_workers_give_the_bytes_of_one_process(script: str, module: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"needs {module}")
    frames = tmp_path / "two words"
    frames.mkdir()
    random = np.random.default_rng(4)
    for name, width in (("a", 64), ("b", 80), ("c", 96)):
        (frames / f"{name}.png").write_bytes(png(random.integers(0, 256, (48, width, 3), np.uint8)))
    (tmp_path / "parts").mkdir()
    model = tmp_path / "parts.eseg"
    environment = {**os.environ, "RAY_ADDRESS": "", "RAY_USAGE_STATS_ENABLED": "0", "OMP_NUM_THREADS": "1"}
    arguments = [ROOT / "Examples" / "Scale" / script, WEIGHTS, frames, "3", "2", tmp_path / "parts", model, "scalar"]
    done = subprocess.run([sys.executable, *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == ["1.stats", "2.stats", "all"]
    whole = eseg.quantize(WEIGHTS, frames, tmp_path / "whole.eseg", images=3, isa="scalar")
    assert model.read_bytes() == whole.path.read_bytes()


def test_what_fails_in_a_worker_is_told(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    arguments = [ROOT / "Examples" / "Scale" / "dask_quantize.py", WEIGHTS, tmp_path / "absent", "3", "2", tmp_path, tmp_path / "no.eseg", "scalar"]
    done = subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert done.returncode != 0 and f"eseg._errors.Error: {tmp_path / 'absent'}: " in done.stderr
    assert list(tmp_path.iterdir()) == []
