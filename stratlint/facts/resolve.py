"""Claims → facts: what each number is about, of what it speaks, in which voice, and in which configuration."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from stratlint.claims.claim import ClaimSet, NumberClaim
from stratlint.claims.equation import Operand, computes, operands
from stratlint.claims.extract import CONFIGS, SHELLS
from stratlint.claims.interval import Interval, exactly
from stratlint.claims.syntax import Quantity
from stratlint.document import Block, BlockKind, Document
from stratlint.facts.degrees import degree_named_before, degree_of_section, layers_of_a_stage
from stratlint.facts.fact import Fact, FactSet, Place
from stratlint.facts.introductions import SAID_OF_A_GPU, in_brackets, introduced_scope, introducers
from stratlint.facts.kinds import Kinds, load_kinds, measures_of, measures_of_unit
from stratlint.facts.mentions import mentions_of
from stratlint.facts.modality import Words, modality_of
from stratlint.facts.names import parts_of
from stratlint.facts.numbered import is_listed, numbered, numbers_heading
from stratlint.facts.pairs import paired_names
from stratlint.facts.phrases import Match, normalise, word_list
from stratlint.facts.places import place_of
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
        facts.extend(_facts(claim, block, shape, document, kinds, len(facts), role, above))
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
) -> Iterator[Fact]:
    if _is_variable(claim, block) or (not role and is_listed(claim, block)) or numbers_heading(claim, block):
        return
    if shape is not None and block.cell is not None and block.cell.column in shape.indices:
        return
    place = place_of(block, claim.sentence, shape)
    context = _context(claim, block, shape, document)
    modality = modality_of(claim, block, shape, document, context)
    if claim.quantity is None:
        yield from _named(claim, block, place, modality, index)
        return
    measures = measures_of(claim.quantity)
    scope = scope_of_unit(claim.quantity) or _scope(context, operand=role == "operand", whole=claim.sentence_text, before=_before(claim))
    if block.kind is BlockKind.HEADING and claim.start <= 1 and claim.text.isdigit() and not claim.operand:
        return  # "## 4 KV cache" counts sections
    if (special := numbered(claim, kinds, block, context.column)) is not None:
        if not special:
            return
        kind, how = special, "lead"
    else:
        found = _paired(claim, block, shape, measures, kinds) or _kind(
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
    if kind == "model.layers" and layers_of_a_stage(claim, block):
        scope = "stage"
    if not scope and kind.startswith("memory.") and not in_brackets(claim, block):
        scope = "gpu" if SAID_OF_A_GPU.search(claim.sentence_text) else introduced_scope(block, document, above)
    if kind == "count.expert" and scope == "gpu" and (not context.noun[1:] or context.noun[1] in _PREPOSITIONS):
        kind = "placement.experts_per_gpu"  # but "1 expert layer equivalent" is no expert
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
        normalise(column),
        normalise(claim.sentence_text),
        normalise(_title(block, document)),
    )


def _title(block: Block, document: Document) -> str:
    return document.sections[block.section].title if block.section >= 0 else ""


def _kind(
    claim: NumberClaim, block: Block, context: Words, measures: frozenset[str], kinds: Kinds, records: bool, role: str
) -> tuple[str, str] | None:
    """The nearest phrase that fits the number's dimension: noun, words before, cell headers, label.

    An operand of an equation is only what the noun after it says: the label speaks of the result.
    """
    quantity = claim.quantity
    assert quantity is not None
    config = block.kind is BlockKind.FRONT_MATTER or (block.kind is BlockKind.CODE and block.language in CONFIGS | SHELLS)
    written = claim.lead.split()[-1:] or claim.label.split()[-1:]
    identifier = bool(written) and "_" in written[0].strip("_")
    flag = _FLAG.search(block.text[max(claim.start - _FLAG_REACH, 0) : claim.start]) is not None
    if config or flag or (identifier and block.kind is BlockKind.CODE):
        return _keyed(kinds, claim, measures)
    match = None if _adjectival(claim) else _noun_match(context.noun, measures, kinds, quantity)
    if match is not None and not (
        role != "operand" and _is_the_unit(match, quantity) and _named_beside(kinds, context, measures, quantity)
    ):
        return match.name, "noun"
    if role == "operand":
        degree = kinds.phrases.find(context.lead[-1:]) if claim.lead[-2:].isupper() else ()
        named = next((m for m in degree if m.name.startswith("parallel.") and _possible(m, measures, kinds, quantity)), None)
        if named is not None:
            return named.name, "lead"  # "DP 16 × TP 8"
        # "Global batch: 512 sequences × 2,048 tokens": what is counted in sequences is the batch
        by_label = _best(kinds, context.label, measures, quantity, headed=True)
        counted = dict(quantity.unit.soft) if quantity.unit is not None else {}
        return (
            ("batch.global", "label")
            if by_label is not None and by_label.name == "batch.global" and counted.get("sequence") == 1.0
            else None
        )
    by_lead = _best(kinds, context.lead, measures, quantity, reach=6)
    if by_lead is not None:
        return by_lead.name, "lead"
    if claim.relation in ("=", "==") and context.lead:
        return None  # bound to the words before it, whatever they are, not to the header
    by_row = _best(kinds, context.row, measures, quantity, headed=True)
    by_column = _best(kinds, context.column, measures, quantity, headed=True)
    by_header = (by_column or by_row) if records else (by_row or by_column)
    if by_header is None and context.row and context.column:
        by_header = _best(kinds, context.row + context.column, measures, quantity)  # "Tensor" × "Degree"
    if by_header is not None:
        return by_header.name, "header"
    by_label = _best(kinds, context.label, measures, quantity, headed=True)
    if by_label is not None and by_label.name.startswith("parallel.") and context.lead[-1:] and context.lead[-1] in _PLACED_ON:
        return None  # in "TP=8 on 256 GPUs" the degree has had its number
    if (
        by_label is not None
        and by_label.name.startswith("parallel.")
        and (_counts_something_else(quantity, context.lead) or (role and claim.label[-1:].isdigit()))
    ):
        return None  # "Expert parallelism: you have 64 GPUs", "TP 8, DP 16: 8 × 16 = 128"
    return (by_label.name, "label") if by_label is not None else None


def _paired(claim: NumberClaim, block: Block, shape: TableShape | None, measures: frozenset[str], kinds: Kinds) -> tuple[str, str] | None:
    """`| Query / KV heads | 64 / 8 |`: each figure has a name of its own."""
    cell = block.cell
    labels = (
        (shape.labels[cell.row], shape.columns[cell.column].header)
        if cell is not None and shape is not None and cell.row
        else (claim.label,)
    )
    found = paired_names(claim, block, *labels) if claim.quantity is not None else None
    if found is None or claim.quantity is None:
        return None
    matches = [_best(kinds, name, measures, claim.quantity, headed=True) for name, _ in found[0]]
    nouns = [_best(kinds, name, measures, claim.quantity, headed=True) for _, name in found[0]]
    matches = [match or (noun if noun is not None and noun.length > 1 else None) for match, noun in zip(matches, nouns, strict=True)]
    mine, names = matches[found[1]], {match.name for match in matches if match is not None}
    return (mine.name, "header") if mine is not None and len(names) == len(matches) else None


def _counts_something_else(quantity: Quantity, lead: tuple[str, ...]) -> bool:
    """Whether a number under the label of a degree counts what no degree is: experts, tokens, the devices of a sentence."""
    counted = dict(quantity.unit.soft) if quantity.unit is not None else {}
    return bool({"expert", "token", "sequence", "layer", "request"} & set(counted)) or (
        "device" in counted and not _HAVING.isdisjoint(lead)
    )


_HAVING = frozenset({"have", "has", "had", "having", "given"})
_PLACED_ON = frozenset({"on", "across", "over", "using", "with"})
_KEY = re.compile(r"[A-Za-z][\w.-]*$")
# In "ray start --head --port=6379" nothing but the last flag names the number.
_FLAG = re.compile(r"(?<![\w-])--[A-Za-z][\w-]*(?:=|\s+)$")
_FLAG_REACH = 64


def _keyed(kinds: Kinds, claim: NumberClaim, measures: frozenset[str]) -> tuple[str, str] | None:
    """In a configuration or on a command line the whole key must name the kind: `--tensor-parallel-size 8`."""
    assert claim.quantity is not None
    written = _KEY.search(claim.lead.strip(" -:=\"'")) or _KEY.search(claim.label.strip(" -:=\"'"))
    key = normalise(written[0]) if written else ()
    for match in kinds.phrases.find(key):
        whole = match.start == 0 and match.end == len(key)
        if whole and key != ("gpu",) and _possible(match, measures, kinds, claim.quantity):
            return match.name, "key"
    return None


_HEAD_ENDS = frozenset({"of", "in", "for", "with", "over", "after", "by", "at", "from", "on", "why", "how", "when", "if"})


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


def _adjectival(claim: NumberClaim) -> bool:
    """In "4 expert nodes" the nodes are counted, not the experts."""
    quantity = claim.quantity
    if quantity is None or quantity.unit is None or quantity.unit.hard or "-" in claim.text or quantity.number.value == 1:
        return False
    words = claim.noun.split()
    return (
        len(words) > 1 and words[0] == quantity.unit_text and not words[0].endswith("s") and words[1].endswith("s") and words[1].isalpha()
    )


_PREPOSITIONS = frozenset(
    {
        "per",
        "in",
        "across",
        "for",
        "with",
        "to",
        "on",
        "at",
        "by",
        "over",
        "each",
        "out",
        "into",
        "from",
        "and",
        "is",
        "are",
        "that",
        "which",
        "leave",
        "make",
        "give",
        "need",
        "take",
        "require",
        "use",
        "run",
        "deliver",
        "reach",
        "mean",
        "has",
        "have",
    }
)


# "GPUs per node" and "experts per GPU" run on past the preposition.
_PHRASE_TAIL = 2


def _noun_match(words: tuple[str, ...], measures: frozenset[str], kinds: Kinds, quantity: Quantity) -> Match | None:
    """The phrase nearest the head of the noun phrase after a number: in "tensor-parallel modules" it is "modules"."""
    stop = next((i for i, word in enumerate(words) if word in _PREPOSITIONS or (word == "of" and not quantity.unit_text)), len(words))
    lead = len(normalise(quantity.unit_text)) if quantity.unit is not None and quantity.unit.hard else 0
    best: Match | None = None
    for match in kinds.nouns.find(words[: stop + _PHRASE_TAIL]):
        if match.start >= stop or (match.end > stop and match.length < 2):
            continue
        if "of" in words[: match.start] and quantity.unit is not None and quantity.unit.canonical == "percent":
            continue  # "6 % of available 64 GB" is no availability
        if match.start > lead + 2 or not _possible(match, measures, kinds, quantity):
            continue
        if best is None or (match.end, match.length) > (best.end, best.length):
            best = match
    return best


def _named_beside(kinds: Kinds, context: Words, measures: frozenset[str], quantity: Quantity) -> bool:
    """Whether the label or the row names what a number measures."""
    return any(_best(kinds, words, measures, quantity, headed=True) for words in (context.label, context.row))


def _is_the_unit(match: Match, quantity: Quantity) -> bool:
    """Whether a phrase is only the number's own unit ("requests/s"), which says less than a label does."""
    return quantity.unit is not None and bool(quantity.unit.hard) and match.end <= len(normalise(quantity.unit_text))


