"""Names and flags against the rest of the page: strategy names, option labels, launch commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from stratlint.claims.extract import CONFIGS, SHELLS
from stratlint.document import BlockKind
from stratlint.facts.fact import Fact
from stratlint.facts.mentions import devices_named, models_named
from stratlint.rules.checks.judged import check_judged
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import describes_several
from stratlint.rules.rule import Rule

_OPTION = Pattern(r"\b(?:option|variant|layout|plan|candidate|configuration|config|scenario|alternative)\s+([A-Z]|\d{1,2})\b\W{0,4}", re.I)


def _by_claim(context: Context) -> dict[int, list[Fact]]:
    """Degrees that stand in one name."""
    out: dict[int, list[Fact]] = {}
    for fact in context.facts.facts:
        if fact.how == "name" and fact.kind.startswith("parallel."):
            out.setdefault(fact.claim, []).append(fact)
    return {claim: facts for claim, facts in out.items() if len(facts) >= 2}


_FORMER = Pattern(r"(?i)\b(?:current|previous|original|existing|old|initial|baseline|former|rejected)\W+(?:\w+\W+){0,2}$")


def check_strategy_name(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A strategy name whose degrees differ from the table row, or the only stated degrees, it belongs to."""
    names = _by_claim(context)
    if any(fact.interval.low == 0 for facts in names.values() for fact in facts):
        return  # where a `dp0_tp1` stands, these names number ranks
    rows = _named_rows(context, names)
    stated = _stated_once(context)
    for claim, facts in names.items():
        number = context.claims.numbers[claim]
        if facts[0].modality not in ("asserted", "target") or facts[0].place.variant:
            continue
        text = context.document.blocks[number.block].text
        if _FORMER.search(text[max(number.start - 40, 0) : number.start]):
            continue
        row = _option_row(context, number.block, number.start, rows)
        others: Mapping[str, Fact] = {f.kind: f for f in row} if row else stated
        differing = [(f, others[f.kind]) for f in facts if f.kind in others and others[f.kind].interval != f.interval]
        if not differing:
            continue
        if not row and len(differing) == len(facts):
            continue  # another configuration altogether
        mine, theirs = differing[0]
        message = f"strategy name {number.name} has {mine.text}, but {'the table' if row else 'the page'} has {theirs.text}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (claim,), tuple(t.claim for _, t in differing), message,
            finding(
                rule, context, message, context.fact_location(mine, "name"), block=number.block, claimed=number.name,
                computed=context.claims.numbers[theirs.claim].name or theirs.text, formula=f"{mine.text} ≠ {theirs.text}",
                related=[context.fact_location(t, "stated") for _, t in differing], root=f"name:{mine.span.start}",
            ),
        )  # fmt: skip


def _option_row(context: Context, block: int, offset: int, rows: Mapping[str, list[Fact]]) -> list[Fact]:
    """The strategy name in the table row that the sentence's option label points to."""
    text = context.document.blocks[block].text
    before = text[max(offset - 30, 0) : offset]
    labels = [m[1] for m in _OPTION.finditer(before)] or [m[1] for m in _LABEL_OPENS.finditer(before)]
    if not labels:
        return []
    return rows.get(labels[-1], []) or _degrees_of_row(context, block, labels[-1])


# "L1 (TP1-PP4-DP64)"
_LABEL_OPENS = Pattern(r"\b([A-Z][A-Za-z]?\d{0,2})\W{0,4}\(\W{0,2}$")


def _degrees_of_row(context: Context, block: int, label: str) -> list[Fact]:
    """The degrees that stand in the row of this label, each in a column of its own, in the only table that has such a row."""
    found: dict[int, list[Fact]] = {}
    for fact in context.facts.facts:
        cell = context.document.blocks[fact.place.block].cell if fact.claim >= 0 and fact.place.block != block else None
        if cell is None or not cell.row or not fact.kind.startswith("parallel.") or not fact.exact or fact.how != "header":
            continue
        row = context.document.tables[cell.table].rows[cell.row]
        if context.document.blocks[row[0]].text.strip() == label:
            found.setdefault(cell.table, []).append(fact)
    return next(iter(found.values())) if len(found) == 1 else []


def _named_rows(context: Context, names: Mapping[int, list[Fact]]) -> dict[str, list[Fact]]:
    """The first strategy name in a table row, by the label of the row; of several such rows the first counts."""
    blocks: dict[int, list[Fact]] = {}
    for facts in names.values():
        blocks.setdefault(facts[0].place.block, facts)
    out: dict[str, list[Fact]] = {}
    for block, facts in blocks.items():
        cell = context.document.blocks[block].cell
        if cell is not None and cell.row > 0:
            row = context.document.tables[cell.table].rows[cell.row]
            out.setdefault(context.document.blocks[row[0]].text.strip(), facts)
    return out


