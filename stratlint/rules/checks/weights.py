"""Bytes that follow from parameters: weights at a stated precision, and the state that training has to hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratlint.claims.claim import EquationClaim, NumberClaim
from stratlint.claims.equation import Operand, computes, operands
from stratlint.claims.interval import Interval
from stratlint.claims.syntax import Quantity
from stratlint.document import BlockKind, Span
from stratlint.facts.fact import Fact
from stratlint.physics.precision import bytes_per_element
from stratlint.rules.checks.catalog import precisions_in
from stratlint.rules.checks.passages import Passage, amount, asserted, nominal, own_words, passages, plain
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import Severity, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import agree, most_precise
from stratlint.rules.rule import Rule

_LEAST_PARAMETERS = 1e8
_TOLERANCE = 0.08
_BINARY = 2**30 / 1e9
_PARTS = Pattern(
    r"(?i)\b(?:per|each|every|gpus?|cards?|nodes?|rank|shard\w*|optimi[sz]er\w*|adam\w*|"
    r"moments?|momentum|gradients?|training|train|state|"
    r"activations?|kv|cache|peak|total memory|overhead|plus|including|experts?|active|"
    r"activated|embedding\w*|lora|adapter\w*|layers?|"
    r"attention|fits?|vram|throughput|traffic|tokens?|delta|saves?|sav\w+|reduc\w+|halv\w+|"
    r"instead|from|down|original\w*|mixed|non-\w+)\b|[/÷→]"
)
# "below 4 B parameters" is no model's count.
_THRESHOLD = Pattern(
    r"(?i)(?:\b(?:below|above|under|over|beyond|up to|at (?:least|most)|(?:less|more|fewer|larger|smaller) than)|[<>≤≥])\s*[~≈]?\s*$"
)
_TURNS = Pattern(
    r"(?i)\b(?:turns?|into|is|are|takes?|needs?|requires?|occup\w+|weighs?|come[s]? to|"
    r"amounts?|at|in|means?|=|gives?|makes?)\b|[=:≈]"
)


def check_weights_at_precision(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A sentence that says "in BF16 the 24 B parameters take 96 GB": one precision, one count, one size."""
    for passage in passages(context):
        found = _count_and_size(context, passage)
        if found is None:
            continue
        count, size, precision = found
        parameters, stated = plain(count), amount(size, "bytes")
        assert parameters is not None and stated is not None
        readings = [parameters.scaled(each) for each in bytes_per_element(precision)]
        slack = _NOMINAL if _nominal_size(count) else _TOLERANCE
        fits = any(_near(stated, reading.scaled(unit), slack) for reading in readings for unit in (1.0, 1 / _BINARY, _BINARY))
        formula = f"{_count_text(count)} × {bytes_per_element(precision)[0]:g} bytes ({precision.upper()})"
        computed = amount_text(nominal(count, parameters) * bytes_per_element(precision)[0], "bytes", "GB")
        if fits:
            yield Verdict(rule.name, Status.CONSISTENT, (size.index,), (count.index,), f"{formula} = {computed}")
            continue
        message = f"claims {size.text.strip()} for the weights, but {formula} = {computed}"
        yield Verdict(
            rule.name,
            Status.CONTRADICTED,
            (size.index,),
            (count.index,),
            f"{formula} = {computed}",
            finding(
                rule,
                context,
                message,
                context.location(size.span, "claim"),
                block=size.block,
                claimed=size.text.strip(),
                computed=computed,
                formula=f"{formula} = {computed}",
                related=[context.location(count.span, "parameters")],
                root=f"{rule.name}:{size.span.start}",
            ),
        )


def _near(one: Interval, two: Interval, slack: float = _TOLERANCE) -> bool:
    return one.low <= two.high * (1 + slack) and one.high >= two.low * (1 - slack)


# "The 7B model" is a name as much as a count: Gemma's has 8.5 B.
_NOMINAL = 0.3


def _nominal_size(count: NumberClaim) -> bool:
    """Whether the count stands in what a model is called by its size: "the 70B model"."""
    return re.match(r"(?i)(?:dense )?models?\b", count.noun) is not None


def _count_text(count: NumberClaim) -> str:
    quantity = count.quantity
    return (
        count.text.strip()
        if quantity is None
        else f"{quantity.number.value:g}{' ' + quantity.magnitude_text if quantity.magnitude_text else ''}"
    )


def _is_size(size: Quantity) -> bool:
    """Whether an amount can be that of weights: "4-bit" is the width of one."""
    return size.unit is not None and size.interval(size.unit.factor).high >= _LEAST_BYTES


_LEAST_BYTES = 1e6


