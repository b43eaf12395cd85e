"""Workings shown on the page: values put in for symbols, and headlines above their own derivation."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from stratlint.claims.claim import NumberClaim
from stratlint.claims.derivation import value_before
from stratlint.claims.equation import EQUALS
from stratlint.claims.interval import Interval, exactly
from stratlint.claims.syntax import Chain, Claims, Factor, Group, Quantity, Sum, Word, chains_of
from stratlint.facts.fact import Fact
from stratlint.facts.kinds import load_kinds
from stratlint.facts.phrases import normalise
from stratlint.rules.checks.passages import asserted
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import agree
from stratlint.rules.rule import Rule

_OF_A_CONFIGURATION = (
    "parallel.",
    "model.layers",
    "model.hidden",
    "model.heads",
    "model.kv_heads",
    "model.experts",
    "model.head_dim",
    "model.ffn",
)


def check_substitution(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`GPUs = EP × PP = 128 × 1` on a page with PP = 8: the value put in for a symbol is another than the page states."""
    for block, tree in context.claims.trees.items():
        for chain in chains_of(tree):
            for symbols, values in _substitutions(chain):
                for kind, quantity in zip(symbols, values, strict=True):
                    judged = _put_in(rule, context, block, kind, quantity)
                    if judged is not None:
                        yield judged


def _substitutions(chain: Chain) -> Iterator[tuple[list[str], list[Quantity]]]:
    """Neighbouring sides with the same operators, the first in names of quantities, the second in numbers."""
    for (first, second), relation in zip(itertools.pairwise(chain.sides), chain.relations, strict=False):
        if relation.text not in EQUALS or first.rest or second.rest:
            continue
        if [sign for sign, _ in first.first.rest] != [sign for sign, _ in second.first.rest] or not first.first.rest:
            continue
        names = [_kind_of(factor) for factor in first.factors]
        numbers = [_only_number(factor) for factor in second.factors]
        symbols = [name for name in names if name]
        values = [number for number in numbers if number is not None]
        if len(symbols) == len(names) == len(values) == len(numbers):
            yield symbols, values


def _kind_of(factor: Factor) -> str:
    """The kind that the words of a factor name, "" when they name none or hold a number."""
    if not factor.atoms or not all(isinstance(atom, Word) for atom in factor.atoms):
        return ""
    words = normalise(" ".join(atom.text for atom in factor.atoms if isinstance(atom, Word)))
    found = {
        m.name for m in load_kinds().phrases.find(words) if m.start == 0 and m.end == len(words) and m.name.startswith(_OF_A_CONFIGURATION)
    }
    return next(iter(found)) if len(found) == 1 else ""


def _only_number(factor: Factor) -> Quantity | None:
    numbers = [atom for atom in factor.atoms if isinstance(atom, Quantity)]
    plain = len(numbers) == 1 and not any(isinstance(atom, Group) for atom in factor.atoms)
    return numbers[0] if plain and numbers[0].counted and numbers[0].high is None else None


def _put_in(rule: Rule, context: Context, block: int, kind: str, quantity: Quantity) -> Verdict | None:
    claim = next((n for n in context.claims.numbers_in(block) if n.start == quantity.start), None)
    if claim is None or not asserted(context, claim):
        return None
    stated = _stated(context, kind)
    if stated is None:
        return None
    name = kind.rpartition(".")[2].replace("_", " ").upper() if kind.startswith("parallel.") else kind.rpartition(".")[2].replace("_", " ")
    formula = f"{name} = {number_text(stated.interval.middle)}"
    if exactly(quantity.number.value).overlaps(stated.interval):
        return Verdict(rule.name, Status.CONSISTENT, (claim.index,), (stated.claim,), formula)
    message = f"puts in {quantity.text} for {name}, but the page states {formula}"
    return Verdict(
        rule.name, Status.CONTRADICTED, (claim.index,), (stated.claim,), formula,
        finding(
            rule, context, message, context.location(claim.span, "put in"), block=block, claimed=quantity.text,
            computed=number_text(stated.interval.middle),
            formula=formula, related=[context.fact_location(stated, "stated")], root=f"substitution:{claim.span.start}",
        ),
    )  # fmt: skip


_LONGEST_LABEL = 5


def _stated(context: Context, kind: str) -> Fact | None:
    """The value that the page binds to a symbol outright (`PP = 8`, `Pipeline stages: 8`), when it binds one value only."""
    bound = [fact for fact in context.facts.of_kind(kind) if fact.modality == "asserted" and _binds(context, fact)]
    if not bound or not agree(bound) or any(fact.place.variant for fact in bound):
        return None
    return bound[0]


