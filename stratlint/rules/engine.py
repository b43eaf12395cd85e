"""Run every rule over a document's facts and hand on what they say of each number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from stratlint.facts.conventions import conventions_of
from stratlint.facts.fact import FactSet
from stratlint.rules.checks import load_check
from stratlint.rules.context import Context, Verdict
from stratlint.rules.finding import Coverage, Finding, LedgerEntry, Location, Severity, Status
from stratlint.rules.ledger import coverage_of, ledger_of
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
    ledger = ledger_of(context, verdicts, findings)
    return findings, ledger, coverage_of(ledger)


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
