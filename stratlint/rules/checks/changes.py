"""Changes in words ("from 100 ms to 80 ms, a 20 % reduction") and what is said to be left ("60 of 80 GB, leaving 20 GB")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.rules.checks.passages import nominal
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import ReadingTried, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_FROM = Pattern(r"\bfrom\s+(?:about\s+|roughly\s+|~\s*|≈\s*)?$", re.I)
_TO = Pattern(r"^\s*(?:(?:down\s+|up\s+)?to|→|->|⟶)\s*(?:about\s+|roughly\s+|just\s+|only\s+)?$", re.I)
_ARROW = Pattern(r"→|->|⟶")
_THEN = Pattern(r"^[^.;:]{0,24}?(?:,|\(|—|–|:)\s*(?:(?:an?|that is|i\.e\.,?|which is|about|roughly|is|or|the)\s+)*$", re.I)
_CHANGE = Pattern(
    r"^\s*(?:[a-z-]+\s+){0,2}?(?:reductions?|decrease|drop|increase|gain|savings?|improvement|less|lower|fewer|faster|higher|more|"
    r"speed-?up|cut|smaller|growth|slower|slowdown)\b",
    re.I,
)
# "425, an increase of 20 % over the 340 of today"; "12 GPUs instead of 16, 25 % less"
_SIZE_FIRST = Pattern(
    r"^[^.;:()]{0,40}?[,(–—]\s*(?:(?:that is|that's|i\.e\.,?|which is|is)\s+)?(?:an?\s+)?(?:\w+\s+)?"
    r"(?:increase|rise|growth|gain|reduction|decrease|drop|saving|cut|decline|improvement|speed-?up)"
    r"\s+(?:of|by)\s*(?:about|roughly|~|≈)?\s*$",
    re.I,
)
_OVER_BEFORE = Pattern(
    r"^\s*(?:over|from|on|against|relative to|compared (?:to|with)|vs\.?|versus|with respect to)\s+"
    r"(?:(?:the|today's|last|current|previous|old|earlier|our|its|"
    r"baseline|present|original|year's|month's|quarter's|week's|of|about)\s+)*$",
    re.I,
)
_INSTEAD = Pattern(
    r"^[^.;:()]{0,20}?\b(?:instead of|rather than|versus|vs\.?|compared (?:to|with)|against)\s+"
    r"(?:(?:the|about|an?|previous|old|earlier|today's)\s+)*$",
    re.I,
)
_SIGNED = Pattern(r"\(\s*[+−–-]\s*$")
_BEFORE_BRACKET = Pattern(r"^[^.;:()]{0,24}\(\s*$")
_CHANGES = Pattern(r"\b(?:reduc\w+|decreas\w+|drop\w*|increas\w+|gain|sav(?:es?|ings?)|improv\w+|speed-?up|cut)\b", re.I)
_BOUND = Pattern(r"(?:up to|at least|at most|over|more than|less than|under|nearly|almost|another|further|>|<|≥|≤)\s*$", re.I)
_OUT_OF = Pattern(r"^\s*(?:of|out of|/)\s*(?:the\s+|its\s+|a\s+|available\s+)*$", re.I)
_LEAVING = Pattern(r"^[^.;:]{0,30}\bleav(?:es|ing)\s+(?:us\s+)?(?:about\s+|roughly\s+|only\s+|just\s+)?$", re.I)
# What a percentage is rounded to in prose, in points.
_POINT = 0.01


@dataclass(frozen=True, slots=True)
class _Change:
    """What is said to have changed: two amounts in one unit, and the size of the change in words."""

    before: Interval
    after: Interval
    first: NumberClaim
    last: NumberClaim
    size: NumberClaim
    # "20 % over the 340 of today": the text says of what it is a share
    based: bool = False


def check_change_in_words(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A percentage or a factor of change against the two amounts it stands beside, in every sense it may have."""
    for change in _changes(context):
        quantity = change.size.quantity
        assert quantity is not None
        percent = quantity.unit is not None
        claimed = quantity.interval(0.01 if percent else 1.0)
        if percent:
            claimed = Interval(claimed.low - _POINT, claimed.high + _POINT)
        tried = _senses(change, percent)
        size = " ".join(change.size.text.split())
        held = [name for name, value in tried if value.overlaps(claimed)]
        if not held and _tells_otherwise(context, change):
            continue
        used = (change.first.index, change.last.index)
        formula = f"{' '.join(change.first.text.split())} → {' '.join(change.last.text.split())}"
        if held:
            yield Verdict(rule.name, Status.VERIFIED, (change.size.index,), used, f"{formula}: {held[0]}")
            continue
        relative = nominal(change.last, change.after) / nominal(change.first, change.before)
        shown = f"{number_text(abs(relative - 1) * 100, 3)} %" if percent else f"{number_text(max(relative, 1 / relative), 3)}x"
        message = f"claims a change of {size}, but {formula} is {shown}"
        scale, unit = (100.0, " %") if percent else (1.0, "x")
        readings = tuple(ReadingTried(name, formula, f"{number_text(value.middle * scale, 3)}{unit}", False, "") for name, value in tried)
        yield Verdict(
            rule.name, Status.CONTRADICTED, (change.size.index,), used, formula,
            finding(
                rule, context, message, context.location(change.size.span, "claim"), block=change.size.block, claimed=size, computed=shown,
                formula=f"{formula} = {shown}", readings=readings,
                related=[context.location(change.first.span, "before"), context.location(change.last.span, "after")],
                root=f"change:{change.size.span.start}",
            ),
        )  # fmt: skip


