"""Find the premise a computation needs: the nearest fact of a kind, and only when the page leaves no doubt which.

From the claim outwards: its own table row or column when that describes one configuration, its sentence, its
block, its list, its section, the sections above, the whole document. At the first distance where facts of the
kind stand they must agree; if they do not, there is no premise and no verdict. A document that says nothing of the
kind leaves the word to the givens.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from stratlint.claims.interval import Interval
from stratlint.facts.fact import Fact, Place
from stratlint.rules.context import Context

_ALLOWED = ("asserted",)
# Scopes of shares and derived counts: never what a rule means by the bare kind.
_SHARES = frozenset({"product", "each", "group"})


def agree(facts: Sequence[Fact]) -> bool:
    """Whether all *facts* can be one value."""
    low = max(fact.interval.low for fact in facts)
    high = min(fact.interval.high for fact in facts)
    return Interval(low, low).overlaps(Interval(min(low, high), high)) or low <= high * (1 + 1e-9)


def most_precise(facts: Sequence[Fact]) -> Fact:
    """The fact with the narrowest digits, the first of equals."""
    return min(facts, key=lambda fact: (fact.interval.high - fact.interval.low, fact.span.start))


def lookup(
    context: Context,
    kinds: Sequence[str],
    place: Place,
    *,
    scopes: Sequence[str] = (),
    modalities: Sequence[str] = _ALLOWED,
    near: str = "document",
    exclude: int = -1,
) -> Fact | None:
    """The one fact of *kinds* that a claim at *place* can mean, None when there is none or several differ."""
    candidates = [
        fact
        for fact in context.facts.facts
        if fact.kind in kinds and fact.modality in modalities and fact.index != exclude and (fact.scope in scopes if scopes else fact.scope not in _SHARES)
    ]
    if candidates or near != "document":
        # What the page states outweighs what it merely computes with ("64 experts per stage (4 layers × 16 experts)").
        stated = [fact for fact in candidates if fact.claim < 0 or not _computed_with(context, fact)]
        return nearest(context, stated or candidates, place, near)
    return given(context, kinds, scopes=scopes, modalities=modalities)


def _computed_with(context: Context, fact: Fact) -> bool:
    """Whether a number stands in a computation rather than being stated."""
    number = context.claims.numbers[fact.claim]
    return number.operand or number.equation >= 0


def given(
    context: Context, kinds: Sequence[str], *, scopes: Sequence[str] = (), modalities: Sequence[str] = _ALLOWED
) -> Fact | None:
    """The given of *kinds*, when the document asserts nothing of the kind and the givens leave no doubt."""
    voices = frozenset((*modalities, *_ALLOWED))
    if any(fact.kind in kinds and fact.modality in voices for fact in context.facts.facts):
        return None
    fitting = [fact for fact in context.facts.givens if fact.kind in kinds and (not scopes or fact.scope in scopes)]
    return most_precise(fitting) if fitting and agree(fitting) else None


def nearest(context: Context, candidates: Sequence[Fact], place: Place, near: str = "document") -> Fact | None:
    """The nearest of *candidates* that leaves no doubt; see the module's docstring."""
    if not candidates:
        return None
    if place.variant:
        same = [fact for fact in candidates if fact.place.variant == place.variant]
        if same:
            return most_precise(same) if agree(same) else None
        if any(fact.place.table == place.table and fact.place.variant for fact in candidates):
            return None
    for level, within in _levels(context, place):
        here = [fact for fact in candidates if within(fact.place)]
        if here:
            if level in _FAR and not _one_value(candidates):
                return None
            if agree(here):
                return most_precise(here)
            plain = [fact for fact in here if not fact.place.variant]
            if level in ("sentence", "block", "list") or not plain or len(plain) == len(here) or not agree(plain):
                return None
            return most_precise(plain)
        if level == near:
            return None
    return None


# From another section only what the whole page has one value of: a long page describes many configurations.
_FAR = frozenset({"section", "document"})
_OF_A_CONFIGURATION = ("model.", "parallel.", "cluster.", "batch.", "sequence.", "placement.")


def _one_value(candidates: Sequence[Fact]) -> bool:
    return agree(candidates) or not all(fact.kind.startswith(_OF_A_CONFIGURATION) for fact in candidates)


def _levels(context: Context, place: Place) -> Iterable[tuple[str, Callable[[Place], bool]]]:
    document = context.document
    block = document.blocks[place.block]
    yield "sentence", lambda other: other.block == place.block and other.sentence == place.sentence and other.row == place.row
    if place.table >= 0:
        yield "row", lambda other: other.table == place.table and other.row == place.row
    yield "block", lambda other: other.block == place.block
    if block.list_path:
        for depth in range(len(block.list_path), 0, -1):
            prefix = block.list_path[:depth]
            yield "list", lambda other, prefix=prefix, depth=depth: document.blocks[other.block].list_path[:depth] == prefix
    if place.table >= 0:
        yield "table", lambda other: other.table == place.table
    section = place.section
    while section >= 0:
        inside = _below(context, section)
        yield "section", lambda other, inside=inside: other.section in inside
        section = document.sections[section].parent
    yield "document", lambda other: True


def _below(context: Context, section: int) -> frozenset[int]:
    members = {section}
    for candidate in context.document.sections:
        if candidate.parent in members:
            members.add(candidate.index)
    return frozenset(members)
