"""Readings: relations that a person or a model transcribed from a page, as proposals like any other.

A reading is never trusted: each of its numbers has to be printed on the page, or to be a figure of the catalog for a name on the page, or
a constant that does what its definition says beside such numbers (`constants.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from stratlint.claims.amount import Amount, amount_of
from stratlint.claims.claim import ClaimSet
from stratlint.claims.equation import Expression as Written
from stratlint.claims.equation import Operand, operands
from stratlint.claims.syntax import Quantity
from stratlint.meaning.constants import Constants, named_on
from stratlint.meaning.entries import Entry, Rejection
from stratlint.meaning.occurrences import Occurrence, Occurrences, equal, nearest, same_digits
from stratlint.meaning.products import Part, total_of
from stratlint.meaning.proposal import COVERING, RELATIONS, ROUGHLY, Compute, Expression, Place, Proposal, Relation, Source, Use, worth
from stratlint.meaning.published import Figure, Published
from stratlint.meaning.transcription import TranscriptionError, read_arithmetic, read_claim

# Readers say so when a figure comes from outside the page; then no number of the page may stand for it.
_PUBLISHED = "published"
# … and when the page itself takes a figure only roughly ("95 sequences, say 96").
_LOOSE = ("approximate", "rounded")
# A sentence goes on in the next line or two; a claim further off was not the one that was read.
_WRAPPED = 2
# A few figures of one name are in honest use for each field.
_MOST_CHOICES = 64
FAMILY = "reading"


@dataclass(frozen=True, slots=True)
class Readings:
    """What a file of readings proposes of one page, and what of it is not used."""

    proposals: tuple[Proposal, ...] = ()
    rejected: tuple[Rejection, ...] = ()


class _RejectedError(Exception):
    """An entry that cannot be grounded in the page: the sort of reason, and the detail."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def readings_of(entries: Iterable[Entry], claims: ClaimSet, name: str = "") -> Readings:
    """*entries* as proposals about a page; *name* is how the file is called in findings."""
    reader = _Reader(claims, name)
    proposals: list[Proposal] = []
    rejected: list[Rejection] = []
    for entry in entries:
        try:
            proposals.append(reader.proposal(entry))
        except _RejectedError as problem:
            rejected.append(Rejection(entry.number, problem.reason, str(problem)))
    return Readings(tuple(_in_order(proposals)), tuple(rejected))


def _in_order(proposals: list[Proposal]) -> Iterator[Proposal]:
    """*proposals*, those of divisibility with the larger count as claim, unless another one divides the smaller by it.

    Readers exchange the two ("TP 8 divides 4,096"); "8 experts over 16 ranks" they also write as a quotient.
    """
    divided = {pair for each in proposals for pair in _quotients(each.expression)}
    for each in proposals:
        claim, other = each.claim, each.expression
        if each.relation is Relation.DIVIDES and isinstance(other, Use) and other.place is not None:
            one, two = claim.amount.first.nominal, other.amount.first.nominal
            if abs(one) < abs(two) and (one, two) not in divided:
                each = replace(each, claim=replace(other, role="claim"), expression=replace(claim, role=""))
        yield each


def _quotients(expression: Expression) -> Iterator[tuple[float, float]]:
    """The pairs of amounts of which an expression divides one by the other."""
    waiting = [expression]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Use):
            continue
        left, right = current.left, current.right
        if current.operator == "/" and isinstance(left, Use) and isinstance(right, Use):
            yield left.amount.first.nominal, right.amount.first.nominal
        waiting += (right, left)


@dataclass(frozen=True, slots=True)
class _Grounds:
    """What an operand can stand on: its part of the relation, where the page prints it, and figures of the catalog."""

    part: Part
    found: tuple[Occurrence, ...]
    figures: tuple[Figure, ...]