def _senses(change: _Change, percent: bool) -> list[tuple[str, Interval]]:
    """All that people mean by a change of 20 % or of 2x."""
    one = Interval(1.0, 1.0)
    rise, fall = change.after / change.before, change.before / change.after
    if change.based and percent:
        return [("after ÷ before − 1", rise - one), ("1 − after ÷ before", one - rise)]
    senses = [("after ÷ before", rise), ("before ÷ after", fall), ("after ÷ before − 1", rise - one), ("before ÷ after − 1", fall - one)]
    return [*senses, ("1 − after ÷ before", one - rise), ("1 − before ÷ after", one - fall)] if percent else senses


_FALLS = Pattern(r"(?i)^\s*(?:[a-z-]+\s+){0,2}?(?:reductions?|decrease|drop|less|lower|fewer|cut|smaller|loss|decline)\b")
_RISES = Pattern(r"(?i)^\s*(?:[a-z-]+\s+){0,2}?(?:increase|gain|more|higher|growth|faster)\b")
_SETTING_STEP = 2


def _tells_otherwise(context: Context, change: _Change) -> bool:
    """Whether the amounts are settings, a range gone through or a key and its value, and the change is of something else.

    `tile 8→16 (+1.8 %)`; `23.9 to 20.4 tok/s across 519 → 28,085 tokens, a 14.6 % drop`; `512→798 / 1024→852 (+6.7 %)`;
    `from $2.40 to $3.90 — 100 % more work for 62.5 % more money`.
    """
    text = context.document.blocks[change.size.block].text
    rises = change.after.low > change.before.high
    sign = text[max(change.size.start - 3, 0) : change.size.start].strip()[-1:]
    if (rises and (sign in ("−", "-", "–") or _FALLS.search(text[change.size.end :]))) or (not rises and sign == "+"):
        return True
    one, two = change.first.quantity, change.last.quantity
    bare = all(q is not None and q.counted and q.unit is None for q in (one, two))
    if bare and not rises and _RISES.search(text[change.size.end :]) and _ARROW.search(text[change.first.end : change.last.start]):
        return True
    if bare and one is not None and two is not None and one.number.value and two.number.value:
        steps = max(one.number.value, two.number.value) / min(one.number.value, two.number.value)
        if steps >= _SETTING_STEP and float(steps).is_integer() and (int(steps) & (int(steps) - 1)) == 0:
            return True
    if any(sense.overlaps(_size(change)) for earlier in _chained(context, change) for _, sense in _senses(earlier, _in_percent(change))):
        return True
    others = (
        n
        for n in context.claims.numbers_in(change.size.block)
        if n.sentence == change.size.sentence and n is not change.size and _is_size(n, change.last)
    )
    for other in others:
        quantity = other.quantity
        if quantity is None:
            continue
        percent = quantity.unit is not None
        value = quantity.interval(0.01 if percent else 1.0)
        claimed = Interval(value.low - _POINT, value.high + _POINT) if percent else value
        if any(sense.overlaps(claimed) for _, sense in _senses(change, percent)):
            return True
    return False


