"""Files of readings: relations that a person or a model transcribed from a page, as proposals like any other.

One JSON object a line: `line`, `claim`, `op`, `expr`, and `kind` and `why` in the reader's words (`grammar/readings.schema.json`).
A reading is never trusted: each of its numbers has to stand on the page, or be a constant of a definition or a figure of the catalog.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from stratlint.claims.amount import Amount, amount_of
from stratlint.claims.claim import ClaimSet
from stratlint.claims.equation import Expression as Written
from stratlint.claims.equation import Operand, operands
from stratlint.claims.syntax import Quantity
from stratlint.meaning.occurrences import Occurrence, Occurrences, equal, nearest
from stratlint.meaning.proposal import RELATIONS, Compute, Expression, Place, Proposal, Relation, Source, Use
from stratlint.meaning.published import Published
from stratlint.meaning.transcription import TranscriptionError, read_arithmetic, read_claim
from stratlint.resources import data_folder, read_yaml

_REQUIRED = ("line", "claim", "op", "expr")
_OPTIONAL = ("kind", "why")
# Readers say so when a figure comes from outside the page; then no number of the page may stand for it.
_PUBLISHED = "published"
# … and when the page itself takes a figure only roughly ("95 sequences, say 96").
_LOOSE = ("approximate", "rounded")
# A sentence goes on in the next line or two; a claim further off was not the one that was read.
_WRAPPED = 2
_LONGEST_LINE = 100_000
FAMILY = "reading"


class ReadingsError(ValueError):
    """A file of readings that cannot be used; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a file of readings. `number` is the line in that file, `line` the one of the page."""

    number: int
    line: int
    claim: str
    op: str
    expr: str
    kind: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A reading that is not used: its line in the file, the sort of reason (to be counted) and what exactly is wrong."""

    number: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Readings:
    """What a file of readings proposes of one page, and what of it is not used."""

    proposals: tuple[Proposal, ...] = ()
    rejected: tuple[Rejection, ...] = ()


