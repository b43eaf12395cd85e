"""One quantity, two values: the same kind, scope and name stated twice in one configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from stratlint.claims.claim import ClaimSet
from stratlint.document import BlockKind
from stratlint.facts.fact import Fact
from stratlint.facts.introductions import introductions
from stratlint.facts.phrases import normalise
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import describes_several
from stratlint.rules.rule import Rule

# What is expected may differ from what holds, and a total from what one GPU takes.
_FILLER = frozenset({"the", "a", "of", "is", "per", "gpu", "~", "measured"})


def check_restated(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Facts of the rule's `kinds` with disjoint values.

    `same_label`: only facts under the same label are compared (kinds that several things share). `one_device`: only on
    pages that name at most one accelerator.
    """
    devices = {normalise(mention.name) for mention in context.facts.mentions if mention.kind == "device"}
    if rule.options.get("one_device", False) and len(devices) > 1:
        return
    same_label = bool(rule.options.get("same_label", False))
    if not rule.options.get("anywhere", False) and not _single_configuration(context):
        return
    phrase = normalise(str(rule.options.get("phrase", "")))
    says = frozenset(word for each in rule.options.get("label_says", ()) for word in normalise(str(each)))
    for kind in rule.options.get("kinds", ()):
        facts = [
            f
            for f in context.facts.of_kind(kind)
            if _comparable(context, f) and _says(context, f, phrase) and not _of_a_part(context, f) and not _is_a_step(context, f)
        ]
        groups: dict[tuple[object, ...], list[Fact]] = {}
        for fact in facts:
            # memory is stated per GPU unless something else is said
            scope = "" if kind.endswith("_per_gpu") or fact.scope == "gpu" else fact.scope
            groups.setdefault((scope, label_of(context, fact) if same_label else ()), []).append(fact)
        for (_, label), members in groups.items():
            if says and isinstance(label, tuple) and says.isdisjoint(label):
                continue  # "Memory" may as well be what there is
            yield from _judge(rule, context, members)


def _single_configuration(context: Context) -> bool:
    """Whether the page describes one configuration: one number of GPUs, one model, one device, no table of variants."""
    facts = context.facts
    totals = {f.interval.low for f in facts.of_kind("cluster.gpus") if f.modality == "asserted" and f.exact}
    names = {kind: {normalise(m.name) for m in facts.mentions if m.kind == kind} for kind in ("model", "device")}
    degrees = [f for f in facts.facts if f.kind.startswith("parallel.")]
    return (
        not describes_several(facts)
        and len(totals) <= 1
        and len(names["model"]) <= 3
        and len(names["device"]) <= 3
        and not any(f.place.variant for f in degrees)
    )


def _comparable(context: Context, fact: Fact) -> bool:
    number = context.number(fact)
    ranged = number is not None and number.quantity is not None and number.quantity.high is not None
    return (
        _asserted(fact)
        and not ranged  # "130-150 GB" expects, and states no value
        and fact.how != "key"
        and fact.interval.high > 0
        and fact.interval.low > 0
        and (fact.measure != "count" or fact.exact or fact.kind.endswith("_per_gpu"))
    )


_RUN = Pattern(
    r"(?i)→|->|\b(?:stages?|phases?|ramp\w*|warm-?up|exp(?:eriment)?s?|runs?|trials?|examples?|e\.g\.|starts?|smaller|larger)\b|\|[^|]*\|"
)


def _of_one_run(context: Context, fact: Fact) -> bool:
    """Whether a value is that of a command, a log line, a phase or an experiment: the next one has another."""
    block = context.document.blocks[fact.place.block]
    number = context.number(fact)
    if block.kind is BlockKind.CODE or number is None or _is_a_step(context, fact):
        return True
    before = block.text[: number.start]
    bracketed = before.rfind("(") > before.rfind(")")
    return fact.interval.low < 1 or bracketed or bool(block.cell is None and _RUN.search(number.sentence_text))


_EFFECTIVE = Pattern(r"(?i)\b(?:effective|achiev\w+|usable|utili[sz]ed|measured|sustained)\b")
_OF_A_PART = Pattern(r"(?i)\s*\+?\s*(?:for|system|host|cpu|ram|dram|per node|swap|disk)\b")


def _of_a_part(context: Context, fact: Fact) -> bool:
    """Whether the words right behind a figure make it one of something else: "0.6 GB for experts", "512 GB system RAM"."""
    number = context.number(fact)
    if fact.kind in ("gpu.peak", "gpu.bandwidth") and _EFFECTIVE.search(
        " ".join(introductions(context.document.blocks[fact.place.block], context.document))
    ):
        return True  # what is left of the peak, in a list of its own
    return number is not None and bool(_OF_A_PART.match(context.document.blocks[number.block].text[number.end : number.end + 24]))