def _in_percent(change: _Change) -> bool:
    return change.size.quantity is not None and change.size.quantity.unit is not None


def _size(change: _Change) -> Interval:
    quantity = change.size.quantity
    assert quantity is not None
    claimed = quantity.interval(0.01 if _in_percent(change) else 1.0)
    return Interval(claimed.low - _POINT, claimed.high + _POINT) if _in_percent(change) else claimed


def _chained(context: Context, change: _Change) -> Iterator[_Change]:
    """`6.56 → 4.23 → 3.05 GB, a 53 % cut`: the change from where the chain began."""
    text = context.document.blocks[change.first.block].text
    later = change.first
    for number in reversed(context.claims.numbers_between(change.first.block, 0, change.first.start)):
        amounts = _one_unit(number, change.last) if _TO.match(text[number.end : later.start]) else None
        if amounts is None:
            return
        yield _Change(*amounts, number, change.last, change.size)
        later = number


def _is_year(number: NumberClaim) -> bool:
    """A bare number that dates something: "in May 2025"."""
    quantity = number.quantity
    return quantity is not None and re.fullmatch(r"(?:19|20)\d\d", number.text.strip()) is not None and not quantity.units


def _changes(context: Context) -> Iterator[_Change]:
    numbers = [n for n in context.claims.numbers if n.quantity is not None]
    for index, last in enumerate(numbers):
        yield from _size_first(context, numbers[max(index - 2, 0) : index + 1])
        first = numbers[index - 1] if index else None
        text = context.document.blocks[last.block].text
        pair = _pair(text, first, last)
        if pair is None or _is_year(pair[0]) or _is_year(last):
            continue
        start, before, after = pair
        following = numbers[index + 1] if index + 1 < len(numbers) else None
        if following is not None and _is_size(following, last) and _THEN.match(text[last.end : following.start]):
            if _CHANGE.match(text[following.end :]) and not _BOUND.search(text[: following.start]):
                yield _Change(before, after, start, last, following)
                continue
        if following is not None and _is_size(following, last) and _SIZE_FIRST.match(text[last.end : following.start]):
            if not _BOUND.search(text[: following.start]):
                yield _Change(before, after, start, last, following)
                continue
        if following is not None and _is_size(following, last) and _SIGNED.search(text[last.end : following.start]):
            if text[following.end :].lstrip()[:1] == ")":
                yield _Change(before, after, start, last, following)
                continue
        size = numbers[index - 2] if index >= 2 else None
        if size is None or not _is_size(size, last) or not _ARROW.search(text[start.start : last.end]):
            continue
        if (
            _BEFORE_BRACKET.match(text[size.end : start.start])
            and _CHANGES.search(size.sentence_text)
            and text[last.end :].lstrip()[:1] == ")"
        ):
            if not _BOUND.search(text[: size.start]):
                yield _Change(before, after, start, last, size)


def _size_first(context: Context, three: Sequence[NumberClaim]) -> Iterator[_Change]:
    """`425 requests/s, an increase of 20 % over today's 340`."""
    if len(three) < 3:
        return
    after, size, before = three
    text = context.document.blocks[after.block].text
    if after.block != before.block or after.sentence != before.sentence or not _is_size(size, after):
        return
    if not _SIZE_FIRST.match(text[after.end : size.start]) or not _OVER_BEFORE.match(text[size.end : before.start]):
        return
    amounts = _one_unit(before, after)
    if amounts is not None and not (after.quoted or after.struck or before.quoted or before.struck):
        yield _Change(amounts[0], amounts[1], before, after, size, based=True)


