"""Architecture figures of a named model against the catalog."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.document import BlockKind, Span
from stratlint.facts.fact import FactSet, Mention
from stratlint.physics.catalog import Model
from stratlint.physics.parameters import active_parameters
from stratlint.rules.checks.passages import (
    DOUBTED,
    Passage,
    asserted,
    beside_a_title,
    headers,
    passages,
    place_of_claim,
    plain,
    words_of,
)
from stratlint.rules.checks.subjects import Subject, model_at
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_SIZE_TOLERANCE = 0.10
# Words that make a number something other than a figure of the whole model.
_NOT_THE_MODEL = Pattern(
    r"(?i)\b(?:per (?:gpu|rank|stage|device|node|chip|group|card|tp)|each (?:gpu|rank|stage|"
    r"device|node|chip|group|card)|stages?|draft|mtp|"
    r"shard\w*|slots?|redundan\w+|replica\w*|padded|local|ranks?|pruned|reduced|scaled|toy|proxy|tiny|"
    r"smaller|larger|custom|modified|variant|merged|lora|adapter|trainable|fine-?tun\w+|"
    r"vision|encoder|audio|embedding model|split|"
    r"shared|combinations?|alternat\w+|moe layers|estimated|assum\w+|presumably|layers \d|"
    r"first|last|remaining|other|only|extra|additional|non-embedding|excluding|without|"
    r"embeddings?|attention param\w*|expert param\w*|"
    r"frozen|offload\w*|quanti[sz]ed to|skip\w*|exit\w*|compared|versus|vs|unlike|than|"
    r"speculat\w+|nextn|effective|sliding|window\w*|"
    r"global|linear|full[- ]attention|hybrid|dense layers|dense ffn|on (?:gpu|rank|stage)|"
    r"gpus? \d)\b|//|→|\bversion"
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the architecture: its name, its admissible values, and whether those are sizes in rounded figures."""

    name: str
    values: Callable[[Model], tuple[float, ...]]
    tolerance: float = 0.0
    least: float = 2.0


def _experts(model: Model) -> tuple[float, ...]:
    experts = model.architecture.experts
    if experts is None:
        return ()
    return (experts.experts, experts.experts + experts.shared_experts)


def _top_k(model: Model) -> tuple[float, ...]:
    experts = model.architecture.experts
    return () if experts is None else (experts.top_k, experts.top_k + experts.shared_experts)


def _layers(model: Model) -> tuple[float, ...]:
    shape = model.architecture
    return (shape.layers, shape.layers + 1, shape.moe_layers or shape.layers, shape.dense_layers or shape.layers)


def _kv_heads(model: Model) -> tuple[float, ...]:
    shape = model.architecture
    return () if shape.latent else (shape.kv_heads,)


def _head_dim(model: Model) -> tuple[float, ...]:
    return () if model.architecture.latent else (model.architecture.head_dim,)


def _totals(model: Model) -> tuple[float, ...]:
    return tuple(v for v in (model.total_parameters, model.announced_total, model.published_total) if v)


def _actives(model: Model) -> tuple[float, ...]:
    shape = model.architecture
    if shape.experts is None:
        return ()
    return tuple(v for v in (*active_parameters(shape).readings, model.announced_active) if v)


def _expert_width(model: Model) -> tuple[float, ...]:
    experts = model.architecture.experts
    return () if experts is None else (experts.expert_ffn, model.architecture.ffn or experts.expert_ffn)


def _ffn(model: Model) -> tuple[float, ...]:
    experts = model.architecture.experts
    if experts and not model.architecture.ffn:
        return ()  # configurations of mixtures name a dense width too, which no layer has
    widths = (experts.expert_ffn, experts.shared_ffn) if experts else ()
    # papers of gated models print the two halves together
    return tuple(v * halves for v in (model.architecture.ffn, *widths) if v for halves in (1, 2))


FIELDS = {
    "model.layers": Field("layers", _layers),
    "model.hidden": Field("hidden size", lambda m: (m.architecture.hidden,), least=256),
    "model.heads": Field("attention heads", lambda m: (m.architecture.heads,)),
    "model.kv_heads": Field("KV heads", _kv_heads),
    "model.head_dim": Field("head dimension", _head_dim, least=16),
    "model.ffn": Field("FFN width", _ffn, least=256),
    "model.expert_ffn": Field("expert width", _expert_width, least=128),
    "model.vocabulary": Field("vocabulary", lambda m: (m.architecture.vocab,), 0.025, 1000),
    "model.experts": Field("experts", _experts),
    "model.top_k": Field("active experts per token", _top_k),
    "model.parameters": Field("parameters", _totals, _SIZE_TOLERANCE, 1e7),
    "model.active_parameters": Field("active parameters", _actives, _SIZE_TOLERANCE, 1e7),
}
_SCOPES = {
    "model.experts": ("", "layer"),
    "model.top_k": ("", "layer", "token"),
    "model.active_parameters": ("", "token", "total"),
}


