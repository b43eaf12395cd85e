"""Figures of a named accelerator against the catalog, and rates that its units cannot reach."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.document import BlockKind
from stratlint.facts.fact import Fact
from stratlint.physics.catalog import Accelerator
from stratlint.rules.checks.catalog import (
    TOLERANCE,
    Figure,
    dense_in,
    family,
    figures,
    fitting,
    multiple_of,
    peaks,
    precisions_in,
    sparse_in,
    vector_rates,
    whose,
)
from stratlint.rules.checks.passages import amount, around, asserted, headers, row_text, words_of
from stratlint.rules.checks.subjects import Subject, device_at
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import Location, Severity, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

# What a number must not be called to be read as a data-sheet figure.
_NOT_A_SPECIFICATION = Pattern(
    r"(?i)\b(?:achiev\w+|effective\w*|measur\w+|sustain\w+|observ\w+|real(?:istic|-world|"
    r"ized)?|actual\w*|practical\w*|deliver\w*|reach\w*|"
    r"used|using|usage|use|uses|free|available|usable|remain\w*|left|reserv\w+|pool|budget|"
    r"limit|headroom|need\w*|requir\w*|cache|kv|"
    r"weights?|parameters?|activations?|optimi[sz]er|model|state|utili[sz]\w+|mfu|fits?|"
    r"holds?|mig|slice|per (?:layer|token|step|stage|expert)|"
    r"increas\w*|more|less|faster|saves?|sav\w+|traffic|transfer\w*|moves?|sent|messages?|"
    r"busbw|algbw|bus bandwidth|batch|throughput|"
    r"plann\w+|expected|estimat\w+|simulat\w+|assum\w+|conservativ\w*|derat\w*|efficien\w+|mixed|gemm|"
    r"matmul|kernel|attention|at \d+ ?%|"
    r"read\w*|load\w*|stream\w*|virtual|unified|host|cpu|ddr\d?|dram|system memory|ram|nvme|"
    r"ssd|disk|storage|l2|sram|smem|"
    r"partition\w*|dual|pair|x2|2x|vector|cuda cores?|non-tensor|scalar)\b|实测|达到|可用|占用|剩余|有效|实际"
)
_SHARED = Pattern(
    r"(?i)\b(?:nodes?|servers?|hosts?|box|pod|cluster|rack|fleet|total|aggregate|combined|"
    r"system|machine|slice|pooled|instance|all|"
    r"group|replica|nvl\d+|superpod|stage|domain)\b|\d+\s*[x×*·]|[x×*·]\s*\d+|集群|总|节点"
)
_ACHIEVED = Pattern(
    r"(?i)\b(?:achiev\w+|measur\w+|sustain\w+|observ\w+|reach\w*|hit|hits|got|seen|saw|burst|ran|"
    r"runs?|recorded|clocked|actual)\b|实测|达到"
)
_ONE_GPU = Pattern(
    r"(?i)\b(?:per|each|every|single|one|an?)[- ](?:gpu|card|device|chip|accelerator|"
    r"[a-z]{1,3}\d{2,4}[a-z]?\b(?![ -](?:node|server|host|pod|rack|cluster|system|box|instance)))\b|\bon gpu \d|/gpu\b|单卡|每卡"
)
_NOT_EXECUTED = Pattern(
    r"(?i)spars|2:4|effective|equivalent|theor|peak|simulat|project|estimat|target|roadmap|"
    r"goal|speed-?up|overclock|nominal|up to|would"
)
_NODE_SUBJECT = Pattern(
    r"(?i)\b(?:each|every|one|a|per)\s+(?:(\d+)[- ]gpu\s+)?(?:node|server|host)\b|"
    r"\b(\d+)[- ]gpu (?:node|server|host)\b"
)
_ON_MANY = Pattern(r"(?i)\b(?:on|across|using|with|over)\s+[\d,]{2,}\s+(?:[\w-]+\s+){0,3}(?:gpus|chips|tpus|cards|accelerators|devices)\b")
_SANE = {
    "memory": (4e9, 1.2e12),
    "memory bandwidth": (1e11, 3e13),
    "peak": (1e13, 2e16),
    "link bandwidth": (1e10, 4e12),
}
_WHAT = {
    "gpu.memory": "memory",
    "gpu.bandwidth": "memory bandwidth",
    "gpu.peak": "peak",
    "link.bandwidth": "link bandwidth",
}
_MEASURE = {"memory": "bytes", "memory bandwidth": "bandwidth", "peak": "speed", "link bandwidth": "bandwidth"}
_LINK_NAMES = Pattern(r"(?i)\bnvlink|\bxgmi|infinity fabric|\bici\b")
_MEMORY_NAMES = Pattern(r"(?i)\bhbm\d?e?\b|\bvram\b|memory capacity|\bcapacity\b|显存")
# Between two neighbours of a torus, or over one of its links, there is less than a chip has in all.
_PART_OF_A_LINK = Pattern(r"(?i)\b(?:peer[- ]to[- ]peer|p2p|point[- ]to[- ]point|(?:per[- ])?(?:axis|link|lane|direction))\b")
# Headings of figures that no data sheet has.
_PLANNED = Pattern(
    r"(?i)\b(?:planning values?|derated|effective|measured|achieved|assumed|sustained|realistic|practical|observed|simulated)\b|实测|有效"
)
# What a line on the links of a card may go on to.
_ANOTHER_NETWORK = Pattern(
    r"(?i)\b(?:infiniband|ib|roce\w*|ethernet|efa|nics?|rails?|hcas?|pcie|between nodes|across nodes|inter-?node)\b|机间|跨机|节点间"
)
# A card shares its links among its neighbours.
_BETWEEN_TWO = Pattern(r"(?i)\baxis\b|\baxes\b|\bpeers?\b|\b(\w+)-to-\1\b")
_OF_A_RUN = ("parallel.", "batch.", "sequence.", "throughput.", "latency.")
_LABEL_WORDS = 6


@dataclass(frozen=True, slots=True)
class _Claim:
    """A data-sheet figure as the document states it."""

    fact: Fact
    number: NumberClaim
    what: str
    words: str
    precisions: frozenset[str]
    admissible: tuple[Figure, ...]


def check_device_figure(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Compare every data-sheet figure of a named device with all values the catalog admits for it."""
    for fact in context.facts.facts:
        what = _WHAT.get(fact.kind)
        number = context.number(fact)
        if what is None or number is None or not is_specification(context, fact, number, what):
            continue
        subject = device_at(context, fact.place, fact.span.start)
        if subject is None or _is_measured(number):
            continue
        if _another_number_between(context, number, subject) or _one_of_several_runs(context, fact, subject):
            continue
        claim = _claim(context, fact, number, what, subject.entries)
        if claim is not None:
            yield from _judge(rule, context, claim, subject)