class _Reader:
    """Grounds the numbers of entries in one page."""

    def __init__(self, claims: ClaimSet, name: str) -> None:
        self._claims = claims
        self._name = name
        self._page = Occurrences(claims)
        self._published = Published(claims.document.text)
        self._named = named_on(claims)

    def proposal(self, entry: Entry) -> Proposal:
        """The entry as a proposal.

        Raises:
            _RejectedError: it is no relation, or a number of it is nowhere.
        """
        try:
            quantity, written = read_claim(entry.claim), read_arithmetic(entry.expr)
        except TranscriptionError as problem:
            raise _RejectedError("no relation between numbers", f"{problem}: {entry.claim} {entry.op} {entry.expr}"[:200]) from None
        if entry.op in COVERING and quantity.high is None:
            raise _RejectedError("no relation between numbers", f"only a range covers a number, and {entry.claim!r:.60} is none")
        stated = amount_of(quantity)
        standing = self._claim(stated, entry)
        amount = _claimed(stated, standing.amount)
        if entry.op in ROUGHLY or any(word in entry.kind.lower() for word in _LOOSE):
            amount = replace(amount, approximate=True)
        claim = Use(amount, standing.place, "claim")
        grounds = {id(each): self._grounds(each, entry, standing) for each in operands(written)}
        if isinstance(written, Operand):
            (only,) = grounds.values()
            expressions: list[Expression] = list(self._alone(only, entry, standing))
        else:
            expressions = self._computed(written, grounds, (stated, standing.amount), entry)
        for expression in expressions:
            _require_value(expression, entry)
        return self._made(entry, claim, expressions[0], standing, tuple(expressions[1:]))

    def _made(self, entry: Entry, claim: Use, expression: Expression, standing: Occurrence, otherwise: tuple[Expression, ...]) -> Proposal:
        elsewhere = abs(standing.place.line - entry.line) > _WRAPPED
        lone = expression.place if elsewhere and isinstance(expression, Use) else None
        at = lone if lone is not None and lone.line == entry.line else None
        return Proposal(
            claim, RELATIONS[entry.op], expression, Source.READING, FAMILY, entry.why or entry.kind, at=at,
            asserted=standing.asserted, otherwise=otherwise, origin=f"{self._name}:{entry.number}" if self._name else "",
            forced=not elsewhere or at is not None,
        )  # fmt: skip

    def _claim(self, stated: Amount, entry: Entry) -> Occurrence:
        found = nearest(self._page.of(stated), entry.line, stated)
        found = tuple(each for each in found if each.place.line == entry.line) or found
        if not found:
            raise _RejectedError("a claim that is not on the page", f"the claim {entry.claim!r:.60} is not on the page")
        self._require_unit(stated, found[0])
        return found[0]

    def _require_unit(self, stated: Amount, standing: Occurrence) -> None:
        """A unit that is not printed with the number has to stand somewhere: in a header, a label, another number."""
        if stated.hard and standing.plain and not stated.percent and not _spelled(self._claims, stated.unit_text, stated.hard):
            raise _RejectedError("a unit that is not on the page", f"the unit of {stated.text!r:.60} is nowhere on the page")

    def _grounds(self, operand: Quantity, entry: Entry, standing: Occurrence) -> _Grounds:
        wanted, at = amount_of(operand), standing.place
        found, shares = (
            tuple(each for each in nearest(occurrences, entry.line, wanted) if not _overlap(each.place, at))
            for occurrences in (self._page.quoting(wanted), self._page.sharing(wanted))
        )
        if shares and (not found or (_near(shares[0].place, at) and not _near(found[0].place, at))):
            found = shares
        asked = not found or _is_published(entry)
        figures = tuple(dict.fromkeys(each for group in self._published.groups_with(wanted) for each in group)) if asked else ()
        same = bool(found and wanted.hard) and equal(found[0].amount, wanted)
        near = bool(found) and bool(found[0].amount.step) and _near(found[0].place, at)
        return _Grounds(Part(wanted, tuple(each.amount for each in found), bool(found or figures), same, near), found, figures)

    def _alone(self, grounds: _Grounds, entry: Entry, standing: Occurrence) -> Iterator[Use]:
        """What a number that the claim is said to equal, or to keep to, may mean."""
        wanted = grounds.part.wanted
        published = _is_published(entry)
        if grounds.found and not published:
            yield from self._quoted(grounds)
        elif grounds.figures:
            yield from (_figure(each, wanted) for each in grounds.figures)
        elif published:
            raise _RejectedError("no figure of the catalog", f"{entry.expr!r:.60} is no figure of a device or model that the page names")
        elif any(_overlap(each.place, standing.place) for each in self._page.quoting(wanted) if same_digits(each.amount, wanted)):
            raise _RejectedError("a claim against its own only occurrence", f"{entry.claim!r:.60} is stated nowhere else on the page")
        else:
            raise _nowhere(wanted)

    def _computed(self, written: Written, grounds: Mapping[int, _Grounds], claim: tuple[Amount, Amount], entry: Entry) -> list[Expression]:
        """A computation on what its numbers stand on, then whatever else it may mean."""
        total = total_of(written, {key: each.part for key, each in grounds.items()})
        constants = Constants(claim, total, self._named)
        quotes: dict[int, tuple[Use, ...]] = {}
        figures: dict[int, tuple[Use, ...]] = {}
        for key, each in grounds.items():
            wanted = each.part.wanted
            if each.part in constants:
                quotes[key] = (Use(wanted, None, "a constant"),)
            elif each.found:
                quotes[key] = self._quoted(each)
            elif each.figures:
                first, *others = each.figures
                figures[key] = (
                    _figure(first, wanted, wanted),
                    *(_figure(other, wanted) for other in others if not other.is_amount(wanted)),
                )
            else:
                raise _nowhere(wanted)
        if not constants.stand:
            raise _RejectedError("nothing but constants", f"{entry.expr!r:.60} has constants without a number of the page beside them")
        if math.prod(map(len, figures.values())) > _MOST_CHOICES:
            raise _RejectedError("too many figures of the catalog", f"{entry.expr!r:.60} may mean too many of them")
        either = [{key: uses[0] for key, uses in quotes.items()}]
        if any(len(uses) > 1 for uses in quotes.values()):
            either.append({key: uses[-1] for key, uses in quotes.items()})
        picks = list(product(*figures.values()))
        return [_expression(written, {**read, **dict(zip(figures, picked, strict=True))}) for read in either for picked in picks]

    def _quoted(self, grounds: _Grounds) -> tuple[Use, ...]:
        """An operand as transcribed; and as the page prints it, where the reader left its unit out."""
        wanted, chosen = grounds.part.wanted, grounds.found[0]
        self._require_unit(wanted, chosen)
        printed = chosen.amount
        if equal(printed, wanted):
            # a reader who adds what the number is per says more than the digits do
            says_more = set(wanted.first.dimensions) > set(printed.first.dimensions)
            return (Use(_marked(wanted, printed) if says_more else printed, chosen.place),)
        loose = Use(_marked(wanted, printed), chosen.place)
        return (loose, Use(printed, chosen.place)) if printed.hard else (loose,)


