"""What goes wrong, in words and in parts."""

from __future__ import annotations

import re

_PARTS = re.compile(r"(?:(?P<file>.+): )?(?P<field>.+?): found (?P<found>.+?), expected (?P<expected>.+)", re.DOTALL)


class Error(Exception):
    """Why something cannot be done, with the parts of its text: ``file``, ``field``, ``found`` and ``expected``.

    A part is None where the text has none. ``further`` holds what else is wrong, where more was found out in one go.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        first, *others = text.splitlines() or [""]
        parts = _PARTS.fullmatch(first)
        self.file: str | None = parts and parts["file"]
        self.field: str | None = parts and parts["field"]
        self.found: str | None = parts and parts["found"]
        self.expected: str | None = parts and parts["expected"]
        self.further: tuple[Error, ...] = tuple(type(self)(line) for line in others)


class ArgumentError(Error, ValueError):
    """An argument that cannot be: ``field`` is its name."""


def refused(argument: str, found: object, expected: str) -> ArgumentError:
    """The error of an argument."""
    return ArgumentError(f"{argument}: found {found}, expected {expected}")
