"""The KV cache of a token, counted with the query heads of a model whose keys and values are shared between them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from stratlint.claims.claim import EquationClaim, NumberClaim
from stratlint.claims.equation import Expression, Operand, Operation, operands
from stratlint.facts.fact import Fact, FactSet
from stratlint.rules.checks.passages import asserted, headers, place_of_claim
from stratlint.rules.checks.subjects import model_at
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import agree, most_precise
from stratlint.rules.rule import Rule

_CACHE = Pattern(r"(?i)\bkv\b|\bkv-?cache|\bcache\b|缓存")
_TOKEN = Pattern(r"(?i)\btokens?\b|每 ?token")
_AWARE = Pattern(
    r"(?i)\bquery heads?|\bmha\b|\bgqa\b|\bwithout\b|\bbefore\b|\bv1\b|\bold\b|\bworst case|"
    r"\bfull heads|\bexpand\w*"
)
_EXACT = 1e-6
_BYTES = (0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the cache depends on, and where it is said."""

    layers: float
    heads: float
    kv_heads: float
    head_dim: float
    evidence: Location


def check_cache_heads(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`2 × 32 layers × 32 heads × 128 × 2 B` per token for a model with 8 KV heads."""
    for claim in context.claims.equations:
        if not claim.numbers or not isinstance(claim.equation.right, Operand):
            continue
        first = context.claims.numbers[claim.numbers[0]]
        factors = _factors(claim.equation.left)
        if factors is None or len(factors) < 3 or not asserted(context, first) or not _of_a_cache(context, first):
            continue
        shape = _shape(context, first)
        if shape is None or shape.kv_heads >= shape.heads:
            continue
        verdict = _judge(rule, context, claim, factors, shape)
        if verdict is not None:
            yield verdict


def _factors(expression: Expression) -> list[float] | None:
    """The factors of a plain product, None for anything else."""
    if isinstance(expression, Operand):
        quantity = expression.quantity
        value = quantity.number.value
        return [value if quantity.bytes_too else value * quantity.magnitude]
    assert isinstance(expression, Operation)
    if expression.operator != "×":
        return None
    left, right = _factors(expression.left), _factors(expression.right)
    return None if left is None or right is None else [*left, *right]


def _of_a_cache(context: Context, number: NumberClaim) -> bool:
    label, column = headers(context, number.block)
    near = " ".join((number.sentence_text, label, column))
    text = " ".join((near, *context.section_path(number.block)[-1:]))
    return bool(_CACHE.search(text)) and bool(_TOKEN.search(near)) and not _AWARE.search(near)


def _shape(context: Context, number: NumberClaim) -> _Shape | None:
    """The shape of the named model, else what the page says of its one model."""
    subject = model_at(context, place_of_claim(context, number), number.span.start)
    if subject is not None:
        shapes = {
            (m.architecture.layers, m.architecture.heads, m.architecture.kv_heads, m.architecture.head_dim)
            for m in subject.entries
            if m.architecture.latent is None
        }
        if len(shapes) == 1 and all(m.architecture.latent is None for m in subject.entries):
            layers, heads, kv_heads, head_dim = shapes.pop()
            name = subject.entries[0].name
            text = f"{name}: {heads} query heads, {kv_heads} KV heads of {head_dim}, {layers} layers (catalog)"
            return _Shape(layers, heads, kv_heads, head_dim, Location("", 0, 0, 0, 0, 0, 0, "catalog", text))
        return None
    stated = [_only(context.facts, kind) for kind in ("model.layers", "model.heads", "model.kv_heads", "model.head_dim")]
    present = [fact for fact in stated if fact is not None]
    if len(present) < len(stated):
        return None
    sizes = [fact.interval.low for fact in present]
    return _Shape(sizes[0], sizes[1], sizes[2], sizes[3], context.fact_location(present[2], "KV heads"))


@lru_cache(maxsize=16)
def _only(page: FactSet, kind: str) -> Fact | None:
    """What the page states of a kind, when it states one thing only."""
    found = [f for f in page.of_kind(kind) if f.modality == "asserted" and f.scope in ("", "total") and f.interval.exact]
    return most_precise(found) if found and agree(found) else None


def _judge(rule: Rule, context: Context, claim: EquationClaim, factors: list[float], shape: _Shape) -> Verdict | None:
    product = math.prod(factors)
    right = [2 * shape.layers * shape.kv_heads * shape.head_dim * size for size in _BYTES]
    if shape.layers in factors and shape.kv_heads in factors and any(abs(product / value - 1) < _EXACT for value in right):
        return Verdict(rule.name, Status.CONSISTENT, claim.numbers[-1:], claim.numbers[:-1], f"{shape.kv_heads:g} KV heads")
    by_heads = _without(factors, shape.layers, shape.heads, shape.head_dim)
    rest = by_heads if by_heads is not None else _without(factors, shape.layers, shape.heads * shape.head_dim)
    if rest is None or shape.kv_heads in rest:
        return None
    for size in _BYTES:
        if abs(math.prod(rest) / (2 * size) - 1) > _EXACT:
            continue
        correct = 2 * shape.layers * shape.kv_heads * shape.head_dim * size
        printed = next(operands(claim.equation.right)).text.strip()
        binary = "i" in printed
        computed = f"{correct / 1024:g} KiB" if binary else amount_text(correct, "bytes")
        formula = f"2 × {shape.layers:g} × {shape.kv_heads:g} × {shape.head_dim:g} × {size:g} B = {computed}"
        message = (
            f"claims {printed} of cache per token with {shape.heads:g} query heads; the model keeps {shape.kv_heads:g} KV heads: {formula}"
        )
        block = context.document.blocks[claim.block]
        result = next(operands(claim.equation.right))
        place = context.location(block.source_span(result.start, result.end), "claim")
        return Verdict(
            rule.name,
            Status.CONTRADICTED,
            claim.numbers[-1:],
            claim.numbers[:-1],
            formula,
            finding(
                rule,
                context,
                message,
                place,
                block=claim.block,
                claimed=printed,
                computed=computed,
                formula=formula,
                related=[context.location(claim.span, "computation"), shape.evidence],
                root=f"{rule.name}:{claim.span.start}",
            ),
        )
    return None


def _without(factors: list[float], *used: float) -> list[float] | None:
    """*factors* less *used*, each once; None when one is missing."""
    rest = list(factors)
    for value in used:
        if value not in rest:
            return None
        rest.remove(value)
    return rest
