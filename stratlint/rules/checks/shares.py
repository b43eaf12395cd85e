"""A value with its share of something in brackets, and targets on a line that is marked as met."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from stratlint.claims.claim import NumberClaim, Statement
from stratlint.claims.interval import Interval
from stratlint.rules.checks.passages import asserted, passages
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_OF = Pattern(r"^\s*of\s+(?:the\s+|its\s+|our\s+|a\s+|total\s+|available\s+)*$", re.I)
_BEFORE = Pattern(r"^[\s\w/-]{0,24}\(\s*(?:about\s+|only\s+|~)?$", re.I)
# Without brackets the whole must end the clause: in "300 ms, 20 % of the 800 ms budget is queueing" the share is of something else.
_CHINESE_OF = Pattern(r"^\s*[，,]?\s*(?:约)?占(?:[A-Za-z]{1,6}\d{1,3}|[^\d，。,;]){0,24}$")
_CHINESE_SHARE = Pattern(r"^[^\d，。,;]{0,8}的\s*(?:约\s*)?$")
_OPEN_BEFORE = Pattern(
    r"^[\s\w/-]{0,16}(?:,\s*(?:(?:which|that) is|that's|i\.e\.,?|or)?|—|–|\bor)\s*(?:about\s+|only\s+|just\s+|~)?$",
    re.I,
)
_OPEN_OF = Pattern(
    r"^\s*of\s+(?:the\s+|its\s+|our\s+|a\s+|an\s+|total\s+|available\s+|dense\s+|"
    r"peak\s+of\s+|full\s+|card's\s+|gpu's\s+|node's\s+)*$",
    re.I,
)
_CLAUSE_END = Pattern(r"^(?:\s+(?!is\b|are\b|was\b|goes?\b|go\b|for\b)[\w-]+){0,2}\s*(?:[.,;:)\n]|$)")


def _base(number: NumberClaim) -> Interval | None:
    quantity = number.quantity
    if quantity is None or quantity.unit is None or not quantity.unit.hard or quantity.high is not None:
        return None
    return quantity.interval(quantity.unit.factor)


def _count(number: NumberClaim) -> Interval | None:
    """Tokens, requests and the like; nothing with a hard unit."""
    quantity = number.quantity
    if quantity is None or quantity.high is not None or quantity.times or quantity.currency or quantity.bytes_too:
        return None
    unit = quantity.unit
    if unit is not None and (unit.hard or not unit.soft):
        return None
    return quantity.interval() if unit is not None or quantity.magnitude > 1 or quantity.number.digits > 1 else None


def _printed(number: NumberClaim) -> float:
    """The printed value in base units."""
    quantity = number.quantity
    assert quantity is not None
    return quantity.number.value * quantity.magnitude * (quantity.unit.factor if quantity.unit is not None else 1.0)


def _percent(number: NumberClaim) -> bool:
    return (
        number.quantity is not None
        and number.quantity.unit is not None
        and number.quantity.unit.canonical == "percent"
        and number.quantity.high is None
    )


_CHANGES_BY = Pattern(r"(?i)\b(?:by|saves?|saving|saved|adds?|adding|costs?|another|extra|less|more|further|first|last|of)\s*$")


_PART_OF = Pattern(r"^\s*(?:out\s+)?of\s+(?:the\s+|its\s+|our\s+|a\s+)*(?:[a-z]+\s+){0,2}$", re.I)
_THAT_IS = Pattern(r"^\s*(?:,\s*(?:i\.e\.,?|or|that's|that is|which is)|\bor|\(=?)\s*(?:about\s+|only\s+|just\s+|~|≈)?\s*$", re.I)
_NOTHING_ELSE = Pattern(r"^\s*(?:[.,;:)]|$|of (?:it|them|that|the (?:peak|total|whole|card|capacity|budget|pool))\b)")
_WORKING = 6


def _shares(context: Context) -> Iterator[tuple[NumberClaim, NumberClaim, NumberClaim]]:
    """Value, share and whole wherever the text puts them together."""
    quantities = [n for n in context.claims.numbers if n.quantity is not None]
    for index, (value, share) in enumerate(pairwise(quantities)):
        if value.block != share.block or value.quoted or value.struck:
            continue
        text = context.document.blocks[value.block].text
        if _percent(share) and _THAT_IS.match(text[value.end : share.start]) and _NOTHING_ELSE.match(text[share.end :]):
            part = _part_of(text, quantities[max(index - _WORKING, 0) : index], value)
            if part is not None:
                yield part, share, value  # "1.6 of 24 × 2 = 48 PFLOP/s, i.e. 3.4 %"
        whole = quantities[index + 2] if index + 2 < len(quantities) else None
        if whole is None or share.block != whole.block:
            continue
        between = text[share.end : whole.start]
        if (against := _against_a_whole(text, value, share, whole)) is not None:
            yield against
            continue
        if _percent(whole) and _CHINESE_OF.match(text[value.end : share.start]) and _CHINESE_SHARE.match(between):
            yield value, whole, share  # 161 TFLOPS，占 296 TFLOPS 的 54 %
            continue
        if not _percent(share):
            continue
        bracketed = _BEFORE.match(text[value.end : share.start]) and _OF.match(between) and _base(whole) is not None
        apposed = (
            value.sentence == whole.sentence and not _CHANGES_BY.search(value.lead)
            and _OPEN_BEFORE.match(text[value.end : share.start]) and _OPEN_OF.match(between)
            and _CLAUSE_END.match(text[whole.end :])
        )  # fmt: skip
        if bracketed or apposed:
            yield value, share, whole


_UTILISED = Pattern(r"(?i)\b(?:mfu|hfu|utili[sz]ation of (?:the )?peak|of peak)\b")
_OF_WHAT = Pattern(r"(?i)[×*÷=]|\btimes\b|\bspars|\b(?:if|would|instead|was|were|per node|aggregate|hardware flops|recomput\w+)\b")
_SPEED = (("computation", 1.0), ("time", -1.0))
_LEAST_UTILISATION = 0.03


def _utilised(context: Context) -> Iterator[tuple[NumberClaim, NumberClaim, NumberClaim]]:
    """`At 400 TFLOPS of 989 TFLOPS the MFU is 40 %`: one rate, the peak, and the only share of a sentence."""
    for passage in passages(context):
        if not _UTILISED.search(passage.text) or _OF_WHAT.search(passage.text):
            continue
        rates = [
            n
            for n in passage.numbers
            if n.quantity and n.quantity.unit and n.quantity.unit.dimensions == _SPEED and n.quantity.high is None
        ]
        percents = [n for n in passage.numbers if _percent(n)]
        if len(rates) != 2 or len(percents) != 1 or any(n.operand or not asserted(context, n) for n in (*rates, *percents)):
            continue
        small, large = sorted(rates, key=_printed)
        # "a GPU does 400 TFLOPS and the cluster 200 PFLOPS" are the rates of one and of all
        if _LEAST_UTILISATION * _printed(large) <= _printed(small) < _printed(large) and percents[0].relation not in ("<", ">", "≤", "≥"):
            yield small, percents[0], large


_AGAINST = Pattern(
    r"^\s*(?:[a-z-]+\s+){0,3}(?P<of>out\s+of|of|vs\.?|versus|against)\s+(?:the\s+|its\s+|a\s+|total\s+|available\s+)*$", re.I
)
_IN_BRACKET = Pattern(r"^\s*\(\s*(?:about\s+|only\s+|~|≈)?$")
_THE_WHOLE = Pattern(
    r"^\s*(?:per\s+(?:gpu|card|device)\s+)?(?:available|capacity|limit|budget|vram|hbm\w*|peak|total|memory|ceiling)\b", re.I
)
_USED = Pattern(
    r"^\s*(?:(?:memory\s+|vram\s+|gpu\s+)?(?:utili[sz]ation|util\.?|usage|used|occupancy)\b|"
    r"of\s+(?:the\s+)?(?:capacity|peak|limit|budget)\b)",
    re.I,
)
# "42.2 GB of 48 GB, 87.9 %" and "42.2 of the 48 GB are 87.9 %"
_SHARE_FOLLOWS = Pattern(
    r"^\s*(?:per (?:gpu|card)\s*)?(?:,\s*(?:i\.e\.,?|that is|which is|or|so)?|\b(?:is|are|makes?)|—|–|=|→)\s*(?:about|only|just|~|≈)?\s*$",
    re.I,
)
_CLOSES = Pattern(r"^\s*\)")


def _against_a_whole(
    text: str, first: NumberClaim, second: NumberClaim, third: NumberClaim
) -> tuple[NumberClaim, NumberClaim, NumberClaim] | None:
    """`20 GB out of 64 GB (31 %)` and `31 % (20 GB used vs 64 GB available)`, as value, share and whole."""
    if _percent(third):
        value, whole, share = first, second, third
        placed = _BEFORE.match(text[whole.end : share.start])
        if (
            not placed
            and value.sentence == share.sentence
            and _SHARE_FOLLOWS.match(text[whole.end : share.start])
            and _NOTHING_ELSE.match(text[share.end :])
        ):
            against = _AGAINST.match(text[value.end : whole.start])
            of = against is not None and against["of"].lower().endswith("of")
            return (
                (value, share, whole)
                if of and _base(value) is not None and not value.operand and not _CHANGES_BY.search(value.lead)
                else None
            )
    elif _percent(first):
        share, value, whole = first, second, third
        placed = _IN_BRACKET.match(text[share.end : value.start]) and _CLAUSE_END.match(text[whole.end :])
    else:
        return None
    against = _AGAINST.match(text[value.end : whole.start])
    if not placed or against is None or _base(value) is None or value.operand or whole.operand:
        return None
    said = _USED.match(text[share.end :])
    of = against["of"].lower().endswith("of")
    # "24 GB vs 64 GB (62 % less)" is a change
    told = said or (of and (share is first or _CLOSES.match(text[share.end :]))) or (share is first and _THE_WHOLE.match(text[whole.end :]))
    return (value, share, whole) if told else None


def _part_of(text: str, earlier: Sequence[NumberClaim], whole: NumberClaim) -> NumberClaim | None:
    """The amount of which "of" says that it belongs to *whole*, or to the computation that *whole* ends."""
    for position in range(len(earlier) - 1, -1, -1):
        number = earlier[position]
        if number.block != whole.block or number.sentence != whole.sentence:
            return None
        following = earlier[position + 1] if position + 1 < len(earlier) else whole
        if _PART_OF.match(text[number.end : following.start]):
            worked = following is whole or (following.equation >= 0 and whole.relation in ("=", "≈"))
            return number if worked and not number.operand else None
    return None


def _comparable(value: NumberClaim, whole: NumberClaim) -> tuple[Interval, Interval] | None:
    """Both amounts in base units when they measure the same: bytes, seconds, tokens."""
    one, two = _base(value), _base(whole)
    if one is not None and two is not None:
        left, right = value.quantity, whole.quantity
        assert left is not None and right is not None and left.unit is not None and right.unit is not None
        return (one, two) if left.unit.hard == right.unit.hard and two.low > 0 else None
    one, two = _count(value), _count(whole)
    if one is None or two is None or two.low <= 0 or value.quantity is None or value.quantity.unit is None:
        return None
    same = whole.quantity is not None and whole.quantity.unit in (None, value.quantity.unit)
    return (one, two) if same and one.low <= two.high else None


def check_share_in_brackets(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`27 ms (46 % of the 50 ms target)`: the share must be the value over the whole."""
    for value, share, whole in (*_shares(context), *_utilised(context)):
        amounts = _comparable(value, whole)
        if amounts is None or share.quantity is None:
            continue
        one, two = amounts
        claimed, ratio = share.quantity.interval(0.01), one / two
        first, part, total = (" ".join(n.text.split()) for n in (value, share, whole))
        nominal = 100 * _printed(value) / _printed(whole)
        formula = f"{first} ÷ {total} = {number_text(nominal, 3)} %"
        if ratio.overlaps(claimed.widened(0.01)) or (
            ratio.overlaps(Interval(claimed.low / 1.0738, claimed.high * 1.0738)) and "GB" in total
        ):
            yield Verdict(rule.name, Status.CONSISTENT, (share.index,), (value.index, whole.index), formula)
            continue
        saved = Interval(1 - ratio.high, 1 - ratio.low).overlaps(claimed)
        if saved and (share.start < value.start or share.start > whole.start):
            continue  # "67 % (21 GB of 64 GB)" may be what is left
        message = f"claims {part} of {total}, but {formula}" + (f"; {part} is what is left" if saved else "")
        yield Verdict(
            rule.name, Status.CONTRADICTED, (share.index,), (value.index, whole.index), formula,
            finding(rule, context, message, context.location(share.span, "claim"), block=share.block, claimed=part,
                    computed=f"{number_text(nominal, 3)} %", formula=formula,
                    related=[context.location(value.span, "part"), context.location(whole.span, "whole")],
                    root=f"share:{share.span.start}"),
        )  # fmt: skip


