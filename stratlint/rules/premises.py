"""Find the premise a computation needs: the nearest fact of a kind, and only when the page leaves no doubt which.

From the claim outwards: its own table row or column when that describes one configuration, its sentence, its
block, its list, its section, the sections above, the whole document. At the first distance where facts of the
kind stand they must agree; if they do not, there is no premise and no verdict. A document that says nothing of the
kind leaves the word to the givens.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from stratlint.claims.interval import Interval
from stratlint.document import Document
from stratlint.facts.fact import Fact, FactSet, Place
from stratlint.facts.mentions import devices_named
from stratlint.facts.phrases import normalise
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
    found = _candidates(context.facts, tuple(kinds), tuple(scopes), tuple(modalities))
    candidates, stated = (each.without(exclude) for each in found)
    if candidates.facts or near != "document":
        # What the page states outweighs what it merely computes with ("48 experts per stage (6 layers of 8 experts)").
        return nearest(context, stated if stated.facts else candidates, place, near)
    return given(context, kinds, scopes=scopes, modalities=modalities)


# A rule asks for the same kinds from every number of a document.
@lru_cache(maxsize=256)
def _candidates(
    facts: FactSet, kinds: tuple[str, ...], scopes: tuple[str, ...], modalities: tuple[str, ...]
) -> tuple[Candidates, Candidates]:
    """The facts of *kinds*, and those of them that are stated."""
    found = [
        fact
        for fact in facts.of_kind(*kinds)
        if fact.modality in modalities
        and (fact.scope in scopes if scopes else fact.scope not in _SHARES)
        and not (modalities == _MAXIMUM and _is_floor(facts, fact))
    ]
    stated = [fact for fact in found if fact.claim < 0 or not _computed_with(facts, fact)]
    return Candidates(facts.document, found), Candidates(facts.document, stated)


_MAXIMUM = ("limit",)
_FLOOR_SIGNS = frozenset({">", ">=", "≥", "≫"})


def _is_floor(facts: FactSet, fact: Fact) -> bool:
    """Whether a limit is one from below: `MFU ≥ 38 %`, "at least 38 %"."""
    number = facts.claims.numbers[fact.claim] if fact.claim >= 0 else None
    return number is not None and (number.relation in _FLOOR_SIGNS or "at least" in number.clause.lower())


def _computed_with(facts: FactSet, fact: Fact) -> bool:
    """Whether a number stands in a computation rather than being stated."""
    number = facts.claims.numbers[fact.claim]
    return number.operand or number.equation >= 0


def given(context: Context, kinds: Sequence[str], *, scopes: Sequence[str] = (), modalities: Sequence[str] = _ALLOWED) -> Fact | None:
    """The given of *kinds*, when the document asserts nothing of the kind and the givens leave no doubt."""
    return _given(context.facts, tuple(kinds), tuple(scopes), frozenset((*modalities, *_ALLOWED)))


# Few for each page, and each keeps its page: a server checks thousands of versions.
@lru_cache(maxsize=32)
def _given(facts: FactSet, kinds: tuple[str, ...], scopes: tuple[str, ...], voices: frozenset[str]) -> Fact | None:
    if any(fact.modality in voices for fact in facts.of_kind(*kinds)):
        return None
    for source in (facts.givens, catalogued(facts)):
        fitting = [fact for fact in source if fact.kind in kinds and (not scopes or fact.scope in scopes or not fact.scope)]
        if fitting:
            return most_precise(fitting) if agree(fitting) else None
    return None


@lru_cache(maxsize=4)
def catalogued(facts: FactSet) -> tuple[Fact, ...]:
    """What the catalog says of the one device that the page names, () where it names several."""
    named = [devices_named(mention.name) for mention in facts.mentions if mention.kind == "device"]
    common = [entry for entry in named[0] if all(entry in other for other in named)] if named else []
    if not common:
        return ()
    from stratlint.facts.given_models import device_facts

    return device_facts(common, "named on the page")


@dataclass(frozen=True, slots=True)
class _Group:
    """Facts at one distance, what they agree on, and those of them that no table row or column sets apart."""

    agreed: bool
    best: Fact
    varies: bool
    plain: tuple[Fact, ...]
    plain_agreed: bool

    @classmethod
    def of(cls, facts: Sequence[Fact]) -> _Group:
        plain = tuple(fact for fact in facts if not fact.place.variant)
        return cls(agree(facts), most_precise(facts), len(plain) < len(facts), plain, bool(plain) and agree(plain))


class Candidates:
    """Facts that may be the premise wanted, grouped by distance: a claim must not have to look at all of them."""

    def __init__(self, document: Document, facts: Sequence[Fact]) -> None:
        self.facts = tuple(facts)
        self._document = document
        self._indices = frozenset(fact.index for fact in facts)
        self._levels: dict[str, dict[Hashable, _Group]] = {}
        self.of_a_configuration = all(fact.kind.startswith(_OF_A_CONFIGURATION) for fact in facts)
        self.of_the_model = all(fact.kind.startswith("model.") for fact in facts)

    def without(self, index: int) -> Candidates:
        """These without the fact of this index."""
        if index not in self._indices:
            return self
        return Candidates(self._document, [fact for fact in self.facts if fact.index != index])

    def at(self, level: str, key: Hashable) -> _Group | None:
        """The group of facts with this *key* at a *level*, None when there are none."""
        if level not in self._levels:
            groups: dict[Hashable, list[Fact]] = {}
            for fact in self.facts:
                for each in _KEYS[level](self._document, fact.place):
                    groups.setdefault(each, []).append(fact)
            self._levels[level] = {each: _Group.of(members) for each, members in groups.items()}
        return self._levels[level].get(key)


def nearest(context: Context, candidates: Candidates | Sequence[Fact], place: Place, near: str = "document") -> Fact | None:
    """The nearest of *candidates* that leaves no doubt; see the module's docstring."""
    known = candidates if isinstance(candidates, Candidates) else Candidates(context.document, candidates)
    if not known.facts:
        return None
    if place.variant:
        same = known.at("variant", place.variant)
        if same is not None:
            return same.best if same.agreed else None
        table = known.at("table", place.table)
        if table is not None and table.varies:
            return None
    for level, key in _levels(context.document, place):
        here = known.at(level, key)
        if here is not None:
            if level in _FAR and not _one_value(known):
                return None
            if level in _FAR and _is_abstract(context, place):
                return None
            if level in _FAR and key != place.section and known.of_a_configuration and describes_several(context.facts):
                if not (known.of_the_model and _names_one_model(context.facts)):
                    return None
            if here.agreed:
                return None if level in _FAR and _is_abstract(context, here.best.place) else here.best
            if level in ("sentence", "block", "list") or not here.varies or not here.plain_agreed:
                return None
            return most_precise(here.plain)
        if level == near:
            return None
    return None


