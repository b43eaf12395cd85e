"""What is needed against what there is, where the page says that it fits."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from stratlint.claims.claim import NumberClaim, Statement
from stratlint.facts.fact import Fact, Place
from stratlint.facts.mentions import accelerators
from stratlint.facts.phrases import normalise, word_list
from stratlint.rules.checks.passages import OF_EACH_GPU
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import lookup
from stratlint.rules.rule import Rule

_VERSUS = Pattern(r"\b(?:vs\.?|versus|against|compared (?:to|with))\b", re.I)
_SMALL_WORDS = Pattern(r"\b(?:fits?|within (?:the )?limits?|well within|comfortabl\w+|below the limit|under the limit)\b", re.I)
_NOT_FIT = Pattern(
    r"n['’]t\b|\b(?:not|cannot|never|no longer|too|exceed\w*|over|oom|out of memory|only after|"
    r"needs(?!\s+[~≈]?\s?\d[\d.,]*\s?[KMGT]i?B)|unless|doesn|if (?:we|you|it|the|they|all)|would|without|instead)\b|❌|✘|✗",
    re.I,
)


def _claims_fit(statement: Statement) -> bool:
    """The line is marked as passed, or says in words that it fits, and denies nothing."""
    if statement.verdict == "fail" or _NOT_FIT.search(statement.text):
        return False
    return statement.verdict == "pass" or bool(_SMALL_WORDS.search(statement.text))


def check_comparison_passed(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`91.5 GB needed vs 80 GB per card` on a line with a ✅: as compared, the check fails."""
    for statement in context.claims.statements:
        if statement.verdict != "pass" or not _VERSUS.search(statement.text):
            continue
        numbers = _amounts(context, statement)
        if any(_counts_devices(number) for number in context.claims.numbers_of(statement.block, statement.index)):
            continue  # what is needed in all may be spread over them
        for left, right in itertools.pairwise(numbers):
            between = context.document.blocks[statement.block].text[left.end : right.start]
            if not _VERSUS.search(between):
                continue
            if not {"memory", "vram", "hbm", "capacity", "limit", "constraint"} & set(normalise(statement.text)):
                continue
            yield from _needs_against_has(rule, context, left, right)


def _counts_devices(number: NumberClaim) -> bool:
    unit = number.quantity.unit if number.quantity is not None else None
    return unit is not None and unit.dimensions == (("device", 1.0),) and (number.value or 0) > 1


def _amounts(context: Context, statement: Statement) -> list[NumberClaim]:
    return [
        n for n in context.claims.numbers_between(statement.block, statement.start, statement.end)
        if n.quantity is not None
        and n.quantity.unit is not None and n.quantity.unit.hard == (("information", 1.0),)
        and n.quantity.unit.canonical not in ("bit", "byte")  # the width of an element
    ]  # fmt: skip


def _needs_against_has(rule: Rule, context: Context, left: NumberClaim, right: NumberClaim) -> Iterator[Verdict]:
    assert left.quantity is not None and right.quantity is not None and left.quantity.unit is not None and right.quantity.unit is not None
    need = left.quantity.interval(left.quantity.unit.factor)
    has = right.quantity.interval(right.quantity.unit.factor)
    one, two = " ".join(left.text.split()), " ".join(right.text.split())
    if need.low <= has.high * _binary_gain(one, two):
        yield Verdict(rule.name, Status.CONSISTENT, (left.index, right.index), (), f"{one} ≤ {two}")
        return
    message = f"marked as passed, but {one} is more than {two}"
    related = [context.location(right.span, "available"), *_stated_again(context, left), *_stated_again(context, right)]
    gpus = next((f for f in context.facts.of_kind("cluster.gpus") if f.exact), None)
    help_text = rule.help
    if gpus is not None and gpus.interval.low > 1:
        related.append(context.fact_location(gpus, "GPUs"))
        help_text = f"if the {one} are spread over {gpus.text} GPUs, compare the share of one GPU with {two}"
    yield Verdict(
        rule.name, Status.CONTRADICTED, (left.index,), (right.index,), f"{one} > {two}",
        finding(
            rule, context, message, context.location(left.span, "needed"), block=left.block, claimed=f"{one} fits {two}",
            computed=f"{one} > {two}", formula=f"{one} > {two}", related=related, help_text=help_text, root=f"fit:{left.span.start}",
            flips_verdict=True,
        ),
    )  # fmt: skip


