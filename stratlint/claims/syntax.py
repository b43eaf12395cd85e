"""What the grammar says of a line: quantities, groups, products, sums, chains of relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from stratlint.claims.automaton import Automaton, Build
from stratlint.claims.grammar import parser
from stratlint.claims.interval import Interval
from stratlint.claims.printed import PrintedNumber, read_number
from stratlint.claims.units import Unit, load_lexicon
from stratlint.records import quickly_built

# Cells, headings and boilerplate recur; what is kept must not grow with the run.
_REMEMBERED = 1024
# "2 bytes" per parameter are two; "1,500,000,000 bytes" may be rounded.
_MOST_WHOLE_BYTES = 256


@quickly_built
@dataclass(frozen=True, slots=True)
class Word:
    """A token that is no number: its grammar terminal, its text, its place."""

    terminal: str
    text: str
    start: int
    end: int


@quickly_built
@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as written. `units` are the readings of the unit, the likeliest first.

    `magnitude` is 1e9 in `30B`; `bytes_too` says that the `B` may mean bytes; `binary_too` that `8K` may mean
    8,192. `high` is the upper end of a range. `number_start` and `number_end` bound the digits alone. `currency_text`: the sign of a
    currency that stands before them.
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
    currency_text: str = ""

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
    def factors(self) -> Sequence[Factor]:
        """All factors, left to right."""
        if not self.rest and not self.first.rest:
            return (self.first.first,)
        out: list[Factor] = []
        for product in (self.first, *(product for _, product in self.rest)):
            out.append(product.first)
            out += (factor for _, factor in product.rest)
        return out

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
        claims: Claims = _automaton().parse(text)
    except ValueError:
        return None
    return claims


@cache
def _automaton() -> Automaton:
    reader = _Reader()
    builds: dict[str, Build] = {
        "claims": reader.claims, "chain": reader.chain, "relation": reader.first, "separator": reader.first, "sum": reader.sum,
        "signed": reader.signed, "product": reader.product, "multiplied": reader.multiplied, "factor": reader.factor,
        "group": reader.group, "quantity": reader.quantity, "scalar": reader.scalar, "suffix": reader.suffix,
    }  # fmt: skip
    return Automaton(parser(), builds, Word)


def atoms_of(node: Claims | Chain | Sum | Factor) -> list[Atom]:
    """All atoms below *node* in reading order, groups before what they hold; relations and separators too."""
    out: list[Atom] = []
    if isinstance(node, Claims):
        _add_claims(node, out)
    elif isinstance(node, Chain):
        _add_chain(node, out)
    elif isinstance(node, Sum):
        for factor in node.factors:
            _add_factor(factor, out)
    else:
        _add_factor(node, out)
    return out


def _add_claims(claims: Claims, out: list[Atom]) -> None:
    separators = claims.separators
    for index, chain in enumerate(claims.chains):
        _add_chain(chain, out)
        if index < len(separators):
            out.append(separators[index])


def _add_chain(chain: Chain, out: list[Atom]) -> None:
    relations = chain.relations
    for index, side in enumerate(chain.sides):
        for factor in side.factors:
            _add_factor(factor, out)
        if index < len(relations):
            out.append(relations[index])


def _add_factor(factor: Factor, out: list[Atom]) -> None:
    for atom in factor.atoms:
        out.append(atom)
        if isinstance(atom, Group):
            _add_claims(atom.claims, out)


def chains_of(node: Claims) -> list[Chain]:
    """All chains, each before those inside its groups."""
    out: list[Chain] = []
    for chain in node.chains:
        out.append(chain)
        for side in chain.sides:
            for factor in side.factors:
                for atom in factor.atoms:
                    if isinstance(atom, Group):
                        out += chains_of(atom.claims)
    return out


class _Reader:
    """What each rule of the grammar stands for; called while the automaton parses, so no tree is built.

    A scalar stays its tokens, a quantity its scalars: only the factor around it knows what stands before.
    """

    def claims(self, children: list[Any]) -> Claims:
        return Claims(tuple(children[::2]), tuple(children[1::2]))

    def chain(self, children: list[Any]) -> Chain:
        return Chain(tuple(children[::2]), tuple(children[1::2]))

    def first(self, children: list[Word]) -> Word:
        return children[0]

    def sum(self, children: list[Any]) -> Sum:
        return Sum(children[0], tuple(children[1:]))

    def signed(self, children: list[Any]) -> tuple[str, Product]:
        return "+" if children[0].terminal == "PLUS" else "-", children[1]

    def product(self, children: list[Any]) -> Product:
        first, *rest = children
        factors: list[tuple[str, Factor]] = [("", first)]
        for operator, factor in rest:
            before = factors[-1][1]
            if operator == "/" and _is_scope(factor) and before.atoms and isinstance(before.atoms[-1], Quantity):
                (noun,) = factor.atoms
                factors[-1] = (factors[-1][0], Factor((*before.atoms, Word("SLASH", "per", before.atoms[-1].end, noun.start), noun)))
            else:
                factors.append((operator, factor))
        return Product(factors[0][1], tuple(factors[1:]))

    def multiplied(self, children: list[Any]) -> tuple[str, Factor]:
        head: Word = children[0]
        if head.terminal == "FRACTION":
            inner, close, behind = children[1:4]
            return "/", Factor((Group(inner, head.start, close.end), *behind.atoms))
        return ("×" if head.terminal == "TIMES" else "÷" if head.text == "÷" else "/"), children[1]

    def factor(self, children: list[Word | Group | _Scalars]) -> Factor:
        atoms: list[Atom] = []
        for child in children:
            if isinstance(child, Word | Group):
                atoms.append(child)
            else:
                previous = atoms[-1] if atoms else None
                approximate = isinstance(previous, Word) and previous.terminal == "APPROXIMATELY"
                atoms.append(_quantity(child, approximate) or Word("NUMBER", *_extent(child)))
        return Factor(tuple(atoms))

    def group(self, children: list[Any]) -> Group:
        opened, claims, closed = children
        return Group(claims, opened.start, closed.end)

    def quantity(self, children: list[Any]) -> _Scalars:
        tokens = tuple(token for child in children for token in _tokens(child))
        return _Scalars(children[0], children[-1], tokens)

    def scalar(self, children: list[Any]) -> tuple[Word, ...]:
        return tuple(token for child in children for token in _tokens(child))

    def suffix(self, children: list[Word]) -> tuple[Word, ...]:
        return tuple(children)


def _is_scope(factor: Factor) -> bool:
    """Whether a factor is nothing but a thing that amounts are given for: the slash of `512 B / token` says "per"."""
    atom = factor.atoms[0] if len(factor.atoms) == 1 else None
    return isinstance(atom, Word) and atom.text in load_lexicon().denominators


@dataclass(frozen=True, slots=True)
class _Scalars:
    """The tokens of a quantity: of its first and its last scalar (the same where there is no range), and all of them."""

    first: tuple[Word, ...]
    last: tuple[Word, ...]
    tokens: tuple[Word, ...]


def _tokens(part: Word | tuple[Word, ...]) -> tuple[Word, ...]:
    return (part,) if isinstance(part, Word) else part


def _quantity(scalars: _Scalars, approximate: bool) -> Quantity | None:
    first, last = _by_terminal(scalars.first), _by_terminal(scalars.last)
    ranged = scalars.first is not scalars.last
    digits, upper = first["NUMBER"], last["NUMBER"]
    number, high = read_number(digits.text), read_number(upper.text) if ranged else None
    if number is None or (ranged and high is None):
        return None
    suffix = last if last.keys() & _SUFFIX else first
    magnitude_text = suffix["MAGNITUDE"].text.lstrip("-") if "MAGNITUDE" in suffix else ""
    unit_text = suffix["UNIT"].text if "UNIT" in suffix else ""
    text, start, end = _extent(scalars)
    currency_text = first["CURRENCY"].text if "CURRENCY" in first else ""
    units = load_lexicon().read_behind_number(unit_text) if unit_text else ()
    if currency_text and not units:
        units = load_lexicon().read(currency_text)
    return Quantity(
        text, start, end, digits.start, digits.end, number, high, upper.start, upper.end,
        _magnitude(magnitude_text), magnitude_text, units, unit_text.lstrip("-"), bool(currency_text),
        "FACTOR" in suffix, approximate, currency_text,
    )  # fmt: skip


_SUFFIX = frozenset({"MAGNITUDE", "UNIT", "FACTOR"})


def _by_terminal(tokens: tuple[Word, ...]) -> dict[str, Word]:
    return {token.terminal: token for token in tokens}


def _magnitude(text: str) -> float:
    if not text:
        return 1.0
    magnitudes = load_lexicon().magnitudes
    return magnitudes.get(text) or magnitudes.get(text.lower(), 1.0)


def _extent(scalars: _Scalars) -> tuple[str, int, int]:
    tokens = scalars.tokens
    text = tokens[0].text
    for before, token in pairwise(tokens):
        text += ("" if before.end == token.start else " ") + token.text
    return text, tokens[0].start, tokens[-1].end
