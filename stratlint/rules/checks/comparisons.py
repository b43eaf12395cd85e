"""Comparisons in words and in tables of targets."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from stratlint.claims.claim import ClaimSet, NumberClaim, Statement, grouped
from stratlint.claims.extract import verdict_of
from stratlint.claims.interval import Interval
from stratlint.document import BlockKind, Table
from stratlint.facts.phrases import normalise
from stratlint.facts.tables import TableShape, shape_of
from stratlint.rules.checks.passages import nominal
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

# A comma or a form of "to be" must introduce the comparison: "5 GB more than 64 GB" is a difference.
_MORE = Pattern(
    r"(?:,|\b(?:is|are|stays?|remains?|which is|that is))\s+(?:still\s+|also\s+|thus\s+)?"
    r"(?:comfortably|well|far|much|safely|clearly|easily|significantly|slightly|just)?\s*"
    r"(?P<word>more|less|fewer|above|below|under|over|larger|smaller|greater|higher|lower|shorter|longer)(?:\s+than)?\s+"
    r"(?:a|an|the|its|our)?\s*(?:limit of|cap of|budget of)?\s*$",
    re.I,
)  # fmt: skip
# "84 GB per GPU, well within the 80 GB"; "84 GB fits into 80 GB".
_INSIDE = Pattern(
    r"(?:,|\b(?:is|are|stays?|remains?|which is|that is))\s+(?:still\s+|also\s+|thus\s+)?(?:comfortably|well|safely|clearly|easily)?\s*"
    r"(?P<word>within|inside)\s+(?:a|the|its|our|each card's)?\s*(?:limit of|cap of|budget of|capacity of)?\s*$|"
    r"(?:^|\s)(?:of \w+ |per \w+,? |and |so |it )?(?P<word_fits>fits?)\s+(?:easily\s+|comfortably\s+)?"
    r"(?:in|on|into|onto|within|inside)?\s*(?:a|an|the|one|its)?\s*$",
    re.I,
)  # fmt: skip
# "fits on 80 GB cards", on two of them
_SEVERAL_OF_THEM = Pattern(
    r"(?i)^\s*(?:[\w-]+\s+)?(?:cards|gpus|devices|nodes|chips|accelerators|hosts|servers|[a-z]{1,3}\d{2,4}s)\b|^\s*(?:each|per|×|x|\*)"
)
_OF_IT = Pattern(r"(?i)^\s*of\b")
# Another noun is compared: "with TP=2 the break-even is below 1".
_NEW_SUBJECT = Pattern(r"(?i)\b(?:now|then|later|the|where|or|and|with|whose|when|while|if|its|their)\b")
_NAMED_BY_NUMBER = Pattern(
    r"(?i)\b(?:level|stage|step|table|figure|tier|phase|layer|version|section|option|node|rank|day|week|part|chapter|question|task|"
    r"exercise|week|v)\s?$"
)
# "more than 20 points above": by how much, not than what.
_DIFFERENCE = Pattern(
    r"(?i)^\s*(?:percentage\s+)?(?:points?|pp|pts)\b|^[\s\w]{0,16}\b(?:above|below|over|ahead|behind|faster|slower|better|worse)\b"
)
# "500 candidates in 20 ms, under 0.1 ms each"
_EACH = Pattern(r"(?i)^\s*(?:each|apiece|per\b|/\s?[a-z])")
# "under 4 hours for films, under 30 seconds live": two bounds.
_BOUNDED = Pattern(r"(?i)\b(?:under|below|over|above|within|(?:less|more) than|up to|at (?:least|most))\s+$")
_HELD = frozenset({"within", "inside", "fit", "fits"})
_UP = frozenset({"more", "above", "over", "larger", "greater", "higher", "longer"})
_DENIED = Pattern(r"n['’]t\b|\b(?:not|never|neither|would|if|should|must|cannot|instead|unless|wrong)\b", re.I)


def check_comparison_in_words(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`room for 1,500 tokens, which is more than a 2 k prompt needs`: it is less."""
    quantities = [n for n in context.claims.numbers if n.quantity is not None]
    for left, right in itertools.pairwise(quantities):
        if left.block != right.block or left.sentence != right.sentence or left.quoted or left.struck:
            continue
        between = context.document.blocks[left.block].text[left.end : right.start]
        match = _MORE.search(between) or _INSIDE.search(between)
        if match is None or len(between.split()) > 8 or ";" in between or _DENIED.search(left.sentence_text):
            continue
        text = context.document.blocks[left.block].text
        word = (match["word"] or match["word_fits"]).lower()
        ahead = between[: match.start("word") if match["word"] else match.start()]
        if (
            _BOUNDED.search(text[: left.start])
            or _NEW_SUBJECT.search(ahead)
            or _NAMED_BY_NUMBER.search(text[: left.start])
            or _DIFFERENCE.match(text[right.end :])
        ):
            continue
        one, two = _amount(left), _amount(right)
        if one is None or two is None or one[1] != two[1] or _EACH.match(text[right.end :]):
            continue
        if word in _HELD and not (one[1] in _BOUNDED_ABOVE and _holds_all(left, match[0], text[right.end :])):
            continue
        up = word in _UP
        first, second = " ".join(left.text.split()), " ".join(right.text.split())
        holds = one[0].high >= two[0].low if up else one[0].low <= two[0].high
        sign = ">" if up else "<"
        if holds:
            yield Verdict(rule.name, Status.CONSISTENT, (left.index, right.index), (), f"{first} {sign} {second}")
            continue
        relation = (
            f"fits into {second}" if word.startswith("fit") else f"is {word} {second}" if word in _HELD else f"is {word} than {second}"
        )
        message = f"claims that {first} {relation}: it is {'less' if up else 'more'}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (left.index,), (right.index,), message,
            finding(
                rule, context, message, context.location(left.span, "claim"), block=left.block, claimed=f"{first} {sign} {second}",
                computed=f"{first} {'<' if up else '>'} {second}", formula=f"{first} {'<' if up else '>'} {second}",
                related=[context.location(right.span, "compared with")], root=f"compare:{left.span.start}",
            ),
        )  # fmt: skip


