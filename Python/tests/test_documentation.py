"""`docs/python.md`: its listings run, in their order, in a folder with the files that they name."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import eseg
import pytest
from conftest import CALIBRATION, ROOT, WEIGHTS

PAGE = (ROOT / "docs" / "python.md").read_text()


@pytest.fixture
def folder(tmp_path: Path, street: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(eseg.EXAMPLE_MODEL, tmp_path / "eseg-edge.eseg")
    for name, target in (("street.jpg", street), ("net.safetensors", WEIGHTS), ("frames", CALIBRATION), ("data", ROOT / "Samples" / "compare")):
        (tmp_path / name).symlink_to(target)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_listing_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("PIL")
    listings = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(listings) > 5
    names: dict[str, object] = {}
    for listing in listings:
        exec(compile(listing, "docs/python.md", "exec"), names)
    output = capsys.readouterr().out
    assert "eseg-edge" in output and "% of pixels are doubtful" in output
    assert "street.jpg" in output.splitlines()[-1]
    assert sorted(path.name for path in folder.iterdir() if not path.is_symlink()) == ["eseg-edge.eseg", "net.eseg", "overlay.png"]


def test_the_readmes_listing_runs(folder: Path) -> None:
    readme = (ROOT / "Python" / "README.md").read_text()
    for listing in re.findall(r"```python\n(.*?)```", readme, re.DOTALL):
        subprocess.run([sys.executable, "-c", listing], check=True)


def test_what_it_names_is_there_and_all_that_is_there_is_documented() -> None:
    for name in set(re.findall(r"eseg\.([a-zA-Z_]+)\(", PAGE)):
        assert hasattr(eseg, name), name
    for name in eseg.__all__:
        assert getattr(eseg, name).__doc__ or name == "EXAMPLE_MODEL", name
