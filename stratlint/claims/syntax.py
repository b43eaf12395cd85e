"""What the grammar says of a line: quantities, groups, products, sums, chains of relations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError

from stratlint.claims.grammar import parser
from stratlint.claims.interval import Interval
from stratlint.claims.printed import PrintedNumber, read_number
from stratlint.claims.units import Unit, load_lexicon, unit

# Cells, headings and boilerplate recur; what is kept must not grow with the run.
_REMEMBERED = 1024
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
    """`first × … / …`; each further factor with its operator: `×`, `÷`, or `/` for signs that may as well list."""

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


@lru_cache(maxsize=_REMEMBERED)
def read(text: str) -> Claims | None:
    """Parse prepared text; None where even the total grammar gives up (its brackets were not balanced)."""
    try:
        claims: Claims = _parser().parse(text)  # type: ignore[assignment]  # what the reader made, not a tree
    except LarkError:
        return None
    return claims


@cache
def _parser() -> Lark:
    return parser(_Reader())


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


class _Reader(Transformer[Token, Claims]):
    """What each rule of the grammar stands for; lark calls this while it parses, so no tree is built.

    A scalar stays its tokens, a quantity its scalars: only the factor around it knows what stands before.
    """

    def claims(self, children: list[Chain | Word]) -> Claims:
        chains = tuple(child for child in children if isinstance(child, Chain))
        return Claims(chains, tuple(child for child in children if isinstance(child, Word)))

    def chain(self, children: list[Sum | Word]) -> Chain:
        sides = tuple(child for child in children if isinstance(child, Sum))
        return Chain(sides, tuple(child for child in children if isinstance(child, Word)))

    def relation(self, children: list[Token]) -> Word:
        return _word(children[0])

    def separator(self, children: list[Token]) -> Word:
        return _word(children[0])

    def sum(self, children: list[Any]) -> Sum:
        return Sum(children[0], tuple(children[1:]))

    def signed(self, children: list[Any]) -> tuple[str, Product]:
        return "+" if children[0].type == "PLUS" else "-", children[1]

    def product(self, children: list[Any]) -> Product:
        return Product(children[0], tuple(children[1:]))

    def multiplied(self, children: list[Any]) -> tuple[str, Factor]:
        head: Token = children[0]
        if head.type == "FRACTION":
            inner, close, behind = children[1:4]
            return "/", Factor((Group(inner, _start(head), _end(close)), *behind.atoms))
        return ("×" if head.type == "TIMES" else "÷" if head == "÷" else "/"), children[1]

    def factor(self, children: list[Token | Group | _Scalars]) -> Factor:
        atoms: list[Atom] = []
        for child in children:
            if isinstance(child, Token):
                atoms.append(_word(child))
            elif isinstance(child, Group):
                atoms.append(child)
            else:
                previous = atoms[-1] if atoms else None
                approximate = isinstance(previous, Word) and previous.terminal == "APPROXIMATELY"
                atoms.append(_quantity(child, approximate) or Word("NUMBER", *_extent(child)))
        return Factor(tuple(atoms))

    def group(self, children: list[Any]) -> Group:
        opened, claims, closed = children
        return Group(claims, _start(opened), _end(closed))

    def quantity(self, children: list[Any]) -> _Scalars:
        tokens = tuple(token for child in children for token in _tokens(child))
        return _Scalars(children[0], children[-1], tokens)

    def scalar(self, children: list[Any]) -> tuple[Token, ...]:
        return tuple(token for child in children for token in _tokens(child))

    def suffix(self, children: list[Token]) -> tuple[Token, ...]:
        return tuple(children)


@dataclass(frozen=True, slots=True)
class _Scalars:
    """The tokens of a quantity: of its first and its last scalar (the same where there is no range), and all of them."""

    first: tuple[Token, ...]
    last: tuple[Token, ...]
    tokens: tuple[Token, ...]


def _tokens(part: Token | tuple[Token, ...]) -> tuple[Token, ...]:
    return (part,) if isinstance(part, Token) else part


def _quantity(scalars: _Scalars, approximate: bool) -> Quantity | None:
    first, last = _by_terminal(scalars.first), _by_terminal(scalars.last)
    ranged = scalars.first is not scalars.last
    digits, upper = first["NUMBER"], last["NUMBER"]
    number, high = read_number(digits), read_number(upper) if ranged else None
    if number is None or (ranged and high is None):
        return None
    suffix = last if last.keys() & _SUFFIX else first
    magnitude_text = str(suffix.get("MAGNITUDE", "")).lstrip("-")
    unit_text = str(suffix.get("UNIT", ""))
    text, start, end = _extent(scalars)
    currency = "CURRENCY" in first
    units = load_lexicon().read(unit_text) if unit_text else ()
    if currency and not units:
        units = (unit("dollar"),)
    return Quantity(
        text, start, end, _start(digits), _end(digits), number, high, _start(upper), _end(upper),
        _magnitude(magnitude_text), magnitude_text, units, unit_text.lstrip("-"), currency, "FACTOR" in suffix,
        approximate,
    )  # fmt: skip


_SUFFIX = frozenset({"MAGNITUDE", "UNIT", "FACTOR"})


def _by_terminal(tokens: tuple[Token, ...]) -> dict[str, Token]:
    return {token.type: token for token in tokens}


def _magnitude(text: str) -> float:
    if not text:
        return 1.0
    magnitudes = load_lexicon().magnitudes
    return magnitudes.get(text) or magnitudes.get(text.lower(), 1.0)


def _extent(scalars: _Scalars) -> tuple[str, int, int]:
    tokens = scalars.tokens
    text = str(tokens[0])
    for before, token in pairwise(tokens):
        text += ("" if _end(before) == _start(token) else " ") + str(token)
    return text, _start(tokens[0]), _end(tokens[-1])


def _word(token: Token) -> Word:
    return Word(token.type, str(token), _start(token), _end(token))


def _start(token: Token) -> int:
    assert token.start_pos is not None
    return token.start_pos


def _end(token: Token) -> int:
    assert token.end_pos is not None
    return token.end_pos
