"""Equations: computations that the text writes out, with the operands that belong to them.

Prose stands around the numbers of an equation (`which gives every rank 768 / 6 = 128 micro-batches`). An inner
operand must hold exactly one number; the outermost ones may be wrapped in words: on the left the number next
to the operator counts, on the right the number next to the relation.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.printed import PrintedNumber, read_number
from stratlint.claims.syntax import (
    Atom,
    Chain,
    Claims,
    Factor,
    Group,
    Product,
    Quantity,
    Sum,
    Word,
    atoms_of,
    chains_of,
)
from stratlint.claims.units import load_lexicon

# Computations are evaluated recursively; nobody writes out longer ones.
_MOST_OPERANDS = 200
# Words allowed between an operand's number and the next operator: "64 routed expert instances × 16".
_MAX_NOUN_WORDS = 4
# Such a word between a number and the next operator says that the number belongs to another phrase ("at rate = 8").
FOREIGN = frozenset(
    {
        "at",
        "when",
        "with",
        "for",
        "to",
        "from",
        "by",
        "if",
        "via",
        "using",
        "than",
        "vs",
        "versus",
        "as",
        "rate",
        "until",
        "on",
        "in",
        "over",
        "is",
        "are",
        "was",
        "which",
        "that",
        "where",
    }
)
_FUNCTIONS = frozenset({"sqrt", "log", "log2", "ln", "exp", "max", "min", "ceil", "floor", "sum", "avg", "mean", "round", "prod"})
EQUALS = frozenset({"=", "==", "≈", "≃", "≅", "∼", "≡", ":=", "＝"})
ARROWS = frozenset({"→", "⇒", "=>", "->", "➜", "➡", "⟶", "►"})
_APIECE = frozenset({"each", "apiece"})
# "683 ms per 3 steps × 4 chips": what follows is below the line.
_BELOW = frozenset({"per", "across"})
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
    waiting = [expression]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Operand):
            yield current.quantity
        else:
            waiting += (current.right, current.left)


def computes(expression: Expression) -> bool:
    """Whether an operator is written."""
    return isinstance(expression, Operation)


def only_multiplies(expression: Expression) -> bool:
    """Whether the operators are all `×`."""
    if isinstance(expression, Operand):
        return True
    return expression.operator == "×" and only_multiplies(expression.left) and only_multiplies(expression.right)


def equations_of(claims: Claims) -> Iterator[Equation]:
    """Every pair of neighbouring sides that can be evaluated, groups included."""
    for chain in chains_of(claims):
        if chain.relations:
            yield from _chain_equations(chain)


def _chain_equations(chain: Chain) -> Iterator[Equation]:
    previous: Expression | None = None
    approximate = False
    last = len(chain.sides) - 1
    for index, side in enumerate(chain.sides):
        relation = chain.relations[index - 1] if index else None
        text = relation.text if relation else ""
        weak = relation is not None and relation.terminal == "MEANS"
        equality = text in EQUALS or text in ARROWS or weak
        opens = index < last and (chain.relations[index].text in EQUALS or chain.relations[index].terminal == "MEANS"
                                  or chain.relations[index].text in ARROWS)  # fmt: skip
        current = expression_of(side, leads=index == 0 or not equality, trails=index > 0, weak=weak)
        approximate = approximate or text in ("≈", "≃", "≅", "∼")
        if not equality:
            previous, approximate = current, False
            continue
        if relation is not None and text == "=" and _binds(chain.sides[index - 1], relation):
            previous = None  # "12B workers + 31B TP=2"
        if previous is not None and current is not None:
            strong = not weak and text not in ARROWS
            alike = convertible(previous, current) and not _of_several(chain.sides[index - 1])
            if computes(previous) or (strong and (alike or _restates(chain.sides[index - 1], current))):
                yield equation_between(previous, current, text, approximate)
            approximate = False
        if current is not None or any(_has_number(factor) for factor in side.factors):
            # "a × b = 16 heads / 8" : the next comparison starts from what stands last in this side
            following = expression_of(side, leads=True, trails=False, weak=False) if opens else current
            if index and _adds(side) and previous is not None and computes(previous) and only_multiplies(previous):
                following = None  # "200 × 2 = 400 in + 200 × 5 = 1,000 out": two products told in one line
            previous = following
        elif weak:
            previous = None  # "from 8/10 is robust at seq = 8192"


def _binds(side: Sum, relation: Word) -> bool:
    """`TP=2` behind other words: the sign is glued to a name, and gives it a value."""
    *_, last = side.factors
    atoms = last.atoms
    if len(atoms) < 2 or not isinstance(atoms[-1], Word):
        return False
    return atoms[-1].terminal == "NAME" and atoms[-1].end == relation.start


def _adds(side: Sum) -> bool:
    return bool(side.rest) and any(product.rest for _, product in side.rest)


def _has_number(factor: Factor) -> bool:
    return any(not isinstance(atom, Word) for atom in factor.atoms)


def _restates(side: Sum, computation: Expression) -> bool:
    """`17.7 GB = 8 × 2.2 GB`; but in `80 layers = 80 × 855.65M` the left side is a label, not a result."""
    atoms = side.first.first.atoms
    alone = atoms[0] if len(atoms) == 1 else None
    if not isinstance(computation, Operation) or not isinstance(alone, Quantity) or (alone.counted and alone.unit_text):
        return False
    share = alone.unit is not None and alone.unit.canonical == "percent"
    return not share or computation.operator == "/"  # "Spot 70 % = 885 nodes × $0.12": the share is a label


# So many billions nobody writes with a B; it is bytes.
_FEWEST_BYTES = 2_000


def convertible(left: Expression, right: Expression) -> bool:
    """Whether two plain quantities state one amount in two units (and not two scopes of it)."""
    if not isinstance(left, Operand) or not isinstance(right, Operand):
        return False
    one, two = left.quantity, right.quantity
    if one.bytes_too and one.magnitude_text == "B" and two.unit is not None and one.number.value >= _FEWEST_BYTES:
        return two.unit.hard == (("information", 1.0),)  # "192,512 B, i.e. 192.5 KB"
    if one.unit is None or two.unit is None or one.unit_text == two.unit_text:
        return False
    if "-" in one.text or "-" in two.text:
        return False  # "4-byte words = 128 bytes"
    return bool(one.unit.hard) and one.unit.dimensions == two.unit.dimensions


def equation_between(left: Expression, right: Expression, relation: str, approximate: bool) -> Equation:
    quantities = [*operands(left), *operands(right)]
    return Equation(left, right, relation, approximate, min(q.start for q in quantities), max(q.end for q in quantities))


def expression_of(side: Sum, *, leads: bool, trails: bool, weak: bool) -> Expression | None:
    """The computation a side writes, None when an operand is words only or holds several numbers.

    *leads*: words may stand before the first number. *trails*: anything may follow the last number's noun.
    *weak*: the relation before it is a mere word, so the number must follow at once.
    """
    factors = list(side.factors)
    if not side.computes:
        if _apiece(factors[0].atoms):
            return None  # "1,048 MB each = 24.1 GB": one of them, and all
        return _operand(factors[0], first=leads, last=trails, weak=weak)
    if any(isinstance(a, Quantity) and a.high is not None for factor in factors for a in factor.atoms):
        return None  # "1280-530x2": a hyphen that may be a minus or a range
    if any(isinstance(a, Quantity) and a.times for factor in factors for a in factor.atoms):
        return None  # "3x + 5" is algebra
    total: Expression | None = None
    for position, (sign, product) in enumerate((("+", side.first), *side.rest)):
        value = _product(product, first=leads and position == 0, last=trails and position == len(side.rest), weak=weak)
        if value is None:
            return None
        total = value if total is None else Operation("+" if sign == "+" else "-", total, value)
    return total if total is None or sum(1 for _ in operands(total)) <= _MOST_OPERANDS else None


def _of_several(side: Sum) -> bool:
    """`~2KB per context = ~100MB`, `0.1% over 28 days = 40 minutes`: the left amount is of one thing, or of another number."""
    atoms = side.first.first.atoms
    numbers = [index for index, atom in enumerate(atoms) if isinstance(atom, Quantity)]
    after = atoms[numbers[-1] + 1 :] if numbers else ()
    each = any(
        isinstance(atom, Word) and atom.text.lower() in _BELOW | _APIECE for atom in (*after, *atoms[: numbers[0] if numbers else 0])
    )
    return len(numbers) > 1 or each


def _apiece(atoms: Sequence[Atom]) -> bool:
    """Whether "each" stands right behind a number, or an at sign before it."""
    return any(
        (isinstance(one, Quantity) and isinstance(two, Word) and two.text.lower() in _APIECE)
        or (isinstance(one, Word) and one.text == "@" and isinstance(two, Quantity))
        for one, two in itertools.pairwise(atoms)
    )


def _product(product: Product, *, first: bool, last: bool, weak: bool) -> Expression | None:
    if any(operator == "/" for operator, _ in product.rest) and any(
        _names_degree(f) for f in (product.first, *(f for _, f in product.rest))
    ):
        return None  # "TP4/PP1/EP8" is a list
    total = _operand(product.first, first=first, last=last and not product.rest, weak=weak)
    for position, (operator, factor) in enumerate(product.rest):
        value = _operand(factor, first=False, last=last and position == len(product.rest) - 1, weak=False)
        if total is None or value is None:
            return None
        total = Operation("/" if operator == "÷" else operator, total, value)
    return total


def _operand(factor: Factor, *, first: bool, last: bool, weak: bool) -> Expression | None:
    """The one number of a factor; see the module's docstring for which one counts."""
    atoms = list(factor.atoms)
    share = _share_of(atoms)
    if share is not None:
        return share
    atoms = _juxtaposed(atoms)
    numbers = [index for index, atom in enumerate(atoms) if is_numeric(atom)]
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
    if any(isinstance(a, Word) and a.text == "@" for a in before) or any(isinstance(a, Word) and a.text == "^" for a in atoms):
        return None  # "model@6bit + @4bit = 80 GB"; "2^(E-15)", a power that was not read
    if not first and not _leads(before):
        return None
    if isinstance(atoms[chosen], Group) and (len(heads) > 1 or _applied(before, atoms[chosen])):
        return None
    if before and isinstance(before[-1], Word) and (before[-1].text in "√∑∏∫" or before[-1].text.lower() in _BELOW):
        return None
    if not last and not _is_noun(after):
        return None
    return _value(atoms[chosen])