def _is_published(entry: Entry) -> bool:
    """Whether a reading says that it holds a number against a figure from outside the page."""
    return entry.kind.strip().lower().startswith(_PUBLISHED)


def _claimed(stated: Amount, printed: Amount) -> Amount:
    """The claim as the page prints it; with the unit, the magnitude and the sign of the reading where the page leaves them out."""
    amount = printed if printed.hard or equal(printed, stated) else _marked(stated, printed)
    negative, shown = stated.value < 0, amount.value < 0
    return amount.negated() if negative and not shown else amount


def _marked(wanted: Amount, printed: Amount) -> Amount:
    """*wanted* with the signs that the page prints before the number."""
    return replace(wanted, approximate=wanted.approximate or printed.approximate, bound=printed.bound)


def _near(one: Place, two: Place) -> bool:
    return abs(one.line - two.line) <= _WRAPPED


def _overlap(one: Place, two: Place) -> bool:
    return one.block == two.block and one.start < two.end and two.start < one.end


def _expression(written: Written, uses: Mapping[int, Use]) -> Expression:
    if isinstance(written, Operand):
        return uses[id(written.quantity)]
    return Compute(written.operator, _expression(written.left, uses), _expression(written.right, uses))


def _figure(figure: Figure, like: Amount, written: Amount | None = None) -> Use:
    return Use(written or figure.as_amount(like), None, f"published: {figure.field} of {figure.name}")


def _nowhere(wanted: Amount) -> _RejectedError:
    return _RejectedError(
        "a number that is not on the page", f"{wanted.text!r:.60} is neither on the page nor a constant here nor a figure of the catalog"
    )


def _require_value(expression: Expression, entry: Entry) -> None:
    """A division by zero, or a number beyond all bounds, claims nothing that could be judged."""
    value = worth(expression)
    if math.isnan(value):
        raise _RejectedError("a computation without a result", f"{entry.expr!r:.60} divides by zero")
    if not math.isfinite(value):
        raise _RejectedError("a computation without a result", f"{entry.expr!r:.60} is beyond all numbers")


def _spelled(claims: ClaimSet, unit: str, dimensions: object) -> bool:
    """Whether a unit stands on the page, as a word or with any number."""
    if unit and (unit in claims.document.text or unit.replace("USD", "$") in claims.document.text):
        return True
    return any(dimensions == each.hard for each in _units(claims))


def _units(claims: ClaimSet) -> Iterator[Amount]:
    return (amount_of(number.quantity) for number in claims.numbers if number.quantity is not None and number.quantity.units)