def _stated_once(context: Context) -> dict[str, Fact]:
    """Degrees that the page states outside names, each with one value, where nothing describes variants."""
    facts = [f for f in context.facts.facts if f.kind.startswith("parallel.") and f.how != "name" and f.modality == "asserted" and f.exact]
    if any(f.place.variant for f in facts):
        return {}
    values: dict[str, set[float]] = {}
    for fact in facts:
        values.setdefault(fact.kind, set()).add(fact.interval.low)
    return {f.kind: f for f in reversed(facts) if len(values[f.kind]) == 1 and f.how in ("header", "label")}


_FLAG_KINDS = ("batch.concurrent",)
# Pages show commands for several layouts: a degree is compared only where the whole page, in every voice, knows one
# value of it.
_FLAG_DEGREES = ("parallel.tp", "parallel.pp")


def check_settings(rule: Rule, context: Context) -> Iterator[Verdict]:
    """What a launch command or configuration sets, against what the page says: as the judge proves it, then as its names suggest."""
    told: set[int] = set()
    for verdict in check_judged(rule, context):
        told.update(verdict.numbers)
        yield verdict
    yield from (verdict for verdict in _flags_against_text(rule, context) if told.isdisjoint(verdict.numbers))


def _flags_against_text(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A launch command or configuration whose value differs from the only value that the text states."""
    if describes_several(context.facts):
        return
    for kind in (*_FLAG_KINDS, *_FLAG_DEGREES):
        degree = kind in _FLAG_DEGREES
        facts = [
            f for f in context.facts.of_kind(kind)
            if f.exact and (degree or f.modality in ("asserted", "limit")) and not _is_world(context, f)
        ]  # fmt: skip
        flags = [f for f in facts if _is_code(context, f)]
        prose = [
            f for f in facts
            if not _is_code(context, f)
            and (degree or (f.scope in ("", "replica", "total") and f.how in ("label", "header", "lead")))
        ]  # fmt: skip
        if any(_of_another_command(context, f) for f in prose):
            continue
        if degree and not _one_launch(context, flags, prose):
            continue
        if any(f.place.variant for f in prose) or len({f.interval.low for f in flags}) != 1 or len({f.interval.low for f in prose}) != 1:
            continue
        flag, said = flags[0], prose[0]
        if flag.interval == said.interval:
            yield Verdict(rule.name, Status.CONSISTENT, (flag.claim,), (said.claim,), f"{flag.text} is what the text states")
            continue
        yield _differing(rule, context, flag, said, "text", "the text states")


_DATA_PARALLEL_ATTENTION = Pattern(r"\benable[-_]dp[-_]attention\b")


def _is_world(context: Context, fact: Fact) -> bool:
    """Whether a `tp-size` is the size of the whole world, as in SGLang with data-parallel attention."""
    return fact.kind == "parallel.tp" and _with_data_parallel_attention(context.document.blocks[fact.place.block].text)


# Every degree of a block asks, and a block may have thousands.
@lru_cache(maxsize=16)
def _with_data_parallel_attention(text: str) -> bool:
    return _DATA_PARALLEL_ATTENTION.search(text) is not None


def _one_launch(context: Context, flags: Sequence[Fact], prose: Sequence[Fact]) -> bool:
    """Whether one block of commands stands against degrees that the author states outright."""
    models = {entry.name for m in context.facts.mentions if m.kind == "model" for entry in models_named(m.name)[:1]}
    blocks = {f.place.block for f in flags}
    keyed = all(f.how == "key" for f in flags)
    stated = any(f.modality == "asserted" and f.interval.low > 1 for f in prose)
    return keyed and stated and len(blocks) == 1 and len(models) <= 1


_COMMAND = Pattern(r"(?i)--?[a-z][\w-]*[\s=]*$|\b(?:default|recommend\w*|for the|try|e\.g\.|raise|lower|increase|decrease)\b|→|->")


def _of_another_command(context: Context, fact: Fact) -> bool:
    """Whether prose quotes a flag, a default or advice: that is not what this page's command is to set."""
    number = context.number(fact)
    if number is None:
        return True
    block = context.document.blocks[number.block]
    header = " ".join(context.document.blocks[c].text for c in context.document.tables[block.cell.table].rows[0]) if block.cell else ""
    before = block.text[: number.start] if block.cell is None else ""
    return bool(_COMMAND.search(before) or re.search(r"(?i)default|recommend|range|→", header + (block.text if block.cell else "")))


def _is_code(context: Context, fact: Fact) -> bool:
    block = context.document.blocks[fact.place.block]
    return block.kind is BlockKind.CODE and block.language in SHELLS | CONFIGS


def check_command_against_configuration(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A launch command that repeats the only configuration of the page, with one other value."""
    commands, configurations = (_keyed_values(context, languages) for languages in (SHELLS, CONFIGS))
    shared = {kind for kind in commands if kind in configurations}
    if any(len({f.interval for f in found[kind]}) > 1 for kind in shared for found in (commands, configurations)):
        return  # several layouts
    differing = [kind for kind in shared if commands[kind][0].interval != configurations[kind][0].interval]
    telling = [kind for kind in shared if kind not in differing and commands[kind][0].interval.low > 1]
    if len(differing) != 1 or len(telling) < _AGREEING:
        return
    flag, said = commands[differing[0]][0], configurations[differing[0]][0]
    yield _differing(rule, context, flag, said, "configuration", "the configuration has")


def _differing(rule: Rule, context: Context, flag: Fact, said: Fact, role: str, where: str) -> Verdict:
    """A command whose value is another than that of the *role* it belongs to."""
    message = f"the command sets {flag.text}, but {where} {said.text} for the same quantity"
    return Verdict(
        rule.name, Status.CONTRADICTED, (flag.claim,), (said.claim,), message,
        finding(
            rule, context, message, context.fact_location(flag, "command"), block=flag.place.block, claimed=flag.text, computed=said.text,
            formula=f"{flag.text} ≠ {said.text}", related=[context.fact_location(said, role)], root=f"flag:{flag.span.start}",
        ),
    )  # fmt: skip


# So many other keys must agree, in more than a 1, before a command is taken for that of the configuration.
_AGREEING = 2


def _keyed_values(context: Context, languages: frozenset[str]) -> dict[str, list[Fact]]:
    """Facts that stand behind keys in code of these languages, by kind."""
    out: dict[str, list[Fact]] = {}
    for fact in context.facts.facts:
        block = context.document.blocks[fact.place.block]
        if (
            fact.how == "key"
            and fact.exact
            and not _is_world(context, fact)
            and block.kind is BlockKind.CODE
            and block.language in languages
        ):
            out.setdefault(fact.kind, []).append(fact)
    return out


def check_launch_nodes(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A command whose ranks do not fit on its nodes."""
    per_node = _gpus_per_node(context)
    if per_node is None:
        return
    size, where = per_node
    blocks = {f.place.block for f in context.facts.of_kind("cluster.nodes") if _is_code(context, f)}
    for block in sorted(blocks):
        here = [f for f in context.facts.in_block(block) if f.exact]
        nodes = [f for f in here if f.kind == "cluster.nodes"]
        tp = [f for f in here if f.kind == "parallel.tp"]
        pp = [f for f in here if f.kind == "parallel.pp"]
        if (
            any(f.interval.low < 1 for f in (*nodes, *tp))
            or len({f.interval.low for f in nodes}) != 1
            or len({f.interval.low for f in tp}) != 1
            or len(pp) > 1
        ):
            continue
        ranks = int(tp[0].interval.low * (pp[0].interval.low if pp else 1))
        room = int(nodes[0].interval.low) * size
        formula = f"{int(nodes[0].interval.low)} nodes × {size} GPUs = {room}"
        if ranks <= room:
            yield Verdict(rule.name, Status.CONSISTENT, (nodes[0].claim, tp[0].claim), (), formula)
            continue
        message = f"{ranks} tensor-parallel ranks do not fit: {formula}; {-(-ranks // size)} nodes are needed"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (nodes[0].claim,), (tp[0].claim,), formula,
            finding(
                rule, context, message, context.fact_location(nodes[0], "nodes"), block=block, claimed=nodes[0].text,
                computed=str(-(-ranks // size)),
                formula=formula, related=[context.fact_location(tp[0], "ranks"), *where], root=f"nodes:{nodes[0].span.start}",
            ),
        )  # fmt: skip


def _gpus_per_node(context: Context) -> tuple[int, list[Location]] | None:
    """GPUs of a node: as the page says, else as the one device it names is built."""
    stated = [f for f in context.facts.of_kind("cluster.gpus_per_node") if f.exact and f.modality == "asserted"]
    if len({f.interval.low for f in stated}) == 1:
        return int(stated[0].interval.low), [context.fact_location(stated[0], "GPUs per node")]
    if stated:
        return None
    ratios = _by_variant(context)
    if len({size for size, _ in ratios}) == 1:
        return ratios[0][0], [place for _, place in ratios]
    if ratios:
        return None
    sizes = {entry.gpus_per_node for m in context.facts.mentions if m.kind == "device" for entry in devices_named(m.name)}
    sizes.discard(None)
    if len(sizes) != 1:
        return None
    return int(next(iter(sizes)) or 0), []


def _by_variant(context: Context) -> list[tuple[int, Location]]:
    """GPUs ÷ nodes of every table column or row that states both."""
    nodes = {f.place.variant: f for f in context.facts.of_kind("cluster.nodes") if f.place.variant and f.exact and f.interval.low >= 1}
    out: list[tuple[int, Location]] = []
    for gpus in context.facts.of_kind("cluster.gpus"):
        count = nodes.get(gpus.place.variant)
        if count is not None and gpus.exact and gpus.interval.low % count.interval.low == 0:
            out.append(
                (int(gpus.interval.low // count.interval.low), context.fact_location(gpus, f"{int(count.interval.low)} nodes, GPUs"))
            )
    return out
