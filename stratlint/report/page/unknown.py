"""Numbers that were not understood, and the words by them that no phrase of the vocabulary is."""

from __future__ import annotations

from stratlint.rules.finding import LedgerEntry
from stratlint.rules.ledger import LISTED, UNSAID

NO_WORD = "no word beside it says what it is"


def is_unknown(entry: LedgerEntry) -> bool:
    """Whether nobody knows what this number measures, so that no rule could take it up."""
    return not entry.understood and entry.reason in (UNSAID, LISTED)


def word_of(entry: LedgerEntry) -> str:
    """What blocked understanding: the words that should have said what the number measures."""
    return entry.words or (NO_WORD if entry.reason == UNSAID else entry.reason)
