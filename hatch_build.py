"""When a wheel is built: what would be computed from `grammar/` and `rules/` on first use goes into it, as `_data/compiled/`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledKnowledge(BuildHookInterface):  # type: ignore[type-arg]
    """Named in pyproject.toml."""

    _folder: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files; an editable install computes them from the checkout when it needs them."""
        if version == "editable":
            return
        self._folder = Path(tempfile.mkdtemp(prefix="stratlint-"))
        # The builder's own cache is none of a build's business.
        os.environ["XDG_CACHE_HOME"] = str(self._folder / "cache")
        sys.path.insert(0, self.root)
        from stratlint.claims.units import unit_table
        from stratlint.resources import json_bytes, yaml_files

        for name, make in (("yaml", yaml_files), ("units", unit_table)):
            file = self._folder / f"{name}.json"
            file.write_bytes(json_bytes(make()))
            build_data["force_include"][str(file)] = f"stratlint/_data/compiled/{file.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was only on the way."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
