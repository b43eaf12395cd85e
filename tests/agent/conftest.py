"""A folder with a document, as an agent's tools find it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratlint.agent.tools import Tools

PAGE = "# Plant\n\nThe hall has 17 rows of 24 cabinets, 418 cabinets in all.\n\n## Fans\n\nEach has 3 of them, 1,224 blades, 612 kg.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()  # configurations above are nobody's
    (tmp_path / "plan.md").write_text(PAGE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def tools(folder: Path) -> Tools:
    return Tools(folder)
