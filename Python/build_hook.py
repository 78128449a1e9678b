"""Says that the wheel holds programs of one platform and serves any Python 3 there, and keeps it small."""

import os
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PlatformHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + os.environ["ESEG_PLATFORM"]

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Compresses the wheel again, as far as zlib goes: hatchling has no option for it."""
        with ZipFile(artifact_path) as wheel:
            entries = [(entry, wheel.read(entry)) for entry in wheel.infolist()]
        with ZipFile(artifact_path, "w") as wheel:
            for entry, content in entries:
                wheel.writestr(entry, content, ZIP_DEFLATED, compresslevel=9)
