"""Parallel degrees against the number of GPUs, under every convention that frameworks use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from stratlint.document import BlockKind, Span
from stratlint.facts.fact import Fact, FactSet, Place
from stratlint.facts.resolve import is_of_its_node
from stratlint.physics import parallelism
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Location, ReadingTried, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import Candidates, describes_several, given, lookup, nearest
from stratlint.rules.rule import Rule

_CONFIGURATION = Pattern(r"^\W*(?:configuration|config|setup|layout|strategy)\b\W*:", re.I)
_COMPARED = Pattern(r"(?i)^\W*(?:baseline|proposed|ours|reference|before|after)\b")
_DEGREES = ("tp", "pp", "dp", "ep", "cp", "etp", "fsdp", "sp")
_NAMES = {"tp": "TP", "pp": "PP", "dp": "DP", "ep": "EP", "cp": "CP", "etp": "ETP", "fsdp": "FSDP", "sp": "SP"}


@dataclass(frozen=True, slots=True)
class Layout:
    """Degrees that are stated together, and the GPU count they must fill."""

    degrees: Mapping[str, Fact]
    gpus: Fact
    place: Place

    def value(self, name: str) -> int:
        """A degree, 1 when it is not stated."""
        fact = self.degrees.get(name)
        return int(fact.interval.low) if fact else 1


@dataclass(frozen=True, slots=True)
class Convention:
    """One way to count ranks: its name, the product it forms and whether that is admissible."""

    name: str
    formula: str
    product: int
    fits: bool
    source: str
    family: str = ""


def check_world_size(rule: Rule, context: Context) -> Iterator[Verdict]:
    """No convention makes the stated degrees fill the stated GPUs (or a whole number of replicas of them)."""
    seen: set[tuple[int, int]] = set()
    refuted: list[tuple[int, frozenset[tuple[str, int]]]] = []
    for layout in layouts(context):
        key = (layout.gpus.span.start, min(f.span.start for f in layout.degrees.values()))
        if key in seen:
            continue
        seen.add(key)
        world, degrees = int(layout.gpus.interval.low), frozenset((n, layout.value(n)) for n in layout.degrees if layout.value(n) > 1)
        if any(world == other and (degrees <= said or said <= degrees) for other, said in refuted):
            continue  # the same layout, told again
        every = conventions(layout, engines=_names_engine(context.document.text))
        tried = tuple(c for c in every if context.admits("world_size", c.family) or _reuses(c, layout, context)) or every
        fitting = [convention for convention in tried if convention.fits]
        numbers = (layout.gpus.claim,)
        used = tuple(fact.claim for fact in layout.degrees.values())
        if fitting:
            filled = next((convention for convention in fitting if convention.product == world), None)
            # a multiple of what the degrees form leaves the number of replicas open
            status = Status.VERIFIED if filled else Status.CONSISTENT
            yield Verdict(rule.name, status, numbers, used, (filled or fitting[0]).formula)
            continue
        refuted.append((world, degrees))
        fixes = context.fixing("world_size") if any(convention.fits for convention in every) else ()
        yield _contradicted(rule, context, layout, tried, numbers, used, fixes)


def _reuses(convention: Convention, layout: Layout, context: Context) -> bool:
    """Whether the degrees fill all GPUs without EP, which reuses their ranks: no sentence about some EP group makes it a factor then."""
    fixed, filled = "world_size" in context.conventions, convention.product == int(layout.gpus.interval.low)
    return fixed and filled and layout.value("dp") > 1 and convention.family in ("folded", "expert-in-data")


def _repeated(context: Context, fact: Fact) -> bool:
    """Whether the page states the same value of the same kind at another place."""
    return any(other.claim != fact.claim and other.interval == fact.interval for other in context.facts.of_kind(fact.kind))


def _contradicted(
    rule: Rule,
    context: Context,
    layout: Layout,
    tried: Sequence[Convention],
    numbers: tuple[int, ...],
    used: tuple[int, ...],
    fixes: tuple[Location, ...],
) -> Verdict:
    gpus = int(layout.gpus.interval.low)
    own = tried[0]
    expert, stages = layout.value("ep"), layout.value("pp")
    message = f"{own.formula} does not fit {gpus:,} GPUs"
    if expert > 1 and expert * stages > gpus:
        message += (
            f", and folded into one of {stages} stages ({gpus:,} ÷ {stages} = {gpus // stages:,} ranks) EP = {expert} does not fit either"
        )
    first = min(layout.degrees.values(), key=lambda fact: fact.span.start)
    places = [context.fact_location(fact, _NAMES[name]) for name, fact in layout.degrees.items()]
    beside = first.place.block == layout.gpus.place.block or layout.gpus.origin
    location = context.fact_location(first, "degrees") if beside else context.fact_location(layout.gpus, "GPUs")
    replicas = layout.degrees.get("dp")
    if replicas is not None and not beside and _repeated(context, layout.gpus) and not _repeated(context, replicas):
        location = context.fact_location(replicas, _NAMES["dp"])  # the page stands by its GPUs
    places += [context.fact_location(layout.gpus, "GPUs"), *fixes]
    readings = tuple(ReadingTried(c.name, c.formula, f"{c.product:,} GPUs", c.fits, c.source) for c in tried)
    return Verdict(
        rule.name, Status.CONTRADICTED, (*numbers, *used), (), own.formula,
        finding(
            rule, context, message, location, block=layout.place.block, claimed=f"{gpus:,} GPUs", computed=f"{own.product:,}",
            formula=own.formula, readings=readings, related=places, root=f"world:{layout.gpus.span.start}",
        ),
    )  # fmt: skip


_ATTENTION_ENGINES = Pattern(
    r"(?i)sglang|trt-?llm|tensorrt|\bmla\b|deepseek|kimi|attention[\s_-]*d(?:ata[\s-]*)?p|d(?:ata[\s-]*)?p(?:arallel)?[\s_-]*attention"
)


@lru_cache(maxsize=2)
def _names_engine(text: str) -> bool:  # that puts the data-parallel ranks of attention inside the TP group
    return bool(_ATTENTION_ENGINES.search(text))


def conventions(layout: Layout, *, engines: bool = True) -> tuple[Convention, ...]:
    """Every convention with the ranks it needs; the laws are `stratlint.physics.parallelism.world_readings`.

    `engines` admits, without an expert-parallel degree too, what only serving engines do: DP ranks inside the TP group.
    """
    world = int(layout.gpus.interval.low)
    degrees = parallelism.Layout(
        tp=layout.value("tp"),
        pp=layout.value("pp"),
        dp=_data_parallel(layout),
        cp=layout.value("cp") * layout.value("sp"),
        ep=layout.value("ep") if "ep" in layout.degrees else None,
        etp=layout.value("etp") if "etp" in layout.degrees else None,
    )
    readings = list(parallelism.world_readings(degrees, world))
    if layout.value("sp") > 1:
        shared = replace(degrees, cp=layout.value("cp"))
        readings += parallelism.world_readings(shared, world)
    dp = layout.value("dp")
    if dp > 1 and layout.value("ep") > 1 and dp == world:
        # "EP144, DP144" name the same ranks twice; TP groups are then cut out of them.
        readings += parallelism.world_readings(replace(degrees, tp=1, dp=dp), world)
    if dp > 1 and layout.value("tp") % dp == 0 and (engines or layout.value("ep") > 1):
        readings += parallelism.world_readings(degrees, world, mixture=True)
    return tuple(
        Convention(_CONVENTION_NAMES[r.convention], r.formula, r.unit, r.holds, r.source, _FAMILIES[r.convention]) for r in readings
    )


def _data_parallel(layout: Layout) -> int | None:
    """DP and FSDP are one axis; None when neither is stated."""
    if "dp" not in layout.degrees and "fsdp" not in layout.degrees:
        return None
    return layout.value("dp") * layout.value("fsdp")


_CONVENTION_NAMES = {
    parallelism.Convention.DENSE: "TP × PP × DP × CP",
    parallelism.Convention.OWN_AXIS: "every degree an axis of its own",
    parallelism.Convention.FOLDED: "EP folded into the other ranks",
    parallelism.Convention.INSIDE_DP: "EP inside DP",
    parallelism.Convention.SERVING_TP_DP: "EP = TP × DP",
    parallelism.Convention.SERVING_DP_ATTENTION: "DP and EP inside TP",
}


# What a team may assume and a document may fix (`Assumptions.world_size`); without EP there is nothing to choose.
_FAMILIES = {
    parallelism.Convention.DENSE: "",
    parallelism.Convention.OWN_AXIS: "own-axis",
    parallelism.Convention.FOLDED: "folded",
    parallelism.Convention.INSIDE_DP: "expert-in-data",
    parallelism.Convention.SERVING_TP_DP: "engine",
    parallelism.Convention.SERVING_DP_ATTENTION: "engine",
}


def layouts(context: Context) -> Iterator[Layout]:
    """Degrees stated together, with the GPU count that they must fill."""
    for key, members, stated in stated_together(context):
        gpus = _gpus(context, members[0].place, key == "sentence" or key == "name", members)
        if gpus is not None:
            yield Layout(stated, gpus, members[0].place)


def stated_together(context: Context) -> Iterator[tuple[str, Sequence[Fact], Mapping[str, Fact]]]:
    """Two degrees or more in one strategy name, table row or column, sentence, code block, list, or on the whole page.

    What they share, the facts, and the facts by degree; a group that gives a degree two values is left out.
    """
    degrees = [
        fact for fact in context.facts.facts
        if fact.kind.startswith("parallel.") and fact.kind[9:] in _DEGREES and fact.modality == "asserted" and fact.exact
        and 1 <= fact.interval.low < 1e6
    ]  # fmt: skip
    groups: dict[tuple[object, ...], list[Fact]] = {}
    for fact in degrees:
        groups.setdefault(_group(context, fact), []).append(fact)
    for fact in degrees:
        items = _list(context, fact)
        if items is not None:
            groups.setdefault(items, []).append(fact)
    whole = _whole_page(context, degrees)
    if whole:
        groups["page",] = whole
    for key, members in groups.items():
        stated = _unambiguous(members)
        if stated is not None and len(stated) >= 2 and not any(_of_a_part(context, fact) for fact in members):
            yield str(key[0]), members, stated


_PART = Pattern(r"(?i)\s*(?:-?\s*way)?\s*[(,]?\s*(?:only\s+)?(?:for|in|on)\s+(?:the\s+)?(?:experts?|moe|embeddings?|one|first|last)\b")


def _of_a_part(context: Context, fact: Fact) -> bool:
    """ "TP: 2 (for the expert layer)" is a degree of a part of the model: the other parts have ranks of their own number."""
    number = context.number(fact)
    return (
        number is not None
        and fact.kind != "parallel.ep"
        and _PART.match(context.document.blocks[number.block].text[number.end :]) is not None
    )


def _group(context: Context, fact: Fact) -> tuple[object, ...]:
    place = fact.place
    if place.variant:
        return ("variant", place.variant)
    if fact.how == "name":
        return ("name", fact.claim)
    if context.document.blocks[place.block].kind in ("code", "front_matter"):
        return ("code", place.block)
    if place.table >= 0:
        # in the first column stand the names of what is compared
        return ("table", place.table) if place.column > 0 else ("row", place.table, place.row)
    return ("sentence", place.block, place.sentence)


_PROSE = ("label", "noun", "lead")
_TELLING = (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.CODE)


def _list(context: Context, fact: Fact) -> tuple[object, ...] | None:
    """The list whose items state a degree each ("- Tensor parallelism: 4", "- Pipeline parallelism: 2")."""
    block = context.document.blocks[fact.place.block]
    if not block.list_path or fact.how not in _PROSE or fact.place.variant or block.cell is not None:
        return None
    return ("list", block.section, block.list_path[:-1])


def _whole_page(context: Context, degrees: Sequence[Fact]) -> list[Fact]:
    """The degrees of a page that plans one layout: each has one value, whatever the section, and so has the GPU count."""
    if not one_layout(context) or not _totals(context.facts).single:
        return []
    told = [fact for fact in degrees if fact.how in _PROSE and context.document.blocks[fact.place.block].kind in _TELLING]
    return told if len(told) == len(degrees) else []


def _unambiguous(members: Sequence[Fact]) -> dict[str, Fact] | None:
    stated: dict[str, Fact] = {}
    for fact in members:
        name = fact.kind.removeprefix("parallel.")
        if name in stated and stated[name].interval != fact.interval:
            return None
        stated.setdefault(name, fact)
    return stated


def _gpus(context: Context, place: Place, local: bool, members: Sequence[Fact]) -> Fact | None:
    """The GPU count that degrees at *place* must fill: in their own row, column or sentence first, else in their section.

    From further away only when the page has one layout and one total.
    """
    totals = _totals(context.facts)
    if any(f.kind == "cluster.nodes" and f.how == "key" and f.interval.low > 1 for f in context.facts.in_block(place.block)):
        return None  # a launcher's GPU count is per node
    if local:
        beside = [f for f in context.facts.in_sentence(place.block, place.sentence) if _is_total(f)]
        if beside:
            return beside[0] if len({f.interval.low for f in beside}) == 1 else None
        if any(value for value, _ in _devices_counted(context, members[0])):
            return _run_on(
                context, place, replicated=any(m.kind == "parallel.dp" for m in members)
            )  # otherwise the sentence speaks of some other number of GPUs
    gpus = nearest(context, totals.stated, place, "section")
    if gpus is None or gpus.place.block != place.block:
        gpus = nearest(context, totals.labelled, place, "section") or gpus
    if gpus is None and totals.single and one_layout(context):
        gpus = totals.first
    if gpus is None and one_layout(context):
        gpus = given(context, ("cluster.gpus",))
    if gpus is None or not gpus.exact:
        return None
    if describes_several(context.facts) and gpus.place.section != place.section:
        return None
    if gpus.place.variant not in ("", place.variant) or _of_a_wide_table(context, gpus.place, place):
        return None  # the row of another configuration
    if (
        gpus.place.block != place.block
        and gpus.how not in _OUTRIGHT
        and (gpus.how != "noun" or _PASSING.search(_sentence_of(context, gpus)))
    ):
        return None  # a number of GPUs in passing
    replicas = lookup(context, ("cluster.replicas",), place)
    if replicas is not None and replicas.interval.low > 1 and "dp" not in {m.kind[9:] for m in members}:
        return None
    return gpus


def _of_a_wide_table(context: Context, of_gpus: Place, of_degrees: Place) -> bool:
    """A table of more than labels and values compares configurations."""
    if of_gpus.table < 0 or of_gpus.table == of_degrees.table:
        return False
    return len(context.document.tables[of_gpus.table].rows[0]) > len(("label", "value"))


_PASSING = Pattern(r"(?i)\b(?:only|with|if|needs?|needed|example|e\.g\.|test\w*|when)\b")


def _sentence_of(context: Context, fact: Fact) -> str:
    number = context.number(fact)
    return number.sentence_text if number is not None else ""


_OUTRIGHT = ("label", "header", "key", "given")
_RUN_ON = Pattern(
    r"\b(?:on|across|over|using|with|to|=|needs?|requires?|uses?|fills?|occup(?:y|ies)|"
    r"takes?)\s+(?:(?:the|our|its|all|a total of|exactly|just)\s+)*$",
    re.I,
)


# "One copy of the model takes 48 GPUs": the degrees without the data-parallel one.
_OF_ONE_COPY = Pattern(
    r"(?i)\b(?:one|a|an|each|every|per|single)\s+(?:(?:full|model|data[- ]parallel|complete)\s+)*(?:copy|replica|instance)\b[^.;]*$"
)


def _run_on(context: Context, place: Place, *, replicated: bool = False) -> Fact | None:
    """The only GPU count of a sentence that says what the layout runs on: "TP=8 and PP=4 on 32 GPUs"."""
    counted = [f for f in context.facts.in_sentence(place.block, place.sentence) if f.kind == "count.device"]
    if len(counted) != 1 or not counted[0].exact or counted[0].modality != "asserted" or counted[0].scope:
        return None
    number = context.number(counted[0])
    if number is None or number.equation >= 0 or number.operand:
        return None
    text = context.document.blocks[number.block].text
    if replicated and _OF_ONE_COPY.search(text[: number.start]):
        return None
    inside = re.match(r"\s*(?:per|each|of|in|within|groups?|nodes?)\b", text[number.end :])
    return counted[0] if _RUN_ON.search(text[: number.start]) and not inside else None


@dataclass(frozen=True, slots=True)
class _Totals:
    """The GPU counts of a page: the first, whether all are the same, and those that are stated, and called totals."""

    first: Fact | None
    single: bool
    stated: Candidates
    labelled: Candidates


@lru_cache(maxsize=2)
def _totals(facts: FactSet) -> _Totals:
    found = [fact for fact in facts.of_kind("cluster.gpus") if _is_total(fact)]
    stated = Candidates(facts.document, [fact for fact in found if _stated(facts, fact)])
    labelled = Candidates(facts.document, [fact for fact in found if _called_total(facts, fact)])
    return _Totals(found[0] if found else None, len({fact.interval.low for fact in found}) == 1, stated, labelled)


def _called_total(facts: FactSet, fact: Fact) -> bool:
    return fact.claim >= 0 and facts.claims.numbers[fact.claim].label.lower().startswith("total")


def _is_total(fact: Fact) -> bool:
    # "Single GPU | 1" is what a cluster is compared with
    return fact.kind == "cluster.gpus" and fact.modality == "asserted" and fact.exact and fact.interval.low > 1


def _stated(facts: FactSet, fact: Fact) -> bool:
    """Stated as a total, not computed in passing."""
    number = facts.claims.numbers[fact.claim] if fact.claim >= 0 else None
    return number is not None and (not number.operand) and (number.relation != "=" or fact.how in ("label", "header", "key", "lead"))


def one_layout(context: Context) -> bool:
    """Whether the page has one value of every parallel degree, in one configuration."""
    return _one_layout(context.facts)


@lru_cache(maxsize=2)
def _one_layout(facts: FactSet) -> bool:
    degrees = [f for f in facts.facts if f.kind.startswith("parallel.") and f.modality == "asserted" and f.exact]
    return _unambiguous(degrees) is not None and not any(f.place.variant for f in degrees) and not _several_configurations(facts, degrees)


def _several_configurations(facts: FactSet, degrees: Sequence[Fact]) -> bool:
    """Whether degrees stand under "Configuration:" more than once."""
    labelled = set()
    for fact in degrees:
        number = facts.claims.numbers[fact.claim] if fact.claim >= 0 else None
        if number is not None and _CONFIGURATION.search(number.sentence_text):
            labelled.add((number.block, number.sentence))
        if number is not None and _COMPARED.search(number.sentence_text):
            return True
    return len(labelled) > 1


def check_expert_ranks(rule: Rule, context: Context) -> Iterator[Verdict]:
    """EP × PP ranks do not exist: an expert group must fit into one stage under every convention but the own axis."""
    for fact in context.facts.of_kind("parallel.ep"):
        if fact.modality in ("rejected", "negated", "quoted", "considered") or fact.interval.low <= 1:
            continue
        if _is_bound(context, fact) or _in_a_phrase(context, fact):
            continue
        found = _ranks_of_stage(context, fact)
        if found is None:
            continue
        ranks, formula, places = found
        if fact.interval.low <= ranks:
            yield Verdict(rule.name, Status.CONSISTENT, (fact.claim,), (), formula)
            continue
        message = f"claims EP = {int(fact.interval.low)}, but {formula}: there are only {ranks:,} ranks for it"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (fact.claim,), (), formula,
            finding(
                rule, context, message, context.fact_location(fact, "claim"), block=fact.place.block,
                claimed=f"EP = {int(fact.interval.low)}",
                computed=f"{ranks:,} ranks", formula=formula, related=places, root=f"ep:{fact.span.start}",
            ),
        )  # fmt: skip


def _in_a_phrase(context: Context, fact: Fact) -> bool:
    """A cell that says more than its number, and a count of GPUs under the label of a degree."""
    number = context.number(fact)
    block = context.document.blocks[fact.place.block]
    if number is None:
        return False
    told = block.cell is not None and fact.how == "header" and len(block.text.split()) > _LABEL_WORDS
    return told or bool(re.match(r"\s*(?:GPU|卡)", block.text[number.end :]))


_LABEL_WORDS = 4


def _is_bound(context: Context, fact: Fact) -> bool:
    """`EP >= 2` asks for a degree, it does not state one."""
    number = context.number(fact)
    return number is not None and number.relation in (">=", "≥", ">", "<", "<=", "≤")


def _ranks_of_stage(context: Context, fact: Fact) -> tuple[int, str, list[Location]] | None:
    """Ranks of the group an EP degree must fit into, from the same sentence: TP × DP of a stage, or all its GPUs."""
    here = [
        other for other in context.facts.in_sentence(fact.place.block, fact.place.sentence)
        if other.place.row == fact.place.row and other.modality not in ("rejected", "negated", "quoted")
    ]  # fmt: skip
    stated = _unambiguous([o for o in here if o.kind.startswith("parallel.")])
    counted = _devices_counted(context, fact)
    first = next(counted, None)
    if stated is None or first is None or any(count != first[0] for count, _ in counted):
        return None
    gpus, place = first[0], context.location(first[1], "GPUs")
    places = [context.fact_location(o, o.kind.removeprefix("parallel.").upper()) for n, o in stated.items() if n != "ep"]
    places.append(place)
    stages = int(stated["pp"].interval.low) if "pp" in stated else 1
    ranks = gpus // max(stages, 1)
    formula = f"{gpus:,} GPUs ÷ {stages} stages = {ranks:,}" if stages > 1 else f"{ranks:,} GPUs"
    return ranks, formula, places


def _devices_counted(context: Context, fact: Fact) -> Iterator[tuple[int, Span]]:
    """The GPU counts of the sentence an EP degree stands in ("16 GPUs", "the 256-GPU cluster"), shares of something left out."""
    for number in context.claims.numbers_of(fact.place.block, fact.place.sentence):
        quantity, block = number.quantity, context.document.blocks[number.block]
        if quantity is None or quantity.unit is None or quantity.unit.dimensions != (("device", 1.0),) or is_of_its_node(number, block):
            continue  # "two 8-GPU servers"
        times = number.operand and re.search(r"(?i)nodes?\W*[×x*]\W*$", block.text[: number.start])  # "2 nodes × 8 GPUs"
        plain = quantity.number.integer and quantity.high is None and not times
        if plain and not re.match(r"\s*(?:per|each|of a)\b", block.text[number.end :]):
            yield int(quantity.number.value * quantity.magnitude), number.span
