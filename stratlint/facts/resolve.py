"""Claims → facts: what each number is about, of what it speaks, in which voice, and in which configuration."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from stratlint.claims.claim import ClaimSet, NumberClaim
from stratlint.claims.equation import Operand, computes, operands
from stratlint.claims.interval import Interval, exactly
from stratlint.claims.syntax import Quantity
from stratlint.document import Block, BlockKind, Document
from stratlint.document.introductions import introductions_of_lists
from stratlint.facts.degrees import degree_named_before, degree_of_section, layers_of_a_stage
from stratlint.facts.fact import Fact, FactSet, Place
from stratlint.facts.introductions import SAID_OF_A_GPU, in_brackets, introduced_scope, introducers
from stratlint.facts.kinds import Kinds, load_kinds, measures_of, measures_of_unit
from stratlint.facts.mentions import mentions_of
from stratlint.facts.modality import Words, modality_of
from stratlint.facts.names import parts_of
from stratlint.facts.nearest import PREPOSITIONS, nearest_kind, paired
from stratlint.facts.numbered import is_listed, numbered, numbers_heading
from stratlint.facts.phrases import normalise, word_list
from stratlint.facts.places import place_of
from stratlint.facts.shared_words import shared_scope
from stratlint.facts.specifications import devices_labelled, owned_by, scope_of_unit, specification
from stratlint.facts.tables import TableShape, shape_of

NO_PHRASE = "no phrase says what it measures"


def resolve(claims: ClaimSet) -> FactSet:
    """Resolve every number of *claims*."""
    document = claims.document
    kinds = load_kinds()
    shapes = {table.index: shape_of(table, document) for table in document.tables}
    roles = _roles(claims)
    above = introducers(document)
    lists = introductions_of_lists(document)
    facts: list[Fact] = []
    unresolved: dict[int, str] = {}
    mentions = tuple(mentions_of(claims, shapes))
    names = sorted((mention.span.start, mention.span.end) for mention in mentions if mention.kind != "precision")
    starts = [start for start, _ in names]
    for claim in claims.numbers:
        nearest = bisect_right(starts, claim.span.start) - 1
        if nearest >= 0 and claim.span.start < names[nearest][1]:
            unresolved[claim.index] = "part of a name"
            continue
        block = claims.block_of(claim)
        shape = shapes.get(block.cell.table) if block.cell else None
        before = len(facts)
        role = roles.get(claim.index, "operand" if claim.operand else "")
        facts.extend(_facts(claim, block, shape, document, kinds, len(facts), role, above, lists.get(block.index, "")))
        if len(facts) == before:
            unresolved[claim.index] = _reason(claim, block, role)
    unresolved.update(_repeats(claims, facts, unresolved))
    return FactSet(claims, tuple(_demote_products(facts, claims, roles)), mentions, unresolved)


_TELLING_DIGITS = 2


def _repeats(claims: ClaimSet, facts: list[Fact], unresolved: dict[int, str]) -> Iterator[tuple[int, str]]:
    """Numbers without a phrase of their own that repeat a resolved one to the digit and the unit."""
    known: dict[tuple[float, str], set[str]] = {}
    for fact in facts:
        quantity = claims.numbers[fact.claim].quantity
        if quantity is not None:
            known.setdefault(_printed(quantity), set()).add(fact.kind)
    for index, reason in unresolved.items():
        quantity = claims.numbers[index].quantity
        if reason != NO_PHRASE or quantity is None or not (quantity.units or quantity.number.digits >= _TELLING_DIGITS):
            continue
        kinds = known.get(_printed(quantity), set())
        if len(kinds) == 1:
            yield index, f"repeats {next(iter(kinds))}"


def _printed(quantity: Quantity) -> tuple[float, str]:
    return quantity.number.value * quantity.magnitude, quantity.units[0].canonical.partition("/(device")[0].strip(
        "()"
    ) if quantity.units else ""


def _demote_products(facts: list[Fact], claims: ClaimSet, roles: dict[int, str]) -> list[Fact]:
    """`16 layers × 64 experts = 1,024 experts`: the result counts something else than its operand of the same name.

    Its scope becomes "product", and so does that of every repetition of the number under the same kind.
    """
    by_claim = {fact.claim: fact for fact in facts}
    derived: set[tuple[str, float]] = set()
    for equation in claims.equations:
        members = [by_claim[index] for index in equation.numbers if index in by_claim]
        for result in (m for m in members if roles.get(m.claim) == "result"):
            if any(m.claim != result.claim and m.kind == result.kind and m.interval != result.interval for m in members):
                derived.add((result.kind, result.interval.low))
    if not derived:
        return facts
    return [replace(f, scope="product") if (f.kind, f.interval.low) in derived else f for f in facts]


def _roles(claims: ClaimSet) -> dict[int, str]:
    """`operand` or `result` for every number of an equation; what is an operand anywhere stays one."""
    roles: dict[int, str] = {}
    for claim in claims.equations:
        by_start = {claims.numbers[index].start: index for index in claim.numbers}
        sides = (claim.equation.left, claim.equation.right)
        for position, side in enumerate(sides):
            single = isinstance(side, Operand)
            for quantity in operands(side):
                index = by_start.get(quantity.start)
                if index is not None and roles.get(index) != "operand":
                    result = single and (position == 1 or computes(sides[1]))
                    roles[index] = "result" if result else "operand"
    return roles


def _reason(claim: NumberClaim, block: Block, role: str) -> str:
    if role:
        return f"{role} of an equation"
    if block.kind is BlockKind.HEADING and claim.start <= 1:
        return "section number"
    if claim.quantity is not None and numbered(claim, load_kinds(), block) == "":
        return "number of one among several"
    if claim.name:
        return "part of a name"
    if claim.quantity is None:
        return "not a number"
    if is_listed(claim, block):
        return "one number of a list"
    return NO_PHRASE


def _facts(
    claim: NumberClaim,
    block: Block,
    shape: TableShape | None,
    document: Document,
    kinds: Kinds,
    index: int,
    role: str,
    above: Sequence[int],
    introduction: str,
) -> Iterator[Fact]:
    if _is_variable(claim, block) or (not role and is_listed(claim, block)) or numbers_heading(claim, block):
        return
    if shape is not None and block.cell is not None and (block.cell.column in shape.indices or _numbers_columns(claim, block, document)):
        return
    place = place_of(block, claim.sentence, shape)
    context = _context(claim, block, shape, document)
    modality = modality_of(claim, block, shape, document, context, introduction)
    if claim.quantity is None:
        yield from _named(claim, block, place, modality, index)
        return
    measures = measures_of(claim.quantity)
    node = "node" if is_of_its_node(claim, block) else ""
    whole, before = claim.sentence_text, _before(claim)
    scope = scope_of_unit(claim.quantity) or node or _scope(context, operand=role == "operand", whole=whole, before=before)
    if block.kind is BlockKind.HEADING and claim.start <= 1 and claim.text.isdigit() and not claim.operand:
        return  # "## 4 KV cache" counts sections
    if (special := numbered(claim, kinds, block, context.column)) is not None:
        if not special:
            return
        kind, how = special, "lead"
    else:
        found = paired(claim, block, shape, measures, kinds) or nearest_kind(
            claim, block, context, measures, kinds, bool(shape and shape.records), role
        )
        if (
            found is not None
            and found[1] == "lead"
            and not found[0].startswith(_OF_DEVICES)
            and _NAMED_DEVICES.match(block.text[claim.end : claim.end + 40])
        ):
            found = ("count.device", "unit")  # "one expert per GPU across 64 H100 GPUs"
        if (
            found is None
            and scope == "total"
            and role != "operand"
            and claim.quantity.unit is not None
            and claim.quantity.unit.dimensions == (("device", 1.0),)
        ):
            found = ("cluster.gpus", "noun")  # "the cluster has 1,024 GPUs"
        if (
            found is None
            and _DEVICES_WITH.search(_before(claim))
            and context.noun[claim.quantity.unit is not None :][:1] == ("each",)
            and "bytes" in measures
        ):
            found = ("gpu.memory", "noun")  # "64 GPUs with 48 GB each"
        if found is None and (
            owned := devices_labelled(claim, block.text, " ".join(context.row))
            if role == "operand"
            else owned_by(claim, _before(claim), block.text)
        ):
            found = (owned, "label" if role == "operand" else "lead")
        if found is None and not role and (listed := specification(claim, block.text)):
            found = (listed, "lead")  # "8 × H200 (141 GB, 4.8 TB/s)"
        if found is None and (
            degree := degree_named_before(claim, block, kinds) or degree_of_section(claim, _title(block, document), kinds)
        ):
            found = (degree, "label")
        if found is None:
            found = _counted(claim.quantity)
        if found is None:
            return
        kind, how = found
    if kind.startswith("memory.") and context.lead[-1:] == ("of",) and modality == "asserted":
        modality = "limit"  # "17.7 GB out of 64 GB": the whole, not another use
    if kind == "model.heads" and not scope and _HEADS_OF_A_RANK.match(_behind(claim)):
        scope = "each"  # "7 query heads and 1 KV head per rank"
    if kind == "model.layers" and layers_of_a_stage(claim, block):
        scope = "stage"
    if not scope and kind.startswith("memory.") and not in_brackets(claim, block):
        scope = "gpu" if SAID_OF_A_GPU.search(claim.sentence_text) else introduced_scope(block, document, above)
    if kind == "count.expert" and scope == "gpu" and (not context.noun[1:] or context.noun[1] in PREPOSITIONS):
        kind = "placement.experts_per_gpu"  # but "1 expert layer equivalent" is no expert
    scope = shared_scope(claim, block, kind, scope, _before(claim), context.row)
    kind = _rate_kind(kinds.refinements.get(kind, {}).get(scope, kind), claim.quantity)
    measure = _chosen_measure(kind, measures, kinds)
    yield Fact(
        index=index,
        kind=kind,
        claim=claim.index,
        span=claim.span,
        text=_text(document.text[claim.span.start : claim.span.end], claim.quantity),
        interval=_base_interval(claim.quantity, measure),
        measure=measure,
        unit=claim.quantity.unit_text,
        scope=scope,
        modality=modality,
        place=place,
        how=how,
        exact=claim.quantity.counted,
        verdict=claim.verdict,
        approximate=claim.quantity.approximate or claim.relation in ("≈", "∼", "≃"),
    )


# "two 8-GPU servers": what one of them has.
_NODE = re.compile(r"\s?(?:(?:HGX|DGX|GPU)\s)?(?:servers?\b|nodes?\b|hosts?\b|machines?\b|boxes\b|服务器|节点|机器|主机)")


def is_of_its_node(claim: NumberClaim, block: Block) -> bool:
    """Whether a count of devices is that of the node named right behind it."""
    quantity = claim.quantity
    devices = quantity is not None and quantity.unit is not None and quantity.unit.dimensions == (("device", 1.0),)
    joined = devices and ("-" in claim.text or claim.text.endswith("卡"))
    return bool(joined and _NODE.match(block.text[claim.end : claim.end + 24]))


_OF_DEVICES = ("cluster.", "parallel.", "range.")
_NAMED_DEVICES = re.compile(
    r"\s+(?:(?:NVIDIA|AMD)\s+)?[A-Z]{1,3}\d{2,4}[A-Z]?(?:[ -][\w-]{2,6}){0,2}\s+(?:GPUs|cards|chips|accelerators)\b"
)
_DEVICES_WITH = re.compile(r"\b(?:GPUs?|cards|chips|accelerators|devices)\s*(?:,\s*)?(?:with|having|of|at|\()\s*[~≈]?$", re.I)


def _text(printed: str, quantity: Quantity) -> str:
    """A number as printed, with the unit that only its header or label announces."""
    announced = quantity.unit_text and not quantity.text.endswith(quantity.unit_text)
    return f"{printed} {quantity.unit_text}" if announced else printed


def _is_variable(claim: NumberClaim, block: Block) -> bool:
    """`16i` is algebra, `${11}` and `$3` are a shell's arguments."""
    after = block.text[claim.end : claim.end + 2]
    if (
        claim.quantity is not None
        and not claim.quantity.unit_text
        and not claim.quantity.magnitude_text
        and after[:1].isalpha()
        and after[:1].isascii()
    ):
        return not after[1:2].isalpha()
    return block.kind is BlockKind.CODE and block.text[max(claim.start - 2, 0) : claim.start].endswith(("${", "$"))