_HUNDREDTHS, _MEASURED_DIGITS = 0.01, 4


def _is_measured(number: NumberClaim) -> bool:
    """`229.30 GB/s`: data sheets print no hundredths of hundreds."""
    quantity = number.quantity
    return (
        quantity is not None
        and quantity.number.digits > _MEASURED_DIGITS
        and quantity.number.ulp <= _HUNDREDTHS
        and not quantity.number.integer
    )


def is_specification(context: Context, fact: Fact, number: NumberClaim, what: str) -> bool:
    """Whether a number states what a device has (*what* of `_WHAT`), not what was measured, shared or reserved."""
    if fact.modality != "asserted" or fact.scope not in ("", "gpu", "each") or fact.measure != _MEASURE[what] or fact.approximate:
        return False
    if not asserted(context, number) or number.quantity is None or number.quantity.high is not None or number.relation in ("→", "->"):
        return False
    low, high = _SANE[what]
    if not low <= fact.interval.middle <= high:
        return False
    if fact.how == "label" and len(number.label.split()) > _LABEL_WORDS:
        return False
    if any(map(_PLANNED.search, context.section_path(number.block))):
        return False
    words = words_of(context, number)
    if what == "link bandwidth" and (not _LINK_NAMES.search(words) or re.search(r"\blinks?\b|lane", words)):
        return False
    own = f"{number.clause} {number.noun}"
    if what == "link bandwidth" and (_BETWEEN_TWO.search(words) or (_ANOTHER_NETWORK.search(own) and not _LINK_NAMES.search(own))):
        return False
    if what == "peak" and _worked_out(context, number):
        return False
    if what == "link bandwidth" and any(_PART_OF_A_LINK.search(title) for title in context.section_path(number.block)):
        return False
    if what == "memory" and (not _MEMORY_NAMES.search(words) or re.search(r"(?i)[<>≤≥%]|\bpeak\b", number.sentence_text + words)):
        return False
    return not _NOT_A_SPECIFICATION.search(words) and fact.how != "name"


