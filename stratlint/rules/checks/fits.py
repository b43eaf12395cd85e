"""Parts of a GPU's memory that a passage says fit together, although their sum does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stratlint.claims.claim import NumberClaim, Statement
from stratlint.document import BlockKind
from stratlint.facts.mentions import devices_named
from stratlint.rules.checks.passages import DOUBTED, OF_EACH_GPU, place_of_claim
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import lookup
from stratlint.rules.rule import Rule

_FITS = Pattern(
    r"(?i)\b(?:fits?|fitting|within (?:the )?(?:limits?|card|memory|capacity)|well within|comfortabl\w+|below the limit|under the limit|"
    r"enough room|room for|"
    r"no (?:code |layout |config\w* )?change(?:s)? (?:is |are )?needed)\b|放得下|装得下|可以放入|可放入|能够?放[下入]|满足显存|显存足够"
)
_DENIED = Pattern(
    r"(?i)n['’]t\b|\b(?:not|cannot|never|no longer|too (?:much|large|big)|exceeds?|oom|out of memory|only (?:after|if|when|with)|unless|"
    r"would|without|instead|spill\w*|offload\w*|evict\w*|barely misses)\b|❌|✘|✗|不足|放不下|装不下|超出"
)
_COMPONENTS = (
    ("weights", r"(?:model |expert |bf16 |fp16 |fp8 |int4 )?(?:weights?|parameters)|权重|参数"),
    ("cache", r"(?:kv[- ]?)?cache|kv|缓存"),
    ("activations", r"activations?|激活"),
    ("gradients", r"gradients?|梯度"),
    ("state", r"(?:adam |optimi[sz]er )(?:states?|moments)|优化器"),
    ("runtime", r"workspace|runtime|buffers?|graphs?|cuda context|overheads?|缓冲"),
)
_ON_A_GPU = r"(?:(?:per|on each|on every|a)\s(?:gpu|card|device)\b|/\s?gpu\b)"
_AFTER = tuple(
    (name, Pattern(rf"(?i)^\s*(?:{_ON_A_GPU})?\s*(?:of|for|in|as)?\s*(?:the\s+|its\s+|other\s+)?(?:{words})"))
    for name, words in _COMPONENTS
)
_BEFORE = tuple(
    (
        name,
        Pattern(
            rf"(?i)(?:{words})[\w\s]{{0,16}}?(?:\b(?:takes?|takes up|needs?|uses?|occup\w+|wants?|is|are|of|at|grows? to|to|for|with)\b|"
            r"需要|占用?|为|[:=(])?\s*[~≈]?$"
        ),
    )
    for name, words in _COMPONENTS
)
_REACH = 40
_CARD = Pattern(r"(?i)^\s*(?:\w+\s+)?(?:card|gpu|accelerator|device|h100|h200|a100|b200|mi300x|显存|卡)")
_LEAST_PARTS = 2


@dataclass(frozen=True, slots=True)
class _Part:
    """One amount of memory with what it is for."""

    number: NumberClaim
    name: str
    low: float

    @property
    def text(self) -> str:
        """As printed, on one line."""
        return " ".join(self.number.text.split())


def check_parts_fit(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`It needs 62 GB of cache per GPU next to 24 GB of weights. That fits.`: the parts, added up, against the card."""
    for statement in context.claims.statements:
        block = context.document.blocks[statement.block]
        if block.kind is BlockKind.CODE or block.quote_depth or not _says_it_fits(statement):
            continue
        told, parts = [statement], _parts(context, statement)
        if len(parts) < _LEAST_PARTS:
            before = context.claims.statement(statement.block, statement.index - 1)
            if before is None or _DENIED.search(before.text):
                continue
            told, parts = [before, statement], [*_parts(context, before), *parts]
        text = " ".join(s.text for s in told)
        if len(parts) == 1 and (weights := _the_weights(context, text, parts[0])) is not None:
            parts = [*parts, weights]
        names = [part.name for part in parts]
        if len(parts) < _LEAST_PARTS or len(set(names)) < len(names) or DOUBTED.search(text) or not OF_EACH_GPU.search(text):
            continue
        yield from _against_card(rule, context, told, parts)


def _the_weights(context: Context, text: str, part: _Part) -> _Part | None:
    """ "51 GB per GPU beside the weights": the weights of a GPU, where the page has one figure for them."""
    if part.name == "weights" or not _BESIDE_THE_WEIGHTS.search(text):
        return None
    fact = lookup(context, ("memory.weights",), place_of_claim(context, part.number), scopes=("gpu",))
    number = context.number(fact) if fact is not None else None
    return None if fact is None or number is None else _Part(number, "weights", fact.interval.low)


_BESIDE_THE_WEIGHTS = Pattern(
    r"(?i)\b(?:beside|besides|next to|on top of|in addition to|plus|alongside)\s+(?:the|its)\s+(?:\w+\s+)?weights\b"
)


