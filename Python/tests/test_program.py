"""What runs the program: `eseg.quantize`, `observe`, `merge`, `compare` and `inspect`."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import eseg
import numpy as np
import pytest
from conftest import CALIBRATION, FRAMES, LABELS, ROOT, WEIGHTS, Pixels, Run

SMALL = (64, 64)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> eseg.Quantization:
    """The shipped weights, quantized in a second."""
    output = tmp_path_factory.mktemp("network") / "edge.eseg"
    return eseg.quantize(WEIGHTS, CALIBRATION, output, images=2, size=SMALL, effort="fast", isa="scalar")


def test_quantize_writes_the_file_of_eseg_quantize(network: eseg.Quantization, run: Run, tmp_path: Path) -> None:
    output = tmp_path / "edge.eseg"
    run("quantize", WEIGHTS, "--calibrate", CALIBRATION, "--images", "2", "--size", "64x64", "--effort", "fast", "--isa", "scalar", "-o", output)
    assert network.path.read_bytes() == output.read_bytes()
    assert (network.name, network.frames, network.size) == ("eseg-edge", 2, SMALL)
    assert network.cost is None and network.search is None and network.int16_activations == ()
    assert network.doubt is not None and network.doubt.margin > 0 and 0 < network.doubt.pixels < network.doubt.flips <= 1
    with eseg.Model(network.path) as model:
        assert model.doubt_margin == pytest.approx(network.doubt.margin) and model.doubtful_share == pytest.approx(network.doubt.pixels)


def test_quantize_tells_how_far_it_is_what_it_found_and_what_int8_costs(pixels: Pixels, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    labels = np.zeros((360, 480), np.uint8)
    made = eseg.quantize(
        WEIGHTS, [pixels], tmp_path / "edge.eseg", size=SMALL, effort="fast", int16_activations=["backbone.stem"], measure=[(pixels, labels)],
        max_loss=100, progress=lambda *step: steps.append(step))
    assert steps[:2] == [("calibrating", 0, 1), ("calibrating", 1, 1)]
    assert {stage for stage, _, _ in steps} == {"calibrating", "analyzing", "quantizing", "looking for doubtful pixels", "measuring"}
    assert all(0 <= done <= total for _, done, total in steps)
    assert made.int16_activations == ("backbone.stem",)
    assert made.cost is not None and made.cost.frames == 1 and made.cost.float_mean_iou is not None
    assert made.search is not None and made.search.unit == "points of mIoU" and made.search.max_loss == 100
    assert f"{made.cost.agreement:.2f} %" in eseg.inspect(made.path).provenance["cost"]


def test_frames_may_be_arrays_pil_images_paths_and_whatever_yields_them(pixels: Pixels, street: Path, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")

    def made(frames: object, **arguments: object) -> bytes:
        output = tmp_path / "edge.eseg"
        eseg.quantize(WEIGHTS, frames, output, size=SMALL, effort="fast", isa="scalar", **arguments)  # type: ignore[arg-type]
        content = json.loads(output.read_bytes()[8 : 8 + int.from_bytes(output.read_bytes()[:8], "little")])
        return output.read_bytes()[8 + int.from_bytes(output.read_bytes()[:8], "little") :] + repr(sorted(content)).encode()

    expected = made([pixels])
    assert made([image.open(street)]) == expected
    assert made(street for _ in range(1)) == expected
    assert made([np.ascontiguousarray(pixels[..., ::-1])], format="bgr") == expected
    assert made([pixels[..., 0]]) == made([np.repeat(pixels[..., :1], 3, axis=2)]) != expected


def test_parts_make_the_file_of_the_whole(network: eseg.Quantization, tmp_path: Path) -> None:
    arguments = {"images": 2, "size": SMALL, "effort": "fast", "isa": "scalar"}
    parts = [eseg.observe(WEIGHTS, CALIBRATION, (part, 2), tmp_path / f"{part}.stats", **arguments) for part in (2, 1)]  # type: ignore[arg-type]
    merged = eseg.merge(parts, tmp_path / "all.stats")
    made = eseg.quantize(WEIGHTS, CALIBRATION, tmp_path / "edge.eseg", statistics=merged, **arguments)  # type: ignore[arg-type]
    assert made.path.read_bytes() == network.path.read_bytes()
    with pytest.raises(eseg.Error, match="parts"):
        eseg.quantize(WEIGHTS, CALIBRATION, tmp_path / "edge.eseg", statistics=parts[0], **arguments)  # type: ignore[arg-type]


def test_compare_gives_the_figures_of_eseg_compare(network: eseg.Quantization, run: Run, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    found = eseg.compare(
        WEIGHTS, network.path, ROOT / "Samples" / "compare", images=2, size=SMALL, before=[network.path], report=tmp_path / "report",
        progress=lambda *step: steps.append(step))
    file = tmp_path / "comparison.json"
    run("compare", WEIGHTS, network.path, "--data", ROOT / "Samples" / "compare", "--images", "2", "--size", "64x64", "--json", file)
    told = json.loads(file.read_text())
    assert found.agreement == told["argmaxAgreement"]
    assert found.doubt is not None and found.doubt.pixels == told["doubt"]["pixels"] and found.doubt.flips == told["doubt"]["flips"]
    assert found.int8.mean_iou == told["int8"]["mIoU"] and found.float.mean_iou == told["float"]["mIoU"]
    assert [each.iou for each in found.int8.classes] == told["int8"]["perClassIoU"] and found.int8.classes[0].name == "sky"
    assert [layer.name for layer in found.layers] == [layer["name"] for layer in told["layers"]]
    assert [frame.flipped_pixels for frame in found.frames] == [frame["flippedPixels"] for frame in told["frames"]]
    assert found.before[0].agreement == found.agreement and found.before[0].name == network.path.name
    assert (tmp_path / "report" / "index.html").exists()
    assert ("comparing", 2, 2) in steps and ("comparing, before 1 of 1", 2, 2) in steps


def test_compare_takes_images_with_labels_and_without(network: eseg.Quantization, street: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    other, label = FRAMES / "000377.jpg", LABELS / "000377.png"
    pairs: list[Any] = [(image.open(street), np.asarray(image.open(LABELS / "000376.png"))), (other, label)]
    labeled = eseg.compare(WEIGHTS, network.path, pairs, size=SMALL)
    assert labeled.int8.mean_iou is not None and len(labeled.frames) == 2
    unlabeled = eseg.compare(WEIGHTS, network.path, [street, other], size=SMALL)
    assert unlabeled.int8.mean_iou is None and unlabeled.agreement == labeled.agreement


def test_inspect_tells_of_both_kinds(network: eseg.Quantization) -> None:
    int8, float_ = eseg.inspect(network.path), eseg.inspect(WEIGHTS, size=(128, 64))
    assert (int8.kind, float_.kind) == ("int8", "float") and int8.classes == float_.classes
    assert int8.size == SMALL and float_.size == (128, 64) and int8.made_for is None
    assert int8.mean == (0.5, 0.5, 0.5) and int8.channel_order == "rgb"
    assert [layer.name for layer in int8.layers] == [layer.name for layer in float_.layers]
    assert float_.macs == sum(layer.macs for layer in float_.layers) > int8.macs
    stem = int8.layers[1]
    assert stem.name == "backbone.stem" and stem.output == (32, 32, 32) and stem.weights == "int16" and stem.precision == "uint8"
    assert stem.scale and stem.range and stem.range[0] <= 0 <= stem.range[1] and stem.range_method
    assert float_.layers[1].weights is None and float_.layers[1].scale is None and float_.provenance == {}


def test_a_frames_folder_of_its_own_is_removed(small: Pixels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    eseg.quantize(WEIGHTS, [small], tmp_path / "edge.eseg", effort="fast")

    def failing() -> Iterator[Pixels]:
        yield small
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        eseg.quantize(WEIGHTS, failing(), tmp_path / "other.eseg", effort="fast")
    assert [path.name for path in tmp_path.iterdir()] == ["edge.eseg"]


def test_an_error_of_progress_ends_the_program_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def refuse(stage: str, done: int, total: int) -> None:
        raise RuntimeError(stage)

    with pytest.raises(RuntimeError, match="calibrating"):
        eseg.quantize(WEIGHTS, CALIBRATION, tmp_path / "edge.eseg", progress=refuse)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_ends_the_program_and_leaves_nothing(tmp_path: Path) -> None:
    code = (
        # What a shell starts in the background ignores it.
        "import signal, sys, tempfile, eseg; signal.signal(signal.SIGINT, signal.default_int_handler); tempfile.tempdir = sys.argv[3]; "
        "eseg.quantize(sys.argv[1], sys.argv[2], sys.argv[3] + '/edge.eseg', effort='best', progress=lambda *step: print(*step, flush=True))")
    python = subprocess.Popen([sys.executable, "-c", code, WEIGHTS, CALIBRATION, tmp_path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert python.stdout is not None and python.stdout.readline().startswith(b"calibrating 0 ")
    children = Path(f"/proc/{python.pid}/task/{python.pid}/children").read_text().split()
    python.send_signal(signal.SIGINT)  # to Python alone, not as a terminal does it
    _, errors = python.communicate(timeout=30)
    assert errors.endswith(b"KeyboardInterrupt\n") and python.returncode == -signal.SIGINT
    assert len(children) == 1 and not Path("/proc", children[0]).exists()
    assert list(tmp_path.iterdir()) == []


def test_the_programs_errors_are_exceptions_with_their_parts(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged: 1.safetensors"
    damaged.write_bytes(WEIGHTS.read_bytes()[:1000])
    for use in (
        lambda: eseg.inspect(damaged),
        lambda: eseg.quantize(damaged, CALIBRATION, tmp_path / "out.eseg"),
        lambda: eseg.compare(damaged, eseg.EXAMPLE_MODEL, FRAMES),
    ):
        with pytest.raises(eseg.Error) as raised:
            use()
        assert raised.value.file == str(damaged) and raised.value.field and raised.value.found and raised.value.expected
    assert not (tmp_path / "out.eseg").exists()


def test_a_loss_that_cannot_be_met_is_an_error_and_the_best_is_written(pixels: Pixels, tmp_path: Path) -> None:
    with pytest.raises(eseg.Error, match="--max-loss"):
        eseg.quantize(WEIGHTS, [pixels], tmp_path / "edge.eseg", size=SMALL, effort="fast", max_loss=0)
    assert eseg.inspect(tmp_path / "edge.eseg").kind == "int8"


def test_warnings_are_warnings(pixels: Pixels, tmp_path: Path, network: eseg.Quantization) -> None:
    for name in ("images", "labels"):
        (tmp_path / name).mkdir()
    for name in ("000376", "000377"):
        (tmp_path / "images" / f"{name}.jpg").symlink_to(FRAMES / f"{name}.jpg")
    (tmp_path / "labels" / "000376.png").symlink_to(LABELS / "000376.png")
    with pytest.warns(UserWarning, match="frames: found 1 without labels") as warned:
        eseg.compare(WEIGHTS, network.path, tmp_path, size=SMALL)
    assert warned[0].filename == __file__


@pytest.mark.parametrize(("arguments", "text"), [
    ({"frames": []}, "frames: found none, expected at least one"),
    ({"frames": [np.zeros((64, 64, 3))]}, "image: found an array of float64, expected one of uint8"),
    ({"frames": [np.zeros((64, 64, 3), np.uint8)], "format": "nv12"}, "format: found 'nv12', expected 'rgb' or 'bgr'"),
    ({"frames": [np.zeros((64, 64, 3), np.uint8)], "images": 2}, "images: found 2, expected at most 1, the number of frames"),
    ({"size": 64}, "size: found 64, expected width and height"),
    ({"mean": (0.5, 0.5)}, "mean: found (0.5, 0.5), expected a number, or three"),
    ({"std": "half"}, "std: found 'half', expected a number, or three"),
    ({"measure": [(np.zeros((64, 64, 3), np.uint8), np.zeros((64, 64)))]}, "labels: found 2 dimensions of float64, expected an array of uint8"),
    ({"measure": []}, "frames: found none, expected at least one"),
    ({"measure": [(np.zeros((64, 64, 3), np.uint8),) * 3]}, "frames: found a tuple of 3, expected images"),
    ({"isa": "a\0b"}, "argument: found '--isa=a\\x00b', expected a text without zero bytes"),
])
def test_arguments_that_cannot_be_are_refused(arguments: dict[str, object], text: str, tmp_path: Path) -> None:
    with pytest.raises(eseg.ArgumentError) as raised:
        eseg.quantize(**{"weights": WEIGHTS, "frames": CALIBRATION, "output": tmp_path / "out.eseg", **arguments})  # type: ignore[arg-type]
    assert str(raised.value).startswith(text)
    assert list(tmp_path.iterdir()) == []


def test_what_the_program_does_not_know_is_said_in_its_words(tmp_path: Path) -> None:
    with pytest.raises(eseg.Error, match="The value 'slow' is invalid for '--effort"):
        eseg.quantize(WEIGHTS, CALIBRATION, tmp_path / "out.eseg", effort="slow")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="unexpected argument 'colour'"):
        eseg.inspect(WEIGHTS, colour=1)  # type: ignore[call-arg]


def test_names_may_begin_with_dashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("--help.safetensors").symlink_to(WEIGHTS)
    assert eseg.inspect("--help.safetensors").name == "eseg-edge"


def test_a_signal_that_ends_the_program_is_told(tmp_path: Path) -> None:
    def kill(stage: str, done: int, total: int) -> None:
        for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
        time.sleep(0.1)

    with pytest.raises(eseg.Error, match="eseg quantize: found signal 9, expected it to go on"):
        eseg.quantize(WEIGHTS, CALIBRATION, tmp_path / "out.eseg", progress=kill)