_MOST_STATED = 2


def _stated_again(context: Context, number: NumberClaim) -> list[Location]:
    """Where the page states the same amount before."""
    unit = number.quantity.unit if number.quantity else None
    earlier = itertools.takewhile(lambda other: other.index < number.index, context.claims.of_value(number.value))
    same = (other for other in earlier if other.quantity is not None and other.quantity.unit == unit)
    return [context.location(other.span, "stated") for other in itertools.islice(same, _MOST_STATED)]


def _binary_gain(one: str, two: str) -> float:
    """GB against GiB is no contradiction; two amounts written in the same unit are in the same unit."""
    return 1.0 if ("GiB" in one) == ("GiB" in two) else 2.0**30 / 1e9


def check_memory_over_capacity(rule: Rule, context: Context) -> Iterator[Verdict]:
    """An amount per GPU that a line says fits, although it (or it with the other amounts of the line) exceeds the card."""
    for statement in context.claims.statements:
        if not _claims_fit(statement):
            continue
        numbers = _amounts(context, statement)
        judged = _need_of(context, statement, numbers)
        if judged is None:
            continue
        claim, need, formula = judged
        own = _card_of(context, statement, numbers)
        if own is not None:
            yield from _against_card(rule, context, claim, need, formula, own)
            continue
        capacity = lookup(context, ("gpu.memory",), _place(context, claim), modalities=("asserted", "limit"))
        if capacity is None or capacity.claim == claim.index:
            continue
        room = capacity.interval.high * _binary_gain(" ".join(claim.text.split()), capacity.text)
        if need <= room:
            continue
        message = f"claimed to fit, but {formula} is more than the {capacity.text} of the GPU"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (claim.index,), (capacity.claim,), f"{formula} > {capacity.text}",
            finding(
                rule, context, message, context.location(claim.span, "needed"), block=claim.block,
                claimed=f"{' '.join(claim.text.split())} fits", computed=formula, formula=f"{formula} > {capacity.text}",
                related=[context.fact_location(capacity, "capacity of a GPU")], root=f"fit:{claim.span.start}", flips_verdict=True,
            ),
        )  # fmt: skip
    yield from _stated_over_capacity(rule, context)


_NEEDS = Pattern(r"\b(?:needs?|requires?|takes?|uses?|using|consum\w+|occup\w+|holds?)\s+[~≈]?\s?$", re.I)
_BESIDE = Pattern(r"\b(?:next to|on top of|plus|in addition to|besides|together with|and another|with the)\b", re.I)


def _need_of(context: Context, statement: Statement, numbers: Sequence[NumberClaim]) -> tuple[NumberClaim, float, str] | None:
    """The amount a GPU must hold by this line: the result of its sum, or two amounts that lie next to each other."""
    own = [
        n
        for n in numbers
        if n.quantity is not None and OF_EACH_GPU.search(n.text + context.document.blocks[n.block].text[n.end : n.end + 14])
    ]
    if own and (beside := [n for n in numbers if n.index > own[0].index]):
        between = context.document.blocks[statement.block].text[own[0].end : beside[0].start]
        if _BESIDE.search(between):
            return own[0], _low(own[0]) + _low(beside[0]), f"{' '.join(own[0].text.split())} + {' '.join(beside[0].text.split())}"
    if own and _NEEDS.search(context.document.blocks[statement.block].text[statement.start : own[0].start]):
        return own[0], _low(own[0]), " ".join(own[0].text.split())
    results = [n for n in numbers if n.relation in ("=", "≈") and not n.quoted]
    if results and OF_EACH_GPU.search(statement.text):
        last = results[-1]
        assert last.quantity is not None and last.quantity.unit is not None
        return last, last.quantity.interval(last.quantity.unit.factor).low, " ".join(last.text.split())
    if (card := _fits_on_card(context, statement, numbers)) is not None:
        return card
    if (
        len(numbers) == 2
        and OF_EACH_GPU.search(statement.text)
        and _BESIDE.search(context.document.blocks[statement.block].text[numbers[0].end : numbers[1].start])
    ):
        total = 0.0
        for number in numbers:
            assert number.quantity is not None and number.quantity.unit is not None
            total += number.quantity.interval(number.quantity.unit.factor).low
        shown = " + ".join(" ".join(n.text.split()) for n in numbers)
        return numbers[0], total, shown
    return None


