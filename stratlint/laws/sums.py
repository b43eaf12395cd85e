"""Parts and wholes: sums, rests, shares."""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal


def proposals(page: Page) -> Iterator[Proposal]:
    """What the page's statements and groups say of this."""
    yield from ()
