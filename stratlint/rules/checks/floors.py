"""Times that no machine can reach: reading the stated bytes, or computing the stated operations, takes longer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from stratlint.claims.claim import NumberClaim, grouped
from stratlint.claims.equation import operands
from stratlint.claims.interval import Interval
from stratlint.document import Block
from stratlint.facts.fact import Fact, FactSet
from stratlint.rules.checks.catalog import Figure, figures, peaks, precisions_in
from stratlint.rules.checks.passages import (
    Passage,
    amount,
    asserted,
    asserted_on,
    headers,
    nominal,
    passages,
    place_of_claim,
    row_text,
)
from stratlint.rules.checks.subjects import device_at
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import Candidates, nearest
from stratlint.rules.rule import Rule

# A floor must be missed by more than rounding and clock boosts could explain.
_SLACK = 0.97


@dataclass(frozen=True, slots=True)
class _Rate:
    """A rate that bounds a time: its largest admissible value and where it comes from."""

    value: float
    nominal: float
    text: str
    location: Location


def _stated_or_catalog(
    context: Context, number: NumberClaim, kind: str, measure: str, catalog: Callable[..., Iterator[Figure]]
) -> _Rate | None:
    """The fact of *kind* nearest to *number*, else the largest catalog value of the named device."""
    place = place_of_claim(context, number)
    stated = _stated(context.facts, kind, measure)
    fact = nearest(context, stated, place)
    if fact is not None:
        return _Rate(
            fact.interval.high,
            _nominal(context, fact),
            fact.text,
            context.fact_location(fact, "bandwidth" if measure == "bandwidth" else "peak"),
        )
    if stated.facts:
        return None
    subject = device_at(context, place, number.span.start)
    if subject is None:
        return None
    known = list(catalog(subject.entries))
    if not known:
        return None
    best = max(known, key=lambda figure: figure.value)
    text = f"{best.device}: {best.what} {amount_text(best.value, measure)} (catalog; {best.source})"
    return _Rate(best.value, best.value, amount_text(best.value, measure), Location("", 0, 0, 0, 0, 0, 0, "catalog", text))


@lru_cache(maxsize=8)
def _stated(page: FactSet, kind: str, measure: str) -> Candidates:
    """What the page says of one GPU."""
    facts = page.of_kind(kind)
    own = [f for f in facts if f.modality == "asserted" and f.scope in ("", "gpu") and f.measure == measure]
    return Candidates(page.document, own)


# --- decode: each step reads the weights ------------------------------------------------------------------------------

_READS = Pattern(
    r"(?i)\b(?:each|every|one|a|per) (?:gpu|card|device|rank|chip)\b.*?\b(?:streams?|reads?|loads?|fetch(?:es)?)\b|"
    r"\b(?:streams?|reads?|loads?|fetch(?:es)?)\b.*?\b(?:each|every|per) (?:gpu|card|device|rank|chip)\b"
)
_EACH_STEP = Pattern(r"(?i)\b(?:per|each|every|once (?:per|a)) (?:decode |decoding |forward )?(?:step|token|pass|iteration)\b")
_STEP_KINDS = ("latency.decode", "latency.tpot", "latency.step")


def check_decode_floor(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A step in which every GPU reads stated bytes is not shorter than these bytes over its memory bandwidth."""
    for passage in passages(context):
        text = passage.text
        if not (_READS.search(text) and _EACH_STEP.search(text)):
            continue
        read = _only_bytes(context, passage)
        if read is None:
            continue
        size = amount(read, "bytes")
        rate = _stated_or_catalog(context, read, "gpu.bandwidth", "bandwidth", lambda devices: figures(devices, "memory bandwidth"))
        if size is None or rate is None:
            continue
        for fact in _steps_near(context, read):
            yield _floor(rule, context, fact, size.low / rate.value, nominal(read, size) / rate.nominal, read, rate)


_CALLED_FLOOR = Pattern(
    r"(?i)\b(?:floor|lower bound|at least|minimum|at best|no (?:faster|less|shorter)|"
    r"(?:can't|cannot|can not|never|won't) (?:be|take|go|run|get) (?:\w+ )?"
    r"(?:faster|less|shorter|below|under)|"
    r"best case|full bandwidth|roofline)\b|下限|至少|不低于"
)
_OF_A_STEP = Pattern(r"(?i)\b(?:decod\w+|step|token|tpot|itl|weights?)\b|单步|每步|解码|权重")
# With these a step yields several tokens, or reads less than all weights.
_SEVERAL_TOKENS = Pattern(r"(?i)\b(?:speculat\w+|mtp|multi-token|draft model|medusa|eagle|lookahead|accept(?:ance|ed))\b")
_BYTES_PER_TIME = (("information", 1.0), ("time", -1.0))


