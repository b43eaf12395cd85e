"""The ledger: what became of every number of a document, and how much of it was understood and recomputed.

Verified means that a number follows from others: not if one of those is refuted, and not if the page gives another value, too.
Operands of equations and names that nothing judges are counted apart: they claim nothing of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stratlint.claims.claim import NumberClaim
from stratlint.claims.printed import typeset
from stratlint.facts.fact import Fact
from stratlint.facts.senses import load_senses, meaning_of
from stratlint.rules.context import Context, Verdict
from stratlint.rules.finding import Coverage, Finding, LedgerEntry, Role, Status

_REFUTED = frozenset({Status.CONTRADICTED, Status.IMPLAUSIBLE})
_NAMES = frozenset({"part of a name", "section number", "number of one among several", "not a number"})
_OPERAND, _RESULT, _REPEATS = "operand of an equation", "result of an equation", "repeats "
# Two numbers are the same when they share a unit, or so many digits.
_TELLING_DIGITS = 3

UNSAID = "no known word says what it measures: name it in a label, a column header or a unit"
ALONE = "nothing on the page gives it: write what it follows from, or pass it with --given"
USED = "a premise: others are computed from it, nothing on the page gives it"
LISTED = "one of a bare list: label what each number is"
REPEATED = "repeats a number of the page"
UNCLEAR = "its computation is within rounding, or its units do not work out"
_PLAIN = {"one number of a list": LISTED, _RESULT: UNCLEAR}
_VOICES = {
    "target": "stated as a target, not as a fact",
    "limit": "stated as a limit, not as a fact",
    "hypothetical": "stated as a hypothesis, not as a fact",
    "considered": "of an alternative that was considered, not of the plan",
    "rejected": "of a rejected alternative, not of the plan",
    "negated": "the sentence denies something: what that means for the number is unclear",
    "past": "of an earlier state, not of the plan",
    "quoted": "quoted, not stated",
}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What was decided about a number: the verdict that counts, its status, and why that is less than the verdict says."""

    verdict: Verdict
    status: Status
    reason: str = ""


def ledger_of(context: Context, verdicts: Sequence[Verdict], findings: Sequence[Finding]) -> tuple[LedgerEntry, ...]:
    """One entry for each number, in document order."""
    decided = _decided(context, verdicts)
    used: dict[int, str] = {}
    for verdict in verdicts:
        if verdict.status in (Status.VERIFIED, Status.CONSISTENT):
            for premise in verdict.premises:
                used.setdefault(premise, verdict.derivation)
    known: dict[int, list[Fact]] = {}
    for fact in (*context.facts.facts, *context.facts.givens):
        known.setdefault(fact.claim, []).append(fact)
    index_of = {id(finding): index for index, finding in enumerate(findings)}
    return tuple(
        _entry(context, number, decided.get(number.index), known.get(number.index, []), used.get(number.index), index_of)
        for number in context.claims.numbers
    )


def coverage_of(ledger: Sequence[LedgerEntry]) -> Coverage:
    """Counts over the ledger; statuses and reasons are of claims proper."""
    claims = [entry for entry in ledger if entry.role is Role.CLAIM]
    roles = Counter(entry.role for entry in ledger)
    statuses = Counter(entry.status for entry in claims)
    reasons = Counter(entry.reason for entry in claims if entry.status is Status.NOT_CHECKED)
    return Coverage(
        seen=len(ledger),
        understood=sum(1 for entry in claims if entry.understood),
        verified=statuses[Status.VERIFIED],
        contradicted=statuses[Status.CONTRADICTED],
        implausible=statuses[Status.IMPLAUSIBLE],
        not_checked=dict(sorted(reasons.items())),
        consistent=statuses[Status.CONSISTENT],
        operands=roles[Role.OPERAND],
        names=roles[Role.NAME],
    )


def _decided(context: Context, verdicts: Iterable[Verdict]) -> dict[int, _Outcome]:
    """For each number the gravest verdict; what follows from a refuted number is consistent at most."""
    chosen: dict[int, Verdict] = {}
    for verdict in verdicts:
        for number in verdict.numbers:
            held = chosen.get(number)
            if number >= 0 and (held is None or _rank(verdict) > _rank(held)):
                chosen[number] = verdict
    decided = {number: _Outcome(verdict, _at_most(context, number, verdict.status)) for number, verdict in chosen.items()}
    decided.update(_in_dispute(context, decided))
    decided.update(_undermined(context, decided))
    return decided


def _rank(verdict: Verdict) -> tuple[int, bool]:
    """The graver first; what our own reader sees needs no other."""
    return verdict.status.gravity, not verdict.read_by


def _at_most(context: Context, number: int, status: Status) -> Status:
    """Nothing rounds to a range: `32–39` may follow on `24–31` and still be another group's."""
    quantity = context.claims.numbers[number].quantity
    ranges = quantity is not None and quantity.high is not None
    return Status.CONSISTENT if ranges and status is Status.VERIFIED else status