def _worked_out(context: Context, number: NumberClaim) -> bool:
    """Whether a rate is the result of a computation: what a card does, not what it could."""
    equations = context.claims.equations_with(number.index)
    return any(number.start > context.claims.numbers[each.numbers[0]].start for each in equations if each.numbers)


# A name with that many numbers between belongs to something else.
_FAR = 100
_OUTRIGHT = ("label", "header", "key")


def _said_of(context: Context, fact: Fact, number: NumberClaim, subject: Subject[Accelerator]) -> bool:
    """Whether a figure is said of the device: beside its name, or as a labelled line below it."""
    mention = subject.mention
    if mention.place.block == number.block or number.block in _cells_of(context, mention.place.table):
        return True
    return fact.how in _OUTRIGHT and mention.span.start < number.span.start


def _cells_of(context: Context, table: int) -> frozenset[int]:
    return frozenset(cell for row in context.document.tables[table].rows for cell in row) if table >= 0 else frozenset()


def _another_number_between(context: Context, number: NumberClaim, subject: Subject[Accelerator]) -> bool:
    """In "80 GB HBM3, and 141 GB on the H200" the name belongs to the nearer number."""
    unit = number.quantity.unit if number.quantity else None
    low, high = sorted((number.span.start, subject.mention.span.start))
    if subject.mention.place.block != number.block or unit is None:
        return False
    numbers = context.claims.numbers_in(number.block)
    first = bisect_right(numbers, low, key=lambda claim: claim.span.start)
    last = bisect_left(numbers, high, first, key=lambda claim: claim.span.start)
    if last - first > _FAR:
        return True
    others = (claim.quantity for claim in numbers[first:last])
    return any(q is not None and q.unit is not None and q.unit.hard == unit.hard for q in others)


def _one_of_several_runs(context: Context, fact: Fact, subject: Subject[Accelerator]) -> bool:
    """Whether the rows of a table are runs, by their degrees and rates or other values for the device: then it was measured."""
    if fact.place.table < 0:
        return False
    cells = context.document.tables[fact.place.table].rows[fact.place.row]
    described = fact.place.variant == f"t{fact.place.table}r{fact.place.row}"
    if described and any(other.kind.startswith(_OF_A_RUN) for cell in cells for other in context.facts.in_block(cell)):
        return True
    named = subject.mention.place
    if not described and (named.table, named.row) != (fact.place.table, fact.place.row):
        return False  # the device stands above the column or outside the table
    for other in context.facts.of_kind(fact.kind):
        if (other.place.table, other.place.column) != (fact.place.table, fact.place.column):
            continue
        if not other.interval.overlaps(fact.interval):
            its = device_at(context, other.place, other.span.start)
            if its is not None and its.entries == subject.entries:
                return True
    return False


def _claim(context: Context, fact: Fact, number: NumberClaim, what: str, named: tuple[Accelerator, ...]) -> _Claim | None:
    devices = family(named)
    words = words_of(context, number)
    if what == "link bandwidth":
        nvlink = "nvlink" in words
        if nvlink and not any(d.link.startswith("NVLink") for d in named):
            return None  # a bridge that data sheets give to cards of a bus
        devices = tuple(d for d in devices if not nvlink or d.link.startswith("NVLink"))
    if what != "peak":
        return _Claim(fact, number, what, words, frozenset(), tuple(figures(devices, what)))
    block = context.document.blocks[number.block]
    text = words + " " + (row_text(context, number.block) if block.cell else "")
    precisions = precisions_in(text) or (frozenset() if block.cell else precisions_in(number.sentence_text))
    sparse = sparse_in(text) or sparse_in(number.sentence_text)
    only_dense = dense_in(text) and not sparse
    if any("RTX" in device.name for device in devices):
        return None  # consumer cards: vector, tensor and half-accumulate rates are all quoted
    known = tuple(peaks(devices, precisions, sparse=not only_dense))
    if "fp16" in precisions or "bf16" in precisions:
        known += tuple(vector_rates(devices))
    return _Claim(fact, number, what, text, precisions, known) if known else None


