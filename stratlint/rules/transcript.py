"""What a file of readings adds to the relations of one page."""

from __future__ import annotations

from dataclasses import dataclass

from stratlint.meaning.proposal import Proposal


@dataclass(frozen=True, slots=True, eq=False)
class Transcript:
    """Relations that somebody else read. `only`: our own reader and all rules that read the page themselves are left out.

    `reader` is who read them, "" where that is not known.
    """

    proposals: tuple[Proposal, ...] = ()
    only: bool = False
    reader: str = ""


NOTHING = Transcript()