def _low(number: NumberClaim) -> float:
    assert number.quantity is not None and number.quantity.unit is not None
    return number.quantity.interval(number.quantity.unit.factor).low


_SEVERAL = Pattern(r"(?i)\b(?:two|three|four|five|six|eight|both|all|\d+\s*[x×])\s+$")
_CARD = Pattern(r"^\s*(?:card|gpu|accelerator|device|cards|gpus)\b", re.I)


def _card_of(context: Context, statement: Statement, numbers: Sequence[NumberClaim]) -> NumberClaim | None:
    """The capacity that the sentence itself names: "fits on the 80 GB card"."""
    text = context.document.blocks[statement.block].text
    return next((n for n in numbers if _CARD.match(text[n.end :]) and not _SEVERAL.search(text[max(n.start - 16, 0) : n.start])), None)


def _fits_on_card(context: Context, statement: Statement, numbers: Sequence[NumberClaim]) -> tuple[NumberClaim, float, str] | None:
    """ "The weights take 70 GB. Adding 15 GB of cache, this fits on the 80 GB card": the sentence before counts, too."""
    card = _card_of(context, statement, numbers)
    if card is None:
        return None
    text = context.document.blocks[statement.block].text
    own = [n for n in numbers if n.index < card.index and not _CARD.match(text[n.end :])]
    if not _SMALL_WORDS.search(text[own[-1].end if own else statement.start : card.start]):
        return None  # what fits is something else: "100 fits in 59 GB; 884 GB against an 80 GB card"
    parts = list(own)
    if re.search(r"\b(?:this|that|it|they|both)\b", statement.text, re.I) and len(own) <= 1:
        before = context.claims.statement(statement.block, statement.index - 1)
        earlier = [n for n in _amounts(context, before) if not _CARD.match(text[n.end :])] if before else []
        parts = [*earlier[-1:], *own]
    if len(parts) < 2 and not (len(parts) == 1 and not own):
        return None
    total = 0.0
    for number in parts:
        assert number.quantity is not None and number.quantity.unit is not None
        total += number.quantity.interval(number.quantity.unit.factor).low
    return parts[0], total, " + ".join(" ".join(n.text.split()) for n in parts)


def _against_card(rule: Rule, context: Context, claim: NumberClaim, need: float, formula: str, card: NumberClaim) -> Iterator[Verdict]:
    assert card.quantity is not None and card.quantity.unit is not None
    one, two = " ".join(claim.text.split()), " ".join(card.text.split())
    if need <= card.quantity.interval(card.quantity.unit.factor).high * _binary_gain(one, two):
        yield Verdict(rule.name, Status.CONSISTENT, (claim.index, card.index), (), f"{formula} ≤ {two}")
        return
    message = f"claimed to fit, but {formula} is more than {two}"
    yield Verdict(
        rule.name, Status.CONTRADICTED, (card.index,), (claim.index,), f"{formula} > {two}",
        finding(
            rule, context, message, context.location(card.span, "capacity"), block=card.block, claimed=f"{formula} fits on {two}",
            computed=f"{formula} > {two}", formula=f"{formula} > {two}", related=[context.location(claim.span, "needed")],
            root=f"fit:{card.span.start}", flips_verdict=True,
        ),
    )  # fmt: skip