def _count_and_size(context: Context, passage: Passage) -> tuple[NumberClaim, NumberClaim, str] | None:
    """The count, the size and the precision of a sentence that has exactly one of each and speaks of whole weights."""
    text = passage.text
    precisions = precisions_in(text)
    block = context.document.blocks[passage.statement.block]
    if len(precisions) != 1 or block.cell is not None or block.kind is BlockKind.CODE or not _TURNS.search(text):
        return None
    counts = [
        n
        for n in passage.numbers
        if n.quantity
        and (
            re.match(r"(?i)(?:model )?(?:parameters?|params?|weights)\b", n.noun)
            or (_nominal_size(n) and n.quantity.magnitude == 1e9 and re.search(r"(?i)\bweights\b", text))
        )
    ]
    sizes = [n for n in passage.numbers if amount(n, "bytes") is not None and n not in counts]
    if len(counts) != 1 or len(sizes) != 1 or not own_words(context, counts[0]):
        return None
    count, size = counts[0], sizes[0]
    interval = plain(count)
    if _THRESHOLD.search(text[: count.start - passage.statement.start]) or size.quantity is None or not _is_size(size.quantity):
        return None
    if interval is None or interval.middle < _LEAST_PARAMETERS or context.claims.is_member(size.index):
        return None
    low, high = sorted((count.start, size.start))
    start = passage.statement.start
    between = passage.statement.text[low - start : high - start]
    clause = passage.statement.text[max(low - start - 40, 0) : high - start + 40]
    if _PARTS.search(clause) or re.search(r"[;.]", between[len(count.text) :]) or len(between) > 60:
        return None
    return count, size, next(iter(precisions))


# --- the serving format and the formula -----------------------------------------------------------------------------

_FORMAT_OF_WEIGHTS = Pattern(
    r"(?i)\b(?P<a>fp8|bf16|fp16|int8|int4|fp4|mxfp4|nvfp4)\w*\s+(?:model\s+)?(?:weights|"
    r"checkpoint|inference|serving)|"
    r"\bweights?(?:[ _-]?(?:dtype|precision|format))?\W{1,4}(?:are |is |in |stored |kept |"
    r"of )*(?P<b>fp8|bf16|fp16|int8|int4|fp4|mxfp4|nvfp4)"
)
_WEIGHT_WORDS = Pattern(r"(?i)\b(?:weights?|checkpoint|serving format|model size|model memory)\b")
_OTHER_USE = Pattern(
    r"(?i)\b(?:train\w*|optimi[sz]er|adam\w*|gradients?|master|moments?|fine-?tun\w*|"
    r"dequanti\w+|unquanti\w+|originally|upcast\w*|"
    r"baseline|before|reference|unoptimi[sz]ed|full precision|compar\w+|versus|vs)\b"
)


