"""Praise and verdicts: zero latency, tiny utilisation called excellent, and "all checks passed" over failures."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator

from stratlint.claims.claim import NumberClaim, Statement
from stratlint.document import BlockKind
from stratlint.facts.fact import Fact
from stratlint.facts.phrases import normalise, word_list
from stratlint.rules.checks.passages import denied
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import Severity, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_TINY = 0.10
_NEGATED = frozenset({"not", "never", "no", "n't", "isn", "but", "although", "wrong", "only", "without", "if"})


_DOUBTED = Pattern(r"\b(?:impossible|issue|wrong|bug|shows?|incorrect|cannot|not|unrealistic|suspicious|error)\b", re.I)


def check_zero_time(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A latency printed as zero: no step takes no time."""
    for number in context.claims.numbers:
        quantity = number.quantity
        if quantity is None or quantity.number.value != 0 or quantity.high is not None or quantity.unit is None:
            continue
        if quantity.number.integer:
            continue  # "0 ms" says in words that nothing is waited for; 0.00 ms was computed
        if quantity.unit.hard != (("time", 1.0),) or number.struck or number.quoted or number.relation in ("<", "≤", ">", "≥", "<="):
            continue
        facts = context.facts.of_claim(number.index)
        label = " ".join((number.label, number.lead, number.noun, _row_label(context, number.block)))
        words = set(normalise(label))
        if (
            not (words & {"latency", "decode", "prefill", "ttft", "tpot", "hand", "transfer", "itl"} or {"first", "token"} <= words)
            or number.code
            or number.relation in ("≈", "~")
        ):
            continue
        if _DOUBTED.search(number.sentence_text):
            continue
        if words & {"overhead", "exposed", "hidden", "bubble", "saved", "wait", "idle", "extra", "additional", "downtime", "stall"} or any(
            f.modality not in ("asserted",) for f in facts
        ):
            continue
        half = quantity.number.ulp / 2 * quantity.unit.factor
        text = " ".join(number.text.split())
        formula = f"{text} is less than {amount_text(half, 'time')}"
        message = f"claims {text}, but every step takes some time ({formula})"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (number.index,), (), formula,
            finding(
                rule, context, message, context.location(number.span, "claim"), block=number.block, claimed=text, computed="> 0",
                formula=formula, root=f"zero:{number.span.start}",
            ),
        )  # fmt: skip


def _row_label(context: Context, block_index: int) -> str:
    block = context.document.blocks[block_index]
    if block.cell is None or block.cell.column == 0:
        return ""
    return context.document.blocks[context.document.tables[block.cell.table].rows[block.cell.row][0]].text


