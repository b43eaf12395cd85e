"""Records that describe a published model: whose entry of the catalog it is, and which of its fields each value states ("Layers: 80");
sentences that describe a device by the units alone. Tables and lists of devices are read in `data_sheets`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.keys import key_of
from stratlint.meaning.lexicon import singular
from stratlint.meaning.published import Fields, Figure, figures_of
from stratlint.meaning.sheet_words import of_whole_model
from stratlint.meaning.statement import Statement, Term
from stratlint.resources import data_folder, read_yaml


@dataclass(frozen=True, slots=True)
class Described:
    """The values of one record that state fields of the catalog entry called `name`, each with all figures that it may be.

    `others`: for each value that is none of them the figures of something else that it is, None where that does not matter;
    `beside`: the name stands in the record's own labels, `near`: or in its table or right above it. `alone`: a sentence that tells nothing
    else names device and field.
    """

    name: str
    fields: tuple[tuple[Term, tuple[Figure, ...]], ...]
    asserted: bool
    others: tuple[tuple[Figure, ...], ...] | None = None
    beside: bool = True
    near: bool = True
    alone: bool = False


def described(groups: Sequence[Group], headings: str, text: str) -> Iterator[Described]:
    """What the records of a page describe: the one model that their holder names; a lone list the one that the headings name, or the
    page. Devices are found in `data_sheets`."""
    titled = figures_of(headings)[1]
    titled = titled if len(titled) == 1 else figures_of(text)[1]
    records = [group for group in groups if group.axis is Axis.RECORD and not group.code]
    of_grid = Counter(group.grid for group in records)
    for group in records:
        alone = not group.holder and of_grid[group.grid] == 1
        known = titled if alone else figures_of(" \n ".join(group.holder))[1]
        for name, figures in known.items() if len(known) == 1 else ():
            labels = (*group.labels, *(frozenset[str]() for _ in group.terms[len(group.labels) :]))
            fields = tuple(
                (term, found)
                for term, label in zip(group.terms, labels, strict=True)
                if (found := _field(term, label | set(_below(group)), figures))
            )
            if len(fields) > 1:
                yield Described(name, fields, group.asserted and group.present)


def described_in_sentences(statements: Sequence[Statement]) -> Iterator[Described]:
    """What a sentence that names one device says of it, by the units alone: "The H200 pairs 989 TFLOPS with 141 GB at 4.8 TB/s"."""
    for statement in statements:
        if statement.code or sum(bool(term.amount.hard) for term in statement.terms) < _FEWEST_FIGURES:
            continue
        devices, _ = figures_of(" ".join(item.word for item in statement.items if item.word))
        for name, figures in devices.items() if len(devices) == 1 else ():
            fields = tuple((term, found) for term in statement.terms if (found := _figure_by_unit(term, figures)))
            if len({found[0].field for _, found in fields}) == len(fields) >= _FEWEST_FIGURES:
                yield Described(name, fields, statement.asserted and statement.present)


def _figure_by_unit(term: Term, figures: Fields) -> tuple[Figure, ...]:
    """The figures of a device that an amount is, or is near enough to be meant as; () for one of something else."""
    if term.tags & NOT_PLAIN or term.amount.approximate:
        return ()
    alike = {field: found for field, found in figures.items() if found and found[0].dimensions == term.amount.hard}
    for found in alike.values():
        if any(figure.is_amount(term.amount) for figure in found):
            return found
    value = term.amount.first.nominal
    near = [found for field, found in alike.items() if field in _FIXED and 1 / _NEAR < value / found[0].value < _NEAR]
    return near[0] if len(near) == 1 else ()


# Fields that nobody sets, and within what factor an amount is meant as one; another unit of them is another thing.
_FIXED = ("memory", "memory bandwidth")
_NEAR = 1.5
_FEWEST_FIGURES = 3


def _below(group: Group) -> Iterator[str]:
    """What the headings of a record put below its line: they are labels of all its values."""
    yield from (noun for noun, _ in group.scope)


def _field(term: Term, label: frozenset[str], figures: Fields) -> tuple[Figure, ...]:
    """The figures that a term states one of, by its name and unit; () where it says more than the name of a field.

    What a cell goes on to say ("61, of which 58 MoE layers") has to name its field itself, *label* only what is counted.
    """
    if term.scope or term.per or term.amount.hard or _counts_otherwise(term):
        return ()
    kind = _kind_of_layers(term, label)
    if kind or not term.label:
        if term.tags & (NOT_PLAIN - {"part"}):
            return ()
        return figures.get(kind, ()) or _by_own_words(term, label, figures)
    if term.tags & NOT_PLAIN or term.name == {"moe"}:
        return ()
    return tuple(figure for field in _fields().get(term.key, ()) for figure in figures.get(field, ()))


def _counts_otherwise(term: Term) -> bool:
    """Whether an amount counts something that its name is not: "One layer: 218 M parameters" says nothing of the layers."""
    counted = {name for name, power in term.amount.first.dimensions if power > 0}
    return bool(counted) and not counted & term.key


def _by_own_words(term: Term, label: frozenset[str], figures: Fields) -> tuple[Figure, ...]:
    """The field that words beside the number name, not its label: "Attention: 64 query heads, 16 KV heads", "16 个 KV 头".

    A label of something else ("vision encoder", "experts") may have heads and widths of its own, and one rank a share of them: then, and
    of all that is not counted, only what agrees is meant.
    """
    found = tuple(figure for field in _fields().get(term.key, ()) for figure in figures.get(field, ()))
    surely = bool(term.noun) and term.noun in term.key and all(of_whole_model(word) for word in label)
    share = any((figure.value / term.amount.value).is_integer() for figure in found) if term.amount.value else True
    return found if (surely and not share) or any(figure.is_amount(term.amount) for figure in found) else ()


def _kind_of_layers(term: Term, label: frozenset[str]) -> str:
    """The field of layers of one kind that a term states, "" for any other."""
    names, (layers, sorts) = term.name | {term.noun}, _layers()
    if names.isdisjoint(layers) and not (not term.label and any(singular(word) in layers for word in label)):
        return ""
    kinds = [kind for word, kind in sorts.items() if word in names]
    return kinds[0] if len(kinds) == 1 and names <= {*sorts, *layers, ""} else ""


@cache
def _layers() -> tuple[frozenset[str], Mapping[str, str]]:
    """The words for layers, and the fields of layers of one kind by the word for that."""
    data = read_yaml(data_folder("grammar") / "lexicon" / "fields.yaml")["layers"]
    return frozenset(map(str, data["words"])), {str(word): str(field) for word, field in data["kinds"].items()}


# Roles by which an amount is not what a thing has.
NOT_PLAIN = frozenset(
    {"used", "free", "limit", "target", "each", "total", "mean", "minimum", "change", "required", "part", "before", "after"}
)


@cache
def _fields() -> Mapping[frozenset[str], tuple[str, ...]]:
    """The fields of a model by the names that pages give them."""
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for field, names in read_yaml(data_folder("grammar") / "lexicon" / "fields.yaml")["models"].items():
        for name in names:
            key = key_of(str(name).split())
            found[key] = (*found.get(key, ()), str(field))
    return found