_TARGET = Pattern(r"\b(?:target|requirement|required|goal|objective|slo|limit|budget)\b", re.I)
_CEILING = Pattern(r"\b(?:limit|budget|target|objective|slo|goal)\b[\s:=≤<]*$", re.I)
_ACHIEVED = Pattern(r"\b(?:achieved|achieves|actual|measured|result|current)\W{0,3}(?:about\s+|~)?$", re.I)


def check_marked_target(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A line with a ✅ on which the achieved rate is below the required one, or the latency above it."""
    for statement in context.claims.statements:
        if statement.verdict != "pass" or not _TARGET.search(statement.text):
            continue
        inside = context.claims.numbers_between(statement.block, statement.start, statement.end)
        numbers = [n for n in inside if _base(n) is not None and not n.operand]
        pair = _required_and_achieved(context, statement, numbers)
        if pair is None:
            continue
        required, achieved = pair
        one, two = _base(achieved), _base(required)
        if one is None or two is None or required.quantity is None or required.quantity.unit is None:
            continue
        rate = required.quantity.unit.hard == (("time", -1.0),)
        missed = one.high < two.low if rate else one.low > two.high
        got, need = " ".join(achieved.text.split()), " ".join(required.text.split())
        sign = ("<" if rate else ">") if missed else ("≥" if rate else "≤")
        if not missed:
            yield Verdict(rule.name, Status.CONSISTENT, (achieved.index, required.index), (), f"{got} {sign} {need}")
            continue
        message = f"marked as met, but {got} {sign} {need}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (achieved.index,), (required.index,), message,
            finding(rule, context, message, context.location(achieved.span, "achieved"), block=achieved.block,
                    claimed=f"{got} meets {need}", computed=f"{got} {sign} {need}", formula=f"{got} {sign} {need}",
                    related=[context.location(required.span, "required")], root=f"target:{achieved.span.start}", flips_verdict=True),
        )  # fmt: skip


def _required_and_achieved(
    context: Context, statement: Statement, numbers: Sequence[NumberClaim]
) -> tuple[NumberClaim, NumberClaim] | None:
    """`8 RPS target` and `7.0 RPS`; `Requirement: 100 tokens/ms` and `Achieved: 98.4 tokens/ms`."""
    if len(numbers) != 2:
        return None
    text = context.document.blocks[statement.block].text
    first, second = numbers
    if first.quantity is None or second.quantity is None or first.quantity.unit is None or second.quantity.unit is None:
        return None
    same = first.quantity.unit.hard == second.quantity.unit.hard and first.quantity.unit.hard in ((("time", -1.0),), (("time", 1.0),))
    if not same or _scopes(first) != _scopes(second):
        return None
    if _TARGET.match(text[second.end :].lstrip(" -")):
        return second, first
    ceiling = _CEILING.search(text[first.end : second.start])
    if ceiling and first.quantity.unit.hard == (("time", 1.0),):
        return second, first  # "1.22 s ✅ (limit 1.0 s)"
    if _ACHIEVED.search(text[: second.start]) and _TARGET.search(text[statement.start : first.start]):
        return first, second
    return None


def _scopes(number: NumberClaim) -> frozenset[str]:
    """What a rate is per, besides time; a bare rate counts as any."""
    unit = number.quantity.unit if number.quantity else None
    return frozenset(name for name, power in unit.soft if power > 0) if unit else frozenset()
