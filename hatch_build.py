"""What a wheel holds beside the package as it is: the shipped rules, parsed."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PackedRules(BuildHookInterface):
    """Adds the rules as one file, checked against the rule files when it is read: cleaner/ruleset/packed.py."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before a wheel is built. An editable install has rules that change, and packs them itself."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from cleaner.ruleset.load import IN_WHEEL, for_wheel  # noqa: PLC0415 - of the sources that are built

        self._folder = tempfile.TemporaryDirectory()
        packed = Path(self._folder.name, IN_WHEEL)
        packed.write_bytes(for_wheel())
        build_data["force_include"][str(packed)] = f"cleaner/rules/{IN_WHEEL}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Called when the wheel is there."""
        if version != "editable":
            self._folder.cleanup()
