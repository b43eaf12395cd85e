"""The words beside the amounts of a table's lines or columns, which may set one of them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stratlint.meaning.tables import Lane


@dataclass(frozen=True, slots=True)
class LaneWords:
    """The words beside the amounts of samples: all that a sample says, and what stands in each of its cells."""

    all: tuple[frozenset[str], ...]
    cells: tuple[tuple[frozenset[str], ...], ...]

    @classmethod
    def of(cls, lanes: Sequence[Lane], samples: Sequence[int]) -> LaneWords:
        chosen = [lanes[at] for at in samples]
        return cls(tuple(lane.label.union(*lane.words) for lane in chosen), tuple(lane.words for lane in chosen))

    def set_apart(self, at: int, kept: Sequence[int]) -> bool:
        """Whether a sample lacks a word that all others have (another card, another format)."""
        return bool(frozenset.intersection(*(self.all[other] for other in kept)) - self.all[at])

    def remarked(self, at: int, kept: Sequence[int]) -> bool:
        """Whether a cell of a sample has a remark where the others have none, or lacks a word that they share."""
        for column, words in enumerate(self.cells[at]):
            others = [self.cells[other][column] for other in kept]
            if (words and not any(others)) or frozenset.intersection(*others) - words:
                return True
        return False
