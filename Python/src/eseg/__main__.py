"""``python -m eseg``: the eseg program, in place of this process."""

import os
import sys

from ._bundle import PROGRAM

if __name__ == "__main__":
    os.execv(PROGRAM, ["eseg", *sys.argv[1:]])
