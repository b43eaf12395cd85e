"""Equations without a sign of equality: a value and its working in brackets, one amount in two units.

`0.77% (490.4MB ÷ 64GB)`, `12 sequences (384 total ÷ 4 DP ÷ 8 micro-batches)`, `60.8 GiB, i.e. 65.3 GB`.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.claims.equation import (
    FOREIGN,
    Equation,
    Expression,
    Operand,
    Operation,
    computes,
    convertible,
    equation_between,
    expression_of,
    is_degree,
    operands,
)
from stratlint.claims.syntax import Atom, Chain, Claims, Factor, Group, Quantity, Sum, Word, chains_of


def derivations(claims: Claims) -> Iterator[Equation]:
    """Values with their computation in brackets, and amounts restated after "i.e."."""
    yield from _appositions(claims)
    yield from _worked(claims)


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
        if first and second and convertible(Operand(first), Operand(second)):
            yield equation_between(Operand(first), Operand(second), "i.e.", False)


_ANNOTATION_WORDS = 5


def _worked(claims: Claims) -> Iterator[Equation]:
    """`0.77% (490.4MB ÷ 64GB)`, `27 ms (46 % of the 50 ms target)`: a value with its computation in brackets."""
    for chain in chains_of(claims):
        for side in chain.sides:
            if side.computes:
                continue
            atoms = side.first.first.atoms
            for index, atom in enumerate(atoms):
                before = value_before(atoms, index) if isinstance(atom, Group) else None
                if before is None or not isinstance(atom, Group) or len(atom.claims.chains) != 1:
                    continue
                inner = atom.claims.chains[0]
                if len(inner.sides) != 1:
                    continue
                expression = expression_of(inner.sides[0], leads=False, trails=True, weak=False)
                if expression is None or not computes(expression) or _foreign(expression):
                    continue
                goes_on = side is not chain.sides[-1]  # "2 clusters (3 stages × 2 GPUs each) = 12 GPUs"
                noun = _names_in(atoms[:index])
                if _derives(expression, before) or (not goes_on and _works_out(inner.sides[0], expression, before, noun)):
                    yield equation_between(expression, Operand(before), "(…)", before.approximate)


def _derives(expression: Expression, value: Quantity) -> bool:
    """Whether a bracket can be the computation of the value before it, and not a layout, a list or a remark.

    Both need a hard unit of the same dimension, or the bracket multiplies degrees, or counts parameters.
    """
    numbers = list(operands(expression))
    if all(is_degree(q) for q in numbers):
        return value.counted
    if value.magnitude >= 1e6 and not value.units and len(numbers) >= 3 and _multiplied(expression):
        return not any(q.unit is not None and q.unit.hard for q in numbers) and all(q.magnitude == 1 for q in numbers)
    if value.unit is None:
        return False
    if value.unit.canonical == "percent":
        return isinstance(expression, Operation) and expression.operator == "/" and all(q.unit is not None and q.unit.hard for q in numbers)
    return bool(value.unit.hard) and any(q.unit is not None and q.unit.hard == value.unit.hard for q in numbers)


def _multiplied(expression: Expression) -> bool:
    """Whether anything is multiplied: "26B (8 active / 128 experts + 1 shared)" only lists."""
    if not isinstance(expression, Operation):
        return False
    return expression.operator == "×" or _multiplied(expression.left) or _multiplied(expression.right)


def _names_in(atoms: tuple[Atom, ...]) -> frozenset[str]:
    """What the last number before a bracket counts, plural endings dropped."""
    last = max((i for i, atom in enumerate(atoms) if isinstance(atom, Quantity)), default=0)
    words = [
        part
        for atom in atoms[last:]
        for part in ((atom.unit_text if isinstance(atom, Quantity) else atom.text if isinstance(atom, Word) else "").split())
    ]
    return frozenset(word.lower().removesuffix("s") for word in words if word[:1].isalpha())


def _works_out(side: Sum, expression: Expression, value: Quantity, noun: frozenset[str]) -> bool:
    """Whether a bracket of named counts works out the count before it: "12 sequences (384 total ÷ 4 DP ÷ 8 micro-batches)".

    Products give more than each factor ("2 matrices (1024 hidden × 4096 inner)" is a shape) and count what a factor counts;
    quotients give less than what is divided. A slash may list, so it does not count. `240 MB (30B ÷ 500 × 2)` states its
    bytes per parameter. *noun*: what the value counts.
    """
    numbers = list(operands(expression))
    signs = {operator for product in (side.first, *(p for _, p in side.rest)) for operator, _ in product.rest}
    if side.rest or "/" in signs or any(q.unit is not None and (q.unit.hard or q.unit.factor != 1.0) for q in numbers):
        return False
    if value.unit is not None and value.unit.hard == (("information", 1.0),):
        sized = [q for q in numbers if q.counted and q.number.value <= _MOST_BYTES_PER_PARAMETER]
        return "×" in signs and numbers[0].bytes_too and numbers[-1] in sized and not any(q.bytes_too for q in numbers[1:])
    if not value.counted or not all(q.counted for q in numbers):
        return False
    named = sum(
        1
        for factor in side.factors
        if any(isinstance(a, Word) and a.terminal in ("NAME", "LETTERS") for a in factor.atoms) or _counts_things(factor)
    )
    sizes = [q.number.value for q in numbers]
    counted = frozenset[str]().union(*(_names_in(factor.atoms) for factor in side.factors))
    if signs == {"×"} and noun and not noun & counted:
        return False
    likely = value.number.value >= max(sizes) if signs == {"×"} else value.number.value <= sizes[0] == max(sizes)
    return named >= min(len(numbers), 2) and likely


_MOST_BYTES_PER_PARAMETER = 20


def _counts_things(factor: Factor) -> bool:
    return any(isinstance(atom, Quantity) and atom.unit is not None and bool(atom.unit.soft) for atom in factor.atoms)


def value_before(factor: tuple[Atom, ...], bracket: int) -> Quantity | None:
    """The number right before the bracket at this position of a factor, with nothing but its noun between."""
    atoms = factor[max(bracket - 1 - _ANNOTATION_WORDS, 0) : bracket]
    numbers = [index for index, atom in enumerate(atoms) if isinstance(atom, Quantity)]
    if not numbers:
        return None
    after = atoms[numbers[-1] + 1 :]
    if any(not isinstance(atom, Word) or atom.text.lower() in FOREIGN or atom.terminal == "VERDICT" for atom in after):
        return None
    chosen = atoms[numbers[-1]]
    return chosen if isinstance(chosen, Quantity) and chosen.high is None and not chosen.times else None


def _foreign(expression: Expression) -> bool:
    """A bracket that states a share of something is no derivation."""
    return isinstance(expression, Operation) and any(q.unit is not None and q.unit.canonical == "percent" for q in operands(expression))


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
