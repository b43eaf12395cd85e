"""Run every rule over a document's facts and hand on what they say of each number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from stratlint.facts.conventions import conventions_of
from stratlint.facts.fact import FactSet
from stratlint.rules.checks import Check, load_check
from stratlint.rules.context import Context, Verdict
from stratlint.rules.failure import Failure, described
from stratlint.rules.finding import Coverage, Finding, LedgerEntry, Severity, Suggestion
from stratlint.rules.ledger import coverage_of, ledger_of
from stratlint.rules.rule import Rule, RuleSet
from stratlint.rules.transcript import NOTHING, Transcript

# Checks that judge other findings run after everything else.
_LAST = frozenset({"overall_verdict"})
_JUDGED = "judged"


@dataclass(frozen=True, slots=True)
class Judged:
    """What rules make of a document: findings in document order, the ledger of its numbers, the rules that could not be evaluated."""

    findings: tuple[Finding, ...]
    ledger: tuple[LedgerEntry, ...]
    coverage: Coverage
    failures: tuple[Failure, ...] = ()


def run_rules(facts: FactSet, rules: RuleSet, assumptions: Mapping[str, object], transcript: Transcript = NOTHING) -> Judged:
    """Judge *facts* by *rules*, and the relations of *transcript*. A rule that raises is a failure, which stops no other and is no
    finding."""
    context = Context(facts, rules, assumptions, conventions=conventions_of(facts), transcript=transcript)
    failures: list[Failure] = []
    verdicts = [verdict for rule in rules if rule.check not in _LAST for verdict in _run(rule, context, failures)]
    if any(rule.check == _JUDGED for rule in rules):
        failures += _failed_laws(context)
    general = frozenset(rule.name for rule in rules if rule.check == _JUDGED)
    context = replace(context, findings=_findings(verdicts, general))
    verdicts += [verdict for rule in rules if rule.check in _LAST for verdict in _run(rule, context, failures)]
    findings = _findings(verdicts, general)
    ledger = ledger_of(context, verdicts, findings)
    return Judged(findings, ledger, coverage_of(ledger), tuple(failures))


def _run(rule: Rule, context: Context, failures: list[Failure]) -> list[Verdict]:
    """The verdicts of a rule: all, those before an arithmetic without a result, or none when it raised anything else."""
    verdicts: list[Verdict] = []
    try:
        for check in _checks(rule, context.transcript):
            for verdict in check(rule, context):
                verdicts.append(verdict)
    except ArithmeticError:  # a divisor of zero, a number beyond floats: the page's numbers, no defect; not checked
        return verdicts
    except Exception as error:
        failures.append(Failure(rule.name, rule.path, described(error)))
        return []
    return verdicts


def _failed_laws(context: Context) -> tuple[Failure, ...]:
    from stratlint.rules.checks.judged import failed_laws

    return failed_laws(context)


def _checks(rule: Rule, transcript: Transcript) -> Iterator[Check]:
    """The check of a rule, and the judge's where relations of its form are transcribed; only that where nothing else is wanted."""
    if not transcript.only or rule.check == _JUDGED:
        yield load_check(rule.check)
    if rule.check != _JUDGED:
        from stratlint.rules.checks.judged import FORMS

        if rule.name in FORMS:
            yield load_check(_JUDGED)


def _findings(verdicts: Iterable[Verdict], general: frozenset[str]) -> tuple[Finding, ...]:
    """Findings in document order. What somebody else's readings add takes nothing away from what is found without them; what is only
    doubted without them and proved by them is told as proved.

    *general*: the rules that name only the form of a relation; where a law has a name of its own for the same conflict, that tells it.
    """
    found = [verdict.finding for verdict in verdicts if verdict.finding is not None]
    own = _once([each for each in found if each.read_by is None], general)
    more = _once([each for each in found if each.read_by is not None], general, own)
    proved = {(each.rule, each.computed, *_place(each)) for each in more if each.severity is Severity.ERROR and each.computed}
    kept = [each for each in own if each.severity is Severity.ERROR or (each.rule, each.computed, *_place(each)) not in proved] + more
    return _with_one_repair(sorted(kept, key=lambda f: (f.location.start, f.location.end, f.severity.rank, f.rule)))


