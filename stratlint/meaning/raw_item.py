"""One item of a sentence before its meaning is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from stratlint.claims.syntax import Quantity
from stratlint.meaning.axes import Degree
from stratlint.meaning.statement import ItemKind
from stratlint.records import quickly_built

_SPOKEN = frozenset({ItemKind.WORD, ItemKind.CUE})


@quickly_built
@dataclass(frozen=True, slots=True)
class Raw:
    """One item before its meaning is known. `quantity` for amounts; `word` in lower case, `printed` as the page has it.

    `degree`: of which axis an amount is one; `factor`: what a word multiplies the amount behind it by ("half of 96 GPUs = …"); `is_word`:
    whether it is a word, with tags or without.
    """

    kind: ItemKind
    start: int
    end: int
    word: str = ""
    tags: frozenset[str] = frozenset()
    quantity: Quantity | None = None
    spelled: bool = False
    degree: Degree | None = None
    printed: str = ""
    factor: Quantity | None = None
    is_word: bool = field(init=False)

    def __post_init__(self) -> None:
        spoken = self.kind in _SPOKEN and self.word[:1].isalnum()
        object.__setattr__(self, "is_word", spoken)