def _pair(text: str, first: NumberClaim | None, last: NumberClaim) -> tuple[NumberClaim, Interval, Interval] | None:
    """Before and after, in one unit; the unit may be written once, and "from 100 to 80 ms" may have been read as a range."""
    if last.quoted or last.struck or last.quantity is None:
        return None
    if first is None or first.block != last.block or first.sentence != last.sentence or first.quantity is None:
        return None
    between = text[first.end : last.start]
    moved = _TO.match(between) and (_ARROW.search(between) or _FROM.search(text[: first.start]))
    if not moved and not _INSTEAD.match(between):
        return None
    amounts = _one_unit(first, last) or _one_unit(last, first)
    return (first, *amounts) if amounts is not None else None


def _one_unit(first: NumberClaim, last: NumberClaim) -> tuple[Interval, Interval] | None:
    """Both amounts in the unit of the last; the first may go without."""
    one, two = first.quantity, last.quantity
    if one is None or two is None:
        return None
    if one.high is not None or two.high is not None or one.times or two.times or (two.unit is not None and two.unit.canonical == "percent"):
        return None
    if one.unit is not None and one.unit != two.unit and (two.unit is None or one.unit.dimensions != two.unit.dimensions):
        return None
    factor = two.unit.factor if two.unit is not None else 1.0
    before = one.interval(
        one.unit.factor if one.unit is not None else factor * (two.magnitude if one.magnitude == 1 and one.unit is None else 1.0)
    )
    after = two.interval(factor)
    return (before, after) if before.low > 0 and after.low > 0 else None


def _is_size(number: NumberClaim, beside: NumberClaim) -> bool:
    """A percentage, or a factor such as 2x, that nothing bounds."""
    quantity = number.quantity
    if quantity is None or number.block != beside.block or number.sentence != beside.sentence or number.quoted or number.struck:
        return False
    if quantity.high is not None or number.relation in ("<", ">", "≤", "≥"):
        return False
    return quantity.times if quantity.unit is None else quantity.unit.canonical in ("percent", "(percent)/(device)", "(percent)/(stage)")


_MINUS = Pattern(r"(?i)^[^.\d]{0,24}?(?:,|;|；|，|\b)\s*(?:minus|less|subtract\w*|after deducting|扣除|减去)\s*[^.\d]{0,24}$")
_AND_MINUS = Pattern(r"(?i)^[^.\d]{0,24}?(?:,|;|、|，|\band|\bminus|\bless|\bplus)\s*[^.\d]{0,24}$")
_IS_LEFT = Pattern(
    r"(?i)^[^.\d]{0,24}?(?:\b(?:leaves?|leaving|remains?|gives?|that's|is)\b|=|剩余|剩下|剩)\s*(?:us\s+|about\s+|roughly\s+|only\s+)*$"
)
_MOST_DEDUCTIONS = 4


def _deductions(context: Context) -> Iterator[tuple[NumberClaim, list[NumberClaim], NumberClaim]]:
    """`72 GB, minus 6.2 GB of weights and 9 GB of buffers, leaves 56.8 GB`."""
    numbers = [n for n in context.claims.numbers if n.quantity is not None]
    taken: set[int] = set()
    for index, whole in enumerate(numbers):
        if whole.index in taken:
            continue
        text = context.document.blocks[whole.block].text
        parts: list[NumberClaim] = []
        previous = whole
        for number in numbers[index + 1 : index + 2 + _MOST_DEDUCTIONS]:
            if number.block != whole.block or number.sentence != whole.sentence or number.quoted or number.struck:
                break
            between = text[previous.end : number.start]
            if parts and _IS_LEFT.match(between):
                yield whole, parts, number
                break
            if number.operand or not (_AND_MINUS if parts else _MINUS).match(between):
                break
            parts.append(number)
            taken.add(number.index)
            previous = number


_OF_THE = Pattern(r"(?i)(?:^|[.;:]\s+|\b)of\s+(?:the|its|our|each card's|a card's|these|those)\s+(?:available\s+|usable\s+)?$")
_REMAINS = Pattern(
    r"(?i)^\s*(?:(?:per|of|on each)\s+\w+\s+)?(?:then\s+|thus\s+|still\s+)?(?:remains?|(?:is|are)\s+(?:left|free)|stays?\s+free)\b"
)
_EACH_OTHER = Pattern(r"(?i)\b(?:up to|at most|at least|each|per|or|every|of which|including)\b|[×x*÷/=%<>]")


