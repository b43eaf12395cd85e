"""One item of a sentence before its meaning is known."""

from __future__ import annotations

from dataclasses import dataclass

from stratlint.claims.syntax import Quantity
from stratlint.meaning.axes import Degree
from stratlint.meaning.statement import ItemKind


@dataclass(frozen=True, slots=True)
class Raw:
    """One item before its meaning is known. `quantity` for amounts; `word` in lower case; `degree`: of which axis an amount is one."""

    kind: ItemKind
    start: int
    end: int
    word: str = ""
    tags: frozenset[str] = frozenset()
    quantity: Quantity | None = None
    spelled: bool = False
    degree: Degree | None = None

    @property
    def is_word(self) -> bool:
        """Whether it is a word, with tags or without."""
        return self.kind in (ItemKind.WORD, ItemKind.CUE) and (self.word[:1].isalnum() or not self.word.isascii())
