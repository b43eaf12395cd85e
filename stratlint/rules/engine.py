"""Run every rule over a document's facts and keep the ledger of what became of each number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from stratlint.facts.conventions import conventions_of
from stratlint.facts.fact import Fact, FactSet
from stratlint.rules.checks import load_check
from stratlint.rules.context import Context, Verdict
from stratlint.rules.finding import Coverage, Finding, LedgerEntry, Location, Severity, Status
from stratlint.rules.rule import Rule, RuleSet

# Checks that judge other findings run after everything else.
_LAST = frozenset({"overall_verdict"})
INTERNAL_ERROR = "internal-error"


def run_rules(
    facts: FactSet, rules: RuleSet, assumptions: Mapping[str, object]
) -> tuple[tuple[Finding, ...], tuple[LedgerEntry, ...], Coverage]:
    """Judge *facts* by *rules*: findings in document order, the ledger, and the coverage."""
    context = Context(facts, rules, assumptions, conventions=conventions_of(facts))
    verdicts: list[Verdict] = []
    for rule in rules:
        if rule.check not in _LAST:
            verdicts.extend(_run(rule, context))
    found = _findings(verdicts)
    context = replace(context, findings=found)
    late = [verdict for rule in rules if rule.check in _LAST for verdict in _run(rule, context)]
    verdicts.extend(late)
    findings = _findings(verdicts)
    ledger = _ledger(context, verdicts, findings)
    return findings, ledger, _coverage(ledger)


def _run(rule: Rule, context: Context) -> list[Verdict]:
    """A rule that raises becomes one finding; the others go on."""
    try:
        return list(load_check(rule.check)(rule, context))
    except Exception as error:
        return [_internal_error(rule, context, error)]


def _internal_error(rule: Rule, context: Context, error: Exception) -> Verdict:
    where = Location(context.document.path, 0, 0, 1, 1, 1, 1, "document", "")
    message = f"rule `{rule.name}` ({rule.path}) failed with {type(error).__name__}: {str(error)[:200]}; please report this document"
    return Verdict(INTERNAL_ERROR, Status.NOT_CHECKED, (), (), "", Finding(INTERNAL_ERROR, Severity.ERROR, "high", message, where, help=""))


def _findings(verdicts: Iterable[Verdict]) -> tuple[Finding, ...]:
    """Findings in document order; one per rule, place and computed value, and where a place has an error nothing weaker."""
    chosen: dict[tuple[str, int, int], Finding] = {}
    told: set[tuple[int, int, str]] = set()
    # of two rules that come to the same value the graver one tells it, whichever ran first
    for finding in sorted(
        (verdict.finding for verdict in verdicts if verdict.finding is not None), key=lambda finding: finding.severity.rank
    ):
        place = (finding.location.start, finding.location.end)
        if finding.computed and (*place, finding.computed) in told:
            continue  # another rule has come to the same value
        told.add((*place, finding.computed))
        chosen.setdefault((finding.rule, *place), finding)
    proved = {(f.location.start, f.location.end) for f in chosen.values() if f.severity is Severity.ERROR}
    kept = [f for f in chosen.values() if f.severity is Severity.ERROR or (f.location.start, f.location.end) not in proved]
    return tuple(sorted(kept, key=lambda f: (f.location.start, f.location.end, f.severity.rank, f.rule)))


def _ledger(context: Context, verdicts: Sequence[Verdict], findings: Sequence[Finding]) -> tuple[LedgerEntry, ...]:
    by_claim: dict[int, Verdict] = {}
    premises: set[int] = set()
    for verdict in verdicts:
        for number in verdict.numbers:
            if number < 0:
                continue
            held = by_claim.get(number)
            if held is None or verdict.status.gravity > held.status.gravity:
                by_claim[number] = verdict
        if verdict.status in (Status.VERIFIED, Status.CONSISTENT):
            premises.update(verdict.premises)
    facts: dict[int, list[Fact]] = {}
    for fact in (*context.facts.facts, *context.facts.givens):
        facts.setdefault(fact.claim, []).append(fact)
    index_of = {id(finding): index for index, finding in enumerate(findings)}
    return tuple(
        _entry(context, number.index, by_claim.get(number.index), facts.get(number.index, []), number.index in premises, index_of)
        for number in context.claims.numbers
    )


_UNDERSTOOD_REASONS = frozenset({"part of a name", "section number", "number of one among several"})


def _entry(
    context: Context, index: int, verdict: Verdict | None, facts: list[Fact], premise: bool, index_of: Mapping[int, int]
) -> LedgerEntry:
    number = context.claims.numbers[index]
    reason = context.facts.unresolved.get(index, "")
    role = "of an equation" in reason
    understood = bool(facts) or verdict is not None or role or reason in _UNDERSTOOD_REASONS or reason.startswith("repeats ")
    fact = facts[0] if facts else None
    status = verdict.status if verdict else Status.NOT_CHECKED
    if status is Status.NOT_CHECKED:
        why = reason or ("used as a premise" if premise else _unchecked_reason(fact))
    else:
        why = ""
    quantity = number.quantity
    return LedgerEntry(
        location=context.location(number.span, "number"),
        understood=understood,
        kind=", ".join(dict.fromkeys(f.kind for f in facts))
        or (reason if role else reason.removeprefix("repeats ") if reason.startswith("repeats ") else ""),
        scope=fact.scope if fact else "",
        modality=fact.modality if fact else ("quoted" if number.quoted else ""),
        scenario=fact.place.variant if fact else "",
        value=f"{quantity.number.value * quantity.magnitude:.15g}" if quantity else number.name,
        unit=quantity.units[0].canonical if quantity and quantity.units else "",
        status=status,
        reason=why,
        rule=verdict.rule if verdict else "",
        derivation=verdict.derivation if verdict else "",
        finding=index_of.get(id(verdict.finding), -1) if verdict and verdict.finding else -1,
    )


def _unchecked_reason(fact: Fact | None) -> str:
    if fact is None:
        return "no phrase says what it measures"
    if fact.modality != "asserted":
        return f"{fact.modality}, not asserted"
    return "nothing on the page to compare it with"


def _coverage(ledger: Sequence[LedgerEntry]) -> Coverage:
    statuses = Counter(entry.status for entry in ledger)
    reasons = Counter(entry.reason for entry in ledger if entry.status is Status.NOT_CHECKED)
    return Coverage(
        seen=len(ledger),
        understood=sum(1 for entry in ledger if entry.understood),
        verified=statuses[Status.VERIFIED],
        contradicted=statuses[Status.CONTRADICTED],
        implausible=statuses[Status.IMPLAUSIBLE],
        not_checked=dict(sorted(reasons.items())),
    )
