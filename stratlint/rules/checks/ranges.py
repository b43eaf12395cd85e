"""Ranges of ranks, layers and experts: they must follow one another, and stages own layers, not experts."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

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


def check_range_sequence(rule: Rule, context: Context) -> Iterator[Verdict]:
    """In a list of consecutive ranges one overlaps its neighbour, leaves a gap or has another size."""
    series: dict[tuple[object, ...], list[Fact]] = {}
    for fact in context.facts.facts:
        if fact.kind in ("range.gpus", "range.layers") and fact.modality == "asserted":
            series.setdefault(_series(context, fact), []).append(fact)
    for facts in series.values():
        yield from _judge(rule, context, facts)


def _series(context: Context, fact: Fact) -> tuple[object, ...]:
    place = fact.place
    if place.table >= 0:
        return ("table", place.table, place.column, fact.kind)
    block = context.document.blocks[place.block]
    if block.list_path:
        return ("list", block.section, block.list_path[:-1], fact.kind)
    return ("block", place.block, fact.kind)


def _judge(rule: Rule, context: Context, facts: Sequence[Fact]) -> Iterator[Verdict]:
    pairs = _without_whole([(fact, found) for fact in facts if (found := bounds(context, fact)) is not None])
    if len(pairs) < 3 and not _halves(pairs):
        return
    follows = [later[1][0] == earlier[1][1] + 1 for earlier, later in itertools.pairwise(pairs)]
    # Most neighbours must follow on: otherwise this is no partition but a mere list of ranges.
    if sum(follows) < len(follows) - 2 or (sum(follows) < 1 and len(pairs) > 2) or pairs[0][1][0] != 0:
        return
    if len({found for _, found in pairs}) < len(pairs) or not _numbered_through(context, [fact for fact, _ in pairs]):
        return
    between = context.document.text[pairs[0][0].span.start : pairs[-1][0].span.end]
    if any(mark in between for mark in ("...", "…", "⋮", "···")):
        return
    sizes = Counter(high - low + 1 for _, (low, high) in pairs)
    usual = sizes.most_common(1)[0][0]
    for position, (fact, (low, high)) in enumerate(pairs):
        before = pairs[position - 1] if position else None
        expected = before[1][1] + 1 if before else 0
        if low == expected:
            yield Verdict(rule.name, Status.CONSISTENT, (fact.claim,), (), f"{low} follows {expected - 1}" if before else "starts at 0")
            continue
        if before is None:
            continue
        after = pairs[position + 1] if position + 1 < len(pairs) else None
        if after is not None and after[1][0] == high + 1 and high - low + 1 == usual:
            continue  # the neighbour before is the odd one
        if low > expected:
            what = f"leaves out {expected}" + (f" to {low - 1}" if low - 1 > expected else "")
        else:
            what = f"overlaps {before[0].text}, which ends at {before[1][1]}"
        repaired = f"{expected}-{expected + usual - 1}"
        message = f"range {fact.text} {what}; consecutive ranges of {usual} make it {repaired}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (fact.claim,), (), message,
            finding(
                rule, context, message, context.fact_location(fact, "claim"), block=fact.place.block, claimed=fact.text, computed=repaired,
                formula=f"{before[1][1]} + 1 = {expected}", related=[context.fact_location(before[0], "range before")],
                root=f"range:{fact.span.start}",
            ),
        )  # fmt: skip
        return


def _without_whole(pairs: list[tuple[Fact, tuple[int, int]]]) -> list[tuple[Fact, tuple[int, int]]]:
    """*pairs* without a first range that spans all others: "GPU 0-11" over "GPU 0-7" and "GPU 8-11"."""
    if len(pairs) < 3:
        return pairs
    (_, whole), *parts = pairs
    spanned = whole == (min(low for _, (low, _) in parts), max(high for _, (_, high) in parts))
    return parts if spanned and all(found != whole for _, found in parts) else pairs


def _halves(pairs: Sequence[tuple[Fact, tuple[int, int]]]) -> bool:
    """Two ranges from 0 that meet in one member, of which the second ends where two of the first would."""
    if len(pairs) != 2:
        return False
    (_, first), (_, second) = pairs
    return first[0] == 0 and second[0] == first[1] > 0 and second[1] + 1 == 2 * (first[1] + 1)


def _numbered_through(context: Context, facts: Sequence[Fact]) -> bool:
    """Whether the things that own the ranges are numbered without a gap: "…" may stand for the ones left out."""
    indices = []
    for fact in facts:
        number = context.number(fact)
        if number is None:
            continue
        block = context.document.blocks[fact.place.block]
        text = block.text[: number.start].rpartition("\n")[2]
        if block.cell is not None:
            text = context.document.blocks[context.document.tables[block.cell.table].rows[block.cell.row][0]].text
        found = re.findall(r"\d+", text)
        if found:
            indices.append(int(found[0]))
    return len(indices) < 2 or all(later == earlier + 1 for earlier, later in itertools.pairwise(indices))


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