# From another section only what the whole page has one value of: a long page describes many configurations.
_FAR = frozenset({"list", "section", "document"})
_OF_A_CONFIGURATION = ("model.", "parallel.", "cluster.", "batch.", "sequence.", "placement.")


# A paragraph of this length tells a matter of its own: the abstract of a paper in a digest.
_ABSTRACT = 600


def _is_abstract(context: Context, place: Place) -> bool:
    return place.block >= 0 and place.table < 0 and len(context.document.blocks[place.block].text) > _ABSTRACT


# A plan of one configuration names its model, a draft model perhaps, and what it is compared with.
_MOST_MODELS = 5
_LAYOUT_KINDS = ("parallel.tp", "parallel.pp", "parallel.dp", "parallel.ep", "parallel.cp")
_SEVERAL = 2


@lru_cache(maxsize=4)
def describes_several(facts: FactSet) -> bool:
    """Whether a page is about several models or layouts: a survey, a digest, a manual with many examples.

    What one of its sections says then is no premise for another.
    """
    if len(_models(facts)) > _MOST_MODELS:
        return True
    varying = 0
    for kind in _LAYOUT_KINDS:
        values = {
            fact.interval.low
            for fact in facts.of_kind(kind)
            if fact.modality == "asserted" and fact.exact and not fact.place.variant and not _computed_with(facts, fact)
        }
        varying += len(values) > 1
    return varying >= _SEVERAL


def _models(facts: FactSet) -> frozenset[tuple[str, ...]]:
    return frozenset(normalise(mention.name) for mention in facts.mentions if mention.kind == "model" and mention.modality == "asserted")


@lru_cache(maxsize=4)
def _names_one_model(facts: FactSet) -> bool:
    """Whether all layouts of a page are of one model: it names no two, and its sizes have one value each."""
    sizes = (facts.of_kind(kind) for kind in ("model.parameters", "model.layers", "model.hidden"))
    stated = (
        [fact for fact in found if fact.modality == "asserted" and fact.scope in ("", "total") and not _computed_with(facts, fact)]
        for found in sizes
    )
    return len(_models(facts)) <= 1 and all(agree(found) for found in stated if found)


def _one_value(candidates: Candidates) -> bool:
    whole = candidates.at("document", ())
    return whole is None or whole.agreed or not candidates.of_a_configuration


def _levels(document: Document, place: Place) -> Iterator[tuple[str, Hashable]]:
    """From *place* outwards: each level with the key that facts at that distance have there."""
    for level in ("sentence", "row", "block", "list", "table", "section", "document"):
        if place.table >= 0 or level not in ("row", "table"):
            for key in _KEYS[level](document, place):
                yield level, key


def _lists_around(document: Document, place: Place) -> Iterator[Hashable]:
    path = document.blocks[place.block].list_path
    return (path[:depth] for depth in range(len(path), 0, -1))


def _sections_around(document: Document, place: Place) -> Iterator[Hashable]:
    section = place.section
    while section >= 0:
        yield section
        section = document.sections[section].parent


# By what a place is known at each level.
_KEYS: Mapping[str, Callable[[Document, Place], Iterable[Hashable]]] = {
    "sentence": lambda _, place: [(place.block, place.sentence, place.row)],
    "row": lambda _, place: [(place.table, place.row)],
    "block": lambda _, place: [place.block],
    "list": _lists_around,
    "table": lambda _, place: [place.table],
    "section": _sections_around,
    "document": lambda *_: [()],
    "variant": lambda _, place: [place.variant],
}