def _of_the_whole(context: Context) -> Iterator[tuple[NumberClaim, list[NumberClaim], NumberClaim]]:
    """`Of the 80 GB, 35 GB are weights and 9 GB buffers; 36 GB remain`: the rest behind its parts."""
    numbers = [n for n in context.claims.numbers if n.quantity is not None]
    for index, whole in enumerate(numbers):
        text = context.document.blocks[whole.block].text
        if not _OF_THE.search(text[max(whole.start - _OPENING, 0) : whole.start]):
            continue
        near = numbers[index + 1 : index + 2 + _MOST_DEDUCTIONS]
        following = [n for n in near if n.block == whole.block and n.sentence == whole.sentence]
        rest = next((n for n in following if _REMAINS.match(text[n.end :])), None)
        if rest is None or rest is following[0] or _EACH_OTHER.search(text[whole.end : rest.start]):
            continue
        parts = following[: following.index(rest)]
        if not any(n.quoted or n.struck or n.operand for n in (whole, *parts, rest)):
            yield whole, parts, rest


_OPENING = 32


def check_remainder_in_words(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`60 GB of 80 GB, leaving 20 GB`: what is left is the whole less the part."""
    for whole, parts, rest in (*_deductions(context), *_of_the_whole(context)):
        yield from _rest(rule, context, whole, parts, rest)
    numbers = [n for n in context.claims.numbers if n.quantity is not None]
    for part, whole, rest in zip(numbers, numbers[1:], numbers[2:], strict=False):
        if not (part.block == whole.block == rest.block and part.sentence == rest.sentence) or rest.quoted or rest.struck:
            continue
        text = context.document.blocks[rest.block].text
        if not _OUT_OF.match(text[part.end : whole.start]) or not _LEAVING.match(text[whole.end : rest.start]):
            continue
        yield from _rest(rule, context, whole, [part], rest)


def _rest(rule: Rule, context: Context, whole: NumberClaim, parts: Sequence[NumberClaim], rest: NumberClaim) -> Iterator[Verdict]:
    """What is left against the whole less its parts, all in one unit."""
    used = [amount for amount in (_amount(number, whole) for number in parts) if amount is not None]
    total, left = _amount(whole, whole), _amount(rest, whole)
    if len(used) < len(parts) or total is None or left is None or whole.quantity is None:
        return
    expected = total
    for amount in used:
        expected = expected - amount
    shown = " ".join(rest.text.split())
    formula = " − ".join(" ".join(number.text.split()) for number in (whole, *parts))
    premises = (*(number.index for number in parts), whole.index)
    if expected.overlaps(left):
        yield Verdict(rule.name, Status.VERIFIED, (rest.index,), premises, f"{formula} = {shown}")
        return
    factor = whole.quantity.unit.factor if whole.quantity.unit else 1.0
    value = number_text((nominal(whole, total) - sum(nominal(n, a) for n, a in zip(parts, used, strict=True))) / factor, 4)
    unit = re.sub(r"^[^A-Za-z]+", " ", " ".join(whole.text.split()))
    message = f"claims that {shown} are left, but {formula} = {value}{unit}"
    yield Verdict(
        rule.name, Status.CONTRADICTED, (rest.index,), premises, formula,
        finding(
            rule, context, message, context.location(rest.span, "claim"), block=rest.block, claimed=shown, computed=f"{value}{unit}",
            formula=f"{formula} = {value}{unit}", related=[context.location(number.span, "part") for number in (*parts, whole)],
            root=f"rest:{rest.span.start}",
        ),
    )  # fmt: skip


def _amount(number: NumberClaim, whole: NumberClaim) -> Interval | None:
    """The amount in base units when it is in the unit of the whole (or a prefix of it), no range and no percentage."""
    quantity = number.quantity
    if (
        quantity is None
        or whole.quantity is None
        or whole.quantity.unit is None
        or not whole.quantity.unit.hard
        or quantity.high is not None
    ):
        return None
    unit = quantity.unit if quantity.unit is not None else whole.quantity.unit
    if unit.hard != whole.quantity.unit.hard or ("i" in number.text) != ("i" in whole.text):
        return None
    return quantity.interval(unit.factor)


__all__ = ["check_change_in_words", "check_remainder_in_words"]