def _holds_all(left: NumberClaim, words: str, behind: str) -> bool:
    """Whether what lies "within" or "fits into" an amount must be less: not near it, and not spread over several cards."""
    if words.split()[-1].lower() in ("within", "inside") and _OF_IT.match(behind):
        return False  # "within 5 GB of the limit"
    return not _SEVERAL_OF_THEM.match(behind) and not _is_spread(left)


def _is_spread(left: NumberClaim) -> bool:
    """A size that is told of the whole model may be spread over several cards."""
    unit = left.quantity.unit if left.quantity is not None else None
    apiece = unit is not None and ("device", -1.0) in unit.soft
    whole = re.search(r"(?i)\b(?:weights|model|checkpoint|parameters)\b", left.sentence_text)
    return whole is not None and not apiece and not re.search(r"(?i)\b(?:per|each|a single|one)\b", left.sentence_text)


_SIGNS = {"<": "<", "≤": "<", "<=": "<", "⩽": "<", ">": ">", "≥": ">", ">=": ">", "⩾": ">"}
_WITHIN = Pattern(r"[/*×·^÷+−-]\s?$")  # "T/16 ≥ 256"
_OPENS_TAG = Pattern(r"\s<$")
_SIGN_ALONE = Pattern(r"^\s*(?:<=?|>=?|[≤≥⩽⩾])\s*$")
_REFUTED = Pattern(
    r"n['’]t\b|\b(?:not?|never|fail\w*|violat\w*|false|exceed\w*|if|when|where|while|unless|until|for|require[sd]?|must|"
    r"should|impl(?:y|ies|ied)|suggest\w*|need\w*|want\w*|assert\w*|wrong|miss\w*|"
    r"breaks?|broken|overflow\w*|oom|impossible|condition|constraint|rule|only|target)\b|[❌✗✘✖⚠🔴?]|若|如果|不|失败|超",
    re.I,
)