def _binds(context: Context, fact: Fact) -> bool:
    number = context.number(fact)
    if (
        number is None
        or not fact.exact
        or number.operand
        or number.equation >= 0
        or number.code
        or fact.scope not in ("", "layer", "total")
    ):
        return False
    if number.relation in EQUALS:
        words = normalise(number.lead or number.label)
        return any(m.name == fact.kind and m.end == len(words) for m in load_kinds().phrases.find(words))
    return fact.how == "label" and not number.lead and len(number.label.split()) <= _LONGEST_LABEL


# --- a headline and the result of the derivation behind it ------------------------------------------------------------

_SUMS_UP = Pattern(r"(?i)\b(?:total|sum|together|altogether|overall)\W*$")
_PER = Pattern(r"(?i)^\s*(?:per|each|/)\s*([a-z]*)")
_SLACK = 0.01
# 1,280 GB are 1.25 TB to some.
_BINARY_STEPS = (1.0, 1000 / 1024, 1024 / 1000)


def check_headline(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`~6M (A: … = 1.2M, B: … = 0.4M, total 1.6M)`, `~900M (16 experts × … = 25M per expert)`."""
    for block, tree in context.claims.trees.items():
        for headline, bracket in _headlines(tree):
            result, count = _result(context, block, bracket)
            if result is None or _starts_from(context, block, headline, bracket):
                continue
            if not _alike(headline, result) and not _counts_of_one_thing(context, block, headline, result, bracket):
                continue
            claim = next(iter(context.claims.numbers_between(block, headline.start, headline.start + 1)), None)
            if claim is None or not asserted(context, claim):
                continue
            yield _headline(rule, context, claim, headline, result, _admissible(context, claim, bracket, count))


def _headlines(tree: Claims) -> Iterator[tuple[Quantity, Group]]:
    for chain in chains_of(tree):
        for side in chain.sides:
            if side.computes or side is not chain.sides[-1]:
                continue
            atoms = side.first.first.atoms
            for index, atom in enumerate(atoms):
                before = value_before(atoms, index) if isinstance(atom, Group) else None
                if before is not None and isinstance(atom, Group):
                    yield before, atom


def _result(context: Context, block: int, bracket: Group) -> tuple[Quantity | None, str]:
    """What a bracket works out in the end, and the thing that its result is counted per ("" for none)."""
    chains = [chain for chain in bracket.claims.chains if any(side.factors for side in chain.sides)]
    if not any(side.computes for chain in chains for side in chain.sides) or not chains:
        return None, ""
    last = chains[-1].sides[-1]
    if last.computes:
        return None, ""
    numbers = [atom for atom in last.first.first.atoms if isinstance(atom, Quantity)]
    text = context.document.blocks[block].text
    if len(numbers) != 1 or numbers[0].high is not None:
        return None, ""
    number = numbers[0]
    single = len(chains) == 1 and len(chains[0].sides) > 1
    if not single and not _SUMS_UP.search(text[bracket.start : number.start].rstrip(" ~≈=:")):
        return None, ""
    per = _PER.match(text[number.end : bracket.end]) or re.search(r"(?i)(?:per|/)\s*()([a-z]+)", number.unit_text)
    return number, (per[per.lastindex or 1] if per else "")


def _starts_from(context: Context, block: int, headline: Quantity, bracket: Group) -> bool:
    """Whether the bracket goes on from the headline: "1 GB per expert (16 experts × 1 GB = 16 GB)", "125 ms (+ 1 s to boot)"."""
    text = context.document.blocks[block].text
    if (
        _PER.match(text[headline.end : bracket.start])
        or "per" in headline.unit_text
        or re.match(r"[(（\s]*[+x×]", text[bracket.start : bracket.end])
    ):
        return True
    if not any(relation.text in EQUALS for chain in bracket.claims.chains for relation in chain.relations):
        return True
    inside = list(_quantities(bracket.claims.chains))
    if _share_of_headline(headline, inside):
        return True
    if any((_interval(headline) + _interval(q)).overlaps(_interval(inside[-1])) for q in inside[:-1] if _alike(headline, q)):
        return True  # "8.4 GB (+ what is left, 3.7 GB = 12.1 GB)"
    return any(_interval(quantity).overlaps(_interval(headline)) for quantity in inside[:-1])


def _share_of_headline(headline: Quantity, inside: Sequence[Quantity]) -> bool:
    """`9 s (renewed at 2/3 = 6 s)`: a fraction of the headline."""
    if len(inside) != len(("part", "whole", "share")):
        return False
    part, whole, share = inside
    if not (part.counted and whole.counted and part.unit is None and whole.unit is None and whole.number.value):
        return False
    return _interval(headline).scaled(part.number.value / whole.number.value).widened(_SLACK).overlaps(_interval(share))


def _alike(headline: Quantity, result: Quantity) -> bool:
    """Whether both are large counts, or amounts of one dimension."""
    if headline.units and result.units:
        return bool(headline.units[0].hard) and headline.units[0].hard == result.units[0].hard
    return not headline.units and not result.units and headline.magnitude >= 1e3 and result.magnitude >= 1e3


def _counts_of_one_thing(context: Context, block: int, headline: Quantity, result: Quantity, bracket: Group) -> bool:
    """`Total GPUs: 11 (TP × PP = 8 × 1 = 8)`: a labelled count, and one derivation of a bare number that fills the bracket."""
    if headline.units or result.units or not (headline.counted and result.counted) or len(bracket.claims.chains) != 1:
        return False
    text = context.document.blocks[block].text
    if not _LABELLED.search(text[: headline.start]) or text[result.end : bracket.end].strip(" )]*_`") or result.number.value < _FEWEST:
        return False
    multiple = headline.number.value / result.number.value
    return multiple == 1 or multiple % 1 != 0  # twice as many are two of them


_LABELLED = Pattern(r"(?i)(?:^|[|.;(]\s*|\n[\s*+-]*)[*_`]*[a-z][\w /()-]{1,40}[*_`]*\s*[:=][*_`\s]*$")
_FEWEST = 2


def _admissible(context: Context, claim: NumberClaim, bracket: Group, per: str) -> list[float]:
    """By what the headline may exceed the result: nothing, or any count of the sentence or of layers, experts and heads."""
    counts = {q.number.value for q in _quantities(bracket.claims.chains) if q.counted}
    counts |= {n.quantity.number.value for n in context.claims.numbers_in(claim.block) if n.quantity is not None and n.quantity.counted}
    kinds = ("model.layers", "model.experts", "model.heads") if not per else ("model.layers", "model.experts")
    for kind in kinds:
        # "stage 1 (4 layers)" has a part of them
        counts.add(max((fact.interval.middle for fact in context.facts.of_kind(kind) if fact.exact), default=1.0))
    return [1.0, *(count for count in sorted(counts) if count > 1)]


def _quantities(chains: Sequence[Chain]) -> Iterator[Quantity]:
    for chain in chains:
        for side in chain.sides:
            yield from _numbers_of(side)


def _numbers_of(side: Sum) -> Iterator[Quantity]:
    for factor in side.factors:
        for atom in factor.atoms:
            if isinstance(atom, Quantity):
                yield atom


def _headline(
    rule: Rule, context: Context, claim: NumberClaim, headline: Quantity, result: Quantity, multiples: Sequence[float]
) -> Verdict:
    stated, computed = _interval(headline), _interval(result)
    shown, printed = " ".join(claim.text.split()), " ".join(result.text.split())
    fits = any(
        computed.scaled(count * step).widened(_SLACK).overlaps(stated)
        for count in multiples
        for step in (_BINARY_STEPS if count == 1 else (1.0,))
    )
    place = context.document.blocks[claim.block].source_span(result.start, result.end)
    used = tuple(n.index for n in context.claims.numbers_in(claim.block) if n.start == result.start)
    if fits:
        return Verdict(rule.name, Status.CONSISTENT, (claim.index,), used, f"the bracket gives {printed}")
    message = f"claims {shown}, but its own derivation ends in {printed}"
    return Verdict(
        rule.name, Status.CONTRADICTED, (claim.index,), used, message,
        finding(
            rule, context, message, context.location(claim.span, "headline"), block=claim.block, claimed=shown, computed=printed,
            formula=f"the bracket gives {printed}", related=[context.location(place, "result")], root=f"headline:{claim.span.start}",
        ),
    )  # fmt: skip


# "~4M" above a result of "~1M" is no rounding of 2M.
_ONE_DIGIT = 0.15


def _interval(quantity: Quantity) -> Interval:
    factor = quantity.units[0].factor if quantity.units else 1.0
    if quantity.number.digits == 1 and not quantity.counted:
        value = quantity.number.value * quantity.magnitude * factor
        share = min(_ONE_DIGIT, 0.5 / quantity.number.value * quantity.number.ulp)
        return Interval(value * (1 - share), value * (1 + share))
    return quantity.interval(factor)


__all__ = ["check_headline", "check_substitution"]