def _chosen_measure(kind: str, measures: frozenset[str], kinds: Kinds) -> str:
    allowed = kinds.measures.get(kind, frozenset()) & measures
    if kinds.dimensions.get(kind) in allowed:
        return kinds.dimensions[kind]
    return min(allowed) if allowed else min(measures)


def _base_interval(quantity: Quantity, measure: str) -> Interval:
    if quantity.bytes_too and measure == "bytes":
        return quantity.interval((1e9 if quantity.magnitude_text == "G" else 1.0) / quantity.magnitude)
    for read in quantity.units:
        if measure in measures_of_unit(read):
            return quantity.interval(read.factor)
    return quantity.interval(quantity.units[0].factor if quantity.units else 1.0)


def _named(claim: NumberClaim, block: Block, place: Place, modality: str, index: int) -> Iterator[Fact]:
    """Numbers inside names: `EP64-TP8`, `top-4`, `A100-80GB`, `FP8`."""
    for kind, start, end, value, measure, scope in parts_of(claim.name):
        span = block.source_span(claim.start + start, claim.start + end)
        yield Fact(
            index=index, kind=kind, claim=claim.index, span=span, text=claim.name[start:end], interval=exactly(value),
            measure=measure, unit="", scope=scope, modality=modality, place=place, how="name", exact=True, verdict=claim.verdict,
        )  # fmt: skip
        index += 1


