"""The wheel: what an empty environment has after ``pip install``."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import eseg
import numpy as np
import pytest
from conftest import Pixels

DISTRIBUTION = importlib.metadata.distribution("eseg-runtime")


def test_the_program_is_on_the_path_of_the_environment() -> None:
    program = Path(sys.executable).parent / "eseg"
    for command in ([program], [sys.executable, "-m", "eseg"]):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
        assert done.stdout == f"{eseg.__version__}\n"
    refused = subprocess.run([program, "inspect", "absent.eseg"], capture_output=True, text=True)
    assert refused.returncode == 1 and refused.stderr.startswith("eseg: error: absent.eseg: ")


def test_numpy_is_all_that_it_requires() -> None:
    required = [each for each in DISTRIBUTION.requires or [] if "extra ==" not in each]
    assert [each.split(">")[0] for each in required] == ["numpy"]


def test_the_demo_finds_its_files(tmp_path: Path) -> None:
    done = subprocess.run([Path(sys.executable).parent / "eseg", "demo"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("eseg-demo/*-overlay.png"))) == 2


def test_every_file_is_recorded_and_typed() -> None:
    names = [str(file) for file in DISTRIBUTION.files or []]
    assert "eseg/py.typed" in names
    assert not [name for name in names if "__pycache__" not in name and not DISTRIBUTION.locate_file(name)]


@pytest.mark.skipif("ESEG_WHEEL" not in os.environ, reason="ESEG_WHEEL names no wheel to install")
def test_five_lines_in_an_empty_environment_give_the_bytes_of_eseg_run(street: Path, expected: Pixels, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "--quiet", "install", os.environ["ESEG_WHEEL"]], check=True)
    lines = f"""
import eseg
model = eseg.Model(eseg.EXAMPLE_MODEL)
classes = model.segment({str(street)!r})
with open("classes", "wb") as file:
    file.write(classes.tobytes())
"""
    subprocess.run([python, "-c", lines], cwd=tmp_path, check=True)
    assert (tmp_path / "classes").read_bytes() == expected.tobytes()
    listed = subprocess.run([python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True)
    assert {line.split("==")[0] for line in listed.stdout.split()} <= {"eseg-runtime", "numpy", "pip", "setuptools"}
    assert np.array_equal(eseg.Model(eseg.EXAMPLE_MODEL).segment(street), expected)
