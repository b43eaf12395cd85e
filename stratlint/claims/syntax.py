"""What the grammar says of a line: quantities, groups, products, sums, chains of relations."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lark import Token, Tree
from lark.exceptions import LarkError

from stratlint.claims.grammar import parser
from stratlint.claims.interval import Interval
from stratlint.claims.printed import PrintedNumber, read_number
from stratlint.claims.units import Unit, load_lexicon, unit


# "2 bytes" per parameter are two; "1,500,000,000 bytes" may be rounded.
_MOST_WHOLE_BYTES = 256


@dataclass(frozen=True, slots=True)
class Word:
    """A token that is no number: its grammar terminal, its text, its place."""

    terminal: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as written. `units` are the readings of the unit, the likeliest first.

    `magnitude` is 1e9 in `30B`; `bytes_too` says that the `B` may mean bytes; `binary_too` that `8K` may mean
    8,192. `high` is the upper end of a range. `number_start` and `number_end` bound the digits alone.
    """

    text: str
    start: int
    end: int
    number_start: int
    number_end: int
    number: PrintedNumber
    high: PrintedNumber | None
    high_start: int
    high_end: int
    magnitude: float
    magnitude_text: str
    units: tuple[Unit, ...]
    unit_text: str
    currency: bool
    times: bool
    approximate: bool

    @property
    def unit(self) -> Unit | None:
        """The likeliest unit, None when none is written."""
        return self.units[0] if self.units else None

    @property
    def bytes_too(self) -> bool:
        """Whether a single `B` (or `G`) may as well stand for bytes."""
        return not self.units and self.magnitude_text in ("B", "G")

    @property
    def counted(self) -> bool:
        """Whether the digits count things exactly: an integer with no magnitude and no hard unit, or a few bytes."""
        if not self.number.integer or self.magnitude != 1.0 or self.currency or self.times:
            return False
        if self.units and self.units[0].canonical in ("byte", "bit"):
            return self.number.value <= _MOST_WHOLE_BYTES
        return not self.units or (not self.units[0].hard and self.units[0].canonical not in ("percent", "permille"))

    def interval(self, scale: float = 1.0) -> Interval:
        """What the digits mean, times the magnitude and *scale*; a range covers both its ends."""
        low = self.number.interval(exact_integers=self.counted, approximate=self.approximate)
        if self.high is not None:
            high = self.high.interval(exact_integers=self.counted, approximate=self.approximate)
            low = Interval(min(low.low, high.low), max(low.high, high.high))
        return low.scaled(self.magnitude * scale)


@dataclass(frozen=True, slots=True)
class Group:
    """Something in brackets."""

    claims: Claims
    start: int
    end: int


Atom = Word | Quantity | Group


