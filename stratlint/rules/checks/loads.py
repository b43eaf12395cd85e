"""Equal counts that are taken for equal work: experts placed evenly, stages of as many layers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratlint.facts.fact import Fact
from stratlint.facts.phrases import normalise
from stratlint.rules.checks.passages import denied
from stratlint.rules.context import Context, Verdict, amount_text, finding, number_text
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import lookup
from stratlint.rules.rule import Rule

_EQUAL = Pattern(r"\b(?:perfect(?:ly)?|equal(?:ly)?|uniform(?:ly)?|identical(?:ly)?|ideal(?:ly)?|exactly|100\s*%)(?![\w-])", re.I)

# -- experts -----------------------------------------------------------------------------------------------------------

_PLACED = ("placement.experts_per_gpu", "placement.expert_instances_per_gpu", "placement.slots_per_gpu")
_ROUTED = Pattern(
    r"\b(?:routing|token (?:load|distribution|traffic)|(?:expert|moe|token)[ -](?:load|utili[sz]ation|work|traffic)|load[ -]balanc\w*)\b",
    re.I,
)
# What a page that has thought of the tokens speaks of.
_BALANCING = Pattern(
    r"\b(?:auxiliary|aux[ _-]?loss|capacity[ _-]factor|expert[ -]choice|eplb|balancing loss|loss[ -]free|token[ -]drop\w*|"
    r"redundant experts?|hot experts?|skew\w*)\b",
    re.I,
)


def check_routed_load(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A number of experts per GPU from which a balanced load is concluded: tokens choose their experts."""
    if _BALANCING.search(context.document.text):
        return
    seen: set[tuple[int, int]] = set()
    for kind in _PLACED:
        for fact in context.facts.of_kind(kind):
            found = _claimed_equal(context, fact, _ROUTED)
            if found is None or found in seen:
                continue
            seen.add(found)
            message = f"`{fact.text}` is where the experts are, not how many tokens choose them: no balance of the load follows"
            yield _remark(rule, context, fact, message, "tokens per expert", ())


# -- stages ------------------------------------------------------------------------------------------------------------

_WORK = Pattern(r"\b(?:comput\w*|work(?:load)?|load|memory|time|utili[sz]ation)\b", re.I)
_ENDS = Pattern(r"\b(?:embeddings?|lm[ _-]head|output head|(?:first|last|final)(?: and (?:first|last))? (?:pipeline )?stages?)\b", re.I)


def check_equal_stages(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Stages of as many layers that are said to have equal work, beside an output head that weighs more than half a layer."""
    if _ENDS.search(context.document.text) or context.facts.of_kind("model.experts"):
        return
    for fact in context.facts.of_kind("placement.layers_per_stage"):
        if _claimed_equal(context, fact, _WORK) is None:
            continue
        sizes = [
            lookup(context, (kind,), fact.place, modalities=("asserted",)) for kind in ("model.vocabulary", "model.hidden", "model.ffn")
        ]
        known = [size for size in sizes if size is not None]
        if len(known) < len(sizes):
            return
        vocabulary, hidden, ffn = (size.interval for size in known)
        head = vocabulary.low * hidden.low
        # Every head has keys and values and the FFN a gate: no layer of these sizes is larger.
        layer = hidden.high * (4 * hidden.high + 3 * ffn.high)
        if head <= 0.5 * layer:
            continue
        formula = f"{known[0].text} × {known[1].text} = {amount_text(head, 'count')}, {number_text(head / layer, 2)} of a layer"
        message = f"claims equal work for all stages, but the output head is on the last one alone: {formula}"
        related = tuple(context.fact_location(size, role) for size, role in zip(known, ("vocabulary", "hidden size", "FFN"), strict=True))
        yield _remark(rule, context, fact, message, formula, related)
        return


def _claimed_equal(context: Context, fact: Fact, of_what: Pattern) -> tuple[int, int] | None:
    """The sentence of a fact when it says in earnest that something of the kind is equal."""
    number = context.number(fact)
    if number is None or fact.modality != "asserted" or number.quoted or number.struck or number.code:
        return None
    statement = context.statement_of(number.block, number.start)
    if statement is None or not of_what.search(statement.text):
        return None
    word = _EQUAL.search(statement.text)
    if word is None:
        return None
    words = normalise(statement.text)
    position = next((index for index, each in enumerate(words) if each == normalise(word[0])[0]), 0)
    return None if denied(words, position) else (number.block, number.sentence)


def _remark(rule: Rule, context: Context, fact: Fact, message: str, formula: str, related: tuple[Location, ...]) -> Verdict:
    number = context.number(fact)
    assert number is not None
    text = " ".join(number.text.split())
    return Verdict(
        rule.name, Status.NOT_CHECKED, (), (number.index,), formula,
        finding(
            rule, context, message, context.location(number.span, "claim"), block=number.block, claimed=text, formula=formula,
            related=related, root=f"load:{number.span.start}",
        ),
    )  # fmt: skip