def check_serving_format(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Weights counted with two bytes a parameter on a page that stores them in one format of another size."""
    formats = _weight_formats(context)
    if len(formats) != 1:
        return
    precision = next(iter(formats))
    allowed = bytes_per_element(precision)
    for claim in context.claims.equations:
        product = _parameters_times_bytes(claim)
        sentence, first = _sentence(context, claim)
        if product is None or first is None or not asserted(context, first):
            continue
        parameters, each, result = product
        if not _WEIGHT_WORDS.search(sentence) or _OTHER_USE.search(sentence) or precisions_in(sentence) - {precision}:
            continue
        if any(abs(each / value - 1) < _TOLERANCE for value in allowed):
            continue
        computed = amount_text(parameters.number.value * parameters.magnitude * allowed[0], "bytes", "GB")
        message = (
            f"counts the weights with {each:g} bytes a parameter, but the page stores them in {precision.upper()} "
            f"({allowed[0]:g} byte{'s' if allowed[0] != 1 else ''}): {computed}"
        )
        block = context.document.blocks[claim.block]
        place = context.location(block.source_span(result.start, result.end), "claim")
        target = tuple(i for i in claim.numbers if context.claims.numbers[i].start == result.start)
        yield Verdict(
            rule.name,
            Status.CONTRADICTED,
            target,
            (),
            message,
            finding(
                rule,
                context,
                message,
                place,
                block=claim.block,
                claimed=result.text.strip(),
                computed=computed,
                formula=f"{parameters.text.strip()} × {allowed[0]:g} = {computed}",
                related=[context.location(formats[precision], "format of the weights")],
                root=f"{rule.name}:{claim.span.start}",
            ),
        )


def _weight_formats(context: Context) -> dict[str, Span]:
    """The formats that the page says its weights are in, with the place of the first such statement."""
    out: dict[str, Span] = {}
    for statement in context.claims.statements:
        block = context.document.blocks[statement.block]
        if block.cell is not None or block.quote_depth:
            continue
        for match in _FORMAT_OF_WEIGHTS.finditer(statement.text):
            for precision in precisions_in(match[0]):
                out.setdefault(precision, block.source_span(statement.start + match.start(), statement.start + match.end()))
    return out


def _parameters_times_bytes(claim: EquationClaim) -> tuple[Quantity, float, Quantity] | None:
    """`353.4B × 2 B = 706.8 GB`: a count of parameters, bytes of each, a size."""
    if not isinstance(claim.equation.right, Operand) or not computes(claim.equation.left):
        return None
    factors = list(operands(claim.equation.left))
    result = claim.equation.right.quantity
    if len(factors) != 2 or result.unit is None or dict(result.unit.hard) != {"information": 1.0}:
        return None
    count, each = factors if factors[1].number.value <= 4 else reversed(factors)
    if count.number.value * count.magnitude < _LEAST_PARAMETERS or (count.unit is not None and count.unit.hard):
        return None
    small = each.number.value
    return (count, small, result) if small in (0.5, 1.0, 2.0, 4.0) and (each.magnitude == 1 or each.bytes_too) else None


def _sentence(context: Context, claim: EquationClaim) -> tuple[str, NumberClaim | None]:
    first = context.claims.numbers[claim.numbers[0]] if claim.numbers else None
    return ("" if first is None else first.sentence_text), first


# --- training state ---------------------------------------------------------------------------------------------------

_STATE = Pattern(
    r"(?i)\btraining state|\bfull state\b|\bmodel states?\b|\bstate for training|\bfull[- ](?:parameter|"
    r"model)?\s*(?:adam\w*|fine-?tun\w+|training)|"
    r"\btraining\b[^.;:]{0,40}\bwith adamw?\b[^.;:]{0,20}\b(?:needs?|requires?|takes?|uses?)\b|"
    r"\badamw? (?:fine-?tun\w+|training)|\btraining memory|训练状态"
)
_ONLY_PART = Pattern(
    r"(?i)\b(?:lora|qlora|peft|adapters?|frozen|inference|serving|8-?bit|adafactor|sgd|lion|"
    r"offload\w*|master|moments?|gradients?|grads?|"
    r"optimi[sz]er|plus|additional|zero-?[123]?|muon|galore|weights (?:alone|only)|"
    r"just the weights|besides|on top)\b"
)
_LEAST_BYTES_OF_STATE = 6.0


def check_training_state(rule: Rule, context: Context) -> Iterator[Verdict]:
    """The state of full training with Adam is said to be the bytes of the weights alone."""
    yield from _state_in_words(rule, context)
    for claim in context.claims.equations:
        product = _parameters_times_bytes(claim)
        sentence, first = _sentence(context, claim)
        if product is None or first is None or not asserted(context, first):
            continue
        parameters, each, result = product
        if not _STATE.search(sentence) or _ONLY_PART.search(sentence) or each >= _LEAST_BYTES_OF_STATE:
            continue
        count = parameters.number.value * parameters.magnitude
        computed = amount_text(count * 16, "bytes", "GB")
        message = (
            f"holds {result.text.strip()} for training, {each:g} bytes a parameter; Adam keeps 16 to 20 "
            f"(weights, gradients, two moments, FP32 copy), with 8-bit moments at least {_LEAST_BYTES_OF_STATE:g}: "
            f"{computed} at 16"
        )
        block = context.document.blocks[claim.block]
        place = context.location(block.source_span(result.start, result.end), "claim")
        statement = context.statement_of(claim.block, claim.equation.start)
        related = [] if statement is None else [context.location(statement.span, "training state")]
        target = tuple(i for i in claim.numbers if context.claims.numbers[i].start == result.start)
        yield Verdict(
            rule.name,
            Status.CONTRADICTED,
            target,
            (),
            message,
            finding(
                rule,
                context,
                message,
                place,
                block=claim.block,
                claimed=result.text.strip(),
                computed=computed,
                formula=f"{parameters.text.strip()} × 16 bytes = {computed}",
                related=related,
                root=f"{rule.name}:{claim.span.start}",
            ),
        )


_FULL_TRAINING = Pattern(r"(?i)\b(?:train(?:s|ing)?|fine-?tun\w+)\b(?=.*\badamw?\b)|\badamw?\b(?=.*\b(?:train(?:s|ing)?|fine-?tun\w+)\b)")
_LESS_THAN_ALL = Pattern(
    r"(?i)\b(?:q?lora|peft|adapters?|frozen|inference|serving|8-?bit|4-?bit|adafactor|sgd|lion|muon|galore|offload\w*|zero(?:-[123])?|fsdp|shard\w*|"
    r"per|each|every|alone|only|just|plus|besides|top|extra|more|first|active|checkpoint\w*|saves?|saving|weights?|not|instead|than)\b|/"
)


def _state_in_words(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`Training the 13B model with AdamW takes 26 GB`: one count, one size, and the size holds two bytes of each."""
    for passage in passages(context):
        counts = [
            n
            for n in passage.numbers
            if n.quantity and n.quantity.magnitude == 1e9 and (_nominal_size(n) or re.match(r"(?i)param", n.noun))
        ]
        sizes = [n for n in passage.numbers if amount(n, "bytes") is not None and n not in counts]
        if len(counts) != 1 or len(sizes) != 1 or not _FULL_TRAINING.search(passage.text):
            continue
        without = passage.text.replace("weights, gradients and optimizer states", "").replace("weights, gradients and optimizer state", "")
        if _LESS_THAN_ALL.search(without) or not asserted(context, sizes[0]) or context.claims.is_member(sizes[0].index):
            continue
        parameters, stated = plain(counts[0]), amount(sizes[0], "bytes")
        assert stated is not None
        if parameters is None or not 0.4 * parameters.low <= stated.high < _LEAST_BYTES_OF_STATE * 0.9 * parameters.low:
            continue
        count, printed = parameters.middle, " ".join(sizes[0].text.split())
        computed = amount_text(nominal(counts[0], parameters) * 16, "bytes", "GB")
        message = (
            f"{printed} for training with Adam are {stated.middle / count:.2g} bytes a parameter; weights, gradients and two moments "
            f"take 16 to 20: {computed}"
        )
        yield Verdict(
            rule.name, Status.CONTRADICTED, (sizes[0].index,), (counts[0].index,), message,
            finding(
                rule, context, message, context.location(sizes[0].span, "claim"), block=sizes[0].block, claimed=printed, computed=computed,
                formula=f"{_count_text(counts[0])} × 16 bytes = {computed}", related=[context.location(counts[0].span, "parameters")],
                root=f"{rule.name}:{sizes[0].span.start}",
            ),
        )  # fmt: skip


_TRAINS = Pattern(
    r"(?i)\b(?:1f1b|gradient accumulation|backward pass|optimi[sz]er states?|adamw?|"
    r"pre-?training run|gradient all-?reduce)\b|梯度累积"
)
_SERVES = Pattern(r"(?i)\b(?:inference|serving|serve|decode|prefill|ttft|tpot|kv[- ]cache|lora|qlora|offload\w*|frozen|推理)\b")


_PER_GPU = Pattern(r"(?i)\b(?:per|each|every) (?:gpu|card|device)\b")


def check_training_memory(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A page that trains plans less memory per GPU than the state of its model spread over all its GPUs."""
    text = context.document.text
    signal = _TRAINS.search(text)
    if signal is None or _SERVES.search(text):
        return
    parameters, gpus = _only(context, "model.parameters"), _only(context, "cluster.gpus")
    if parameters is None or gpus is None or parameters.interval.middle < _LEAST_PARAMETERS:
        return
    needed = parameters.interval.scaled(16.0) / gpus.interval
    for fact in context.facts.of_kind("memory.used"):
        number = context.number(fact)
        per_gpu = fact.scope == "gpu" or (number is not None and _PER_GPU.search(number.sentence_text))
        if not per_gpu or fact.modality != "asserted" or fact.measure != "bytes" or fact.interval.high >= 0.6 * needed.low:
            continue
        computed = amount_text(_nominal(context, parameters) * 16 / _nominal(context, gpus), "bytes", fact.unit)
        message = (
            f"plans {fact.text.removesuffix(' per GPU')} per GPU, but the page trains (`{signal[0]}`): "
            f"{parameters.text} × 16 bytes / {gpus.text} = {computed} "
            "per GPU for weights, gradients and Adam"
        )
        yield Verdict(
            rule.name,
            Status.IMPLAUSIBLE,
            (fact.claim,),
            (parameters.claim, gpus.claim),
            message,
            finding(
                rule,
                context,
                message,
                context.fact_location(fact, "claim"),
                block=fact.place.block,
                severity=Severity.WARNING,
                claimed=fact.text,
                computed=computed,
                formula=f"{parameters.text} × 16 / {gpus.text} = {computed}",
                related=[context.fact_location(parameters, "parameters"), context.fact_location(gpus, "GPUs")],
                root=f"{rule.name}:{fact.span.start}",
            ),
        )
        return


def _nominal(context: Context, fact: Fact) -> float:
    number = context.number(fact)
    return fact.interval.middle if number is None else nominal(number, fact.interval)


def _only(context: Context, kind: str) -> Fact | None:
    facts = [fact for fact in context.facts.of_kind(kind) if fact.modality == "asserted" and fact.scope in ("", "total")]
    return most_precise(facts) if facts and agree(facts) else None