def _judge(rule: Rule, context: Context, claim: _Claim, subject: Subject[Accelerator]) -> Iterator[Verdict]:
    interval, fact = claim.fact.interval, claim.fact
    if not claim.admissible:
        return
    fit = fitting(interval, claim.admissible)
    if fit is not None:
        if (count := _node_of(context, claim)) and claim.what == "peak" and interval.middle < 1.5 * fit.value:
            yield _node_figure(rule, context, claim, subject, fit, count)
            return
        yield Verdict(rule.name, Status.VERIFIED, (fact.claim,), (), f"{fit.what} of {fit.device}: {_text(fit.value, claim)}")
        return
    if _may_be_another(context, claim, subject):
        return
    confused = "b" in fact.unit and fitting(interval.scaled(_BITS), claim.admissible, 0.03) is not None
    if not confused and not _said_of(context, fact, claim.number, subject):
        return
    nearest = _data_sheet(min(claim.admissible, key=lambda figure: abs(figure.value / interval.middle - 1)), claim.admissible)
    bits = fitting(interval.scaled(_BITS), claim.admissible, 0.03) if "b" in fact.unit else None
    mistaken = None if bits else whose(interval, subject.entries, claim.what, claim.precisions)
    shown = _text(nearest.value, claim)
    name = _name(claim, nearest)
    message = f"claims {fact.text} {name} for {subject.mention.text}; the catalog has {shown}"
    if bits is not None:
        shown = amount_text(bits.value, "bandwidth")
        message = f"claims {fact.text} {_name(claim, bits)} for {subject.mention.text}; the catalog has {shown}"
        message += " (bits and bytes are confused)"
    elif mistaken is not None:
        own = any(entry.name == mistaken.device for entry in subject.entries)
        message += f" ({fact.text} is its {mistaken.what})" if own else f" ({fact.text} is the {mistaken.what} of {mistaken.device})"
    yield _contradicted(rule, context, claim, subject, message, nearest)


def _data_sheet(chosen: Figure, candidates: tuple[Figure, ...]) -> Figure:
    """The first value that the catalog lists for a figure: the others are roundings of it."""
    return next(figure for figure in candidates if (figure.device, figure.what) == (chosen.device, chosen.what))


_BITS = 8.0


def _name(claim: _Claim, nearest: Figure) -> str:
    if claim.what == "peak":
        return nearest.what if claim.precisions else "peak"
    return nearest.what.partition(" ")[0] if claim.what == "link bandwidth" else claim.what


def _may_be_another(context: Context, claim: _Claim, subject: Subject[Accelerator]) -> bool:
    """Whether the figure is of several devices, of a part of one, or of a peak nobody named."""
    interval = claim.fact.interval
    label, column = headers(context, claim.number.block)
    shared = bool(_SHARED.search(" ".join((claim.number.lead, claim.number.clause, claim.number.label, label, column))))
    if claim.fact.scope != "gpu" or claim.what == "memory":
        count = multiple_of(interval, claim.admissible, 2 if claim.what in ("memory", "peak") else 4)
        plain_double = count == 2 and claim.what == "peak" and bool(claim.precisions) and dense_in(claim.words)
        if shared or (count and not plain_double):
            return True
    if claim.what == "memory" and interval.middle < min(f.value for f in claim.admissible):
        # less than the card has may be what a tool leaves, or another build
        return fitting(interval, _others(claim, subject), 0.02) is None
    if claim.what == "memory bandwidth" or claim.precisions:
        return claim.what == "peak" and interval.middle < 0.9 * min(f.value for f in claim.admissible) and _no_peak_word(claim)
    return claim.what == "peak" and _no_peak_word(claim)


def _others(claim: _Claim, subject: Subject[Accelerator]) -> Iterator[Figure]:
    from stratlint.facts.mentions import accelerators

    yield from figures((device for device in accelerators() if device not in subject.entries), claim.what)


def _no_peak_word(claim: _Claim) -> bool:
    return not re.search(r"(?i)\bpeak|\bdense\b|算力|datasheet|data sheet|\bspec", claim.words)


def _node_of(context: Context, claim: _Claim) -> int:
    """GPUs of the node that the sentence speaks of, 0 when it speaks of a single device."""
    sentence = claim.number.sentence_text
    before = sentence[: max(claim.number.start - _sentence_start(context, claim.number), 0)]
    matches = list(_NODE_SUBJECT.finditer(before))
    if (
        not matches
        or claim.fact.scope == "gpu"
        or _ONE_GPU.search(sentence)
        or re.search(r"(?i)\d\s*[×x*·]|\beach with\b|\bof which\b", sentence)
    ):
        return 0
    return int(matches[-1][1] or matches[-1][2] or 0)


def _sentence_start(context: Context, number: NumberClaim) -> int:
    statement = context.claims.statement(number.block, number.sentence)
    return statement.start if statement is not None else 0