def _says_it_fits(statement: Statement) -> bool:
    if statement.verdict == "fail" or _DENIED.search(statement.text):
        return False
    return statement.verdict == "pass" or bool(_FITS.search(statement.text))


def _bytes(context: Context, statement: Statement) -> list[NumberClaim]:
    return [
        number for number in context.claims.numbers_between(statement.block, statement.start, statement.end)
        if number.quantity is not None and number.quantity.unit is not None and number.quantity.high is None
        and number.quantity.unit.hard == (("information", 1.0),) and not number.struck and not number.quoted
    ]  # fmt: skip


def _parts(context: Context, statement: Statement) -> list[_Part]:
    """The amounts of a sentence that a GPU holds at once, each of another component."""
    text = context.document.blocks[statement.block].text
    out: list[_Part] = []
    for number in _bytes(context, statement):
        quantity = number.quantity
        assert quantity is not None and quantity.unit is not None
        after, before = text[number.end : number.end + _REACH], text[max(statement.start, number.start - _REACH) : number.start]
        if number.operand or _is_card(number, after):
            continue
        name = next((name for name, pattern in _AFTER if pattern.match(after)), "")
        name = name or next((name for name, pattern in _BEFORE if pattern.search(before)), "")
        if not name and OF_EACH_GPU.search(number.text + after[:14]):
            name = "need"
        if name:
            out.append(_Part(number, name, quantity.interval(quantity.unit.factor).low))
    return out


def _is_card(number: NumberClaim, after: str) -> bool:
    return bool(_CARD.match(after)) and not OF_EACH_GPU.search(number.text)


def _capacity(context: Context, told: Sequence[Statement], parts: Sequence[_Part]) -> tuple[float, str, Location] | None:
    """The card that the passage names, else the page's."""
    used = {part.number.index for part in parts}
    for statement in told:
        text = context.document.blocks[statement.block].text
        for number in _bytes(context, statement):
            quantity = number.quantity
            if number.index in used or quantity is None or quantity.unit is None:
                continue
            if _is_card(number, text[number.end : number.end + _REACH]):
                return (
                    quantity.interval(quantity.unit.factor).high,
                    " ".join(number.text.split()),
                    context.location(number.span, "capacity of a GPU"),
                )
    fact = lookup(context, ("gpu.memory",), place_of_claim(context, parts[0].number), modalities=("asserted", "limit"))
    if fact is not None and not fact.origin:
        return fact.interval.high, fact.text, context.fact_location(fact, "capacity of a GPU")
    return None if context.facts.of_kind("gpu.memory") else _catalogued(context)


def _catalogued(context: Context) -> tuple[float, str, Location] | None:
    """The largest memory that any accelerator named on the page is sold with; None when one of them is unknown."""
    named = [
        (frozenset(size for entry in devices_named(m.name) for size in entry.memory_gb), m)
        for m in context.facts.mentions
        if m.kind == "device"
    ]
    # "H100" on a page that says "H100 80GB" elsewhere
    named = [(sizes, mention) for sizes, mention in named if not any(other < sizes for other, _ in named if other)]
    if not named or not all(sizes for sizes, _ in named):
        return None
    sizes = [(max(sold), mention) for sold, mention in named]
    largest, mention = max(sizes, key=lambda pair: pair[0])
    return largest * 1e9, f"{largest:g} GB of the {mention.name}", context.location(mention.span, "GPU")


def _against_card(rule: Rule, context: Context, told: Sequence[Statement], parts: Sequence[_Part]) -> Iterator[Verdict]:
    found = _capacity(context, told, parts)
    if found is None:
        return
    room, printed, place = found
    total, numbers = sum(part.low for part in parts), tuple(part.number.index for part in parts)
    formula = " + ".join(part.text for part in parts)
    gain = 1.0 if ("GiB" in formula) == ("GiB" in printed) else 2.0**30 / 1e9
    if total <= room * gain:
        yield Verdict(rule.name, Status.CONSISTENT, numbers, (), f"{formula} ≤ {printed}")
        return
    line = f"{formula} = {amount_text(total, 'bytes')} > {printed}"
    first = parts[0].number
    yield Verdict(
        rule.name, Status.CONTRADICTED, numbers, (), line,
        finding(
            rule, context, f"said to fit, but {line}", context.location(first.span, "needed"), block=first.block,
            claimed=f"{formula} fits on {printed}", computed=amount_text(total, "bytes"), formula=line,
            related=[
                place, *(context.location(part.number.span, part.name) for part in parts[1:]),
                context.location(told[-1].span, "says that it fits"),
            ],
            root=f"fit:{first.span.start}", flips_verdict=True,
        ),
    )  # fmt: skip


__all__ = ["check_parts_fit"]
