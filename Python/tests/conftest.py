"""What tests share: the shipped network, rendered frames, and what the program makes of them."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import eseg
import numpy as np
import numpy.typing as npt
import pytest
from eseg._bundle import PROGRAM

Pixels = npt.NDArray[np.uint8]
Run = Callable[..., "subprocess.CompletedProcess[str]"]

ROOT = Path(__file__).parents[2]
FRAMES = ROOT / "Samples" / "compare" / "images"
LABELS = ROOT / "Samples" / "compare" / "labels"
CALIBRATION = ROOT / "Samples" / "calibration" / "images"
WEIGHTS = ROOT / "Models" / "eseg-edge.safetensors"


@pytest.fixture(scope="session")
def model() -> Iterator[eseg.Model]:
    with eseg.Model(eseg.EXAMPLE_MODEL) as model:
        yield model


@pytest.fixture(scope="session")
def street() -> Path:
    """A frame of 480×360."""
    return FRAMES / "000376.jpg"


@pytest.fixture(scope="session")
def pixels(street: Path) -> Pixels:
    """Its pixels, as the program reads them."""
    done = subprocess.run([PROGRAM, "decode", street], capture_output=True, check=True)
    header = b"P6\n480 360\n255\n"
    assert done.stdout.startswith(header)
    return np.frombuffer(done.stdout[len(header):], np.uint8).reshape(360, 480, 3)


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs the program."""
    return lambda *arguments: subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=True)


@pytest.fixture(scope="session")
def expected(street: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Pixels:
    """The class map of the frame by ``eseg run``."""
    image = pytest.importorskip("PIL.Image")
    folder = tmp_path_factory.mktemp("maps")
    run("run", eseg.EXAMPLE_MODEL, street, "-o", folder)
    return np.asarray(image.open(folder / "000376.png"))


@pytest.fixture(scope="session")
def small() -> Pixels:
    """A picture of 96×64 that is quick to segment."""
    return np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