@dataclass(frozen=True, slots=True)
class Factor:
    """Juxtaposed atoms: an operand, with whatever words stand around its number."""

    atoms: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """`first × … / …`; each further factor with its operator, `×` or `/`."""

    first: Factor
    rest: tuple[tuple[str, Factor], ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """`first + … − …`."""

    first: Product
    rest: tuple[tuple[str, Product], ...]

    @property
    def factors(self) -> Iterator[Factor]:
        """All factors, left to right."""
        for product in (self.first, *(product for _, product in self.rest)):
            yield product.first
            for _, factor in product.rest:
                yield factor

    @property
    def computes(self) -> bool:
        """Whether an operator is written."""
        return bool(self.rest or self.first.rest or any(product.rest for _, product in self.rest))


@dataclass(frozen=True, slots=True)
class Chain:
    """Sides with the relations between them."""

    sides: tuple[Sum, ...]
    relations: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Claims:
    """Chains with the separators between them."""

    chains: tuple[Chain, ...]
    separators: tuple[Word, ...]


def read(text: str) -> Claims | None:
    """Parse prepared text; None where even the total grammar gives up (its brackets were not balanced)."""
    try:
        return _claims(parser().parse(text))
    except LarkError:
        return None


def atoms_of(node: Claims | Chain | Sum | Factor) -> Iterator[Atom]:
    """All atoms below *node* in reading order, groups entered after being yielded; relations and separators too."""
    if isinstance(node, Factor):
        for atom in node.atoms:
            yield atom
            if isinstance(atom, Group):
                yield from atoms_of(atom.claims)
    elif isinstance(node, Sum):
        for factor in node.factors:
            yield from atoms_of(factor)
    elif isinstance(node, Chain):
        for index, side in enumerate(node.sides):
            yield from atoms_of(side)
            if index < len(node.relations):
                yield node.relations[index]
    else:
        for index, chain in enumerate(node.chains):
            yield from atoms_of(chain)
            if index < len(node.separators):
                yield node.separators[index]


def chains_of(node: Claims) -> Iterator[Chain]:
    """All chains, those inside groups included."""
    for chain in node.chains:
        yield chain
        for side in chain.sides:
            for factor in side.factors:
                for atom in factor.atoms:
                    if isinstance(atom, Group):
                        yield from chains_of(atom.claims)


def _claims(tree: Tree[Token]) -> Claims:
    chains: list[Chain] = []
    separators: list[Word] = []
    for child in tree.children:
        assert isinstance(child, Tree)
        if child.data == "chain":
            chains.append(_chain(child))
        else:
            separators.append(_word(child.children[0]))
    return Claims(tuple(chains), tuple(separators))


def _chain(tree: Tree[Token]) -> Chain:
    sides = tuple(_sum(child) for child in _trees(tree, "sum"))
    relations = tuple(_word(child.children[0]) for child in _trees(tree, "relation"))
    return Chain(sides, relations)


def _sum(tree: Tree[Token]) -> Sum:
    first, *rest = _trees(tree)
    return Sum(_product(first), tuple((str(signed.children[0]), _product(signed.children[1])) for signed in rest))


def _product(tree: Tree[Token] | Token) -> Product:
    assert isinstance(tree, Tree)
    first, *rest = _trees(tree)
    return Product(_factor(first), tuple(_multiplied(child) for child in rest))


def _multiplied(tree: Tree[Token]) -> tuple[str, Factor]:
    head = tree.children[0]
    assert isinstance(head, Token)
    if head.type == "FRACTION":
        inner, close, behind = tree.children[1:4]
        assert isinstance(inner, Tree) and isinstance(close, Token) and isinstance(behind, Tree)
        return "/", Factor((Group(_claims(inner), _start(head), _end(close)), *_factor(behind).atoms))
    factor = tree.children[1]
    assert isinstance(factor, Tree)
    return ("×" if head.type == "TIMES" else "/"), _factor(factor)


def _factor(tree: Tree[Token]) -> Factor:
    atoms: list[Atom] = []
    for child in _trees(tree):
        inner = child.children[0]
        if isinstance(inner, Token):
            atoms.append(_word(inner))
        elif inner.data == "group":
            opened, claims, closed = inner.children
            assert isinstance(opened, Token) and isinstance(claims, Tree) and isinstance(closed, Token)
            atoms.append(Group(_claims(claims), _start(opened), _end(closed)))
        else:
            previous = atoms[-1] if atoms else None
            approximate = isinstance(previous, Word) and previous.terminal == "APPROXIMATELY"
            quantity = _quantity(inner, approximate)
            atoms.append(quantity if quantity else Word("NUMBER", *_extent(inner)))
    return Factor(tuple(atoms))


def _quantity(tree: Tree[Token], approximate: bool) -> Quantity | None:
    scalars = list(_trees(tree, "scalar"))
    first, last = scalars[0], scalars[-1]
    digits, upper = _token(first, "NUMBER"), _token(last, "NUMBER")
    assert digits is not None and upper is not None
    number, high = read_number(digits), read_number(upper) if len(scalars) > 1 else None
    if number is None or (len(scalars) > 1 and high is None):
        return None
    suffix = next(_trees(last, "suffix"), None) or next(_trees(first, "suffix"), None)
    magnitude_text, unit_text, times = "", "", False
    if suffix is not None:
        magnitude_text = str(_token(suffix, "MAGNITUDE") or "").lstrip("-")
        unit_text = str(_token(suffix, "UNIT") or "")
        times = _token(suffix, "FACTOR") is not None
    text, start, end = _extent(tree)
    currency = _token(first, "CURRENCY") is not None
    units = load_lexicon().read(unit_text) if unit_text else ()
    if currency and not units:
        units = (unit("dollar"),)
    return Quantity(
        text, start, end, _start(digits), _end(digits), number, high, _start(upper), _end(upper),
        _magnitude(magnitude_text), magnitude_text, units, unit_text.lstrip("-"), currency, times, approximate,
    )  # fmt: skip


def _magnitude(text: str) -> float:
    if not text:
        return 1.0
    magnitudes = load_lexicon().magnitudes
    return magnitudes.get(text) or magnitudes.get(text.lower(), 1.0)


def _trees(tree: Tree[Token], data: str = "") -> Iterator[Tree[Token]]:
    for child in tree.children:
        if isinstance(child, Tree) and (not data or child.data == data):
            yield child


def _token(tree: Tree[Token], terminal: str) -> Token | None:
    for child in tree.children:
        if isinstance(child, Token) and child.type == terminal:
            return child
    return None


def _extent(tree: Tree[Token]) -> tuple[str, int, int]:
    tokens = list(tree.scan_values(lambda value: isinstance(value, Token)))
    text = str(tokens[0])
    for before, token in pairwise(tokens):
        text += ("" if _end(before) == _start(token) else " ") + str(token)
    return text, _start(tokens[0]), _end(tokens[-1])


def _word(token: object) -> Word:
    assert isinstance(token, Token)
    return Word(token.type, str(token), _start(token), _end(token))


def _start(token: Token) -> int:
    assert token.start_pos is not None
    return token.start_pos


def _end(token: Token) -> int:
    assert token.end_pos is not None
    return token.end_pos