def parse_entries(content: bytes, name: str) -> tuple[Entry, ...]:
    """The entries in the *content* of a file; *name* is how errors call it.

    Raises:
        ReadingsError: a line is no entry.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise ReadingsError(f"{name}: is not UTF-8") from None
    return tuple(_entry(name, number, line.rstrip("\r")) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def file_for(readings: Path, document: str) -> Path | None:
    """The file of readings of a document: *readings* itself, or in that folder `NAME.md.yaml`, `NAME.md.jsonl` or `NAME.jsonl`."""
    if not readings.is_dir():
        return readings
    name = Path(document).name
    candidates = (readings / f"{name}.yaml", readings / f"{name}.jsonl", readings / f"{Path(name).stem}.jsonl")
    return next((each for each in candidates if each.is_file()), None)


def _entry(name: str, number: int, line: str) -> Entry:
    where = f"{name}:{number}"
    if len(line) > _LONGEST_LINE:
        raise ReadingsError(f"{where}: longer than {_LONGEST_LINE:,} characters")
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ReadingsError(f"{where}: is not JSON ({str(error)[:80]})") from None
    if not isinstance(data, dict):
        raise ReadingsError(f"{where}: is not an object with {', '.join(_REQUIRED)}")
    for key in _REQUIRED:
        if key not in data:
            raise ReadingsError(f"{where}: lacks `{key}`")
    at = data["line"]
    if isinstance(at, bool) or not isinstance(at, int) or not 0 < at < 10**9:
        raise ReadingsError(f"{where}: `line` is the number of a line, from 1")
    for key in (*_REQUIRED[1:], *_OPTIONAL):
        if not isinstance(data.get(key, ""), str):
            raise ReadingsError(f"{where}: `{key}` is a text")
    if data["op"] not in RELATIONS:
        raise ReadingsError(f"{where}: `op` is one of =, <=, >=, divides, not {data['op']!r:.40}")
    return Entry(number, at, data["claim"], data["op"], data["expr"], data.get("kind", ""), data.get("why", ""))


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


class _Reader:
    """Grounds the numbers of entries in one page."""

    def __init__(self, claims: ClaimSet, name: str) -> None:
        self._claims = claims
        self._name = name
        self._page = Occurrences(claims)
        self._published = Published(claims.document.text)

    def proposal(self, entry: Entry) -> Proposal:
        """The entry as a proposal.

        Raises:
            _RejectedError: it is no relation, or a number of it is nowhere.
        """
        try:
            quantity, written = read_claim(entry.claim), read_arithmetic(entry.expr)
        except TranscriptionError as problem:
            raise _RejectedError("no relation between numbers", f"{problem}: {entry.claim} {entry.op} {entry.expr}"[:200]) from None
        stated = amount_of(quantity)
        standing = self._claim(stated, entry)
        amount = _claimed(stated, standing.amount)
        if any(word in entry.kind.lower() for word in _LOOSE):
            amount = replace(amount, approximate=True)
        claim = Use(amount, standing.place, "claim")
        alone = isinstance(written, Operand)
        if isinstance(written, Operand) and entry.kind.strip().lower().startswith(_PUBLISHED):
            return self._of_catalog(entry, claim, amount_of(written.quantity), standing)
        uses = {id(each): self._operand(each, entry, standing, alone=alone) for each in operands(written)}
        expression = _expression(written, {key: first for key, (first, _) in uses.items()})
        otherwise: tuple[Expression, ...] = ()
        if any(second is not None for _, second in uses.values()):
            otherwise = (_expression(written, {key: second or first for key, (first, second) in uses.items()}),)
        return self._made(entry, claim, expression, standing, otherwise)

    def _made(
        self, entry: Entry, claim: Use, expression: Expression, standing: Occurrence, otherwise: tuple[Expression, ...] = ()
    ) -> Proposal:
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

    def _of_catalog(self, entry: Entry, claim: Use, figure: Amount, standing: Occurrence) -> Proposal:
        groups = list(self._published.groups_with(figure))
        if not groups:
            raise _RejectedError("no figure of the catalog", f"{entry.expr!r:.60} is no figure of a device or model that the page names")
        options = []
        for group in groups:
            for each in group:
                role = f"published: {each.field} of {each.name}"
                options.append(Use(each.as_amount(figure), None, role))
        return self._made(entry, claim, options[0], standing, tuple(options[1:]))

    def _operand(self, operand: Quantity, entry: Entry, standing: Occurrence, *, alone: bool) -> tuple[Use, Use | None]:
        """An operand as transcribed, and as the page prints it where the reader left its unit out."""
        wanted = amount_of(operand)
        found = [each for each in nearest(self._page.of(wanted), entry.line, wanted) if not _overlap(each.place, standing.place)]
        defined = not alone and (wanted.value * wanted.magnitude, operand.unit.canonical if operand.unit else "") in _constants()
        if found and (not defined or equal(found[0].amount, wanted)):
            self._require_unit(wanted, found[0])
            return _grounded(wanted, found[0])
        if defined:
            return Use(wanted, None, "a constant"), None
        group = next(self._published.groups_with(wanted), None)
        if group is not None:
            return Use(wanted, None, f"published: {group[0].field} of {group[0].name}"), None
        if alone and self._page.of(wanted):
            raise _RejectedError("a claim against its own only occurrence", f"{entry.claim!r:.60} is stated nowhere else on the page")
        raise _RejectedError(
            "a number that is not on the page", f"{wanted.text!r:.60} is neither on the page nor a constant nor a figure of the catalog"
        )


def _claimed(stated: Amount, printed: Amount) -> Amount:
    """The claim as the page prints it; with the unit, the magnitude and the sign of the reading where the page leaves them out."""
    amount = printed if printed.hard or equal(printed, stated) else _marked(stated, printed)
    negative, shown = stated.value < 0, amount.value < 0
    return amount.negated() if negative and not shown else amount


def _marked(wanted: Amount, printed: Amount) -> Amount:
    """*wanted* with the signs that the page prints before the number."""
    return replace(wanted, approximate=wanted.approximate or printed.approximate, bound=printed.bound)


def _grounded(wanted: Amount, chosen: Occurrence) -> tuple[Use, Use | None]:
    printed = chosen.amount
    if equal(printed, wanted):
        # a reader who adds what the number is per says more than the digits do
        says_more = set(wanted.first.dimensions) > set(printed.first.dimensions)
        return Use(_marked(wanted, printed) if says_more else printed, chosen.place), None
    loose = _marked(wanted, printed)
    return Use(loose, chosen.place), Use(printed, chosen.place) if printed.hard else None


def _overlap(one: Place, two: Place) -> bool:
    return one.block == two.block and one.start < two.end and two.start < one.end


def _expression(written: Written, uses: Mapping[int, Use]) -> Expression:
    if isinstance(written, Operand):
        return uses[id(written.quantity)]
    return Compute(written.operator, _expression(written.left, uses), _expression(written.right, uses))


@cache
def _constants() -> frozenset[tuple[float, str]]:
    """Values of definitions with the units that they may have, "" for none."""
    data = read_yaml(data_folder("rules") / "judge" / "definitions.yaml")
    return frozenset(
        (float(value), str(unit)) for entry in data["constants"] for value in entry["values"] for unit in ("", *entry["units"])
    )


def _spelled(claims: ClaimSet, unit: str, dimensions: object) -> bool:
    """Whether a unit stands on the page, as a word or with any number."""
    if unit and (unit in claims.document.text or unit.replace("USD", "$") in claims.document.text):
        return True
    return any(dimensions == each.hard for each in _units(claims))


def _units(claims: ClaimSet) -> Iterator[Amount]:
    return (amount_of(number.quantity) for number in claims.numbers if number.quantity is not None and number.quantity.units)
