"""`eseg.Model`: what a file tells, and class maps of images."""

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from ctypes import byref
from pathlib import Path

import eseg
import numpy as np
import pytest
from conftest import Pixels, Run
from eseg import _library


def test_a_path_an_array_and_a_pil_image_give_the_bytes_of_eseg_run(
    model: eseg.Model, street: Path, pixels: Pixels, expected: Pixels
) -> None:
    image = pytest.importorskip("PIL.Image")
    for each in (street, str(street), pixels, image.open(street), image.open(street).convert("RGBA")):
        classes = model.segment(each)
        assert classes.dtype == np.uint8 and classes.shape == (360, 480)
        assert np.array_equal(classes, expected)


def test_bytes_of_a_file_give_the_model_of_the_file(model: eseg.Model, small: Pixels) -> None:
    content = eseg.EXAMPLE_MODEL.read_bytes()
    for source in (content, bytearray(content), memoryview(content)):
        with eseg.Model(source) as same:
            assert same.classes == model.classes
            assert np.array_equal(same.segment(small), model.segment(small))


def test_it_tells_what_the_file_says(model: eseg.Model) -> None:
    told = eseg.inspect(eseg.EXAMPLE_MODEL)
    assert (model.name, model.classes, model.mean, model.std) == (told.name, told.classes, told.mean, told.std)
    assert model.size is None and model.sides == (32, 16384)
    assert model.palette.shape == (11, 3) and not model.palette.flags.writeable
    assert model.logit_scale > 0
    assert model.doubtful_share is None or 0 < model.doubtful_share < 1
    assert repr(model) == f"<eseg.Model eseg-edge: 11 classes, {model.isa}>"


def test_every_instruction_set_and_number_of_threads_gives_the_same_bytes(model: eseg.Model, small: Pixels) -> None:
    with eseg.Model(eseg.EXAMPLE_MODEL, isa="scalar") as scalar:
        assert scalar.isa == "scalar"
        for threads in (None, 1, 3):
            assert np.array_equal(scalar.segment(small, threads=threads), model.segment(small, threads=threads))


def test_another_size_is_what_the_program_gives(
    model: eseg.Model, street: Path, run: Run, tmp_path: Path
) -> None:
    image = pytest.importorskip("PIL.Image")
    run("run", eseg.EXAMPLE_MODEL, street, "-o", tmp_path, "--size", "240x160")
    assert np.array_equal(model.segment(street, size=(240, 160)), np.asarray(image.open(tmp_path / "000376.png")))


@pytest.mark.parametrize("view", [
    lambda array: array[::-1],
    lambda array: array[::2],
    lambda array: array[10:-10, 20:-20],
    lambda array: np.concatenate([array, array], axis=1)[:, :96],
    lambda array: array[:, ::-1],
    lambda array: array[..., ::-1],
    lambda array: np.asfortranarray(array),
    lambda array: np.broadcast_to(array[:1], array.shape),
    lambda array: np.lib.stride_tricks.as_strided(array, array.shape, (8, 3, 1)),
], ids=["upside down", "every other row", "a window", "rows with gaps", "mirrored", "swapped", "columns first", "one row", "overlapping"])
def test_any_layout_in_memory_gives_what_a_copy_gives(model: eseg.Model, small: Pixels, view: object) -> None:
    array = np.tile(small, (2, 1, 1))
    seen = view(array)  # type: ignore[operator]
    assert np.array_equal(model.segment(seen), model.segment(seen.copy(order="C")))


def test_formats_give_what_their_pixels_give(model: eseg.Model, small: Pixels) -> None:
    expected = model.segment(small)
    alpha = np.full((64, 96, 1), 77, np.uint8)
    bgr = np.ascontiguousarray(small[..., ::-1])
    assert np.array_equal(model.segment(np.concatenate([small, alpha], axis=2)), expected)
    assert np.array_equal(model.segment(bgr, format="bgr"), expected)
    assert np.array_equal(model.segment(np.concatenate([bgr, alpha], axis=2), format="bgr"), expected)
    gray = small[..., 0]
    expected = model.segment(np.repeat(gray[..., None], 3, axis=2))
    for each in (gray, gray[..., None], np.ascontiguousarray(gray)):
        assert np.array_equal(model.segment(each), expected)