def _context(claim: NumberClaim, block: Block, shape: TableShape | None, document: Document) -> Words:
    row = column = ""
    if block.cell is not None and shape is not None and block.cell.column < len(shape.columns):
        row = shape.labels[block.cell.row] if block.cell.column > 0 and block.cell.row < len(shape.labels) else ""
        column = shape.columns[block.cell.column].header if block.cell.row > 0 else ""
    return Words(
        normalise(claim.noun),
        normalise(claim.lead),
        normalise(claim.label),
        normalise(row),
        () if column.strip().lower() in _ONE_OF_THEM else normalise(column),
        normalise(claim.sentence_text),
        normalise(_title(block, document)),
    )


# A column headed so has figures of one of them, not how many there are.
_ONE_OF_THEM = frozenset({"chip", "device", "card", "rank"})


# No table has more columns than this many digits count.
_MOST_COLUMN_DIGITS = 4


def _numbers_columns(claim: NumberClaim, block: Block, document: Document) -> bool:
    """Whether a heading counts the columns of its table: `| Expert | 0 | 1 | 2 |`."""
    cell = block.cell
    if cell is None or cell.row or not cell.column or not claim.text.isdecimal() or len(claim.text) > _MOST_COLUMN_DIGITS:
        return False
    row = document.tables[cell.table].rows[0]
    beside = {document.blocks[row[at]].text.strip() for at in (cell.column - 1, cell.column + 1) if 0 < at < len(row)}
    return bool(beside & {str(int(claim.text) - 1), str(int(claim.text) + 1)})


