"""What a transcribed relation says: its claim and its arithmetic, read by the grammar that reads the page."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from stratlint.claims.amount import with_power
from stratlint.claims.equation import Expression, Operand, Operation
from stratlint.claims.prepare import balance
from stratlint.claims.printed import PrintedNumber
from stratlint.claims.syntax import Atom, Claims, Factor, Group, Product, Quantity, Sum, Word, atoms_of, read
from stratlint.meaning.number_words import number_words

# Nobody transcribes longer relations; what is evaluated later must not nest without bounds.
_LONGEST = 2_000
_MOST_OPERANDS = 200
# The same few counts are the claims and the operands of half a page's readings.
_REMEMBERED = 2048


class TranscriptionError(ValueError):
    """A claim or an expression that is none; the message says why."""


@lru_cache(maxsize=_REMEMBERED)
def read_claim(text: str) -> Quantity:
    """The one amount of a claim, as `81.3 GB`, `+7.4 %`, `eight`, `64-chip`; a minus sign is in its number.

    Raises:
        TranscriptionError: there is none, or there are several.
    """
    written = text.strip()
    sign = written[:1]
    bare = written[1:] if sign in "+-−–" else written
    tree = read(_in_digits(bare))
    atoms = _atoms(tree) if tree is not None else []
    found = [atom for atom in atoms if isinstance(atom, Quantity)] or _of_names(atoms)
    if len(found) != 1:
        raise TranscriptionError("the claim is not one number")
    quantity = found[0]
    if sign in "-−–":
        number = quantity.number
        quantity = replace(quantity, number=replace(number, value=-number.value))
    return quantity


def _atoms(tree: Claims) -> list[Atom]:
    """Everything in it; `4.0 × 10⁶ steps` is one number."""
    sides = tree.chains[0].sides if len(tree.chains) == 1 else ()
    factors = _factors(sides[0].first) if len(sides) == 1 and not sides[0].rest else []
    return list(atoms_of(factors[0][1] if len(factors) == 1 else tree))


@lru_cache(maxsize=_REMEMBERED)
def read_arithmetic(text: str) -> Expression:
    """The computation that an expression writes: numbers, `+ − × ÷`, brackets; words may stand around each number.

    Raises:
        TranscriptionError: it is no arithmetic.
    """
    if len(text) > _LONGEST:
        raise TranscriptionError("the expression is too long")
    tree = read(_in_digits(text))
    if tree is None or len(tree.chains) != 1 or len(tree.chains[0].sides) != 1:
        raise TranscriptionError("the expression is no arithmetic")
    expression = _sum(tree.chains[0].sides[0])
    if _size(expression) > _MOST_OPERANDS:
        raise TranscriptionError("the expression is too long")
    return expression


_NUMBERED = re.compile(r"[A-Za-z]+[-_=]?(\d{1,9})$")


def _of_names(atoms: list[Atom]) -> list[Quantity]:
    """The numbers of names: 32 of `EP32`."""
    found = (_NUMBERED.match(atom.text) for atom in atoms if isinstance(atom, Word))
    return [_plain(float(match[1])) for match in found if match]


# `0.95 $/h` as a table with its unit in the header is transcribed; `$0.95/h`, of which pages print the price as `$0.95`.
_PRICE = re.compile(r"(\d)\s?\$(?=\s?/)")
_PRICE_PER = re.compile(r"(\$\s?\d[\d.,]*)\s?/\s?[A-Za-z][A-Za-z-]*")


def _in_digits(text: str) -> str:
    text = _PRICE.sub(r"\1 USD", _PRICE_PER.sub(r"\1", text))
    out, last = [], 0
    for word in number_words(text):
        out += [text[last : word.start], f"{word.value:.15g}"]
        last = word.end
    return balance("".join([*out, text[last:]]))


def _size(expression: Expression) -> int:
    waiting, size = [expression], 0
    while waiting:
        current = waiting.pop()
        if isinstance(current, Operand):
            size += 1
        else:
            waiting += (current.left, current.right)
    return size


def _sum(side: Sum) -> Expression:
    total: Expression | None = None if _is_empty(side.first) and side.rest else _product(side.first)
    for sign, product in side.rest:
        value = _product(product)
        if total is None:
            total = value if sign == "+" else Operation("-", Operand(_plain(0.0, "0")), value)
        else:
            total = Operation(sign, total, value)
    if total is None:
        raise TranscriptionError("the expression is no arithmetic")
    return total


def _is_empty(product: Product) -> bool:
    return not product.first.atoms and not product.rest


def _product(product: Product) -> Expression:
    (_, first), *rest = _factors(product)
    total = _operand(first)
    for operator, factor in rest:
        total = Operation("×" if operator == "×" else "/", total, _operand(factor))
    return total


def _factors(product: Product) -> list[tuple[str, Factor]]:
    """The factors, each behind its operator; a mantissa and its power of ten are one."""
    out = [("×", product.first)]
    for operator, factor in product.rest:
        joined = _joined(out[-1][1], factor) if operator == "×" else None
        if joined is None:
            out.append((operator, factor))
        else:
            out[-1] = (out[-1][0], joined)
    return out


def _joined(mantissa: Factor, power: Factor) -> Factor | None:
    one, two = mantissa.atoms[-1:], power.atoms[:1]
    if not one or not two or not isinstance(one[0], Quantity) or not isinstance(two[0], Quantity):
        return None
    whole = with_power(one[0], two[0])
    return Factor((*mantissa.atoms[:-1], whole, *power.atoms[1:])) if whole is not None else None


def _operand(factor: Factor) -> Expression:
    """The one number of a factor; `60 % of 312` and `2(8 − 1)` are products."""
    numbers = [(at, atom) for at, atom in enumerate(factor.atoms) if not isinstance(atom, Word)]
    if len(numbers) == 1:
        return _value(numbers[0][1])
    if len(numbers) == 2:
        (first, left), (second, right) = numbers
        between = factor.atoms[first + 1 : second]
        words = [atom.text for atom in between if isinstance(atom, Word)]
        if words == ["of"] or (not between and left.end == right.start):
            return Operation("×", _value(left), _value(right))
    raise TranscriptionError("an operand of the expression is not one number")


def _value(atom: Atom) -> Expression:
    if isinstance(atom, Quantity):
        falls = atom.high is not None and not atom.units and atom.number.value > atom.high.value
        if falls and atom.high is not None:  # "(8-1)"
            return Operation("-", Operand(_plain(atom.number.value)), Operand(_plain(atom.high.value)))
        return Operand(atom)
    if not isinstance(atom, Group) or len(atom.claims.chains) != 1 or len(atom.claims.chains[0].sides) != 1:
        raise TranscriptionError("the expression is no arithmetic")
    return _sum(atom.claims.chains[0].sides[0])


def _plain(value: float, text: str = "") -> Quantity:
    number = PrintedNumber(value, 1.0, 1, True, 1.0)
    return Quantity(text or f"{value:g}", 0, 0, 0, 0, number, None, 0, 0, 1.0, "", (), "", False, False, False)
