"""Units that cannot be those of what the label names, and transfers that no memory is fast enough for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from stratlint.claims.claim import NumberClaim
from stratlint.facts.mentions import accelerators
from stratlint.rules.checks.catalog import figures
from stratlint.rules.checks.passages import amount, asserted, passages
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

# The head of a label → what is measured, and the dimensions of units that measure something else.
_HEADS = {
    "flops": ("operations", frozenset({"information"})),
    "flop": ("operations", frozenset({"information"})),
    "latency": ("a time", frozenset({"information", "computation"})),
    "ttft": ("a time", frozenset({"information", "computation"})),
    "tpot": ("a time", frozenset({"information", "computation"})),
    "vram": ("bytes", frozenset({"computation", "time"})),
    "memory": ("bytes", frozenset({"computation", "time"})),
}
_BRACKETS = Pattern(r"\([^()]*\)|\[[^\[\]]*\]")
_COMPARES = Pattern(r"(?i)\b(?:vs|versus|and|or|per|of|for|access|to|from|in|via|read|write|copy|lookup)\b|/|\+|&")


def check_unit_of_label(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`FLOPs: 2 TB`: the number right behind a label is in a unit that does not measure what the label names."""
    for number in context.claims.numbers:
        if number.quantity is None or not number.label or number.lead or not asserted(context, number):
            continue
        label = " ".join(_BRACKETS.sub(" ", number.label).split())
        head = label.split(" ")[-1].lower().strip("*_` ") if label else ""
        if head not in _HEADS or _COMPARES.search(label) or not _first_behind(context, number):
            continue
        unit = number.quantity.unit
        meant, foreign = _HEADS[head]
        if unit is None or len(number.quantity.units) > 1 or len(unit.hard) != 1 or unit.hard[0] not in {(name, 1.0) for name in foreign}:
            continue
        if (meant == "bytes" and _timed_beside(context, number)) or _all_in(context, number):
            continue
        text = " ".join(number.text.split())
        message = f"`{label}` is counted in {text}: that is no unit of {meant}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (number.index,), (), message,
            finding(
                rule, context, message, context.location(number.span, "claim"), block=number.block, claimed=text,
                computed=f"a unit of {meant}", formula=message, root=f"label:{number.span.start}",
            ),
        )  # fmt: skip


def _timed_beside(context: Context, number: NumberClaim) -> bool:
    """`Pinned memory: 5.1 ms, pageable memory: 7.2 ms` says how long a copy from each takes."""
    beside = (n for n in context.claims.numbers_in(number.block) if n is not number and n.sentence == number.sentence)
    return any(n.quantity is not None and n.quantity.unit is not None and n.quantity.unit.hard == (("time", 1.0),) for n in beside)


def _all_in(context: Context, number: NumberClaim) -> bool:
    """`Shared memory: 0.3 ms`, `Warp shuffle: 0.1 ms`: the labels of a list name variants of what is in one unit."""
    unit = number.quantity.unit if number.quantity is not None else None
    section = context.document.blocks[number.block].section
    for index in (number.block - 1, number.block + 1):
        if 0 <= index < len(context.document.blocks) and context.document.blocks[index].section == section:
            for other in context.claims.numbers_in(index):
                head = other.label.split(" ")[-1].lower() if other.label else ""
                beside = other.quantity.unit if other.quantity is not None and head and head not in _HEADS else None
                if unit is not None and beside is not None and beside.hard == unit.hard and _first_behind(context, other):
                    return True
    return False


_COLON = Pattern(r"[:：]\s*[~≈<>≤≥*_`]*\s*$")


def _first_behind(context: Context, number: NumberClaim) -> bool:
    return bool(_COLON.search(context.document.blocks[number.block].text[max(0, number.start - 12) : number.start]))


_FOR = Pattern(
    r"(?i)^\s*(?:for|to (?:move|send|transfer|exchange|reduce|copy|load|read|write))\s+(?:the\s+|an?\s+|each\s+|all\s+)?(?:~\s*)?$"
)
_IN = Pattern(
    r"(?i)^\s*(?:tensors?|messages?|buffers?|weights|parameters|gradients|activations|of [a-z ]{3,24})?\s*"
    r"(?:(?:are|is|can be)\s+)?(?:moved|sent|transferred|exchanged|reduced|copied|loaded|read|written)\s*"
    r"in\s+(?:under\s+|less than\s+|about\s+|only\s+|<\s*|~\s*)?$"
)
_TOGETHER = Pattern(
    r"(?i)\b(?:aggregate|cluster|fleet|total|all (?:gpus|ranks|nodes|devices)|pooled|combined|sram|on-chip|wafer|l2|"
    r"per (?:gpu|day|month))\b"
)
# The catalog does not know the memory of the years to come.
_MARGIN = 5.0


@cache
def _fastest() -> float:
    """The highest memory bandwidth in the catalog, in bytes per second."""
    return max(figure.value for figure in figures(accelerators(), "memory bandwidth"))


def check_impossible_transfer(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`<1 µs for 256 MB`: several times the bytes per second of the fastest memory that there is."""
    for passage in passages(context):
        base, text = passage.statement.start, passage.statement.text
        for first, second in zip(passage.numbers, passage.numbers[1:], strict=False):
            between = text[first.end - base : second.start - base]
            if _FOR.match(between):
                time, size = first, second
            elif _IN.match(between):
                size, time = first, second
            else:
                continue
            moved, took = amount(size, "bytes"), amount(time, "time")
            if moved is None or took is None or took.high <= 0 or _TOGETHER.search(passage.text) or not asserted(context, time):
                continue
            if moved.low / took.high <= _MARGIN * _fastest():
                continue
            least = amount_text(moved.low / _fastest(), "time")
            shown, bytes_moved = " ".join(time.text.split()), " ".join(size.text.split())
            message = (
                f"claims {shown} for {bytes_moved}; at {amount_text(_fastest(), 'bandwidth')}, "
                f"the fastest memory of any accelerator, they take {least}"
            )
            formula = f"{bytes_moved} ÷ {amount_text(_fastest(), 'bandwidth')} = {least}"
            yield Verdict(
                rule.name, Status.CONTRADICTED, (time.index,), (size.index,), formula,
                finding(
                    rule, context, message, context.location(time.span, "claim"), block=time.block, claimed=shown,
                    computed=f"at least {least}", formula=formula, related=[context.location(size.span, "bytes")],
                    root=f"transfer:{time.span.start}",
                ),
            )  # fmt: skip


__all__ = ["check_impossible_transfer", "check_unit_of_label"]