def _is_a_step(context: Context, fact: Fact) -> bool:
    """Whether a figure is where a change arrives ("140 GB → 70 GB"): one of several steps, each from what the one before left."""
    number = context.number(fact)
    return number is not None and number.relation in ("→", "->")


def _asserted(fact: Fact) -> bool:
    return fact.modality == "asserted" and not fact.place.variant and not fact.origin


def _says(context: Context, fact: Fact, phrase: tuple[str, ...]) -> bool:
    """Whether the words around a fact contain *phrase* (when the rule asks for one)."""
    number = context.number(fact)
    if not phrase:
        return True
    words = normalise(f"{number.label} | {number.lead} | {number.noun}") if number else ()
    return any(words[i : i + len(phrase)] == phrase for i in range(len(words)))


def label_of(context: Context, fact: Fact) -> tuple[str, ...]:
    """The words that name the number: its label, row header or the words before it, without filler."""
    number = context.number(fact)
    if number is None:
        return ()
    words = normalise(number.label or number.lead)
    if fact.place.table >= 0:
        table = context.document.tables[fact.place.table]
        words = normalise(context.document.blocks[table.rows[fact.place.row][0]].text)
    return tuple(word for word in words if word not in _FILLER)


def _judge(rule: Rule, context: Context, facts: Sequence[Fact]) -> Iterator[Verdict]:
    # A name that comes up again and again names a series of measurements, not one quantity.
    if len(facts) < 2 or len(facts) > 3 or len({f.interval for f in facts}) > 2:
        return
    if rule.options.get("phrase"):
        facts = [fact for fact in facts if not _of_one_run(context, fact)]
    if not facts:
        return
    first = facts[0]
    for fact in facts[1:]:
        if fact.place.table >= 0 and first.place.table >= 0:
            continue
        if fact.place.section == first.place.section and not rule.options.get("same_section", False):
            continue
        if (
            (rule.options.get("phrase") and _counts(context, fact) != _counts(context, first))
            or _qualified(context, fact)
            or _qualified(context, first)
        ):
            continue
        if _parallel_sections(context, first.place.section, fact.place.section):
            continue
        if fact.interval.overlaps(first.interval) or _rounded(first, fact):
            yield Verdict(rule.name, Status.CONSISTENT, (fact.claim,), (first.claim,), f"{first.text} is stated twice")
            continue
        message = f"claims {fact.text}, but the same quantity is {first.text} elsewhere on the page"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (fact.claim,), (first.claim,), message,
            finding(
                rule, context, message, context.fact_location(fact, "claim"), block=fact.place.block, claimed=fact.text,
                computed=first.text,
                formula=f"{fact.text} ≠ {first.text}", related=[context.fact_location(first, "first stated")],
                root=f"restated:{fact.span.start}",
            ),
        )  # fmt: skip


_SAME_SHAPE = 2


def _counts(context: Context, fact: Fact) -> tuple[str, ...]:
    """What a number counts: sequences are not tokens."""
    number = context.number(fact)
    unit = number.quantity.unit if number is not None and number.quantity is not None else None
    return tuple(name for name, _ in unit.soft) if unit is not None else ()


def _qualified(context: Context, fact: Fact) -> bool:
    """`65 GB (base), 45 GB (pool)`: each value has its own case behind it."""
    number = context.number(fact)
    text = context.document.blocks[fact.place.block].text
    return number is not None and len(re.findall(r"\d\s*[A-Za-z]+\s*\([A-Za-z ]+\)", text)) > 1


def _parallel_sections(context: Context, one: int, other: int) -> bool:
    """Whether two sections have the same labels again and again: each reports a run of its own."""
    if one == other:
        return False
    if _numbered_alike(context.document.sections[one].title, context.document.sections[other].title):
        return True
    labels = _labels_of(context.claims)
    return len(labels.get(one, frozenset()) & labels.get(other, frozenset())) >= _SAME_SHAPE


# "Recipe A: chat" and "Recipe C: batch" are two configurations.
_NUMBERED = Pattern(r"[\W\d]*([^\W\d]{3,})\s+(?:[A-Z]|\d{1,2})\b")


def _numbered_alike(one: str, other: str) -> bool:
    first, second = _NUMBERED.match(one), _NUMBERED.match(other)
    return first is not None and second is not None and first[1] == second[1] and first[0] != second[0]


@lru_cache(maxsize=4)
def _labels_of(claims: ClaimSet) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for number in claims.numbers:
        if number.label:
            found.setdefault(claims.document.blocks[number.block].section, set()).add(number.label.lower())
    return {section: frozenset(labels) for section, labels in found.items()}


def _rounded(one: Fact, two: Fact) -> bool:
    """Whether one is the other, rounded for prose."""
    large, small = max(one.interval.middle, two.interval.middle), min(one.interval.middle, two.interval.middle)
    return large > 0 and (large - small) / large < 0.02