def _place(context: Context, claim: NumberClaim) -> Place:
    block = context.document.blocks[claim.block]
    cell = block.cell
    return Place(
        block.section, block.index, claim.sentence, cell.table if cell else -1, cell.row if cell else -1, cell.column if cell else -1
    )


_HELD = Pattern(r"\b(?:checkpoint|weights|state|memory|parameters|holds?|model|cache|activations|optimi[sz]er)\b", re.I)
_MOVED = Pattern(
    r"\b(?:traffic|moves?|moved|network|gather\w*|sends?|read|reads|writes?|written|step|transfer\w*|bandwidth|stream\w*|host|disk|ssd|"
    r"nvme|offload\w*|cpu|per second|storage|swap)\b",
    re.I,
)


def check_above_any_card(rule: Rule, context: Context) -> Iterator[Verdict]:
    """More memory on each GPU than any accelerator has: a total that was stated per GPU."""
    largest = max(max(entry.memory_bytes()) for entry in accelerators())
    for number in context.claims.numbers:
        quantity = number.quantity
        if quantity is None or quantity.unit is None or quantity.unit.hard != (("information", 1.0),) or number.quoted or number.struck:
            continue
        if not OF_EACH_GPU.search(number.text) or quantity.interval(quantity.unit.factor).low <= largest:
            continue
        if not _HELD.search(number.sentence_text) or _MOVED.search(number.sentence_text) or _NOT_FIT.search(number.sentence_text):
            continue
        text = " ".join(number.text.split())
        gpus = next((f for f in context.facts.of_kind("cluster.gpus") if f.exact and f.modality == "asserted" and f.interval.low > 1), None)
        formula = f"{text} > {largest / 1e9:.0f} GB"
        message = f"claims {text}: no accelerator has more than {largest / 1e9:.0f} GB"
        related = []
        if gpus is not None:
            share = quantity.interval(quantity.unit.factor).middle / gpus.interval.low
            message += f"; as a total it is {amount_text(share, 'bytes')} on each of {gpus.text} GPUs"
            related.append(context.fact_location(gpus, "GPUs"))
        yield Verdict(
            rule.name, Status.CONTRADICTED, (number.index,), (), formula,
            finding(rule, context, message, context.location(number.span, "claim"), block=number.block, claimed=text,
                    computed=f"at most {largest / 1e9:.0f} GB", formula=formula, related=related, root=f"card:{number.span.start}"),
        )  # fmt: skip


def _stated_over_capacity(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Memory stated per GPU above the GPU's capacity, in a section that says it fits or says nothing against it."""
    for fact in context.facts.of_kind("memory.used"):
        if fact.modality != "asserted" or fact.scope != "gpu" or fact.verdict == "fail":
            continue
        capacity = lookup(context, ("gpu.memory",), fact.place, modalities=("asserted", "limit"))
        if capacity is None or (capacity.place.block == fact.place.block and capacity.span == fact.span):
            continue
        statement = _statement(context, fact)
        if statement is None or not _claims_fit(statement):
            continue
        if fact.interval.low <= capacity.interval.high * _binary_gain(fact.text, capacity.text):
            yield Verdict(rule.name, Status.CONSISTENT, (fact.claim,), (capacity.claim,), f"{fact.text} ≤ {capacity.text}")
            continue
        message = f"{fact.text} on each GPU is claimed to fit, but a GPU has {capacity.text}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (fact.claim,), (capacity.claim,), message,
            finding(
                rule, context, message, context.fact_location(fact, "needed"), block=fact.place.block, claimed=fact.text,
                computed=f"> {capacity.text}", formula=f"{fact.text} > {capacity.text}",
                related=[context.fact_location(capacity, "capacity of a GPU")], root=f"fit:{fact.span.start}", flips_verdict=True,
            ),
        )  # fmt: skip


def _statement(context: Context, fact: Fact) -> Statement | None:
    number = context.number(fact)
    return context.statement_of(number.block, number.start) if number else None


__all__ = ["check_comparison_passed", "check_memory_over_capacity", "word_list"]
