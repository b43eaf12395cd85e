"""What replicas and stages do not do: copies share no weights, stages share no tokens, one GPU is not all of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stratlint.claims.claim import EquationClaim, NumberClaim
from stratlint.claims.equation import Expression, Operand, Operation, operands
from stratlint.claims.syntax import Quantity
from stratlint.facts.fact import Fact
from stratlint.rules.checks.passages import OF_EACH_GPU, amount
from stratlint.rules.checks.worlds import stated_together
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

# Under any of these the replicas do share: a shard of the weights lives on every data-parallel rank.
_SHARDED = Pattern(
    r"(?i)(?-i:\bZeRO\b)|\bzero[\s-]?(?:[123]\b|stage|optimi[sz])|\bh?fsdp\d?\b|fully[\s-]sharded|offload|distributed[\s-]optimi[sz]er|parameter[\s-]server|"
    r"weight[\s-]stream|sharded data[\s-]parallel|\bsdp\b"
)
_WEIGHTS = Pattern(r"(?i)\b(?:weights?|param(?:eter)?s?|model (?:size|memory))\b|权重|参数")
_OTHER_BYTES = Pattern(r"(?i)\b(?:activations?|kv|cache|optimi[sz]er|gradients?|adam|batch|tokens?)\b|激活|缓存|梯度")
_CUTTING = ("tp", "pp", "ep")
_STAGES = Pattern(r"(?i)^[\s-]*(?:pipeline |pp )?(?:stages?\b|pp\b)")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a finding says: the message, the computation in one line, its value, and the value that was claimed."""

    message: str
    formula: str
    computed: str
    claimed: str