def _juxtaposed(atoms: list[Atom]) -> list[Atom]:
    """`2(8-1)` is a product: a bracket glued to a number without unit multiplies it."""
    out: list[Atom] = []
    for atom in atoms:
        previous = out[-1] if out else None
        if isinstance(atom, Word) and len(atoms) == 1 and (degree := _degree(atom)) is not None:
            return [degree]
        if isinstance(atom, Group) and isinstance(previous, Word) and previous.text in _DEGREE_NAMES and isinstance(_value(atom), Operand):
            out[-1] = atom  # "TP(8)"
            continue
        measured = _in_unit(previous, atom) if isinstance(previous, Group) and isinstance(atom, Word) else None
        if measured is not None:
            out[-1] = measured  # "(48 − 16.1) GB"
            continue
        if isinstance(atom, Quantity) and isinstance(previous, Word) and previous.text in ("e", "E"):
            return []  # "104 e 12", an exponent that the markup tore apart
        if isinstance(atom, Group) and isinstance(previous, Group) and previous.end == atom.start and _counts(previous) and _counts(atom):
            if not (is_numeric(previous) and is_numeric(atom)):
                return []  # "(1)(-1)": a product of something that was not read
            out[-1] = _product_of(previous, atom)  # "(2/3)(0.36)"
            continue
        glued = isinstance(atom, Group) and isinstance(previous, Quantity) and previous.end == atom.start and not previous.unit_text
        if glued and not isinstance(_value(atom), Operation) and any(True for _ in _quantities_in(atom)):
            return []  # "12288(1536 nodes)", "f(3)": no product
        if glued and isinstance(_value(atom), Operation):
            assert isinstance(previous, Quantity) and isinstance(atom, Group)
            out[-1] = _product_of(previous, atom)
        else:
            out.append(atom)
    return out


