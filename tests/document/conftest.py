"""Every Markdown document at hand, as one parameter; pages with their grids."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratlint.document import parse
from stratlint.document.grid import Grid, GridCell, grids

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
        pytest.skip("no ../shared beside the checkout")
    return [(path.name, path.read_bytes().decode("utf-8", "replace")) for path in paths]


class Page:
    """A page with its grids."""

    def __init__(self, text: str) -> None:
        self.document = parse(text)
        self.grids = grids(self.document)

    @property
    def grid(self) -> Grid:
        """The only grid."""
        assert len(self.grids) == 1, [grid.layout for grid in self.grids]
        return self.grids[0]

    def text(self, cell: GridCell) -> str:
        """The value of a cell, read at its place in the source."""
        span = self.document.blocks[cell.block].source_span(cell.start, cell.end)
        return self.document.text[span.start : span.end]

    def label_text(self, cell: GridCell) -> str:
        """What stands where the cell says its label is."""
        return self.document.blocks[cell.label_block].text[cell.label_start : cell.label_end]

    def values(self, grid: Grid | None = None) -> list[tuple[str, ...]]:
        """Every cell as its holder, the names of what is measured, and its value."""
        return [(*cell.holder, *cell.names, self.text(cell)) for cell in (grid or self.grid).cells]

    def records(self) -> list[dict[str, str]]:
        """Label → value of every record of the only grid, in order."""
        found: dict[int, dict[str, str]] = {}
        for cell in self.grid.cells:
            found.setdefault(cell.record, {})[cell.label] = self.text(cell)
        return [found[record] for record in sorted(found)]


@pytest.fixture
def read() -> type[Page]:
    """Reads a page into its grids."""
    return Page
