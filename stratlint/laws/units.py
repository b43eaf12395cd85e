"""The law of units: the exponents of units and counted nouns of all factors add up to those of the result."""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal


def proposals(page: Page) -> Iterator[Proposal]:
    """What the page's statements and groups say of this."""
    yield from ()