def _title(block: Block, document: Document) -> str:
    return document.sections[block.section].title if block.section >= 0 else ""


def _rate_kind(kind: str, quantity: Quantity) -> str:
    """A throughput counts what its unit says: tokens, sequences or requests; money over time is a price."""
    if kind == "training.cost" and quantity.unit is not None and ("time", -1.0) in quantity.unit.dimensions:
        return "training.price"
    counted = dict(quantity.unit.soft) if kind == "throughput.tokens" and quantity.unit is not None else {}
    if counted.get("sequence") == 1.0:
        return "throughput.sequences"
    return "throughput.requests" if counted.get("request") == 1.0 else kind


def _counted(quantity: Quantity) -> tuple[str, str] | None:
    """What has no other kind is at least a count of what it counts: `count.device` for "16 GPUs"."""
    unit = quantity.unit
    if unit is None or unit.hard or quantity.high is not None or len(unit.soft) != 1 or unit.soft[0][1] != 1.0:
        return None
    return f"count.{unit.soft[0][0]}", "unit"


def _before(claim: NumberClaim) -> str:
    """The words of the sentence ahead of a number that is not an operand: its subject may set the scope."""
    return "" if claim.operand else claim.sentence_text.partition(claim.text.replace("$", " "))[0]


def _behind(claim: NumberClaim) -> str:
    """The words of the sentence behind a number."""
    return claim.sentence_text.partition(claim.text.replace("$", " "))[2]


# "7 query heads and 1 KV head per rank": what the last of several is per, the others are too.
_HEADS_OF_A_RANK = re.compile(r"[\w\s-]{0,24}(?:\band|,|/|\+)\s*\d{1,4} [\w-]{0,8}\s?heads?\s+(?:per|(?:for|on) (?:each|every))\b", re.I)
_LAYER_RANGE = re.compile(r"\blayers?\s+\d+\s*[-–—]\s*\d+", re.I)


def _scope(context: Words, *, operand: bool, whole: str, before: str) -> str:
    """The nearest scope phrase: after the number, before it, in its headers or label."""
    scopes = word_list("scopes")
    if "each" in context.noun[:3] or (context.noun[:1] == ("layer",) and _LAYER_RANGE.search(whole)):
        return "each"
    order = [context.noun, context.lead]
    if operand:
        order = [context.noun]
        context = replace(context, row=(), column=(), label=())
    order += [context.column, context.row] if context.row or context.column else []
    order += [context.label]
    for words in order:
        found = [m for m in scopes.find(words) if m.length > 1 or m.name == "total" or not words[m.start].isascii()]
        if found:
            per = {m.name for m in found if words[m.start] == "per" and m.name != "total"}
            if len(per) > 1:
                return "/".join(sorted(per))
            longest = max(found, key=lambda m: (m.length, m.end))
            return longest.name
    # A sentence may be endless and have a number in every other word.
    subject = normalise(before) if _EACH.search(before) else ()
    each = [m for m in scopes.find(subject) if subject[m.start] in ("each", "every")]
    return each[-1].name if each else ""


_EACH = re.compile(r"each|every", re.I)