def _with_one_repair(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """*findings* without repairs that replace the same text by different ones: then the arithmetic leaves several."""
    listed = list(findings)
    repairs = sorted({each.suggestion for each in listed if each.suggestion is not None}, key=lambda each: (each.start, each.end))
    several: set[Suggestion] = set()
    for before, each in pairwise(repairs):
        if each.start < before.end:
            several |= {before, each}
    return tuple(replace(each, suggestion=None) if each.suggestion in several else each for each in listed)


def _once(findings: Iterable[Finding], general: frozenset[str], told_before: Iterable[Finding] = ()) -> list[Finding]:
    """One per rule, place and computed value, one per conflict, and where a place has an error nothing weaker; none that is
    *told_before* as gravely."""
    told = {(*_place(each), each.computed): each.severity.rank for each in told_before if each.computed}
    named = {(each.rule, *_place(each)): each.severity.rank for each in told_before}
    proved = {_place(each) for each in told_before if each.severity is Severity.ERROR}
    conflicts = _Conflicts(general)
    chosen: list[Finding] = []
    # of two rules that come to the same value the graver one tells it, whichever ran first
    for finding in sorted(findings, key=lambda finding: (finding.severity.rank, finding.rule in general)):
        place, rank = _place(finding), finding.severity.rank
        if finding.computed and told.get((*place, finding.computed), rank + 1) <= rank:
            continue  # another rule has come to the same value
        told[*place, finding.computed] = rank
        if named.get((finding.rule, *place), rank + 1) <= rank or conflicts.has(finding):
            continue
        named[finding.rule, *place] = rank
        conflicts.add(finding)
        if finding.severity is Severity.ERROR:
            proved.add(place)
        chosen.append(finding)
    return [each for each in chosen if each.severity is Severity.ERROR or _place(each) not in proved]


class _Conflicts:
    """The sets of places that contradict each other, each told once; nothing is told that rests on a number found wrong."""

    def __init__(self, general: frozenset[str]) -> None:
        self._general = general
        self._by_place: dict[tuple[int, int], list[frozenset[tuple[int, int]]]] = {}
        self._told: set[frozenset[tuple[int, int]]] = set()
        self._wrong: set[tuple[int, int]] = set()

    def has(self, finding: Finding) -> bool:
        """Whether another finding has told the same conflict or one within it, or has found one of its premises wrong."""
        places = _conflict(finding)
        if finding.rule in self._general and _place(finding) in self._wrong:
            return True  # a rule with a name of its own has found this number wrong
        if len(places) < _FEWEST_PLACES:
            return False
        told = [other for other in self._by_place.get(_place(finding), ()) if len(other) >= _FEWEST_PLACES]
        within = any(places <= other or other <= places for other in told)
        rests = finding.rule in self._general and not (places - {_place(finding)}).isdisjoint(self._wrong)
        return within or places in self._told or rests

    def add(self, finding: Finding) -> None:
        """Keep the places of a finding."""
        places = _conflict(finding)
        self._told.add(places)
        for place in places:
            self._by_place.setdefault(place, []).append(places)
        if finding.severity is Severity.ERROR and finding.rule not in self._general:
            self._wrong.add(_place(finding))


# A conflict is between two numbers at least.
_FEWEST_PLACES = 2


def _conflict(finding: Finding) -> frozenset[tuple[int, int]]:
    return frozenset((_place(finding), *((each.start, each.end) for each in finding.related if each.path)))


def _place(finding: Finding) -> tuple[int, int]:
    return finding.location.start, finding.location.end
