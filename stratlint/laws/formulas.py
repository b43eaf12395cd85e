"""The laws of the field between labelled quantities of one configuration, as `rules/judge/formulas.yaml` writes them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from stratlint.claims.amount import Amount, amount_of, constant
from stratlint.claims.interval import exactly
from stratlint.claims.syntax import Quantity, read
from stratlint.claims.tokens import flat
from stratlint.claims.units import Dimensions
from stratlint.document.grid import CellRole
from stratlint.meaning.groups import Axis, Group, Width
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use
from stratlint.meaning.quantities import quantity_of
from stratlint.meaning.statement import Statement, Term
from stratlint.resources import data_folder, read_yaml

FAMILY = "formula"
# What a named format says: bytes of a parameter, of any value.
_WIDTHS = ("bytes_of_parameter", "bytes_of_value")
_RELATIONS = {"is": Relation.EQUALS, "at_most": Relation.AT_MOST, "at_least": Relation.AT_LEAST}
_OPERATORS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "×", ast.Div: "/"}


@dataclass(frozen=True, slots=True)
class Formula:
    """A law: `claim relation expression`, the quantities by name; `otherwise` are further expressions that the field uses.

    `needed`: the quantities that the plainest reading needs.
    """

    name: str
    claim: str
    relation: Relation
    expression: ast.expr
    otherwise: tuple[ast.expr, ...]
    needed: frozenset[str]


def proposals(page: Page) -> Iterator[Proposal]:
    """What the laws say of the quantities of each list, row and set of keys."""
    told = _of_page(page)
    for group in page.groups:
        if group.axis is not Axis.RECORD or not group.asserted or not group.present:
            continue
        stated = _stated([term for term, role in zip(group.terms, group.roles, strict=True) if role is not CellRole.MEAN])
        if group.width is not None and len(stated) > 1:
            stated = {**{quantity: _bytes_of(group.width) for quantity in _WIDTHS}, **stated}
        for formula in formulas() if len(stated) > 1 else ():
            if formula.needed <= stated.keys() and not (
                formula.relation is not Relation.EQUALS and _has_more(group.terms, formula, stated)
            ):
                yield _proposal(formula, stated, forced=group.sure)
        yield from _with_told(stated, told, sure=group.sure)


def _with_told(stated: Mapping[str, Use], told: Mapping[str, Use], *, sure: bool) -> Iterator[Proposal]:
    """The laws between quantities of a record and what the page says elsewhere that each place has: so many nodes, and their GPUs."""
    known = {**told, **stated}
    for formula in formulas() if len(stated) > 1 else ():
        own = formula.needed & stated.keys()
        if formula.claim in own and 1 < len(own) < len(formula.needed) and formula.needed <= known.keys():
            yield _proposal(formula, known, forced=sure)


def _of_page(page: Page) -> Mapping[str, Use]:
    """How many things each of its places has, where the whole page gives one number of these: GPUs per node."""
    every: dict[Dimensions, set[float]] = {}
    parts: tuple[Statement | Group, ...] = (*page.statements, *page.groups)
    for part in parts:
        for term in part.terms:
            if _counts_in_each(term):
                every.setdefault(term.dimensions, set()).add(term.amount.first.nominal)
    groups = [group for group in page.groups if group.axis is Axis.RECORD and group.asserted and group.present]
    return _stated([term for group in groups for term in group.terms if len(every.get(term.dimensions, ())) == 1])


def _counts_in_each(term: Term) -> bool:
    """Whether a term counts what each node, or rack, holds: of machines one number may be meant, of ranks each layout has its own."""
    return not term.amount.hard and any(power < 0 and name in lexicon().containers for name, power in term.dimensions)


def _has_more(terms: Sequence[Term], formula: Formula, stated: Mapping[str, Use]) -> bool:
    """Whether a record states another sort of what a bound counts: spare nodes beside those of the job hold GPUs, too."""
    places = {stated[name].place for name in formula.needed if name in stated}
    own = [term for term in terms if term.place in places and term.noun and term.degree is None and not term.amount.hard]
    return any(
        other.place not in places
        and (other.noun, other.dimensions) == (term.noun, term.dimensions)
        and (other.key != term.key or "least_words" in other.tags)
        for term in own for other in terms
    )  # fmt: skip


def _bytes_of(width: Width) -> Use:
    """The bytes of one number in a format that the page names."""
    amount = _one("byte")
    reading = replace(amount.first, interval=exactly(width.size), nominal=width.size)
    sized = replace(amount, text=f"{width.size:g} bytes", digits=exactly(width.size), value=width.size, readings=(reading,))
    return Use(sized, None, f"a number in {width.format}")


def _stated(terms: Sequence[Term]) -> Mapping[str, Use]:
    """The quantities that terms state, those that are stated once, or alike ("PP 8" and, in the remark of its row, "8 stages")."""
    found: dict[str, Term | None] = {}
    for term in terms:
        if not (term.amount.ranged or term.amount.bound) and (quantity := quantity_of(term)):
            known = found.setdefault(quantity, term)
            if known is not None and (known.amount.first.nominal, known.amount.hard) != (term.amount.first.nominal, term.amount.hard):
                found[quantity] = None
    return {quantity: term.use for quantity, term in found.items() if term is not None}


def _proposal(formula: Formula, stated: Mapping[str, Use], *, forced: bool) -> Proposal:
    otherwise = tuple(_built(each, stated) for each in formula.otherwise if _names(each) <= stated.keys())
    return Proposal(
        stated[formula.claim], formula.relation, _built(formula.expression, stated), Source.LAW, FAMILY,
        formula.name.replace("-", " "), forced, otherwise=otherwise,
    )  # fmt: skip


@cache
def formulas() -> tuple[Formula, ...]:
    """The laws as installed.

    Raises:
        ValueError: a law names no relation, a quantity that there is not, or what is no formula.
    """
    data = read_yaml(data_folder("rules") / "judge" / "formulas.yaml")
    known = {str(name) for quantities in data["quantities"].values() for name in quantities} | _AXES
    return tuple(_read(str(name), entry, known) for name, entry in data["laws"].items())


# Units that a formula divides by where a name says "per" them and the amount does not.
_UNITS = frozenset({"kWh"})
_AXES = frozenset({"tensor", "pipeline", "data", "expert", "context"})


def _read(name: str, entry: Mapping[str, object], known: set[str]) -> Formula:
    claims = [key for key in entry if key != "of"]
    body = entry[claims[0]] if len(claims) == 1 else None
    relation = next((key for key in _RELATIONS if isinstance(body, dict) and key in body), "")
    if not isinstance(body, dict) or not relation:
        raise ValueError(f"formulas.yaml: {name}: a law says of one quantity what it `is`, or is `at_most` or `at_least`")
    texts = [str(body[relation]), *map(str, body.get("or", ()))]
    expressions = [ast.parse(text, mode="eval").body for text in texts]
    unknown = {claims[0]}.union(*map(_names, expressions)) - known
    if unknown:
        raise ValueError(f"formulas.yaml: {name}: no quantity is called {', '.join(sorted(unknown))}")
    needed = frozenset({claims[0], *_names(expressions[0])})
    return Formula(name, claims[0], _RELATIONS[relation], expressions[0], tuple(expressions[1:]), needed)


@cache
def _one(unit: str) -> Amount:
    """Exactly one of a unit.

    Raises:
        ValueError: the grammar knows no such unit.
    """
    tree = read(f"1 {unit}")
    quantity = next((token for token in flat(tree) if isinstance(token, Quantity)), None) if tree is not None else None
    if quantity is None or not quantity.units:
        raise ValueError(f"formulas.yaml: `{unit}` is no unit")
    amount = amount_of(quantity)
    readings = tuple(replace(each, interval=exactly(each.nominal)) for each in amount.readings)
    return replace(amount, digits=exactly(1.0), readings=readings, exact=True)


def _names(expression: ast.expr) -> frozenset[str]:
    return frozenset(node.id for node in ast.walk(expression) if isinstance(node, ast.Name)) - _UNITS


def _built(expression: ast.expr, stated: Mapping[str, Use]) -> Expression:
    match expression:
        case ast.Name(id=name) if name in _UNITS:
            return Use(_one(name))
        case ast.Name(id=name):
            return stated[name]
        case ast.Constant(value=value) if isinstance(value, int | float):
            return Use(constant(float(value)))
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            return Compute(_OPERATORS[type(operator)], _built(left, stated), _built(right, stated))
        case _:
            raise ValueError(f"formulas.yaml: `{ast.unparse(expression)}` is no formula of numbers, quantities and + - * /")