def check_model_figure(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Compare every architecture figure that is said of a named model with the catalog."""
    if not any(mention.kind == "model" for mention in context.facts.mentions):
        return
    for passage in passages(context):
        said = list(_verdicts(rule, context, passage))
        right = {kind for kind, verdict in said if verdict.status is not Status.CONTRADICTED}
        # A sentence that has the figure right means something else by another number: what each GPU gets of it, one of several.
        if not right and _side_by_side(passage.text):
            continue  # of a pair of sizes one has to be the model's
        yield from (verdict for kind, verdict in said if verdict.status is not Status.CONTRADICTED or kind not in right)


def _verdicts(rule: Rule, context: Context, passage: Passage) -> Iterator[tuple[str, Verdict]]:
    """What a passage states of a named model, field by field."""
    for kind, number in _stated(context, passage):
        if not _of_a_model(context, passage, kind, number):
            continue
        subject = model_at(context, place_of_claim(context, number), number.span.start)
        if subject is not None and _belongs(context, FIELDS[kind], number, subject):
            verdict = _judge(rule, context, FIELDS[kind], number, subject)
            if verdict is not None:
                yield kind, verdict


_ROUTED = Pattern(
    r"(?i)(?P<k>\d+)\s+of\s+(?:the\s+|its\s+)?(?P<n>\d+)\s+(?:routed\s+)?experts?\b|"
    r"(?P<n2>\d+)\s+(?:routed\s+)?experts?,?\s+(?:with|"
    r"of which)\s+(?P<k2>\d+)\s+(?:of\s+(?:them|which)\s+)?(?:are\s+)?(?:active|activated|"
    r"selected|used)"
)
_ROUTING = Pattern(r"(?i)\btoken\w*|activ\w+|visit\w*|rout\w+|select\w*")
_READS = Pattern(r"(?i)\bgpus?\b|\branks?\b|\bnodes?\b|\bread\w*|\bhot\b|balanc")


def _stated(context: Context, passage: Passage) -> Iterator[tuple[str, NumberClaim]]:
    """Kinds and numbers: routing phrases first, then what was resolved from a noun, a header or a key."""
    taken: set[int] = set()
    text = passage.statement.text
    if _ROUTING.search(text) and not _READS.search(text):
        starts = {number.number_start: number for number in _with_starts(passage)}
        for match in _ROUTED.finditer(text):
            for group, kind in (
                ("k", "model.top_k"),
                ("n", "model.experts"),
                ("k2", "model.top_k"),
                ("n2", "model.experts"),
            ):
                if match[group] and (entry := starts.get(passage.statement.start + match.start(group))):
                    taken.add(entry.claim.index)
                    yield kind, entry.claim
    for fact in passage.facts:
        if fact.kind not in FIELDS or fact.claim in taken or fact.how not in ("noun", "header", "lead", "name", "key", "label"):
            continue
        if fact.scope in _SCOPES.get(fact.kind, ("", "total")) and fact.modality == "asserted" and not fact.place.variant.startswith("x"):
            number = context.claims.numbers[fact.claim]
            if not beside_a_title(context, number) and _whole_words(context, fact.kind, fact.how, number, passage):
                yield fact.kind, number


@dataclass(frozen=True, slots=True)
class _Start:
    claim: NumberClaim
    number_start: int


def _with_starts(passage: Passage) -> Iterator[_Start]:
    for number in passage.numbers:
        if number.quantity is not None:
            yield _Start(number, number.quantity.number_start)


@lru_cache(maxsize=2)
def _named_at(page: FactSet) -> Sequence[int]:
    """Where models are named, in order."""
    return sorted(mention.span.start for mention in page.mentions if mention.kind == "model")


_CARD_KINDS = frozenset(FIELDS) - {"model.parameters", "model.active_parameters", "model.top_k"}


def _whole_words(context: Context, kind: str, how: str, number: NumberClaim, passage: Passage) -> bool:
    """Whether the page states a model card here: one number under a label, or several figures in a sentence."""
    label, _ = headers(context, number.block)
    cell = context.document.blocks[number.block].cell is not None
    starts = _named_at(context.facts)
    first = bisect_left(starts, passage.statement.span.start)
    named = first < len(starts) and starts[first] < passage.statement.span.end
    if how == "header":
        brackets = [(m.start(), m.end()) for m in _PLAIN_SIZE.finditer(passage.statement.text)]
        base = passage.statement.start
        outside = [n for n in passage.numbers if n.quantity and not any(a <= n.start - base < b for a, b in brackets)]
        return outside == [number] and not re.search(r"/|每|(?i:\bper\b)", label + headers(context, number.block)[1])
    if how == "name":
        return cell or named
    if how in ("label", "key") and not _side_by_side(passage.text):
        return len(number.label.split()) <= 4 and "/" not in number.label and len([n for n in passage.numbers if n.quantity]) == 1
    kinds = {fact.kind for fact in passage.facts if fact.kind in _CARD_KINDS}
    return cell or named or len(kinds) >= 3 or _side_by_side(passage.text)


_GAP = Pattern(r"(?i)(?:'s|’s)?\s*[\s:,(*_`—–-]*(?:has|with|is|at|model|total(?:s|ling)?|of|the|a|about|roughly|,|\(|\s)*\W*$")


def _belongs(context: Context, field: Field, number: NumberClaim, subject: Subject[Model]) -> bool:
    """Rows and columns of unnamed configurations belong to no model; a size stands right behind its name."""
    variants = {fact.place.variant for fact in context.facts.of_claim(number.index)}
    mention = subject.mention
    cell = context.document.blocks[number.block].cell
    if any(variants) and (cell is None or mention.place.table != cell.table):
        return False
    if cell is not None:
        if mention.place.block != number.block and not _OWN_CELL.match(context.document.blocks[number.block].text):
            return False
        text = _PLAIN_SIZE.sub("", context.document.blocks[number.block].text)
        if field.tolerance == _SIZE_TOLERANCE and _side_by_side(text):
            return True
        return len(re.findall(r"\d[\d.,]*", text)) == 1 or field.tolerance != _SIZE_TOLERANCE
    kinds = {fact.kind for fact in context.facts.in_block(number.block) if fact.kind in FIELDS}
    if mention.place.block != number.block:
        if field.tolerance != _SIZE_TOLERANCE and len(kinds) >= _MODEL_CARD:
            return True
        if field.tolerance == _SIZE_TOLERANCE and _side_by_side(number.sentence_text):
            return True
        return bool(number.label) and len(number.label.split()) <= 4 and _right_after_label(context, number)
    if mention.place.sentence < number.sentence:
        return (
            field.tolerance != _SIZE_TOLERANCE
            and _opens_sentence(context, mention)
            and (len(kinds) >= _MODEL_CARD or mention.place.sentence + 1 == number.sentence)
        )
    return _said_of(context, number, mention)


# So many figures of an architecture in one paragraph describe a model, not a part of one.
_MODEL_CARD = 3


def _opens_sentence(context: Context, mention: Mention) -> bool:
    """Whether a sentence is about a name: it stands among its first words ("The model is …")."""
    statement = context.claims.statement(mention.place.block, mention.place.sentence)
    return statement is not None and len(context.document.text[statement.span.start : mention.span.start].split()) <= 4


# A cell whose number is not its first word says something else before it: "Medusa-1 (4 heads)".
_OWN_CELL = Pattern(r"^\W*(?:[a-z]+\s*[:=]\s*)?\d")
_COMMON_NUMBERS = Pattern(r"\d[\d.,]*\s*[BMK]?\s*(?:and|or|to|vs\.?|/|与|和)\s*$")
_OF_IT = Pattern(r"(?i)^[\s\w-]{0,24}?\b(?:in|of|for)\s+(?:the\s+)?[*_`]*$")


def _right_after_label(context: Context, number: NumberClaim) -> bool:
    """`Layers: 80`; but in `Experts: fused up projection (E, 2·I)` the number is of something else."""
    text = context.document.blocks[number.block].text[: number.start]
    return not re.search(r"[A-Za-z]", re.split(r"[:：=|]", text)[-1].replace("about", ""))


def _said_of(context: Context, number: NumberClaim, mention: Mention) -> bool:
    """Whether a sentence says the number of the name: it follows the name with other figures of it between at most."""
    text = context.document.text
    if mention.span.end > number.span.start:
        return bool(_OF_IT.match(text[number.span.end : mention.span.start])) and not _COMMON_NUMBERS.search(
            text[max(number.span.start - 12, 0) : number.span.start]
        )
    between = text[mention.span.end : number.span.start]
    if len(between) < 40 and not re.search(r"\d", between) and _GAP.match(between) and not re.match(r"\s*,", between):
        return True
    statement = context.claims.statement(number.block, number.sentence)
    start = number.start - (statement.start if statement is not None else 0)
    routed = any(match.start() <= start < match.end() for match in _ROUTED.finditer(number.sentence_text))
    return (routed or bool(_AFTER_SIZE.match(between)) or _is_card(context, number, between)) and _opens_sentence(context, mention)


# "X has 671B parameters, of which 37B are active"
_AFTER_SIZE = Pattern(
    r"(?i)^\s*(?:has|with|is)?\s*(?:a\s+)?\d[\d.]*\s?[BT]\s+(?:total\s+)?(?:parameters?|"
    r"params)(?:\s+in total)?,?\s*(?:of which|and|with)?\s*$"
)
_HAS = Pattern(r"(?i)^\s*(?:\([^()]*\)\s*)?(?:has|have|uses?|with|is|comes with)\b")
_LONGEST_CARD = 120


def _is_card(context: Context, number: NumberClaim, between: str) -> bool:
    """`X has 80 layers, 64 heads and a hidden size of 8,192`: figures of an architecture in a row behind the name."""
    if (
        len(between) > _LONGEST_CARD
        or not _HAS.match(between)
        or re.search(r"[;:]|\.\s|\b(?:we|our|but|while|than|run|each|per)\b", between)
    ):
        return False
    statement = context.claims.statement(number.block, number.sentence)
    kinds = {fact.kind for fact in context.facts.in_sentence(number.block, statement.index)} if statement is not None else set()
    return len(kinds & _CARD_KINDS) > 1


# "48 and 8 heads": the noun is said of both, and each is of another kind.
_COMMON_NOUN = Pattern(r"(?:^|[^\w.])\d[\d,.]*\s*(?:and|or|&|与|和|及)\s*$")
_SHORT = 24
_SIZES = frozenset({"model.parameters", "model.active_parameters"})
_PLAIN_SIZE = Pattern(r"\([^()]*\)")
_COUNTED_FROM = 16
# "671 B total / 37 B active": the stroke divides two sizes, not the first by the second.
_TOTAL_AND_ACTIVE = Pattern(
    r"(?i)^(?:[^\n]{0,60}[:：]\s*|[^/\d]*)[\s*_`]*\d[\d.,]*\s?[BT]\b[\w\s]*?\b(?:total|params|parameters)\s*[/,;(]\s*"
    r"\d[\d.,]*\s?B\s+activ\w+[^/\d]*$"
)
_LONGEST_PAIR = 100


def _side_by_side(text: str) -> bool:
    return len(text) <= _LONGEST_PAIR and bool(_TOTAL_AND_ACTIVE.match(text))


_FORMULA = Pattern(r"[×*/=$^]|\\times|\bx\b")


def _of_a_model(context: Context, passage: Passage, kind: str, number: NumberClaim) -> bool:
    block = context.document.blocks[number.block]
    if block.kind is BlockKind.CODE or block.kind is BlockKind.HEADING or number.equation >= 0 or not asserted(context, number):
        return False
    quantity = number.quantity
    if quantity is not None and quantity.magnitude != 1 and FIELDS[kind].least <= _COUNTED_FROM:
        return False  # "32k" may be the context, but no heads
    if quantity is not None and quantity.magnitude >= 1e6 and (kind not in _SIZES or quantity.magnitude_text == "G"):
        return False  # a model of "33G" is a file
    if quantity is not None and (
        quantity.high is not None or quantity.approximate or number.relation in ("<", ">", "≤", "≥", "→", "/", "~")
    ):
        return False
    if _COMMON_NOUN.search(block.text[max(number.start - _SHORT, 0) : number.start]):
        return False
    # a cell may explain its number ("56B (8 × 7B)"); what a sentence computes is of a part
    computed = block.cell is None and context.claims.is_member(number.index)
    aside = kind in _SIZES and _side_by_side(block.text)
    if (number.operand or computed) and not aside:
        return False
    if block.cell is not None and not aside and _FORMULA.search(_PLAIN_SIZE.sub("", block.text)):
        return False
    label, column = headers(context, number.block)
    words = (
        " ".join((number.lead[-60:], number.noun, number.label, label, column))
        if block.cell is None
        else " ".join((label, column, block.text))
    )
    return not _NOT_THE_MODEL.search(words) and not DOUBTED.search(passage.text)


_SHORTENED = frozenset({"layers", "experts"})


def _is_shortened(
    context: Context, field: Field, number: NumberClaim, interval: Interval, values: Sequence[tuple[float, Model]], subject: Subject[Model]
) -> bool:
    """Whether a benchmark below a model's heading may run with a part of its layers or experts: a divisor of what it has."""
    block = context.document.blocks[number.block]
    mention = subject.mention.place
    beside = mention.block == number.block or (block.cell is not None and mention.table == block.cell.table)
    return (
        field.name in _SHORTENED and not beside and any(value > interval.middle > 0 and value % interval.middle == 0 for value, _ in values)
    )


def _judge(rule: Rule, context: Context, field: Field, number: NumberClaim, subject: Subject[Model]) -> Verdict | None:
    interval = plain(number)
    if number.quantity is None and number.name:
        digits = re.sub(r"\D", "", number.name)
        interval = Interval(float(digits), float(digits)) if digits else None
    values = [(value, model) for model in subject.entries for value in field.values(model)]
    if interval is None or interval.middle < field.least or not values or any(not field.values(model) for model in subject.entries):
        return None
    if any(_fits(interval, value, field.tolerance) for value, _ in values):
        # "7B" is what a model is called as much as what it has
        status = Status.CONSISTENT if field.tolerance == _SIZE_TOLERANCE else Status.VERIFIED
        return Verdict(rule.name, status, (number.index,), (), f"{field.name} of {values[0][1].name}")
    counted = number.quantity is not None and number.quantity.unit is not None  # "64 layers" are no heads
    if field.tolerance != _SIZE_TOLERANCE and not counted and _is_another_field(interval, subject.entries):
        return None
    if field.tolerance == _SIZE_TOLERANCE and not 0.2 < interval.middle / values[0][0] < 5:
        return None
    if _is_shortened(context, field, number, interval, values, subject):
        return None
    value, model = min(values, key=lambda pair: abs(pair[0] / interval.middle - 1))
    first = field.values(model)[0]
    computed = amount_text(float(first), "count") if field.tolerance == _SIZE_TOLERANCE else f"{first:,.0f}"
    claimed = _text(context, number)
    message = f"claims {claimed} {field.name} for {subject.mention.text}; the catalog has {computed}"
    del value
    source = model.sources.get("fields", "")
    evidence = Location("", 0, 0, 0, 0, 0, 0, "catalog", f"{model.name}: {field.name} {computed} (catalog; {source})")
    return Verdict(
        rule.name,
        Status.CONTRADICTED,
        (number.index,),
        (),
        f"{field.name} of {model.name} = {computed}",
        finding(
            rule,
            context,
            message,
            context.location(number.span, "claim"),
            block=number.block,
            claimed=claimed,
            computed=computed,
            formula=f"{model.name}: {field.name} = {computed}",
            related=[subject.location(context), evidence],
            root=f"{rule.name}:{number.span.start}",
        ),
    )


def _text(context: Context, number: NumberClaim) -> str:
    """The digits with their magnitude."""
    quantity = number.quantity
    if quantity is None:
        return number.name
    block = context.document.blocks[number.block]
    return block.content[quantity.number_start : quantity.number_end] + (f" {quantity.magnitude_text}" if quantity.magnitude_text else "")


def _fits(interval: Interval, value: float, tolerance: float) -> bool:
    return interval.low <= value * (1 + tolerance) and interval.high >= value * (1 - tolerance)


def _is_another_field(interval: Interval, models: Iterable[Model]) -> bool:
    """A number that is another field of the same model was read as the wrong kind."""
    if not interval.exact:
        return False
    for model in models:
        shape = model.architecture
        others: list[float] = [
            shape.layers,
            shape.hidden,
            shape.heads,
            shape.kv_heads,
            shape.head_dim,
            shape.ffn,
            shape.vocab,
            shape.moe_layers,
        ]
        if shape.latent:
            latent = shape.latent
            others += [
                latent.kv_lora_rank,
                latent.qk_rope_head_dim,
                latent.qk_nope_head_dim,
                latent.v_head_dim,
                latent.cached_width,
                latent.q_lora_rank or 0,
            ]
        if shape.experts:
            experts = shape.experts
            others += [experts.experts, experts.top_k, experts.shared_experts, experts.expert_ffn, experts.first_dense]
        others += [shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim, shape.window or 0]
        if interval.low in others:
            return True
    return False


__all__ = ["FIELDS", "Span", "check_model_figure", "words_of"]
