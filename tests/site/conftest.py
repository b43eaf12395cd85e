"""The site, built once for all processes that run these tests side by side, as `make site` builds it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 1200


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site; skips without mkdocs."""
    if importlib.util.find_spec("mkdocs") is None or importlib.util.find_spec("material") is None:
        pytest.skip("mkdocs-material is not installed: the documentation site is not built")
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "documentation"
    done = folder.with_name("documentation.done")
    try:
        folder.mkdir()
    except FileExistsError:  # another process builds it
        end = time.monotonic() + PATIENCE_SECONDS
        while not done.exists() and time.monotonic() < end:
            time.sleep(0.5)
    else:
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
        built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
        done.write_text("" if built.returncode == 0 else built.stdout + built.stderr, encoding="utf-8")
    why = done.read_text(encoding="utf-8") if done.exists() else "the process that builds it did not end"
    assert why == "", why
    return folder
