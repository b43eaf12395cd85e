"""Groups of ranks that a sentence keeps in one place: `With EP = 16 the all-to-all stays inside the NVLink domain of one node`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from stratlint.meaning.axes import split_words
from stratlint.meaning.lexicon import singular
from stratlint.meaning.statement import Item, ItemKind, Statement, Term
from stratlint.resources import data_folder, read_yaml

# Axes whose ranks send so much to each other that a page says where they stand.
_AXES = frozenset({"tensor", "expert", "context"})
_DOUBTS = frozenset({"denied", "fails", "condition", "modal", "wished", "versus", "purpose"})
_ENDS = (ItemKind.STOP, ItemKind.COMMA, ItemKind.COLON, ItemKind.OPEN, ItemKind.CLOSE)
# So many words may stand between the verb and the preposition, and between that and the place.
_NEAR, _FAR = 3, 5


@dataclass(frozen=True, slots=True)
class Confined:
    """The degree of a group that stays in one node; `size`: how many devices the sentence gives that node, if it does."""

    degree: Term
    size: Term | None


@dataclass(frozen=True, slots=True)
class _Words:
    inside: frozenset[str]
    colours: frozenset[str]
    stays: frozenset[str]
    node: frozenset[str]
    nvlink: frozenset[str]
    domain: frozenset[str]
    racks: frozenset[str]


@cache
def _known() -> _Words:
    data = read_yaml(data_folder("grammar") / "lexicon" / "domains.yaml")
    names = ("inside", "colours", "stays", "node", "nvlink", "domain", "racks")
    return _Words(*(frozenset(map(str, data[name])) for name in names))


def confined_in(statements: Sequence[Statement], text: str) -> Iterator[Confined]:
    """The groups that the sentences of a page keep in one node each; none where NVLink reaches beyond nodes."""
    known = _known()
    if not known.racks.isdisjoint(split_words(text.lower())):
        return
    for statement in statements:
        if statement.asserted and statement.present and not statement.code and "condition" not in statement.tags():
            for start, end in _clauses(statement.items):
                found = _in_clause(statement.items[start:end])
                if found is not None:
                    yield found


def _clauses(items: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """The stretches between marks of punctuation; "which" goes on with what stands before its comma."""
    start = 0
    for at, item in enumerate(items):
        relative = item.kind is ItemKind.COMMA and at + 1 < len(items) and "relative" in items[at + 1].tags
        if item.kind in _ENDS and not relative:
            yield start, at
            start = at + 1
    yield start, len(items)


def _in_clause(items: Sequence[Item]) -> Confined | None:
    """The one degree of a clause, and the place behind it that its group stays in."""
    degrees = [(at, item.term) for at, item in enumerate(items) if item.term is not None and item.term.degree is not None]
    if len(degrees) != 1 or not _is_whole(degrees[0][1]) or any(item.tags & _DOUBTS for item in items):
        return None
    first, degree = degrees[0]
    known = _known()
    for at in range(first + 1, len(items)):
        if items[at].word in known.inside and (at == first + 1 or _stays(items[first + 1 : at])):
            if _is_place(items[at + 1 : at + 1 + _FAR]):
                sizes = [item.term for item in items[at + 1 :] if item.term is not None and _of_a_node(item.term)]
                return Confined(degree, sizes[0] if len(sizes) == 1 else None)
    return None


def _is_whole(term: Term) -> bool:
    axis = term.degree
    return axis is not None and axis.axis in _AXES and not axis.qualifiers and term.amount.exact and not term.amount.bound


def _stays(between: Sequence[Item]) -> bool:
    """Whether a verb says that it stays, a few words before the preposition, and no other amount stands between."""
    words = [item.word for item in between if item.kind is not ItemKind.COMMA]
    verbs = [at for at, word in enumerate(words) if word in _known().stays]
    return bool(verbs) and len(words) - verbs[-1] <= _NEAR + 1 and all(item.term is None for item in between)


def _of_a_node(term: Term) -> bool:
    return [name for name, power in term.dimensions if power > 0] == ["device"] and term.degree is None


def _is_place(behind: Sequence[Item]) -> bool:
    """Whether one node, or NVLink, comes next."""
    known = _known()
    for at, item in enumerate(behind):
        if singular(item.word) in known.node or item.word in known.nvlink:
            following = behind[at + 1].word if at + 1 < len(behind) else ""
            leads_on = following in known.domain | known.inside | known.colours | known.nvlink
            return item.word == singular(item.word) and (leads_on or not _is_noun(behind, at + 1))
        if item.term is None and not set(split_words(item.word)) <= known.colours:
            return False
    return False


def _is_noun(items: Sequence[Item], at: int) -> bool:
    """Whether an item is a word that goes on the noun before it: "node budget"."""
    return at < len(items) and items[at].kind is ItemKind.WORD and not items[at].tags and items[at].word.isalpha()