def check_inequality(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`89.4 GB ≤ 86.4 GB`: the sign says the opposite of the two amounts beside it."""
    for number in context.claims.numbers:
        sign = _SIGNS.get(number.relation)
        if sign is None or number.index == 0 or number.code or number.quoted or number.struck:
            continue
        left = context.claims.numbers[number.index - 1]
        block = context.document.blocks[number.block]
        if left.block != number.block or block.kind in (BlockKind.CODE, BlockKind.FRONT_MATTER):
            continue
        if not _SIGN_ALONE.match(block.text[left.end : number.start]):
            continue
        one, two = _amount(left), _amount(number)
        if (
            _NAMED_BY_NUMBER.search(block.text[: left.start])
            or _OPENS_TAG.search(block.text[left.end : number.start])
            or _WITHIN.search(block.text[: left.start])
        ):
            continue  # "Part 2 ≥ 10 of 15", the "13 <8b>" of a dump
        if one is None or two is None or one[1] != two[1] or one[0].low <= 0:
            continue
        if not one[1] and not (_bare(left) and _bare(number)):
            continue
        first, second = " ".join(left.text.split()), " ".join(number.text.split())
        holds = one[0].low <= two[0].high if sign == "<" else one[0].high >= two[0].low
        if holds:
            line = f"{first} {number.relation} {second}"
            yield Verdict(rule.name, Status.CONSISTENT, (left.index,), (number.index,), line)
            continue
        around = number.sentence_text
        if block.cell is not None:
            row = context.document.tables[block.cell.table].rows[block.cell.row]
            around = " ".join(context.document.blocks[index].text for index in row)
        if _REFUTED.search(around) or block.quote_depth:
            continue
        opposite = ">" if sign == "<" else "<"
        message = f"claims {first} {number.relation} {second}, but {first} {opposite} {second}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (left.index,), (number.index,), message,
            finding(
                rule, context, message, context.location(left.span, "claim"), block=left.block,
                claimed=f"{first} {number.relation} {second}", computed=f"{first} {opposite} {second}",
                formula=f"{first} {opposite} {second}", related=[context.location(number.span, "compared with")],
                root=f"fit:{left.span.start}", flips_verdict=True,
            ),
        )  # fmt: skip


def _bare(number: NumberClaim) -> bool:
    """A whole number without a unit: degrees and counts are compared as they stand ("EP ≤ DP: 8 ≤ 8")."""
    quantity = number.quantity
    return quantity is not None and quantity.unit is None and quantity.number.integer and quantity.magnitude == 1


# "16 bytes per parameter, over 1 TB in all": what one of many has is not compared with what all have.
_OF_ONE = frozenset({"parameter", "token", "request", "sequence", "layer", "element", "expert", "step", "sample"})


def _amount(number: NumberClaim) -> tuple[Interval, object] | None:
    """The interval in base units and the hard dimension; shares, ratios and ranges are not compared in words."""
    quantity = number.quantity
    if quantity is None or quantity.high is not None or quantity.times or quantity.bytes_too:
        return None
    if quantity.unit is not None and quantity.unit.canonical == "percent":
        return None
    interval = quantity.interval(quantity.unit.factor if quantity.unit else 1.0)
    if quantity.magnitude == 1e3:
        interval = Interval(interval.low, interval.high * 1.024)
    if quantity.unit is None:
        return interval, ()
    apiece = tuple(name for name, power in quantity.unit.soft if power < 0 and name in _OF_ONE)
    return interval, (*quantity.unit.hard, *apiece)


_MET = Pattern(
    r"\b(?:objectives?|targets?|slos?|criteria|goals?|requirements?|limits?|thresholds?)\s+(?:are|is|were|have been)\s+(?:all\s+)?"
    r"(?:met|satisfied|reached|achieved|fulfilled)\b",
    re.I,
)
_ALL = Pattern(r"\b(?:both|all|every|each|the)\b", re.I)


def check_target_missed(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A row of a target table misses its target although it, or a sentence about the table, says that it is met."""
    for table in context.document.tables:
        shape = shape_of(table, context.document)
        targets = [c for c, column in enumerate(shape.columns) if c and column.role == "target"]
        if len(targets) != 1:
            continue
        values = _value_columns(shape, targets[0])
        for row in range(1, len(table.rows)):
            yield from _row(rule, context, table, shape, row, targets[0], values)


def _value_columns(shape: TableShape, target: int) -> list[int]:
    """The columns a target speaks of: of several statistics the one it names, else the only value."""
    others = [c for c, column in enumerate(shape.columns) if c not in (0, target) and column.numeric]
    named = set(normalise(shape.columns[target].header))
    matching = [c for c in others if set(normalise(shape.columns[c].header)) & named]
    return matching or (others if len(others) == 1 else _latest(shape, others))


_NUMBERED = Pattern(r"^(\D*?)(\d{1,4})(\D*)$")


def _latest(shape: TableShape, columns: Sequence[int]) -> list[int]:
    """The last of columns that count on: "Week 40", "Week 41"."""
    read = [_NUMBERED.match(shape.columns[column].header.strip()) for column in columns]
    parts = [(match[1], match[3], int(match[2])) for match in read if match is not None]
    counted = [number for _, _, number in parts]
    same = len(parts) == len(columns) and len({(before, after) for before, after, _ in parts}) == 1
    return [columns[-1]] if same and counted == sorted(set(counted)) and len(columns) > 1 else []


def _row(rule: Rule, context: Context, table: Table, shape: TableShape, row: int, target: int, values: Sequence[int]) -> Iterator[Verdict]:
    limit = _only(context, table.rows[row][target])
    if limit is None or len(values) != 1:
        return
    value = _only(context, table.rows[row][values[0]])
    if value is None or value.struck:
        return
    one, two = _amount(value), _amount(limit)
    if one is None or two is None or one[1] != two[1]:
        return
    direction = _direction(context, table, row, limit, shape.columns[target].header)
    if not direction:
        return
    text, bound = " ".join(value.text.split()), " ".join(limit.text.split())
    # a target is set, not measured: "40 ms" is not 40.5 ms
    goal = nominal(limit, two[0])
    holds = one[0].low <= goal * (1 + 1e-9) if direction == "<" else one[0].high >= goal * (1 - 1e-9)
    if holds:
        yield Verdict(rule.name, Status.CONSISTENT, (value.index,), (limit.index,), f"{text} {'≤' if direction == '<' else '≥'} {bound}")
        return
    marks = " ".join(context.document.blocks[index].text for index in table.rows[row])
    statement = _says_met(context, table)
    passed = verdict_of(marks) == "pass" or (
        bool({"pass", "passed", "ok", "met", "yes", "fine", "good"} & set(normalise(marks)))
        and not {"fail", "failed", "not", "missed", "no", "nearly", "almost"} & set(normalise(marks))
    )
    if not passed and statement is None:
        return
    sign = ">" if direction == "<" else "<"
    message = f"said to meet its target, but {text} {sign} {bound}"
    related = [context.location(limit.span, "target")]
    if statement is not None:
        related.append(context.location(statement.span, "says that it is met"))
    yield Verdict(
        rule.name, Status.CONTRADICTED, (value.index,), (limit.index,), message,
        finding(
            rule, context, message, context.location(value.span, "measured"), block=value.block, claimed=f"{text} meets {bound}",
            computed=f"{text} {sign} {bound}", formula=f"{text} {sign} {bound}", related=related, root=f"target:{value.span.start}",
            flips_verdict=True,
        ),
    )  # fmt: skip


def _only(context: Context, block_index: int) -> NumberClaim | None:
    numbers = [n for n in context.claims.numbers_in(block_index) if n.quantity is not None]
    return numbers[0] if len(numbers) == 1 else None


_LESS_IS_BETTER = frozenset(
    {"latency", "ttft", "tpot", "time", "e2e", "delay", "itl", "step", "cost", "memory", "error", "overhead", "loss"}
)

# "Limit", "Budget": a ceiling for what is held or waited for; a limit of a rate may be either end.
_CEILING = frozenset({"limit", "max", "maximum", "budget", "cap", "capacity", "ceiling", "allowed"})
_BOUNDED_ABOVE = ((("time", 1.0),), (("information", 1.0),))


def _direction(context: Context, table: Table, row: int, limit: NumberClaim, header: str) -> str:
    """`<` when the value must stay below its target; by the sign written with the target, else by its header and what is measured."""
    if limit.relation in ("<", "≤", "<="):
        return "<"
    if limit.relation in (">", "≥", ">="):
        return ">"
    label = set(normalise(context.document.blocks[table.rows[row][0]].text))
    measured = limit.quantity.unit.hard if limit.quantity and limit.quantity.unit else ()
    if _CEILING & set(normalise(header)) and measured in _BOUNDED_ABOVE:
        return "<"
    return "<" if measured == (("time", 1.0),) and label & _LESS_IS_BETTER else ""


def _says_met(context: Context, table: Table) -> Statement | None:
    """A sentence of the table's section that says its targets are met; on a page with one such table, of any section."""
    below = _met_below(context.claims, table.section, table.rows[0][0])
    return below if below is not None or _target_tables(context.claims) != 1 else _met_anywhere(context.claims)


@lru_cache(maxsize=2)
def _target_tables(claims: ClaimSet) -> int:
    shapes = (shape_of(table, claims.document) for table in claims.document.tables)
    return sum(1 for shape in shapes if any(column.role == "target" for column in shape.columns))


@lru_cache(maxsize=2)
def _met_anywhere(claims: ClaimSet) -> Statement | None:
    """The only sentence of the page that says of all targets that they are met."""
    said = [statement for statements in _says_so(claims).values() for statement in statements]
    return said[0] if len(said) == 1 and _EVERY.search(said[0].text) else None


_EVERY = Pattern(r"(?i)\b(?:all|both|every|each)\b")


@lru_cache(maxsize=16)
def _met_below(claims: ClaimSet, section: int, first: int) -> Statement | None:
    return next((statement for statement in _says_so(claims).get(section, ()) if statement.block >= first), None)


@lru_cache(maxsize=2)
def _says_so(claims: ClaimSet) -> Mapping[int, tuple[Statement, ...]]:
    """The sentences that say that targets are met, by section."""
    met = (s for s in claims.statements if _MET.search(s.text) and _ALL.search(s.text) and not _DENIED.search(s.text))
    return grouped(met, lambda statement: claims.document.blocks[statement.block].section)
