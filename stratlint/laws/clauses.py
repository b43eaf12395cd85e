"""Where a statement begins to speak of something else: what its clauses measure of two subjects makes no product."""

from __future__ import annotations

from collections.abc import Sequence

from stratlint.laws.comparable import is_content
from stratlint.meaning.lexicon import lexicon, noun_of
from stratlint.meaning.statement import Item, ItemKind, Term

# Behind such a cue what follows is a result of what stands before, whoever it is said of.
_CONCLUDES = frozenset({"therefore", "total", "namely", "adds"})
# Where a clause of its own may begin.
_TURNS = frozenset({"and", "contrast"})
# A verb or pronoun right behind the turn goes on with the subject.
_SAYS = frozenset({"equals", "takes", "has", "verb", "relative"})
# What follows an amount and says that more went into it than the amounts: "after parity", "because of small files", "without the host".
_QUALIFIES = frozenset({"after", "before", "therefore", "least_words", "minus", "plus"})
_SHARED = frozenset({"share"})


def of_one_subject(items: Sequence[Item]) -> bool:
    """Whether the amounts of a statement are all said of what it begins to speak of, and nothing qualifies the last of them.

    "Eight nodes draw 10 kW each; the switch draws 3 kW" speaks of two things; "With 8 GPUs at 700 W each, the node draws 5.6 kW" and
    "…, so the rack draws 80 kW" conclude.
    """
    at = [index for index, item in enumerate(items) if item.term is not None]
    if not at or any(item.kind is ItemKind.CUE and item.tags & _SHARED for item in items[at[0] : at[-1]]):
        return False
    concluded = any(item.tags & _CONCLUDES for item in items[at[0] : at[-1]])
    if not concluded and any(item.tags & _QUALIFIES and item.kind is ItemKind.CUE for item in items[at[-1] + 1 :]):
        return False
    start = 0
    for index in range(at[0] + 1, at[-1]):
        if _turns(items[index]):
            if not _introduces(items[start:index]) and _begins_anew(items[: at[-1] + 1], index, [one for one in at if one < index]):
                return False
            start = index + 1
    return True


def _turns(item: Item) -> bool:
    return item.kind in (ItemKind.COMMA, ItemKind.STOP) or (item.kind is ItemKind.CUE and bool(item.tags & _TURNS))


def _introduces(clause: Sequence[Item]) -> bool:
    """Whether a clause only says what the next one starts from: "With 8 GPUs at 700 W each, …"."""
    return bool(clause) and bool(clause[0].tags & {"preposition", "cumulated"})


def _begins_anew(items: Sequence[Item], turn: int, before: Sequence[int]) -> bool:
    """Whether a subject that nothing before has named stands between *turn* and the next amount."""
    known = frozenset[str]().union(*(_names(items[index].term) for index in before))
    rest = items[turn + 1 :]
    clause = rest[: next(index for index, item in enumerate(rest) if item.term is not None)]
    if not clause or clause[0].tags & _SAYS or any(item.kind is ItemKind.CUE and item.tags & _CONCLUDES for item in rest):
        return False  # "… and is written with", "…, which crosses": of the same
    for ahead, item in zip((None, *clause), clause, strict=False):
        noun = "verb" in item.tags and ahead is not None and "article" in ahead.tags  # "the reserve pump"
        named = (is_content(item) or noun) and "takes" not in item.tags and item.word not in lexicon().counters
        if named and noun_of(item.word) not in known:
            return True
    return False


def _names(term: Term | None) -> frozenset[str]:
    return frozenset() if term is None else term.name | {term.noun} | {name for name, _ in term.dimensions}