def test_cameras_formats_give_what_the_program_gives(model: eseg.Model, run: Run, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    random = np.random.default_rng(2)
    for format, shape in (("nv12", (96, 96)), ("yuyv", (64, 96, 2))):
        raw = random.integers(0, 256, shape, np.uint8)
        frames = tmp_path / f"frames.{format}"
        frames.write_bytes(raw.tobytes())
        run("run", eseg.EXAMPLE_MODEL, frames, "--raw", f"96x64:{format}", "-o", tmp_path / format)
        expected = np.asarray(image.open(tmp_path / format / "000001.png"))
        assert np.array_equal(model.segment(raw, format=format), expected)  # type: ignore[call-overload]


def test_results_go_where_they_are_wanted(model: eseg.Model, small: Pixels) -> None:
    expected = model.segment(small)
    for out in (np.zeros((64, 96), np.uint8), np.zeros((64, 128), np.uint8)[:, 16:112], np.zeros((64, 96), np.uint8)[::-1]):
        assert model.segment(small, out=out) is out
        assert np.array_equal(out, expected)
    wide = np.full((64, 128), 255, np.uint8)
    model.segment(small, out=wide[:, 16:112])
    assert (wide[:, :16] == 255).all() and (wide[:, 112:] == 255).all()


def test_logits_choose_the_classes(model: eseg.Model, small: Pixels) -> None:
    found = model.segment(small, logits=True)
    assert isinstance(found, eseg.Segmentation) and found.logits is not None
    assert np.array_equal(found.classes, model.segment(small))
    height, width, classes = found.logits.shape
    assert classes == 11 and found.logits.dtype == np.int16
    best = found.logits.argmax(axis=2)
    # Between the pixels where logits lie, classes come from several of them.
    inner = found.classes[64 // height // 2 :: 64 // height, 96 // width // 2 :: 96 // width]
    assert (inner == best).mean() > 0.8
    assert found.doubt is None and found.doubtful_share is None


def test_doubt_is_told_beside_the_same_classes(
    model: eseg.Model, street: Path, pixels: Pixels, expected: Pixels, run: Run, tmp_path: Path
) -> None:
    found = model.segment(pixels, doubt=True)
    assert np.array_equal(found.classes, expected) and found.logits is None
    assert found.doubt is not None and found.doubt.shape == (360, 480) and found.doubt.dtype == np.uint8
    assert found.doubtful_share is not None and found.doubtful_share == pytest.approx((found.doubt >= 128).mean(), abs=1e-9)
    assert 0 < found.doubtful_share < 0.2 and found.doubt.min() == 0
    image = pytest.importorskip("PIL.Image")
    run("run", eseg.EXAMPLE_MODEL, street, "-o", tmp_path, "--doubt")
    assert np.array_equal(found.doubt, np.asarray(image.open(tmp_path / "000376-doubt.png")))
    # Classes change where two are nearly as likely.
    edges = expected[:, 1:] != expected[:, :-1]
    assert found.doubt[:, 1:][edges].mean() > 4 * found.doubt[:, 1:][~edges].mean()


def test_the_overlay_is_that_of_eseg_run(model: eseg.Model, street: Path, pixels: Pixels, expected: Pixels, run: Run, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    run("run", eseg.EXAMPLE_MODEL, street, "-o", tmp_path)
    overlay = np.asarray(image.open(tmp_path / "000376-overlay.png"))
    assert np.array_equal(model.overlay(street, expected), overlay)
    assert np.array_equal(model.overlay(pixels[..., ::-1], expected, format="bgr"), overlay[..., ::-1])
    assert np.array_equal(model.overlay(pixels, expected, opacity=0), pixels)
    assert np.array_equal(model.overlay(pixels, expected, opacity=1), model.palette[expected])
    gray = pixels[..., 0]
    assert np.array_equal(model.overlay(gray, expected), model.overlay(np.repeat(gray[..., None], 3, axis=2), expected))


def test_threads_share_a_model(model: eseg.Model) -> None:
    random = np.random.default_rng(3)
    images = [random.integers(0, 256, (32 + 8 * (i % 3), 64, 3), np.uint8) for i in range(12)]
    expected = [model.segment(image) for image in images]
    failures: list[int] = []

    def work(start: int) -> None:
        for i in range(40):
            index = (start + i) % len(images)
            if not np.array_equal(model.segment(images[index], threads=1), expected[index]):
                failures.append(index)

    threads = [threading.Thread(target=work, args=(3 * i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_other_threads_run_while_an_image_is_segmented(model: eseg.Model, pixels: Pixels) -> None:
    image, gate, has_run = np.tile(pixels, (3, 3, 1)), threading.Event(), threading.Event()

    def wait() -> None:
        gate.wait()
        has_run.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(100)  # the other thread runs only where this one gives up the lock
    try:
        gate.set()
        model.segment(image, threads=1)
        assert has_run.is_set()
    finally:
        sys.setswitchinterval(interval)
        waiting.join()


def test_a_model_is_closed_while_threads_use_it(small: Pixels) -> None:
    model = eseg.Model(eseg.EXAMPLE_MODEL)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            while True:
                model.segment(small, threads=1)
        except eseg.Error as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    model.segment(small)
    model.close()
    for thread in threads:
        thread.join(timeout=30)
    assert [str(error) for error in errors] == ["model: found it closed, expected an open one"] * 3


def test_a_session_that_an_exception_left_locked_is_freed_with_its_model(small: Pixels) -> None:
    code = """import eseg, numpy
model = eseg.Model(eseg.EXAMPLE_MODEL)
model.segment(numpy.zeros((32, 32, 3), numpy.uint8))
[[session]] = model._sessions._sessions.values()
session.lock.acquire()
del session
model.close()"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_forked_process_segments_too(model: eseg.Model, small: Pixels) -> None:
    expected = model.segment(small, threads=2)
    child = os.fork()
    if child == 0:
        os._exit(0 if np.array_equal(model.segment(small, threads=2), expected) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_ten_thousand_calls_take_no_memory(model: eseg.Model, small: Pixels) -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    image, out = small[:32, :32], np.empty((32, 32), np.uint8)
    for i in range(500):
        model.segment(image, threads=1)
        model.segment(image, threads=1, out=out, logits=True)
    before = resident()
    for i in range(5000):
        model.segment(image, threads=1)
        model.segment(image, threads=1, out=out, logits=True)
    assert resident() - before < 300_000


def test_a_call_takes_little_longer_than_the_call_in_c(model: eseg.Model) -> None:
    pixels, out = np.zeros((32, 32, 3), np.uint8), np.empty((32, 32), np.uint8)
    with model.session((32, 32), threads=1) as session:
        image = _library.Image(0, 32, 32, (pixels.ctypes.data,), (96,))
        result, failure = _library.Result(out.ctypes.data, 32), _library.Failure()
        calls: list[Callable[[], object]] = [
            lambda: _library.library().eseg_segment(session._handle, byref(image), byref(result), byref(failure)),
            lambda: model.segment(pixels, threads=1)]
        times: list[list[float]] = [[], []]
        for _ in range(500):
            for call, taken in zip(calls, times):
                start = time.perf_counter()
                call()
                taken.append(time.perf_counter() - start)
    assert min(times[1]) - min(times[0]) < 1e-4


def test_images_of_many_sizes_keep_the_memory_of_a_few(small: Pixels) -> None:
    with eseg.Model(eseg.EXAMPLE_MODEL) as model:
        for width in range(32, 96):
            model.segment(small[:, :width], threads=1)
        assert len(model._sessions._sessions) == 4


def test_an_open_model_does_not_disturb_the_end_of_python() -> None:
    code = "import eseg, numpy; model = eseg.Model(eseg.EXAMPLE_MODEL); model.segment(numpy.zeros((32, 32, 3), numpy.uint8))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


# What is refused


@pytest.mark.parametrize(("image", "text"), [
    (np.zeros((64, 96, 3), np.float32), "image: found an array of float32, expected one of uint8"),
    (np.zeros((64, 96, 3), np.int8), "image: found an array of int8, expected one of uint8"),
    (np.zeros((64, 96, 3), bool), "image: found an array of bool, expected one of uint8"),
    (np.zeros(96, np.uint8), "image: found an array of 96, expected height × width, with 1, 3 or 4 channels"),
    (np.zeros((), np.uint8), "image: found an array of no dimensions, expected height × width, with 1, 3 or 4 channels"),
    (np.zeros((3, 64, 96), np.uint8), "image: found an array of 3 × 64 × 96, expected height × width, with 1, 3 or 4 channels"),
    (np.zeros((1, 64, 96, 3), np.uint8), "image: found an array of 1 × 64 × 96 × 3, expected height × width, with 1, 3 or 4 channels"),
    (np.zeros((0, 96, 3), np.uint8), "size: found (96, 0), expected width and height"),
    (np.zeros((40000, 32), np.uint8), "height: found 40000, expected 1 to 16384"),
    ([[1, 2], [3, 4]], "image: found a list, expected an array, a PIL image or a path"),
    (None, "image: found a NoneType, expected an array, a PIL image or a path"),
    (b"street.jpg", "image: found a bytes, expected an array, a PIL image or a path"),
])
def test_what_is_no_image_is_refused(model: eseg.Model, image: object, text: str) -> None:
    with pytest.raises(eseg.ArgumentError) as raised:
        model.segment(image)  # type: ignore[call-overload]
    assert str(raised.value) == text
    assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize(("shape", "format"), [
    ((64, 96, 3), "nv12"), ((64, 96), "nv12"), ((96, 95), "nv12"), ((64, 96), "yuyv"), ((64, 95, 2), "yuyv"), ((64, 96, 3), "yuv"),
    ((64, 96, 3), None),
])
def test_arrays_of_another_format_are_refused(model: eseg.Model, shape: tuple[int, ...], format: str) -> None:
    with pytest.raises(eseg.ArgumentError):
        model.segment(np.zeros(shape, np.uint8), format=format)  # type: ignore[call-overload]


def test_files_have_their_own_format(model: eseg.Model, street: Path) -> None:
    with pytest.raises(eseg.ArgumentError, match="format: found 'bgr' of a file, expected 'rgb'"):
        model.segment(street, format="bgr")


@pytest.mark.parametrize(("argument", "value", "text"), [
    ("threads", 0, "threads: found 0, expected 1 to 256"),
    ("threads", 257, "threads: found 257, expected 1 to 256"),
    ("threads", 2**40, "threads: found 1099511627776, expected 1 to 256"),
    ("threads", "two", "threads: found 'two', expected 1 to 256"),
    ("size", (96,), "size: found (96,), expected width and height"),
    ("size", 96, "size: found 96, expected width and height"),
    ("size", (96, 2**33), "size: found (96, 8589934592), expected width and height"),
    ("size", (8, 8), "image: height: found 8, expected 32...16384"),
])
def test_numbers_that_cannot_be_are_refused(model: eseg.Model, small: Pixels, argument: str, value: object, text: str) -> None:
    with pytest.raises(eseg.ArgumentError) as raised:
        model.segment(small, **{argument: value})  # type: ignore[call-overload]
    assert str(raised.value).startswith(text)


def test_places_for_results_that_cannot_be_are_refused(model: eseg.Model, small: Pixels) -> None:
    frozen = np.zeros((64, 96), np.uint8)
    frozen.flags.writeable = False
    gray = small[..., 0].copy()
    for out, text in [
        (np.zeros((64, 96), np.int8), "out: found 64 × 96 of int8, expected 64 × 96 of uint8"),
        (np.zeros((96, 64), np.uint8), "out: found 96 × 64 of uint8, expected 64 × 96 of uint8"),
        (np.zeros((64, 96, 1), np.uint8), "out: found 64 × 96 × 1 of uint8"),
        (np.zeros((64, 192), np.uint8)[:, ::2], "out: found an array with strides of 192 and 2 bytes, expected rows without gaps"),
        (np.broadcast_to(np.zeros(96, np.uint8), (64, 96)), "out: found an array that is not writable, expected a writable one"),
        (frozen, "out: found an array that is not writable, expected a writable one"),
        ([[0] * 96] * 64, "out: found a list, expected an array"),
        (gray, "out: found memory of the image, expected an array of its own"),
    ]:
        with pytest.raises(eseg.ArgumentError) as raised:
            model.segment(gray, out=out)  # type: ignore[call-overload]
        assert str(raised.value).startswith(text)


def test_files_that_are_none_are_refused(model: eseg.Model, tmp_path: Path) -> None:
    text = tmp_path / "text.png"
    text.write_text("no image")
    for path in (text, tmp_path / "absent.jpg", tmp_path):
        with pytest.raises(eseg.Error) as raised:
            model.segment(path)
        assert raised.value.file == str(path) and raised.value.found and raised.value.expected
    with pytest.raises(eseg.ArgumentError, match="a text without zero bytes"):
        model.segment("a\0b")


def test_files_that_are_no_models_are_refused(tmp_path: Path) -> None:
    damaged = bytearray(eseg.EXAMPLE_MODEL.read_bytes())
    damaged[-1] ^= 1
    (tmp_path / "damaged.eseg").write_bytes(damaged)
    (tmp_path / "empty.eseg").write_bytes(b"")
    for name in ("damaged.eseg", "empty.eseg", "absent.eseg"):
        with pytest.raises(eseg.Error) as raised:
            eseg.Model(tmp_path / name)
        assert raised.value.file == str(tmp_path / name) and raised.value.field and raised.value.found and raised.value.expected
    for content in (b"", bytes(damaged), b"\xff" * 100):
        with pytest.raises(eseg.Error, match="found"):
            eseg.Model(content)
    with pytest.raises(eseg.ArgumentError, match="source: found a int, expected a path or bytes"):
        eseg.Model(3)  # type: ignore[arg-type]
    with pytest.raises(eseg.ArgumentError, match="path: found 'a\\\\x00b', expected a text without zero bytes"):
        eseg.Model("a\0b")
    with pytest.raises(eseg.Error, match='isa: found "mmx", expected one of'):
        eseg.Model(eseg.EXAMPLE_MODEL, isa="mmx")


def test_a_closed_model_segments_nothing(small: Pixels) -> None:
    with eseg.Model(eseg.EXAMPLE_MODEL) as model:
        model.segment(small)
    model.close()
    for use in (lambda: model.segment(small), lambda: model.session((96, 64))):
        with pytest.raises(eseg.Error, match="model: found it closed, expected an open one"):
            use()
    assert model.classes[0] == "sky"


def test_overlays_that_cannot_be_are_refused(model: eseg.Model, small: Pixels) -> None:
    classes = np.zeros((64, 96), np.uint8)
    for arguments, text in [
        ({"classes": classes[:32]}, "classes: found 32 × 96, expected 64 × 96, as the image"),
        ({"classes": classes + np.uint8(11)}, "classes: found 11, expected 0 to 10"),
        ({"classes": classes.astype(int)}, "classes: found int64, expected an array of uint8"),
        ({"classes": [1]}, "classes: found list, expected an array of uint8"),
        ({"classes": classes, "opacity": 1.5}, "opacity: found 1.5, expected 0 to 1"),
        ({"classes": classes, "format": "nv12"}, "format: found 'nv12', expected 'rgb' or 'bgr'"),
    ]:
        with pytest.raises(eseg.ArgumentError) as raised:
            model.overlay(small, **arguments)  # type: ignore[arg-type]
        assert str(raised.value) == text


def test_errors_pass_between_processes() -> None:
    error = pickle.loads(pickle.dumps(eseg.Error("a: b: found c, expected d\ne: f: found g, expected h")))
    assert (error.file, error.field, error.found, error.expected) == ("a", "b", "c", "d")
    assert [each.file for each in error.further] == ["e"]