def _product_of(one: Quantity | Group, two: Group) -> Group:
    product = Product(Factor((one,)), (("×", Factor((two,))),))
    return Group(Claims((Chain((Sum(product, ()),), ()),), ()), one.start, two.end)


def _counts(group: Group) -> bool:
    """Whether a bracket holds a number, read or not."""
    return any(True for _ in _quantities_in(group))


def _in_unit(group: Group, unit: Word) -> Group | None:
    """A computation in brackets with the unit of its result behind it: each of its terms has that unit."""
    if unit.terminal != "UNIT":
        return None
    value = _value(group)
    units = load_lexicon().read(unit.text)
    if not isinstance(value, Operation) or not units or not units[0].hard or any(q.units for q in operands(value)):
        return None
    one = PrintedNumber(1.0, 0.0, 1, True, 0.0)
    quantity = Quantity(
        unit.text, unit.start, unit.end, unit.start, unit.start, one, None, 0, 0, 1.0, "", units, unit.text, False, False, False
    )  # fmt: skip
    product = Product(Factor((group,)), (("×", Factor((quantity,))),))
    return Group(Claims((Chain((Sum(product, ()),), ()),), ()), group.start, unit.end)


def _difference(side: Sum) -> Expression | None:
    """`(8-1)`: alone in its brackets a falling range is a subtraction."""
    atoms = side.first.first.atoms
    if side.computes or len(atoms) != 1 or not isinstance(atoms[0], Quantity):
        return None
    whole = atoms[0]
    if whole.high is None or whole.units or whole.number.value <= whole.high.value:
        return None
    first = replace(whole, high=None, end=whole.number_end, text=f"{whole.number.value:g}")
    second = replace(
        whole, number=whole.high, high=None, start=whole.high_start, number_start=whole.high_start, text=f"{whole.high.value:g}"
    )
    return Operation("-", Operand(first), Operand(second))