def _undermined(context: Context, decided: Mapping[int, _Outcome]) -> dict[int, _Outcome]:
    """Verified numbers with a premise that is refuted, here or where the page prints it again; and what follows from those."""
    uses: dict[int, list[int]] = {}
    for number, outcome in decided.items():
        if outcome.status is Status.VERIFIED:
            for premise in outcome.verdict.premises:
                uses.setdefault(premise, []).append(number)
    numbers = context.claims.numbers
    again: dict[tuple[float, str], list[int]] = {}
    for claim in numbers:
        if claim.index not in decided and (key := _printed(claim)) is not None:
            again.setdefault(key, []).append(claim.index)
    waiting = [(number, number) for number, outcome in decided.items() if outcome.status in _REFUTED]
    out: dict[int, _Outcome] = {}
    while waiting:
        premise, culprit = waiting.pop()
        key = _printed(numbers[premise])
        for used in (premise, *(again.pop(key, ()) if key is not None else ())):
            for number in uses.get(used, ()):
                if number not in out and number != culprit:
                    why = _follows_from(context, numbers[culprit], decided[culprit])
                    out[number] = _Outcome(decided[number].verdict, Status.CONSISTENT, why)
                    waiting.append((number, culprit))
    return out


def _follows_from(context: Context, culprit: NumberClaim, outcome: _Outcome) -> str:
    line, _ = context.document.position(culprit.span.start)
    return f"its arithmetic holds, but {' '.join(culprit.text.split())} in line {line} is {outcome.status.value}"


def _printed(number: NumberClaim) -> tuple[float, str] | None:
    """The value and the unit of a number that others may repeat; None for one that is equal by chance."""
    quantity = number.quantity
    if quantity is None or (not quantity.units and quantity.number.digits < _TELLING_DIGITS):
        return None
    return quantity.number.value * quantity.magnitude, quantity.units[0].canonical if quantity.units else ""


def _in_dispute(context: Context, decided: Mapping[int, _Outcome]) -> dict[int, _Outcome]:
    """Verified counts per something of which the same page asserts another value: "8 experts per GPU" here, 16 there."""
    groups: dict[tuple[str, str, str], list[Fact]] = {}
    senses = load_senses().kinds
    for fact in context.facts.facts:
        if fact.modality == "asserted" and fact.measure == "count" and fact.kind in senses and senses[fact.kind].per:
            groups.setdefault((fact.kind, fact.scope, fact.place.variant), []).append(fact)
    ends = {key: (max(facts, key=lambda f: f.interval.low), min(facts, key=lambda f: f.interval.high)) for key, facts in groups.items()}
    out: dict[int, _Outcome] = {}
    for key, facts in groups.items():
        for fact in facts:
            outcome = decided.get(fact.claim)
            if outcome is None or outcome.status is not Status.VERIFIED:
                continue
            for other in ends[key]:
                if not fact.interval.overlaps(other.interval):
                    line, _ = context.document.position(other.span.start)
                    out[fact.claim] = _Outcome(outcome.verdict, Status.CONSISTENT, f"the page gives {other.text}, too, in line {line}")
    return out


def _entry(
    context: Context, number: NumberClaim, outcome: _Outcome | None, facts: list[Fact], used: str | None, index_of: Mapping[int, int]
) -> LedgerEntry:
    index = number.index
    unresolved = context.facts.unresolved.get(index, "")
    status = outcome.status if outcome else Status.NOT_CHECKED
    verdict = outcome.verdict if outcome else None
    fact = facts[0] if facts else None
    repeated = unresolved.removeprefix(_REPEATS) if unresolved.startswith(_REPEATS) else ""
    meaning = meaning_of(context.facts, number, facts)
    quantity = number.quantity
    return LedgerEntry(
        location=context.location(number.span, "number"),
        understood=bool(facts or verdict or repeated or unresolved in _NAMES or unresolved == _OPERAND),
        kind=", ".join(dict.fromkeys(f.kind for f in facts)) or repeated or (unresolved if unresolved in (_OPERAND, _RESULT) else ""),
        scope=fact.scope if fact else "",
        modality=fact.modality if fact else ("quoted" if number.quoted else ""),
        scenario=fact.place.variant if fact else "",
        value=f"{quantity.number.value * quantity.magnitude:.15g}" if quantity else number.name,
        unit=quantity.units[0].canonical if quantity and quantity.units else "",
        status=status,
        reason=outcome.reason if outcome and status is not Status.NOT_CHECKED else _reason(number, unresolved, fact, used is not None),
        rule=verdict.rule if verdict else "",
        derivation=verdict.derivation if verdict else used or "",
        finding=index_of.get(id(verdict.finding), -1) if verdict and verdict.finding else -1,
        role=_role(number, unresolved, status),
        head=meaning.head,
        of=meaning.of,
        per=meaning.per,
        holder=meaning.holder,
        voice=meaning.voice,
        words=meaning.words,
        read_by=verdict.read_by if verdict else "",
        premises=tuple(each for each in dict.fromkeys(verdict.premises) if 0 <= each != index) if verdict else (),
        printed=typeset(quantity.text) if quantity is not None else number.name,
    )


def _role(number: NumberClaim, unresolved: str, status: Status) -> Role:
    """A number that something judges is a claim, whatever it stands in."""
    if status is not Status.NOT_CHECKED:
        return Role.CLAIM
    if number.name or unresolved in _NAMES:
        return Role.NAME
    return Role.OPERAND if number.operand or unresolved == _OPERAND else Role.CLAIM


def _reason(number: NumberClaim, unresolved: str, fact: Fact | None, premise: bool) -> str:
    """Why a number has no verdict, in words that say what to do about it."""
    if unresolved in _NAMES or unresolved == _OPERAND:
        return unresolved
    if number.name:
        return "part of a name"
    if unresolved.startswith(_REPEATS):
        return REPEATED
    if unresolved in _PLAIN:
        return _PLAIN[unresolved]
    if number.operand:
        return _OPERAND
    if premise:
        return USED
    if fact is None:
        return UNSAID
    return _VOICES.get(fact.modality, ALONE)
