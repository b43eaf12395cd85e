"""What the document claims against what was given from outside: a specification, a model's config, front matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.facts.fact import Fact
from stratlint.facts.mentions import models_named
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Location, ReadingTried, Status
from stratlint.rules.premises import agree, most_precise
from stratlint.rules.rule import Rule

_BINARY = (1.024, 1.024**2, 1.024**3, 1.024**4)
# A peak may be printed for another precision, and with structured sparsity.
_PEAK_FACTORS = (2.0, 4.0, 8.0, 0.5, 0.25, 0.125)


def check_given(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Document facts of the rule's `kinds` (a trailing dot names a family) against givens of the same kind and scope.

    A kind with several values, on the page or among the givens, is several configurations: nothing is said of it.
    Kinds in `label_only` count only where a label or a header names them.
    """
    wanted = tuple(rule.options.get("kinds", ()))
    label_only = frozenset(rule.options.get("label_only", ()))
    for kind in dict.fromkeys(fact.kind for fact in context.facts.givens):
        if not any(kind == name or (name.endswith(".") and kind.startswith(name)) for name in wanted):
            continue
        for scope in dict.fromkeys(fact.scope for fact in context.facts.givens if fact.kind == kind):
            yield from _kind(rule, context, kind, scope, kind in label_only)


def _kind(rule: Rule, context: Context, kind: str, scope: str, label_only: bool) -> Iterator[Verdict]:
    givens = [fact for fact in context.facts.givens if fact.kind == kind and fact.scope == scope]
    same = [fact for fact in context.facts.of_kind(kind) if fact.modality == "asserted" and not fact.approximate]
    claims = [fact for fact in same if _same_scope(kind, fact.scope, scope) and not fact.place.variant]
    if not claims or len(claims) != len(same) or not agree(claims) or not agree(givens):
        return
    if kind.startswith("model.") and _speaks_of_several_models(context):
        return
    given = most_precise(givens)
    for fact in claims:
        if label_only and fact.how not in ("label", "header", "lead"):
            continue
        tried = readings(fact, given)
        if any(reading.fits for reading in tried):
            yield Verdict(rule.name, Status.VERIFIED, (fact.claim,), (), f"{given.text}, {given.origin}")
        else:
            yield _contradicted(rule, context, fact, given, tried)


def _same_scope(kind: str, one: str, two: str) -> bool:
    """Whether two scopes are one: a device's figures are per device whether or not that is said."""
    return one == two or {one, two} <= ({"", "gpu"} if kind.startswith("gpu.") else {"", "total"})


def _speaks_of_several_models(context: Context) -> bool:
    names = {entry.name for m in context.facts.mentions if m.kind == "model" for entry in models_named(m.name)[:1]}
    return len(names) > 1


def readings(fact: Fact, given: Fact) -> Sequence[ReadingTried]:
    """The claim as printed, GB as GiB and the other way round, a peak for another precision or with sparsity."""
    shown = f"{fact.text} = {given.text}"
    tried = [ReadingTried("as printed", shown, given.text, fact.interval.overlaps(given.interval))]
    if fact.measure in ("bytes", "bandwidth"):
        both = any(
            one.scaled(factor).overlaps(two)
            for factor in _BINARY
            for one, two in ((fact.interval, given.interval), (given.interval, fact.interval))
        )
        tried.append(ReadingTried("GB as 10^9 or 2^30 bytes", shown, given.text, both))
    if fact.kind == "gpu.peak":
        scaled = any(fact.interval.overlaps(given.interval.scaled(factor)) for factor in _PEAK_FACTORS)
        tried.append(ReadingTried("another precision, or sparse", shown, given.text, scaled))
    return tuple(tried)


def _contradicted(rule: Rule, context: Context, fact: Fact, given: Fact, tried: Sequence[ReadingTried]) -> Verdict:
    words = fact.kind.rpartition(".")[2].replace("_", " ")
    claimed = " ".join(fact.text.split())
    shown = claimed if words in claimed.lower() else f"{claimed} ({words})"
    where = given.origin if given.origin.startswith("given by") else f"given ({given.origin})"
    formula = f"{claimed} ≠ {given.text}"
    message = f"claims {shown}, but {given.text} is {where}"
    related: list[Location] = [context.fact_location(given, "given")]
    return Verdict(
        rule.name, Status.CONTRADICTED, (fact.claim,), (), formula,
        finding(
            rule, context, message, context.fact_location(fact, "claim"), block=fact.place.block, claimed=claimed,
            computed=given.text, formula=formula, readings=tried, related=related, root=f"given:{fact.kind}",
        ),
    )  # fmt: skip
