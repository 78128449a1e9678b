"""`eseg.Session`: a model laid out for one size."""

import ctypes
import os
import sys
import threading
from pathlib import Path

import eseg
import numpy as np
import pytest
from conftest import Pixels
from eseg import _library


def test_it_gives_what_its_model_gives_and_tells_how_long_it_takes(model: eseg.Model, small: Pixels) -> None:
    with model.session((96, 64), threads=2) as session:
        assert session.size == session.input_size == (96, 64) and session.threads == 2 and session.bytes > 0
        assert session.milliseconds == 0
        assert np.array_equal(session.segment(small), model.segment(small))
        assert session.milliseconds > 0
        layers = session.layers
        assert layers[0].macs > 0 and layers[0].bytes > 0 and layers[0].name and layers[0].kind
        assert 0 < sum(layer.milliseconds for layer in layers) <= session.milliseconds


def test_images_are_resized_to_another_size_of_the_network(model: eseg.Model, small: Pixels) -> None:
    with model.session((96, 64), input_size=(64, 48)) as session:
        assert session.input_size == (64, 48)
        assert np.array_equal(session.segment(small), model.segment(small, size=(64, 48)))


def test_it_outlives_its_model(small: Pixels) -> None:
    with eseg.Model(eseg.EXAMPLE_MODEL) as model:
        expected = model.segment(small)
        session = model.session((96, 64))
    assert np.array_equal(session.segment(small), expected)
    session.close()


def test_threads_wait_for_one_another(model: eseg.Model, small: Pixels) -> None:
    expected, found = model.segment(small), []
    with model.session((96, 64)) as session:
        threads = [threading.Thread(target=lambda: found.append(session.segment(small))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 8 and all(np.array_equal(each, expected) for each in found)


def test_its_threads_stay_on_their_cpus(model: eseg.Model, small: Pixels) -> None:
    cpu = min(os.sched_getaffinity(0))
    with model.session((96, 64), threads=1, cpus=str(cpu)) as session:
        assert np.array_equal(session.segment(small), model.segment(small))


def test_a_call_packs_what_it_takes_as_the_library_has_it() -> None:
    packed = _library.Arguments()
    assert _library.ARGUMENTS.size == ctypes.sizeof(packed)
    _library.ARGUMENTS.pack_into(packed, 0, *range(1, 14))
    image, result = packed.image, packed.result
    assert (image.format, image.width, image.height, *image.planes, *image.strides) == (1, 2, 3, 4, 5, 6, 7)
    assert (result.classes, result.classes_stride, result.doubt, result.doubt_stride, result.logits, result.logit_count) == (8, 9, 10, 11, 12, 13)


def test_memory_is_borrowed_for_a_call_alone(model: eseg.Model, small: Pixels) -> None:
    image, out = small.copy(), np.empty((64, 96), np.uint8)
    counts = sys.getrefcount(image), sys.getrefcount(out)
    with model.session((96, 64)) as session:
        for _ in range(10):
            session.segment(image, out=out)
        with pytest.raises(eseg.ArgumentError):
            session.segment(image[:, :48].copy())
    model.segment(image, out=out)
    assert (sys.getrefcount(image), sys.getrefcount(out)) == counts


def test_what_cannot_be_is_refused(model: eseg.Model, small: Pixels, tmp_path: Path) -> None:
    for arguments, text in [
        ({"size": (0, 64)}, "size: found (0, 64), expected width and height"),
        ({"size": (96, 64), "cpus": "many"}, "cpus: "),
        ({"size": (96, 64), "cpus": 3}, "cpus: found 3, expected a text without zero bytes"),
        ({"size": (96, 64), "input_size": 96}, "input_size: found 96, expected width and height"),
        ({"size": (96, 64), "threads": 300}, "threads: found 300, expected 1 to 256"),
        ({"size": (16, 16)}, "image: height: found 16, expected 32...16384"),
    ]:
        with pytest.raises(eseg.Error) as raised:
            model.session(**arguments)  # type: ignore[arg-type]
        assert str(raised.value).startswith(text)
    with model.session((96, 64)) as session:
        with pytest.raises(eseg.ArgumentError, match="image size: found 96x32, expected 96x64, the session's"):
            session.segment(small[:32])
    for use in (lambda: session.segment(small), lambda: session.layers, lambda: session.milliseconds):
        with pytest.raises(eseg.Error, match="session: found it closed, expected an open one"):
            use()
    session.close()
