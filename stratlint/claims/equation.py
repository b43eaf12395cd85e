"""Equations: computations that the text writes out, with the operands that belong to them.

Prose stands around the numbers of an equation (`so each replica runs 1,024 / 8 = 128 micro-batches`). An inner
operand must hold exactly one number; the outermost ones may be wrapped in words: on the left the number next
to the operator counts, on the right the number next to the relation.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stratlint.claims.syntax import Atom, Chain, Claims, Factor, Group, Product, Quantity, Sum, Word, chains_of

# Words allowed between an operand's number and the next operator: "64 routed expert instances × 16".
_MAX_NOUN_WORDS = 4
_MAX_LEAD_WORDS = 2
_EQUALS = frozenset({"=", "==", "≈", "≃", "≅", "∼", "≡", ":=", "＝"})
_ARROWS = frozenset({"→", "⇒", "=>", "->", "➜", "➡", "⟶", "►"})
_LEADS = frozenset({"about", "only", "just", "exactly", "roughly", "approximately", "some", "around", "nearly", "a", "an", "even"})


@dataclass(frozen=True, slots=True)
class Operand:
    """One number of a computation."""

    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Operation:
    """`left operator right`; operator is one of `+ - × /`."""

    operator: str
    left: Expression
    right: Expression


Expression = Operand | Operation


@dataclass(frozen=True, slots=True)
class Equation:
    """Two neighbouring sides that the text calls equal: `left` a computation or a quantity, `right` likewise.

    `relation` is how it was written (`=`, `≈`, `→`, `is`, `i.e.`); `approximate` when that allows for rounding.
    """

    left: Expression
    right: Expression
    relation: str
    approximate: bool
    start: int
    end: int


def operands(expression: Expression) -> Iterator[Quantity]:
    """The numbers of a computation, left to right."""
    if isinstance(expression, Operand):
        yield expression.quantity
    else:
        yield from operands(expression.left)
        yield from operands(expression.right)


def computes(expression: Expression) -> bool:
    """Whether an operator is written."""
    return isinstance(expression, Operation)


def equations_of(claims: Claims) -> Iterator[Equation]:
    """Every pair of neighbouring sides that can be evaluated, groups included."""
    for chain in chains_of(claims):
        yield from _chain_equations(chain)
    yield from _appositions(claims)


def _chain_equations(chain: Chain) -> Iterator[Equation]:
    previous: Expression | None = None
    approximate = False
    last = len(chain.sides) - 1
    for index, side in enumerate(chain.sides):
        relation = chain.relations[index - 1] if index else None
        text = relation.text if relation else ""
        weak = relation is not None and relation.terminal == "MEANS"
        equality = text in _EQUALS or text in _ARROWS or weak
        opens = index < last and (chain.relations[index].text in _EQUALS or chain.relations[index].terminal == "MEANS"
                                  or chain.relations[index].text in _ARROWS)  # fmt: skip
        current = expression_of(side, leads=index == 0 or not equality, trails=not opens or index == last, weak=weak)
        approximate = approximate or text in ("≈", "≃", "≅", "∼")
        if not equality:
            previous, approximate = current, False
            continue
        if previous is not None and current is not None:
            strong = not weak and text not in _ARROWS
            if computes(previous) or (strong and (_convertible(previous, current) or _restates(chain.sides[index - 1], current))):
                yield _equation(previous, current, text, approximate)
            approximate = False
        if current is not None or any(_has_number(factor) for factor in side.factors):
            # "a × b = 16 heads / 8" : the next comparison starts from what stands last in this side
            following = expression_of(side, leads=True, trails=False, weak=False) if opens else current
            previous = following


def _has_number(factor: Factor) -> bool:
    return any(not isinstance(atom, Word) for atom in factor.atoms)


def _restates(side: Sum, computation: Expression) -> bool:
    """`17.7 GB = 8 × 2.2 GB`; but in `80 layers = 80 × 855.65M` the left side is a label, not a result."""
    atoms = side.first.first.atoms
    bare = len(atoms) == 1 and isinstance(atoms[0], Quantity)
    return computes(computation) and bare and not (atoms[0].counted and atoms[0].unit_text)  # type: ignore[union-attr]


def _appositions(claims: Claims) -> Iterator[Equation]:
    """`60.8 GiB, i.e. 65.3 GB`: the same amount in two units."""
    for index in range(len(claims.chains) - 1):
        words = [claims.separators[index].text.lower()]
        right = claims.chains[index + 1]
        offset = index + 1
        if words == [","] and _blank(right) and offset < len(claims.separators):
            words.append(claims.separators[offset].text.lower())
            right = claims.chains[offset + 1]
        if words[-1] != "i.e.":
            continue
        first = _edge(claims.chains[index].sides[-1], last=True)
        second = _edge(right.sides[0], last=False)
        if first and second and _convertible(Operand(first), Operand(second)):
            yield _equation(Operand(first), Operand(second), "i.e.", False)


def _blank(chain: Chain) -> bool:
    return len(chain.sides) == 1 and not any(factor.atoms for factor in chain.sides[0].factors)


def _edge(side: Sum, *, last: bool) -> Quantity | None:
    if side.computes:
        return None
    atoms = side.first.first.atoms
    if not atoms:
        return None
    atom = atoms[-1] if last else atoms[0]
    return atom if isinstance(atom, Quantity) else None


def _convertible(left: Expression, right: Expression) -> bool:
    """Whether two plain quantities state one amount in two units (and not two scopes of it)."""
    if not isinstance(left, Operand) or not isinstance(right, Operand):
        return False
    one, two = left.quantity, right.quantity
    if one.unit is None or two.unit is None or one.unit_text == two.unit_text:
        return False
    return bool(one.unit.hard) and one.unit.dimensions == two.unit.dimensions


def _equation(left: Expression, right: Expression, relation: str, approximate: bool) -> Equation:
    quantities = [*operands(left), *operands(right)]
    return Equation(left, right, relation, approximate, min(q.start for q in quantities), max(q.end for q in quantities))


def expression_of(side: Sum, *, leads: bool, trails: bool, weak: bool) -> Expression | None:
    """The computation a side writes, None when an operand is words only or holds several numbers.

    *leads*: words may stand before the first number. *trails*: anything may follow the last number's noun.
    *weak*: the relation before it is a mere word, so the number must follow at once.
    """
    factors = list(side.factors)
    if not side.computes:
        return _operand(factors[0], first=leads, last=trails, weak=weak)
    total: Expression | None = None
    for position, (sign, product) in enumerate((("+", side.first), *side.rest)):
        value = _product(product, first=leads and position == 0, last=trails and position == len(side.rest), weak=weak)
        if value is None:
            return None
        total = value if total is None else Operation("+" if sign == "+" else "-", total, value)
    return total


def _product(product: Product, *, first: bool, last: bool, weak: bool) -> Expression | None:
    total = _operand(product.first, first=first, last=last and not product.rest, weak=weak)
    for position, (operator, factor) in enumerate(product.rest):
        value = _operand(factor, first=False, last=last and position == len(product.rest) - 1, weak=False)
        if total is None or value is None:
            return None
        total = Operation(operator, total, value)
    return total


def _operand(factor: Factor, *, first: bool, last: bool, weak: bool) -> Expression | None:
    """The one number of a factor; see the module's docstring for which one counts."""
    atoms = list(factor.atoms)
    share = _share_of(atoms)
    if share is not None:
        return share
    numbers = [index for index, atom in enumerate(atoms) if _numeric(atom)]
    if not numbers:
        return None
    # "2 (TP)" and "29.4 GB (per GPU)": brackets right after a number only comment on it
    heads = [i for i in numbers if not (isinstance(atoms[i], Group) and i - 1 in numbers)]
    if first and last:
        if len(heads) != 1:
            return None
        chosen = heads[0]
    elif first:
        chosen = heads[-1]
    elif last:
        chosen = heads[0]
    else:
        if len(heads) != 1:
            return None
        chosen = heads[0]
    before, after = atoms[:chosen], atoms[chosen + 1 :]
    if not first and (_word_count(before) > _MAX_LEAD_WORDS or (weak and not _leads(before))):
        return None
    if not first and any(isinstance(atom, Word) and atom.terminal in ("LABELLED", "DATE", "NUMBER") for atom in before):
        return None
    if not last and (_word_count(after) > _MAX_NOUN_WORDS or any(isinstance(a, Word) and a.terminal == "NUMBER" for a in after)):
        return None
    return _value(atoms[chosen])