def check_tiny_praised(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Utilisation below a tenth in a line that calls it excellent or optimal."""
    done: set[int] = set()
    yield from _praised_without_figure(rule, context)
    yield from _praised_result(rule, context)
    for fact in context.facts.facts:
        if fact.measure != "share" or not _is_utilisation(context, fact) or fact.interval.high >= _TINY or fact.interval.high <= 0:
            continue
        if fact.modality not in ("asserted", "limit"):
            continue
        number = context.number(fact)
        statement = context.statement_of(number.block, number.start) if number else None
        text = _line_around(context, fact, statement)
        words = normalise(text)
        praise = [m for m in word_list("verdicts").find(words) if m.name == "excellent"]
        if not praise or _NEGATED & set(words) - {"only"} or fact.place.block in done:
            continue
        done.add(fact.place.block)
        word = " ".join(words[praise[0].start : praise[0].end])
        unused = _unused(fact.text, number)
        message = f"{fact.text} utilisation is called `{word}`, but {unused} is unused"
        yield Verdict(
            rule.name, Status.IMPLAUSIBLE, (fact.claim,), (), message,
            finding(
                rule, context, message, context.fact_location(fact, "claim"), block=fact.place.block, claimed=fact.text,
                computed=unused, formula=f"100 % − {fact.text} = {unused}", root=f"praise:{fact.span.start}",
            ),
        )  # fmt: skip


def _unused(printed: str, number: NumberClaim | None) -> str:
    """What a share leaves of the whole, with the decimals that it is printed with: of `0.12%` 99.88 %."""
    quantity = number.quantity if number is not None else None
    if quantity is None:
        return f"the rest of {printed}"
    percent = quantity.unit is not None and quantity.unit.canonical == "percent"
    used = quantity.number.value if percent else quantity.number.value * 100
    ulp = quantity.number.ulp if percent else quantity.number.ulp * 100
    decimals = max(0, -math.floor(math.log10(ulp) + 0.5)) if ulp > 0 else 2
    return f"{100 - used:.{decimals}f} %"


_PRAISE_REACH = 40


def _praised_result(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`utilisation: 3.28 PFLOPS of 167 PFLOPS → 2.0 %, an optimal use`: the end of a calculation, praised at once."""
    known = {fact.claim for fact in context.facts.facts}
    for number in context.claims.numbers:
        quantity = number.quantity
        if (
            number.index in known
            or quantity is None
            or quantity.unit is None
            or quantity.unit.canonical != "percent"
            or number.quoted
            or number.struck
        ):
            continue
        if not 0 < quantity.number.value < 100 * _TINY or not re.search(r"\butili[sz]ation\b", number.sentence_text, re.I):
            continue
        words = normalise(context.document.blocks[number.block].text[number.end : number.end + _PRAISE_REACH])
        praise = [m for m in word_list("verdicts").find(words) if m.name == "excellent" and not denied(words, m.start)]
        if not praise:
            continue
        text = " ".join(number.text.split())
        unused = _unused(text, number)
        message = f"{text} utilisation is called `{words[praise[0].start]}`, but {unused} is unused"
        yield Verdict(
            rule.name, Status.IMPLAUSIBLE, (number.index,), (), message,
            finding(rule, context, message, context.location(number.span, "claim"), block=number.block, claimed=text,
                    computed=unused, formula=f"100 % − {text} = {unused}", root=f"praise:{number.span.start}"),
        )  # fmt: skip


def _praised_without_figure(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`Resource utilization: optimal memory efficiency`, where the page says elsewhere how little is used."""
    facts = [f for f in context.facts.of_kind("memory.utilisation") if f.modality == "asserted" and not f.place.variant]
    if not facts or max(f.interval.high for f in facts) >= _TINY:
        return
    figures = {n.block: n.sentence for n in context.claims.numbers}
    for statement in context.claims.statements:
        words = normalise(statement.text)
        praise = [m for m in word_list("verdicts").find(words) if m.name == "excellent" and not denied(words, m.start)]
        if (
            not praise
            or figures.get(statement.block) == statement.index
            or not {"utilization", "utilisation"} & set(words)
            or "memory" not in words
        ):
            continue
        message = f"memory use is called `{words[praise[0].start]}`, but {facts[0].text} of it is used"
        yield Verdict(
            rule.name, Status.NOT_CHECKED, (), (), message,
            finding(
                rule, context, message, context.location(statement.span, "praise"), block=statement.block, claimed=words[praise[0].start],
                computed=facts[0].text, formula=f"100 % − {facts[0].text} = {_unused(facts[0].text, context.number(facts[0]))}",
                related=[context.fact_location(facts[0], "utilisation")], root="praise",
            ),
        )  # fmt: skip
        return


def _is_utilisation(context: Context, fact: Fact) -> bool:
    number = context.number(fact)
    if number is None:
        return False
    nearby = number.sentence_text if number.relation == "→" else ""
    words = set(normalise(f"{number.label} {number.lead} {number.noun} {nearby} {_row_label(context, number.block)}"))
    return fact.kind in ("memory.utilisation", "compute.utilisation") or bool(words & {"utilization", "utilisation"})


def _line_around(context: Context, fact: Fact, statement: Statement | None) -> str:
    """The sentence of a claim; in a table its whole row; in a list the status line below it."""
    if fact.place.table >= 0:
        table = context.document.tables[fact.place.table]
        return " ".join(context.document.blocks[index].text for index in table.rows[fact.place.row])
    text = statement.text if statement else ""
    if fact.measure == "share" and statement is not None and len(normalise(text)) > 30:
        number = context.number(fact)  # a long calculation: only what follows the figure praises it
        text = context.document.blocks[fact.place.block].text[number.start : number.end + 60] if number else ""
    block = context.document.blocks[fact.place.block]
    for following in context.document.blocks[block.index + 1 : block.index + 3]:
        same_list = following.list_path[:-1] == block.list_path[:-1] and following.list_path
        if (same_list and normalise(following.text)[:1] == ("statu",)) or (same_list and normalise(following.text)[:1] == ("status",)):
            text += " " + following.text
    return text


_FIGURES = (
    r"(?:numbers?|figures?|values?|checks?|calculations?|sums?|totals?|rows?|items?|budgets?|constraints?|targets?|slos?|divisions?|"
    r"tables?|estimates?)"
)
_CHECKED = (
    r"(?:(?:re-?|cross-?|double-?)?checked|verified|validated|confirmed|re-?computed|recalculated|reviewed|audited|reconciled|"
    r"proof-?read|agree|consistent|correct|holds?|adds? up|pass(?:ed|es)?|green|in order)"
)
# "All figures in this note were recomputed", "the numbers above were checked twice", "no open issues remain".
_CERTIFIED = Pattern(
    rf"(?i)\b(?<!to-)(?:all|every|each|both)\s+(?:of\s+)?(?:the\s+|our\s+|these\s+)?(?:[\w-]+\s+){{0,2}}{_FIGURES}\b[^.;:]{{0,50}}\b{_CHECKED}\b|"
    rf"\b(?:the|these|our)\s+(?:[\w-]+\s+){{0,2}}{_FIGURES}\b[^.;:]{{0,30}}\b(?:were|was|have been|has been|are)\s+(?:\w+\s+)?{_CHECKED}\b"
    r"[^.;:]{0,30}\b(?:twice|independently|again|end to end|by two|line by line)\b|"
    rf"\beverything\b[^.;:]{{0,30}}\b{_CHECKED}\b|"
    r"\bno (?:open|numerical|numeric|known) (?:[a-z]+\s+)?(?:issues?|points?|errors?|discrepanc\w+|inconsistenc\w+)\b|"
    r"\bnothing (?:is|was left) open\b"
)
_NOT_CERTIFIED = Pattern(r"(?i)n['’]t\b|\b(?:not|never|except|unless|if|until|two of|some|most)\b|\?")

# "All figures: 30-day month", "All numbers are per node": what they are given in.
_CAPTION = Pattern(
    rf"(?i)\ball (?:[\w-]+\s+)?{_FIGURES}(?::\s|\s+(?:in|per|for|at|from|use|assume|refer|below)\b|"
    rf"\s+are (?:in|per|for|given|quoted|rounded|means?|averages?)\b)(?!.*\b{_CHECKED}\b)"
)

# What makes "all figures …" a verdict on them, and not what they are given in: "All figures are GB per GPU".
_SAID_WELL = Pattern(
    rf"(?i)\b{_CHECKED}\b|\b(?:match(?:es)?|right|valid|sound|exact\w*|accurate|good|fine|ok|okay|fits?|perfect\w*|evenly|clean\w*|met|done|"
    r"complete|works?|true|precise\w*|error-free|within|ready|reproducible|reproduced?|line up|balanced?)\b|[✅✓✔]"
)
_THINGS = frozenset({"check", "calculation", "figure", "number", "row", "division"})


def check_overall_verdict(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A statement that everything was checked and holds, in a document with proved contradictions."""
    errors = [f for f in context.findings if f.severity is Severity.ERROR]
    if not errors:
        return
    rules = sorted({f.rule for f in errors})
    shown = ", ".join(rules[:4]) + (f" and {len(rules) - 4} more" if len(rules) > 4 else "")
    count = f"{len(errors)} claim{'s' if len(errors) > 1 else ''}"
    for statement in context.claims.statements:
        block = context.document.blocks[statement.block]
        if block.kind in (BlockKind.CODE, BlockKind.FRONT_MATTER) or '"' in statement.text:
            continue
        words = normalise(statement.text)
        overall = [m for m in word_list("verdicts").find(words) if m.name == "overall" and not denied(words, m.start)]
        overall = [m for m in overall if words[max(0, m.start - 1)] != "status"]  # that of a paper, not of its numbers
        if not _SAID_WELL.search(statement.text):
            overall = [m for m in overall if words[m.end - 1] not in _THINGS]
        overall = [m for m in overall if words[max(0, m.start - 1)] != "to"]  # an all-to-all
        if _CAPTION.search(statement.text):
            overall = []
        certified = bool(overall) or (_CERTIFIED.search(statement.text) is not None and not _NOT_CERTIFIED.search(statement.text))
        if not certified or statement.verdict == "fail" or _hedged(words):
            continue
        location = context.location(statement.span, "verdict")
        message = f"certifies the page, but {count} on it contradict{'s' if len(errors) == 1 else ''} the arithmetic: {shown}"
        yield Verdict(
            rule.name, Status.NOT_CHECKED, (), (), message,
            finding(
                rule, context, message, location, block=statement.block, claimed=" ".join(statement.text.split())[:80], computed=count,
                related=[f.location for f in errors[:8]], root="verdict",
            ),
        )  # fmt: skip


def _hedged(words: tuple[str, ...]) -> bool:
    if words[:1] == ("check",) or ("to", "check") in itertools.pairwise(words):
        return True  # "check that …", "to check"; "all checks passed" is a verdict
    return bool(
        {"will", "should", "must", "before", "when", "once", "unless", "withdrawn", "pending", "would", "todo", "please"} & set(words)
    )