_NEVER_BYTES = frozenset({"memory.checkpoint", "memory.weights", "memory.total_model"})
_SMALL_COUNTS = (
    "model.experts",
    "model.layers",
    "model.heads",
    "model.kv",
    "model.top",
    "parallel.",
    "cluster.",
    "placement.",
    "model.expert_ffn",
)


def _possible(match: Match, measures: frozenset[str], kinds: Kinds, quantity: Quantity) -> bool:
    if not (kinds.allows(match.name, measures) and kinds.counts(match.name, quantity)):
        return False
    # Layers, heads, experts and degrees are whole; "0.5 expert per layer" is somebody's mean.
    value = quantity.number.value * quantity.magnitude
    if match.name.startswith("parallel.") and quantity.high is not None:
        return False  # a degree has one value
    if quantity.bytes_too and match.name in _NEVER_BYTES:
        return False  # "checkpoints of the 70B run"
    if match.name.startswith("memory.") and quantity.unit_text in ("bit", "bits") and quantity.magnitude == 1:
        return False  # "16-bit gradients" are a format
    if quantity.magnitude >= 1e6 and match.name.startswith(_SMALL_COUNTS):
        return False  # "routed experts | 2.52 B" are their parameters
    if (
        match.name == "model.parameters"
        and quantity.magnitude < 1e6
        and not (quantity.unit is not None and dict(quantity.unit.soft).get("parameter"))
    ):
        if match.length == 1 and quantity.number.value < 1e6:
            return False  # "3 models" are not parameters
    if value == 1 and match.name in ("model.layers", "model.experts", "model.heads") and quantity.unit_text:
        return False  # "1 layer equivalent"
    return value == int(value) or not match.name.startswith(("model.", "parallel.", "cluster.")) or "parameters" in match.name


def _best(
    kinds: Kinds, words: tuple[str, ...], measures: frozenset[str], quantity: Quantity, *, reach: int = 0, headed: bool = False
) -> Match | None:
    """The longest phrase whose kind the number can be; of equally long ones the last. *reach*: words before the number."""
    best: Match | None = None
    for match in kinds.phrases.find(words):
        if reach and match.end + reach <= len(words) + match.length - 1:
            continue
        if match.start and words[match.start - 1] in ("per", "each") and match.length == 1:
            continue
        if headed and any(word in _HEAD_ENDS for word in words[: match.start]):
            continue  # in "copies of an expert" it is the copies that are counted
        if not _possible(match, measures, kinds, quantity):
            continue
        if words[match.start : match.end] in kinds.whole and len(words) > match.length:
            continue
        if best is None or (match.length, match.end) > (best.length, best.end):
            best = match
    return best


def _before(claim: NumberClaim) -> str:
    """The words of the sentence ahead of a number that is not an operand: its subject may set the scope."""
    return "" if claim.operand else claim.sentence_text.partition(claim.text.replace("$", " "))[0]


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