def check_weights_over_replicas(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`weights ÷ GPUs` where the GPUs count data-parallel replicas: weights are cut by TP, PP and EP only."""
    if _SHARDED.search(context.document.text):
        return
    filled = _by_ranks(context)
    for claim in context.claims.equations:
        division = None if claim.quoted else _division(claim)
        if division is None:
            yield from _divided_by_copies(rule, context, claim)
            continue
        whole, divisor, share = division
        number = next((each for each in _numbers(context, claim) if each.quantity == whole), None)
        degrees = _degrees(filled.get(divisor, ()), divisor)
        if number is None or degrees is None or not (_is_weights(context, number) or _gives_weights(context, claim, share)):
            continue
        shards, replicas = _shards(degrees), int(degrees["dp"].interval.low)
        cut = " × ".join(f"{name.upper()}{int(degrees[name].interval.low)}" for name in _CUTTING if name in degrees)
        factor = whole.unit.factor if whole.unit else 1.0
        computed = amount_text(whole.number.value * whole.magnitude * factor / shards, "bytes")
        formula = f"{number.text.strip()} ÷ ({cut} = {shards:,}) = {computed}"
        message = f"divides the weights by {divisor:,}, but each of the {replicas} data-parallel replicas holds a copy: {formula} per GPU"
        places = [context.fact_location(fact, name.upper()) for name, fact in degrees.items()]
        yield _contradicted(rule, context, claim, _Said(message, formula, computed, share.text), places)


def _divided_by_copies(rule: Rule, context: Context, claim: EquationClaim) -> Iterator[Verdict]:
    """`70B × 2 bytes / (8 TP × 4 DP) = 4.4 GB`: the divisor itself names the copies."""
    left, right = claim.equation.left, claim.equation.right
    if (
        claim.quoted
        or not isinstance(left, Operation)
        or left.operator != "/"
        or not isinstance(right, Operand)
        or not _in_bytes(right.quantity)
    ):
        return
    divisor, below = _count(left.right), tuple(operands(left.right))
    numbers = tuple(_numbers(context, claim))
    copies = [
        fact for number in numbers if number.quantity in below
        for fact in context.facts.of_claim(number.index) if fact.kind == "parallel.dp" and fact.interval.low > 1
    ]  # fmt: skip
    result = next((number for number in numbers if number.quantity == right.quantity), None)
    if divisor is None or len(copies) != 1 or result is None or not _is_weights(context, result):
        return
    replicas = int(copies[0].interval.low)
    if divisor % replicas:
        return
    share = right.quantity
    factor = share.unit.factor if share.unit else 1.0
    computed = amount_text(share.number.value * share.magnitude * factor * replicas, "bytes")
    formula = f"{result.text.strip()} × {replicas} = {computed}"
    message = f"divides the weights by DP = {replicas} as well, but each data-parallel replica holds a copy: {formula} per GPU"
    yield _contradicted(
        rule, context, claim, _Said(message, formula, computed, right.quantity.text), [context.fact_location(copies[0], "DP")]
    )


def _division(claim: EquationClaim) -> tuple[Quantity, int, Quantity] | None:
    """Dividend in bytes, whole divisor and the share of a claim `60 GB ÷ 32 = 1.9 GB`."""
    left, right = claim.equation.left, claim.equation.right
    if not isinstance(left, Operation) or left.operator != "/" or not isinstance(left.left, Operand):
        return None
    divisor = _count(left.right)
    if not isinstance(right, Operand) or divisor is None or not (_in_bytes(right.quantity) and _in_bytes(left.left.quantity)):
        return None
    return left.left.quantity, divisor, right.quantity


def _in_bytes(quantity: Quantity) -> bool:
    return quantity.unit is not None and quantity.unit.hard == (("information", 1.0),)


def _count(expression: Expression) -> int | None:
    """The product of whole numbers without a unit of their own, or of devices."""
    product = 1
    for quantity in operands(expression):
        if not quantity.number.integer or (quantity.unit is not None and quantity.unit.hard):
            return None
        product *= int(quantity.number.value * quantity.magnitude)
    only = isinstance(expression, Operand) or expression.operator == "×"
    return product if only and product > 1 else None


def _numbers(context: Context, claim: EquationClaim) -> Iterator[NumberClaim]:
    return (context.claims.numbers[index] for index in claim.numbers)


def _is_weights(context: Context, number: NumberClaim) -> bool:
    """Whether the dividend is the weights: its line says so, or the page gives that many bytes of weights."""
    words = f"{number.label} {number.clause}"
    if _OTHER_BYTES.search(words):
        return False
    if _WEIGHTS.search(words):
        return True
    stated = amount(number, "bytes")
    return stated is not None and any(
        fact.interval.overlaps(stated) for fact in context.facts.of_kind("memory.weights") if fact.scope in ("", "total")
    )


def _gives_weights(context: Context, claim: EquationClaim, share: Quantity) -> bool:
    """Whether the result is called weights: "Weights: 0.08 GB (20 GB / 256 GPUs)"."""
    results = (number for number in _numbers(context, claim) if number.quantity == share)
    return any(fact.kind == "memory.weights" for number in results for fact in context.facts.of_claim(number.index))


def _by_ranks(context: Context) -> Mapping[int, Sequence[Mapping[str, Fact]]]:
    """The layouts of the page by the ranks they fill: every degree an axis of its own, the experts folded in, or TP inside EP."""
    out: dict[int, list[Mapping[str, Fact]]] = {}
    for _, _, stated in stated_together(context):
        size = {name: int(fact.interval.low) for name, fact in stated.items()}
        dense = math.prod(value for name, value in size.items() if name in ("tp", "pp", "dp", "cp"))
        for ranks in {dense, dense * size.get("ep", 1)}:
            out.setdefault(ranks, []).append(stated)
        if size.get("ep", 1) % size.get("tp", 1) == 0 and size.get("ep", 1) > size.get("tp", 1) > 1:
            # the attention is cut inside the group of the experts, which then cut the weights
            without = {name: fact for name, fact in stated.items() if name != "tp"}
            out.setdefault(dense // size["tp"] * size["ep"], []).append(without)
    return out


# Among more layouts of one size nobody can say which is spoken of.
_MOST_LAYOUTS = 100


def _degrees(layouts: Sequence[Mapping[str, Fact]], ranks: int) -> Mapping[str, Fact] | None:
    """The degrees that fill *ranks* GPUs with replicas among them; of several layouts the one that cuts most."""
    if not layouts or len(layouts) > _MOST_LAYOUTS or any("dp" not in stated or _shards(stated) >= ranks for stated in layouts):
        return None
    return max(layouts, key=_shards)


def _shards(stated: Mapping[str, Fact]) -> int:
    """The most pieces that degrees cut the weights into."""
    return math.prod(int(stated[name].interval.low) for name in _CUTTING if name in stated)


def check_rate_of_stages(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`4 stages × 1,600 tokens/s = 6,400 tokens/s`: every token passes through all stages."""
    for claim in context.claims.equations:
        left, right = claim.equation.left, claim.equation.right
        if claim.quoted or not isinstance(left, Operation) or left.operator != "×" or not isinstance(right, Operand):
            continue
        factors = [number for number in _numbers(context, claim) if number.quantity in tuple(operands(left))]
        stages = [number for number in factors if _names_stages(context, number)]
        rates = [number for number in factors if number.quantity is not None and _is_rate(number.quantity)]
        if len(factors) != 2 or len(stages) != 1 or len(rates) != 1 or not _is_rate(right.quantity):
            continue
        rate = rates[0].text.strip()
        message = f"multiplies {rate} by {stages[0].text.strip()}, but every token passes all stages: together they deliver {rate}"
        said = _Said(message, f"stages in a row deliver {rate}", rate, right.quantity.text)
        yield _contradicted(rule, context, claim, said, [])


_COPIES = Pattern(
    r"(?i)\b(\d+)[\s-]*(?:way\s+)?(?:dp\b|data[\s-]parallel\w*|replicas?\b|gpus?\b)|\b(?:dp|data[\s-]parallel(?:ism)?)\s*[=:]?\s*(\d+)"
)
_OF_ONE = Pattern(r"(?i)^\s*(?:/|per[\s-])\s*gpu\b")


def check_rate_of_copies(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`With 4-way DP: 7.2 × 4 = 28.8 tokens/s per GPU`: replicas add up, but each GPU stays as fast as it was."""
    for claim in context.claims.equations:
        left, right = claim.equation.left, claim.equation.right
        if claim.quoted or not isinstance(left, Operation) or left.operator != "×" or not isinstance(right, Operand):
            continue
        result = next((number for number in _numbers(context, claim) if number.quantity == right.quantity), None)
        factors = [number for number in _numbers(context, claim) if number.quantity in tuple(operands(left))]
        if result is None or len(factors) != 2 or not _is_rate(right.quantity) or not _said_of_one(context, result):
            continue
        text = context.document.blocks[claim.block].text
        statement = context.claims.statement_at(claim.block, result.start)
        before = text[statement.start : min(number.start for number in factors)] if statement is not None else ""
        copies = {int(match[1] or match[2]) for match in _COPIES.finditer(before)}
        factor = next((number for number in factors if _whole(number) in copies), None)
        if factor is None or _whole(factor) < 2:
            continue
        single = next(number for number in factors if number is not factor)
        message = (
            f"multiplies the rate of a GPU by {factor.text.strip()} replicas, but gives the product per GPU: "
            f"each GPU keeps {single.text.strip()}"
        )
        said = _Said(
            message,
            f"{single.text.strip()} per GPU, {right.quantity.text.strip()} together",
            f"{single.text.strip()} per GPU",
            right.quantity.text,
        )
        yield _contradicted(rule, context, claim, said, [])


def _whole(number: NumberClaim) -> int:
    """A whole number, 0 for any other."""
    return int(number.quantity.number.value) if number.quantity is not None and number.quantity.number.integer else 0


def _said_of_one(context: Context, result: NumberClaim) -> bool:
    """Whether a result is per GPU, by its unit or the words after it."""
    unit = result.quantity.unit if result.quantity is not None else None
    if unit is not None and dict(unit.dimensions).get("device") == -1.0:
        return True
    return bool(_OF_ONE.match(context.document.blocks[result.block].text[result.end :]))


def _names_stages(context: Context, number: NumberClaim) -> bool:
    text = context.document.blocks[number.block].text
    digits = re.match(r"[\d,]+", number.text)
    return digits is not None and bool(_STAGES.match(text[number.start + digits.end() :]))


def _is_rate(quantity: Quantity) -> bool:
    """Tokens, sequences or requests over time."""
    dimensions = dict(quantity.unit.dimensions) if quantity.unit is not None else {}
    return dimensions.get("time") == -1.0 and any(dimensions.get(what) == 1.0 for what in ("token", "sequence", "request"))


_OF_ALL = Pattern(r"(?i)\b(?:system|cluster|aggregate[d]?|total|overall|combined|fleet|whole deployment)\b|集群|总吞吐")
_NOT_SAID = Pattern(r"(?i)\b(?:not|target|goal|required?|requirement|instead|wrong|should|must|only one|single-gpu|baseline)\b|n't\b")


def check_rate_of_one_and_all(rule: Rule, context: Context) -> Iterator[Verdict]:
    """ "30 tokens/ms per GPU … with 24 GPUs: 30 tokens/ms of the system": one of the two is wrong by the number of GPUs."""
    single: dict[tuple[int, str], NumberClaim] = {}
    for number in context.claims.numbers:
        if not _is_telling_rate(number) or _NOT_SAID.search(number.sentence_text):
            continue
        words = f"{number.label} {number.clause} {number.noun}"
        section = context.document.blocks[number.block].section
        key = (section, _printed(number))
        if OF_EACH_GPU.search(words):
            if not _OF_ALL.search(words):
                single.setdefault(key, number)
            continue
        gpus = _gpus(context, number)
        one = single.get(key)
        if one is None or gpus is None or not _OF_ALL.search(words):
            continue
        text = " ".join(number.text.split())
        count = int(gpus.quantity.number.value) if gpus.quantity is not None else 0
        message = f"{text} stands for {count:,} GPUs together and for each of them: one of the two is off by a factor of {count:,}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (number.index,), (one.index, gpus.index), f"{count:,} × {text} > {text}",
            finding(
                rule, context, message, context.location(number.span, "claim"), block=number.block, claimed=text,
                computed=f"{count:,} × {text}", formula=f"{count:,} GPUs × {text} per GPU > {text}",
                related=[context.location(one.span, "rate of each GPU"), context.location(gpus.span, "GPUs")],
                root=f"rate:{number.span.start}",
            ),
        )  # fmt: skip


def _printed(number: NumberClaim) -> str:
    """The digits and the unit, without a scope: "30-40 tokens/ms"."""
    return re.sub(r"(?i)\s*(?:per|/)\s*(?:gpu|card|device)s?$", "", " ".join(number.text.split())).lower()


def _is_telling_rate(number: NumberClaim) -> bool:
    """A rate of its own with two digits at least: single digits agree by chance."""
    quantity = number.quantity
    if quantity is None or number.operand or number.struck or number.quoted:
        return False
    return quantity.number.digits >= _TELLING and _is_rate(quantity)


_TELLING = 2


def _gpus(context: Context, number: NumberClaim) -> NumberClaim | None:
    """The number of GPUs, more than one, that the sentence of a number speaks of."""
    for other in context.claims.numbers_of(number.block, number.sentence):
        quantity = other.quantity
        if (
            quantity is not None
            and quantity.unit is not None
            and quantity.unit.dimensions == (("device", 1.0),)
            and quantity.number.value > 1
        ):
            return other
    return None


def _contradicted(rule: Rule, context: Context, claim: EquationClaim, said: _Said, places: list[Location]) -> Verdict:
    return Verdict(
        rule.name, Status.CONTRADICTED, claim.numbers, (), said.formula,
        finding(
            rule, context, said.message, context.location(claim.span, "claim"), block=claim.block, claimed=said.claimed,
            computed=said.computed, formula=said.formula, related=places, root=f"equation:{claim.span.start}",
        ),
    )  # fmt: skip


_REPLICAS_BEHIND = Pattern(r"(?i)^[\s-]*(?:model |data[\s-]parallel |dp )?(?:replicas?|copies|instances|dp)\b|^\s*个?副本")
_OF_A_REQUEST = Pattern(r"(?i)\b(?:latency|ttft|tpot|itl|response time|time to first token|per[\s-]request)\b|延迟|时延")
_SPREAD = Pattern(r"(?i)\b(?:amorti[sz]ed|throughput|effective|interval|between (?:requests|completions)|aggregate|rate|every)\b")


def check_latency_over_copies(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`120 ms ÷ 4 replicas = 30 ms`: a request runs on one replica and waits as long as before."""
    for claim in context.claims.equations:
        left, right = claim.equation.left, claim.equation.right
        if (
            claim.quoted
            or not isinstance(left, Operation)
            or left.operator != "/"
            or not isinstance(left.left, Operand)
            or not isinstance(right, Operand)
        ):
            continue
        copies, latency = _count(left.right), left.left.quantity
        if copies is None or copies < 2 or not (_in_time(latency) and _in_time(right.quantity)) or not isinstance(left.right, Operand):
            continue
        text = context.document.blocks[claim.block].text
        number = next((each for each in _numbers(context, claim) if each.quantity == latency), None)
        if number is None or not _REPLICAS_BEHIND.search(text[left.right.quantity.number_end : left.right.quantity.number_end + 40]):
            continue
        if not _OF_A_REQUEST.search(number.sentence_text) or _SPREAD.search(number.sentence_text):
            continue
        message = (
            f"divides a latency by {copies:,} replicas: a request runs on one of them and still takes "
            f"{latency.text.strip()}; replicas add throughput"
        )
        yield _contradicted(
            rule, context, claim, _Said(message, f"{latency.text.strip()} on each replica", latency.text.strip(), right.quantity.text), []
        )


def _in_time(quantity: Quantity) -> bool:
    return quantity.unit is not None and quantity.unit.hard == (("time", 1.0),)
