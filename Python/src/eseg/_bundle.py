"""What comes with the package: the library, the program and a network, laid out as in eseg's archives."""

from pathlib import Path

_FOLDER = Path(__file__).parent / "_bundle"

PROGRAM = _FOLDER / "bin" / "eseg"
LIBRARY = _FOLDER / "lib" / "libeseg.so.0"
EXAMPLE_MODEL = _FOLDER / "share" / "eseg" / "Models" / "eseg-edge.eseg"
