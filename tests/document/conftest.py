"""Every Markdown document at hand, as one parameter."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"


def _corpora() -> dict[str, list[Path]]:
    return {
        "fixtures": sorted((ROOT / "fixtures").rglob("*.md")) if (ROOT / "fixtures").is_dir() else [],
        "seeds": sorted((SHARED / "seeds").glob("*.txt")),
        "written": sorted((SHARED / "bench" / "written").glob("*.md")),
        "real": sorted((SHARED / "bench" / "real" / "files").glob("*")),
    }


@pytest.fixture(params=["fixtures", "seeds", "written", "real"])
def corpus(request: pytest.FixtureRequest) -> list[tuple[str, str]]:
    """Names and texts of one corpus, line ends as they are in the files."""
    paths = _corpora()[request.param]
    if not paths:
        pytest.skip(f"no documents: the corpus {request.param!r} is not on this machine")
    return [(path.name, path.read_bytes().decode("utf-8", "replace")) for path in paths]