def _quantities_in(atom: Atom) -> Iterator[Quantity]:
    if isinstance(atom, Group):
        yield from (inner for inner in atoms_of(atom.claims) if isinstance(inner, Quantity))


def _applied(before: list[Atom], group: Atom) -> bool:
    """`sqrt(…)`, `f(…)`: the bracket is an argument."""
    previous = before[-1] if before else None
    if not isinstance(previous, Word) or previous.terminal not in ("NAME", "LETTERS"):
        return False
    return previous.end == group.start or previous.text.lower() in _FUNCTIONS


def _is_noun(after: list[Atom]) -> bool:
    """Whether the words after a number can be what it counts: few, no variable, no proper name, no other phrase."""
    words = [atom for atom in after if isinstance(atom, Word)]
    if len(words) > _MAX_NOUN_WORDS or any(word.terminal in ("NUMBER", "LABELLED", "DATE") for word in words):
        return False
    for word in words:
        if word.terminal not in ("NAME", "LETTERS"):
            continue
        if (
            word.text.lower() in FOREIGN
            or len(word.text) == 1
            or (word.text[0].isupper() and word.text.isascii() and not word.text.removesuffix("s").isupper())
        ):
            return False
    return True


def _leads(before: list[Atom]) -> bool:
    """Whether nothing but "about", "exactly", quotes and the like stands before a number, or a degree's name."""
    return all(
        isinstance(a, Word)
        and (a.text.lower() in _LEADS or a.text.upper() in _DEGREE_NAMES or a.terminal in ("APPROXIMATELY", "MARK", "VERDICT"))
        and a.text not in "√∑∏∫"
        for a in before
    )


def _share_of(atoms: list[Atom]) -> Expression | None:
    """`60 % of 312 TFLOPS` is a product."""
    if len(atoms) < 3:
        return None
    for index in range(len(atoms) - 2):
        share, of, whole = atoms[index : index + 3]
        if not (isinstance(share, Quantity) and isinstance(of, Word) and of.text == "of" and isinstance(whole, Quantity)):
            continue
        percent = share.unit is not None and share.unit.canonical == "percent"
        alone = not any(is_numeric(atom) for atom in (*atoms[:index], *atoms[index + 3 :]))
        if percent and whole.unit is not None and alone:
            return Operation("×", Operand(share), Operand(whole))
    return None


_DEGREE = re.compile(r"(?:EP|TP|PP|DP|CP|SP|ETP|EDP|FSDP)[-_=]?(\d{1,6})$")
_DEGREE_NAMES = frozenset({"EP", "TP", "PP", "DP", "CP", "SP", "ETP", "EDP", "FSDP"})


def _degree(word: Word) -> Quantity | None:
    """`EP64` in `EP64 × TP2 = 128` stands for its number."""
    match = _DEGREE.match(word.text) if word.terminal == "NAME" else None
    number = read_number(match[1]) if match else None
    if match is None or number is None:
        return None
    start = word.start + match.start(1)
    return Quantity(word.text, word.start, word.end, start, word.end, number, None, start, word.end, 1.0, "", (), "", False, False, False)


def is_degree(quantity: Quantity) -> bool:
    """Whether a number is that of a degree's name (`EP64`)."""
    return bool(_DEGREE.match(quantity.text))


def _names_degree(factor: Factor) -> bool:
    return any(isinstance(atom, Word) and _degree(atom) is not None for atom in factor.atoms)


def is_numeric(atom: Atom) -> bool:
    """Whether an atom is a number or a bracket that computes one."""
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
    difference = _difference(side)
    if difference is not None:
        return difference
    inner = expression_of(side, leads=False, trails=False, weak=False)
    if isinstance(inner, Operand) and (
        inner.quantity.high is not None or any(isinstance(a, Word) and a.terminal == "NAME" for a in side.first.first.atoms)
    ):
        return None
    return inner