def check_stated_floor(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A decode step of the page is not shorter than what the page itself calls the floor of a step."""
    floors = list(_stated_floors(context))
    if not floors or _SEVERAL_TOKENS.search(context.document.text):
        return
    least = min(floors, key=lambda pair: pair[1].low)
    number, interval = least
    for fact in context.facts.of_kind(*_STEP_KINDS):
        if fact.place.variant or fact.scope not in ("", "token", "step", "batch") or fact.claim == number.index:
            continue
        if not _is_measured_time(context.facts, fact):
            continue
        printed = " ".join(number.text.split())
        if fact.interval.high >= interval.low * _SLACK:
            yield Verdict(rule.name, Status.CONSISTENT, (fact.claim,), (number.index,), f"≥ {printed}, the floor")
            continue
        message = f"claims {fact.text}, but the page gives {printed} as the floor of a step"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (fact.claim,), (number.index,), f"{fact.text} < {printed}",
            finding(
                rule, context, message, context.fact_location(fact, "claim"), block=fact.place.block,
                claimed=fact.text, computed=f"≥ {printed}", formula=f"{fact.text} < {printed}",
                related=[context.location(number.span, "floor")], root=f"decode-below-floor:{fact.span.start}",
            ),
        )  # fmt: skip


def _stated_floors(context: Context) -> Iterator[tuple[NumberClaim, Interval]]:
    """Results of bytes over bandwidth in sentences that call them a floor of a step."""
    for claim in context.claims.equations:
        units = [q.unit for q in operands(claim.equation.left) if q.unit is not None]
        if claim.quoted or not any(unit.hard == _BYTES_PER_TIME for unit in units) or not claim.numbers:
            continue
        number = context.claims.numbers[claim.numbers[-1]]
        text = number.sentence_text
        if not (_CALLED_FLOOR.search(text) and _OF_A_STEP.search(text)) or not asserted(context, number):
            continue
        interval = amount(number, "time")
        if interval is not None and interval.low > 0:
            yield number, interval


_FLOOR_HEADER = Pattern(r"(?i)\b(?:floor|lower bound|speed of light)\b")
_MEASURED_HEADER = Pattern(r"(?i)\b(?:measured|actual|observed|achieved|real)\b")


def check_floor_column(rule: Rule, context: Context) -> Iterator[Verdict]:
    """In a table with a column of floors and one of measurements no time is below the floor of its row."""
    for table in context.document.tables:
        headers_of = [context.document.blocks[index].text for index in table.rows[0]]
        floors = [c for c, text in enumerate(headers_of) if _FLOOR_HEADER.search(text) and not re.search(r"%|\bof\b", text)]
        measured = [c for c, text in enumerate(headers_of) if _MEASURED_HEADER.search(text) and c not in floors]
        if len(floors) != 1 or len(measured) != 1:
            continue
        for row in table.rows[1:]:
            floor, time = _only_time(context, row[floors[0]]), _only_time(context, row[measured[0]])
            if floor is None or time is None or not asserted(context, time[0]):
                continue
            low, taken = " ".join(floor[0].text.split()), " ".join(time[0].text.split())
            if time[1].high >= floor[1].low * _SLACK:
                yield Verdict(rule.name, Status.CONSISTENT, (time[0].index,), (floor[0].index,), f"{taken} ≥ {low}, the floor")
                continue
            message = f"claims {taken}, but the floor of the same row is {low}"
            yield Verdict(
                rule.name, Status.CONTRADICTED, (time[0].index,), (floor[0].index,), f"{taken} < {low}",
                finding(
                    rule, context, message, context.location(time[0].span, "measured"), block=time[0].block, claimed=taken,
                    computed=f"≥ {low}", formula=f"{taken} < {low}", related=[context.location(floor[0].span, "floor")],
                    root=f"floor-column:{time[0].span.start}",
                ),
            )  # fmt: skip


def _only_time(context: Context, block: int) -> tuple[NumberClaim, Interval] | None:
    numbers = [n for n in context.claims.numbers_in(block) if n.quantity is not None]
    quantity = numbers[0].quantity if len(numbers) == 1 else None
    if quantity is None or quantity.unit is None or quantity.unit.hard != (("time", 1.0),) or quantity.high is not None:
        return None
    interval = quantity.interval(quantity.unit.factor)
    return (numbers[0], interval) if interval.low > 0 else None


def _nominal(context: Context, fact: Fact) -> float:
    number = context.number(fact)
    return fact.interval.middle if number is None else nominal(number, fact.interval)


def _only_bytes(context: Context, passage: Passage) -> NumberClaim | None:
    sizes = [n for n in passage.numbers if amount(n, "bytes") is not None and asserted(context, n)]
    return sizes[0] if len(sizes) == 1 else None


def _steps_near(context: Context, number: NumberClaim) -> Sequence[Fact]:
    """Step times in the same list, table or section (not below other headings)."""
    facts = _steps(context.facts).get(context.document.blocks[number.block].section, ())
    return facts if len(facts) == 1 else ()


@lru_cache(maxsize=2)
def _steps(page: FactSet) -> Mapping[int, tuple[Fact, ...]]:
    measured = (fact for fact in page.of_kind(*_STEP_KINDS) if _is_measured_time(page, fact))
    return grouped(measured, lambda fact: fact.place.section)


def _is_measured_time(page: FactSet, fact: Fact) -> bool:
    if fact.claim < 0 or fact.measure != "time" or fact.interval.low <= 0:
        return False
    number = page.claims.numbers[fact.claim]
    return fact.modality == "asserted" and number.equation < 0 and asserted_on(page, number)


def _floor(
    rule: Rule,
    context: Context,
    fact: Fact,
    low: float,
    shown: float,
    premise: NumberClaim,
    rate: _Rate,
    times: int = 1,
) -> Verdict:
    several = f"{times} × " if times > 1 else ""
    printed = premise.text.strip()
    formula = f"{printed} / ({several}{rate.text})" if times > 1 else f"{printed} / {rate.text}"
    computed = amount_text(shown, "time", fact.unit)
    line = f"{formula} = {computed}"
    if fact.interval.high >= low * _SLACK:
        return Verdict(rule.name, Status.CONSISTENT, (fact.claim,), (premise.index,), f"≥ {line}")
    message = f"claims {fact.text}, but {line} at full speed"
    return Verdict(
        rule.name,
        Status.CONTRADICTED,
        (fact.claim,),
        (premise.index,),
        line,
        finding(
            rule,
            context,
            message,
            context.fact_location(fact, "claim"),
            block=fact.place.block,
            claimed=fact.text,
            computed=f"≥ {computed}",
            formula=line,
            related=[context.location(premise.span, "work"), rate.location],
            root=f"{rule.name}:{fact.span.start}",
        ),
    )


# --- prefill and whole passes: the operations have to be executed -----------------------------------------------------

_TENSOR = Pattern(
    r"(?i)\btp[-= ]?(\d{1,3})\b|\b(\d{1,4}) (?:gpus|cards|devices|chips)\b|"
    r"\btensor[- ]parallel\w*(?: of| =|:)? (\d{1,3})\b"
)
_ONE_PASS = Pattern(r"(?i)\bprompt|\bprefill|\bper (?:request|pass|batch)|\bforward")
_WHOLE = Pattern(r"(?i)\b(?:together|total|sum|overall|altogether|in all)\b|合计")


def check_prefill_floor(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A prefill is not shorter than its operations over the dense peak of the GPUs that run it."""
    times = context.facts.of_kind("latency.prefill", "latency.ttft")
    works = _works(context) if times else {}
    for fact in times:
        number = context.number(fact)
        if number is None or not _is_measured_time(context.facts, fact):
            continue
        work = _whole_of(works.get(_where(context.document.blocks[fact.place.block]), ()))
        gpus = _gpus_of(context, number)
        if work is None or gpus is None:
            continue
        stated = amount(work, "work")
        rate = _stated_or_catalog(context, number, "gpu.peak", "speed", lambda devices: _dense(context, devices))
        if stated is None or rate is None:
            continue
        yield _floor(
            rule,
            context,
            fact,
            stated.low / (gpus * rate.value),
            nominal(work, stated) / (gpus * rate.nominal),
            work,
            rate,
            gpus,
        )


def _dense(context: Context, devices: Sequence[object]) -> Iterator[Figure]:
    return peaks(devices, _precisions(context.document.text), sparse=False)  # type: ignore[arg-type]


@lru_cache(maxsize=2)
def _precisions(text: str) -> frozenset[str]:
    return precisions_in(text)


def _where(block: Block) -> tuple[int, int]:
    """The section, and in a table the table, that a latency and its work must share."""
    return block.section, block.cell.table if block.cell is not None else -1


def _works(context: Context) -> Mapping[tuple[int, int], Sequence[tuple[NumberClaim, str]]]:
    """Amounts of work by the place they stand in, each with its sentence or table row."""
    out: dict[tuple[int, int], list[tuple[NumberClaim, str]]] = {}
    for number in context.claims.numbers:
        if amount(number, "work") is None or amount(number, "speed") is not None:
            continue
        if "per token" in number.noun or not asserted(context, number):
            continue
        block = context.document.blocks[number.block]
        text = row_text(context, number.block) if block.cell else number.sentence_text
        out.setdefault(_where(block), []).append((number, text))
    return {where: _told(found) for where, found in out.items()}


def _told(found: Sequence[tuple[NumberClaim, str]]) -> Sequence[tuple[NumberClaim, str]]:
    """The amounts called the whole where there is one, all of them otherwise; none where no prompt is spoken of."""
    if not any(_ONE_PASS.search(text) for _, text in found):
        return ()
    whole = [pair for pair in found if _WHOLE.search(pair[1])]
    return whole if len(whole) == 1 else found


def _whole_of(found: Sequence[tuple[NumberClaim, str]]) -> NumberClaim | None:
    """The work for one prompt: the one called the whole, or the only one."""
    return found[0][0] if len(found) == 1 else None


def _gpus_of(context: Context, number: NumberClaim) -> int | None:
    label, column = headers(context, number.block)
    found = {int(next(g for g in match.groups() if g)) for match in _TENSOR.finditer(" ".join((label, column, number.sentence_text)))}
    return found.pop() if len(found) == 1 else None


_PER_GPU = Pattern(
    r"(?i)^(?:(?:total|compute|work|flops|computation) )?per[- ](?:gpu|card|device)$|"
    r"^(?:compute|flops|work) (?:per|on each) (?:gpu|card)$"
)


def check_work_floor(rule: Rule, context: Context) -> Iterator[Verdict]:
    """The whole latency is not shorter than the operations of each GPU over its peak."""
    work = _work_per_gpu(context)
    peak = _only_peak(context)
    if work is None or peak is None:
        return
    number, interval = work
    if interval.overlaps(peak.interval):
        return  # the peak itself, printed again: a rate, not an amount of work
    for fact in context.facts.of_kind("latency.total"):
        if fact.scope not in ("", "total", "batch") or not _is_time(context, fact):
            continue
        rate = _Rate(peak.interval.high, _nominal(context, peak), peak.text, context.fact_location(peak, "peak"))
        yield _floor(rule, context, fact, interval.low / rate.value, nominal(number, interval) / rate.nominal, number, rate)


def _is_time(context: Context, fact: Fact) -> bool:
    number = context.number(fact)
    return (
        number is not None
        and fact.measure == "time"
        and fact.modality == "asserted"
        and fact.interval.low > 0
        and asserted(context, number)
    )


def _work_per_gpu(context: Context) -> tuple[NumberClaim, Interval] | None:
    """The one amount of work that the page gives for a GPU (a rate unit is taken as the amount it stands for)."""
    found: list[tuple[NumberClaim, Interval]] = []
    for number in context.claims.numbers:
        quantity = number.quantity
        if quantity is None or not _PER_GPU.match(" ".join(number.label.split())) or not asserted(context, number):
            continue
        interval = amount(number, "work") or amount(number, "speed")
        if interval is not None and _is_result(context, number):
            found.append((number, interval))
    if not found:
        return None
    low, high = max(i.low for _, i in found), min(i.high for _, i in found)
    return found[0] if low <= high * (1 + 1e-9) else None


def _is_result(context: Context, number: NumberClaim) -> bool:
    """Not an operand of a computation: "(4.3 TFLOPS / 2) + … = 10.15 TFLOPS" states its last number."""
    return all(claim.equation.end == number.end for claim in context.claims.equations_with(number.index))


def _only_peak(context: Context) -> Fact | None:
    facts = [f for f in context.facts.of_kind("gpu.peak") if f.modality == "asserted" and f.scope in ("", "gpu") and f.measure == "speed"]
    if not facts:
        return None
    values = {round(f.interval.middle / 1e9) for f in facts}
    return facts[0] if len(values) == 1 else None
