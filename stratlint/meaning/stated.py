"""What a cell states among the numbers in it, and what its label's brackets add."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.phrases import Phrase
from stratlint.meaning.statement import Item, ItemKind, Term


def statistics_of(label: Phrase) -> frozenset[str]:
    """What brackets behind a label make of its value: `Total (max)`."""
    tags = lexicon().tags
    return frozenset().union(*(tags.get((word,), frozenset()) for word in label.asides)) & {"maximum", "minimum", "mean"}


def stated_in(items: Sequence[Item]) -> Iterator[Term]:
    """The amounts that a cell states: without a computation all of them, else its result, or what stands outside of it, and degrees."""
    depth = 0
    outside: list[Item] = []
    operator = equal = -1
    computed = False
    for at, item in enumerate(items):
        depth += (item.kind is ItemKind.OPEN) - (item.kind is ItemKind.CLOSE)
        operates = item.kind is ItemKind.SIGN and (at + 1 == len(items) or items[at + 1].kind is not ItemKind.WORD)
        computed = computed or operates
        if depth <= 0:
            operator = len(outside) if operates else operator
            equal = len(outside) if item.kind is ItemKind.CUE and "equals" in item.tags else equal
            outside.append(item)
    if not computed:
        stated = {id(item) for item in items}
    elif operator < 0:
        stated = {id(item) for item in outside}
    else:
        results = [item for item in outside[equal + 1 :] if item.term is not None]
        stated = {id(results[0])} if operator < equal and len(results) == 1 else set()
    for item in items:
        if item.term is not None and (id(item) in stated or item.term.degree is not None):
            worked = computed and operator >= 0
            yield replace(item.term, tags=item.term.tags | {"worked"}) if worked else item.term