def _node_figure(rule: Rule, context: Context, claim: _Claim, subject: Subject[Accelerator], fit: Figure, count: int) -> Verdict:
    total = _text(fit.value * count, claim)
    message = (
        f"claims {claim.fact.text} for a node of {count} GPUs; that is the {fit.what} of one {subject.mention.text}, "
        f"{count} × {_text(fit.value, claim)} = {total}"
    )
    return _contradicted(rule, context, claim, subject, message, Figure(fit.device, fit.what, fit.value * count, fit.source))


def _text(value: float, claim: _Claim) -> str:
    unit = claim.fact.unit
    return amount_text(value, _MEASURE[claim.what], unit if "i" not in unit else "")


def _contradicted(rule: Rule, context: Context, claim: _Claim, subject: Subject[Accelerator], message: str, figure: Figure) -> Verdict:
    fact = claim.fact
    # Special builds with less memory exist for single customers.
    unlikely = claim.what == "memory" and fact.interval.middle < figure.value
    severity = Severity.WARNING if unlikely else rule.severity
    status = Status.IMPLAUSIBLE if unlikely else Status.CONTRADICTED
    related = [subject.location(context), *catalog_locations(claim.admissible[:4])]
    return Verdict(
        rule.name,
        status,
        (fact.claim,),
        (),
        f"{figure.what} of {figure.device}: {_text(figure.value, claim)}",
        finding(
            rule,
            context,
            message,
            context.fact_location(fact, "claim"),
            block=fact.place.block,
            severity=severity,
            claimed=fact.text,
            computed=_text(figure.value, claim),
            formula=f"{figure.device}: {figure.what} = {_text(figure.value, claim)}",
            related=related,
            root=f"{rule.name}:{fact.span.start}",
        ),
    )


def catalog_locations(candidates: tuple[Figure, ...]) -> list[Location]:
    """Catalog figures as evidence; they stand in no document."""
    measures = {"memory": "bytes", "memory bandwidth": "bandwidth"}
    out = []
    for figure in candidates:
        measure = measures.get(figure.what, "speed" if "peak" in figure.what else "bandwidth")
        text = f"{figure.device}: {figure.what} {amount_text(figure.value, measure)} (catalog; {figure.source})"
        out.append(Location("", 0, 0, 0, 0, 0, 0, "catalog", text))
    return out


def check_above_peak(rule: Rule, context: Context) -> Iterator[Verdict]:
    """No executed rate of one device exceeds the dense peak of the precision it is stated in."""
    for number in context.claims.numbers:
        interval = amount(number, "speed")
        if interval is None or not 1e13 <= interval.middle <= 5e16 or number.equation >= 0 or not asserted(context, number):
            continue
        if context.document.blocks[number.block].kind is BlockKind.CODE:
            continue
        text = around(context, number)
        words = words_of(context, number)
        if not _ACHIEVED.search(words) or not _ONE_GPU.search(text) or _NOT_EXECUTED.search(text) or _ON_MANY.search(text):
            continue
        verdict = _above(rule, context, number, interval, text)
        if verdict is not None:
            yield verdict


def _above(rule: Rule, context: Context, number: NumberClaim, interval: Interval, text: str) -> Verdict | None:
    from stratlint.rules.checks.passages import place_of_claim

    subject = device_at(context, place_of_claim(context, number), number.span.start)
    if subject is None:
        return None
    stated = precisions_in(words_of(context, number)) or precisions_in(text)
    limits = tuple(peaks(subject.entries, stated, sparse=not stated))
    if not limits:
        return None
    limit = max(limits, key=lambda figure: figure.value)
    if interval.low <= limit.value * (1 + TOLERANCE / 2):
        return Verdict(rule.name, Status.CONSISTENT, (number.index,), (), f"below the {limit.what} of {limit.device}")
    limit = _data_sheet(limit, limits)
    shown = amount_text(limit.value, "speed", number.quantity.unit_text if number.quantity else "")
    printed = number.text.split(" per ")[0]
    message = f"claims {printed} reached on one {subject.mention.text}; its {limit.what} is {shown}"
    return Verdict(
        rule.name,
        Status.CONTRADICTED,
        (number.index,),
        (),
        f"{printed} ≤ {shown}",
        finding(
            rule,
            context,
            message,
            context.location(number.span, "claim"),
            block=number.block,
            claimed=printed,
            computed=f"≤ {shown}",
            formula=f"{printed} ≤ {shown}",
            related=[subject.location(context), *catalog_locations((limit,))],
            root=f"{rule.name}:{number.span.start}",
        ),
    )