def _leads(before: list[Atom]) -> bool:
    return all(isinstance(a, Word) and (a.text.lower() in _LEADS or a.terminal in ("APPROXIMATELY", "MARK")) for a in before)


def _word_count(atoms: list[Atom]) -> int:
    return sum(1 for atom in atoms if isinstance(atom, Word) and atom.terminal in ("NAME", "LETTERS", "UNIT"))


def _share_of(atoms: list[Atom]) -> Expression | None:
    """`60 % of 312 TFLOPS` is a product."""
    if len(atoms) < 3:
        return None
    for index in range(len(atoms) - 2):
        share, of, whole = atoms[index : index + 3]
        if not (isinstance(share, Quantity) and isinstance(of, Word) and of.text == "of" and isinstance(whole, Quantity)):
            continue
        percent = share.unit is not None and share.unit.canonical == "percent"
        alone = not any(_numeric(atom) for atom in (*atoms[:index], *atoms[index + 3 :]))
        if percent and whole.unit is not None and alone:
            return Operation("×", Operand(share), Operand(whole))
    return None


def _numeric(atom: Atom) -> bool:
    return isinstance(atom, Quantity) or (isinstance(atom, Group) and _value(atom) is not None)


def _value(atom: Atom) -> Expression | None:
    if isinstance(atom, Quantity):
        return Operand(atom)
    if not isinstance(atom, Group) or len(atom.claims.chains) != 1:
        return None
    chain = atom.claims.chains[0]
    if len(chain.sides) != 1:
        return None
    side = chain.sides[0]
    inner = expression_of(side, leads=False, trails=False, weak=False)
    if isinstance(inner, Operand) and any(isinstance(a, Word) and a.terminal == "NAME" for a in side.first.first.atoms):
        return None
    return inner
