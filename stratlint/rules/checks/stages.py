"""Pipeline stages own whole layers, and each layer has all its experts."""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.document import BlockKind
from stratlint.facts.fact import Fact
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import lookup
from stratlint.rules.rule import Rule


def bounds(context: Context, fact: Fact) -> tuple[int, int] | None:
    """First and last member of a range."""
    number = context.number(fact)
    if number is None or number.quantity is None or number.quantity.high is None:
        return None
    low, high = int(number.quantity.number.value), int(number.quantity.high.value)
    return (low, high) if low <= high else None


def check_experts_by_stage(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Experts are dealt out to pipeline stages although every layer has all of them."""
    stages: dict[str, list[tuple[Fact, tuple[int, int]]]] = {}
    for fact in context.facts.of_kind("range.experts"):
        found = bounds(context, fact)
        stage = _stage_of(context, fact) if found is not None and fact.modality == "asserted" else ""
        if found is not None and stage:
            stages.setdefault(stage, []).append((fact, found))
    owned = {stage: frozenset().union(*(range(low, high + 1) for _, (low, high) in held)) for stage, held in stages.items()}
    if len(owned) < 2 or len(set(owned.values())) < 2:
        return
    first = next(iter(stages.values()))[0][0]
    experts = lookup(context, ("model.experts",), first.place, scopes=("layer", "", "total"))
    if experts is None or not experts.exact:
        return
    total = int(experts.interval.low)
    if any(high >= total for held in stages.values() for _, (_, high) in held):
        return  # names of another sort: "experts 100-115"
    for stage, held in stages.items():
        fact, (low, high) = held[0]
        if len(owned[stage]) >= total:
            continue
        message = (
            f"a pipeline stage owns whole layers, and each layer has {total} experts; experts {fact.text} are only {high - low + 1} of them"
        )
        yield Verdict(
            rule.name, Status.CONTRADICTED, (fact.claim,), (experts.claim,), message,
            finding(
                rule, context, message, context.fact_location(fact, "claim"), block=fact.place.block, claimed=f"experts {fact.text}",
                computed=f"experts 0-{total - 1}", formula=f"{high} − {low} + 1 = {high - low + 1} < {total}",
                related=[context.fact_location(experts, "experts per layer")], root="experts-by-stage",
            ),
        )  # fmt: skip


_STAGE = Pattern(r"(?i)\bstage[\s-]*(\d+)")


# The lines of a drawn tree: "│   ├── Stage 0".
_DRAWN = " \t│├└┌┬─┤┼|`"


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(_DRAWN))


def _stage_of(context: Context, fact: Fact) -> str:
    """The pipeline stage that a range belongs to: named before it on its line, else on the line or item above that it is indented under."""
    number = context.number(fact)
    if number is None:
        return ""
    own = _STAGE.search(number.sentence_text.partition(fact.text)[0])
    if own is not None:
        return own[1]
    block = context.document.blocks[number.block]
    if block.kind is BlockKind.CODE:
        lines = block.text[: number.start].split("\n")
        depth = _depth(lines[-1])
        above = (line for line in reversed(lines[:-1]) if line.strip(_DRAWN) and _depth(line) < depth)
        title = next(above, "")
    elif len(block.list_path) > 1:
        above_items = (b for b in context.document.blocks if b.list_path == block.list_path[:-1])
        title = next((b.text for b in above_items), "")
    else:
        title = ""
    named = _STAGE.search(title)
    return named[1] if named else ""
