"""What a sentence after a list sums up, and the steps that a sentence derives from the page's batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval, exactly
from stratlint.document import Block, BlockKind
from stratlint.rules.checks.passages import asserted, nominal, passages, plain
from stratlint.rules.context import Context, Verdict, amount_text, number_text, refuted
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

# --- a list and the sentence that adds it up --------------------------------------------------------------------------

_SUMS_UP = Pattern(
    r"(?i)^\W*(?:(?:all )?together|altogether|in total|in all|all in all|summed up|the sum|sum|that (?:makes|adds up to|totals|is)|"
    r"this (?:makes|adds up to|totals)|they add up to|a gpu (?:then |thus )?(?:holds|needs)|合计|总计|共计)\b[^.;\d]{0,40}[~≈]?$"
)
_NOT_ADDED = Pattern(
    r"(?i)\b(?:of which|included|including|already|capacity|available|limit|budget|free|left|headroom|saved|instead|or|versus|vs|before|"
    r"peak)\b|→"
)
_LEAST_ITEMS, _MOST_ITEMS = 3, 12
_BYTES = (("information", 1.0),)
_SUMMED = (_BYTES, (("time", 1.0),), (("energy", 1.0), ("time", -1.0)))
# GB or GiB in one of the items, and rounded items.
_NEAR, _LARGE = 0.02, 0.6


def check_closing_sum(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`- weights: 4.3 GB … - buffers: 5 GB` and below it "Together that is 41 GB": the items, added up."""
    blocks = context.document.blocks
    for block in blocks:
        if block.kind is not BlockKind.PARAGRAPH or block.list_path or block.cell is not None or block.index == 0:
            continue
        numbers = [n for n in context.claims.numbers_of(block.index, 0) if n.quantity is not None]
        if (
            not numbers
            or not _SUMS_UP.match(block.text[: numbers[0].start])
            or not asserted(context, numbers[0])
            or numbers[0].equation >= 0
        ):
            continue
        total = _amount(numbers[0])
        if total is None or numbers[0].quantity is None or numbers[0].quantity.unit is None or numbers[0].quantity.unit.hard not in _SUMMED:
            continue
        items = _items(context, block, numbers[0])
        if items:
            yield from _compared(rule, context, numbers[0], total, items)


def _amount(number: NumberClaim) -> Interval | None:
    quantity = number.quantity
    if quantity is None or quantity.unit is None or not quantity.unit.hard or quantity.high is not None or number.operand or number.struck:
        return None
    return quantity.interval(quantity.unit.factor)


def _items(context: Context, closing: Block, total: NumberClaim) -> list[NumberClaim]:
    """The last amount of every item of the list right above, in the dimension of the total; none when an item has none."""
    assert total.quantity is not None and total.quantity.unit is not None
    out: list[NumberClaim] = []
    at = closing.index - 1
    depth = len(context.document.blocks[at].list_path)
    while at >= 0 and context.document.blocks[at].list_path and context.document.blocks[at].section == closing.section:
        block = context.document.blocks[at]
        at -= 1
        if len(block.list_path) != depth or block.kind is not BlockKind.PARAGRAPH or _NOT_ADDED.search(block.text):
            return []
        own = [
            n for n in context.claims.numbers_in(block.index)
            if _amount(n) is not None and n.quantity is not None and n.quantity.unit is not None
            and n.quantity.unit.hard == total.quantity.unit.hard
            and (n.quantity.unit.factor > 1.0 or n.quantity.unit.hard != _BYTES)
        ]  # fmt: skip
        if not own or not asserted(context, own[-1]):
            return []
        out.append(own[-1])
    return out[::-1] if _LEAST_ITEMS <= len(out) <= _MOST_ITEMS else []


def _compared(rule: Rule, context: Context, claim: NumberClaim, total: Interval, items: Sequence[NumberClaim]) -> Iterator[Verdict]:
    amounts = [_amount(item) or exactly(0.0) for item in items]
    low, high = sum(each.low for each in amounts), sum(each.high for each in amounts)
    used = tuple(item.index for item in items)
    formula = " + ".join(" ".join(item.text.split()) for item in items)
    if Interval(low * (1 - _NEAR), high * (1 + _NEAR)).overlaps(total):
        yield Verdict(rule.name, Status.CONSISTENT, (claim.index,), used, formula)
        return
    # an item that is a part of another, or no part at all, and lists that show a part of what is summed
    for size in (1, 2):
        for left in combinations(amounts, size):
            rest = Interval(low - sum(each.low for each in left), high - sum(each.high for each in left))
            if rest.low > 0 and rest.widened(_NEAR).overlaps(total):
                return
    value = sum(nominal(item, amount) for item, amount in zip(items, amounts, strict=True))
    stated = nominal(claim, total)
    if abs(stated / value - 1) > _LARGE:
        return
    assert claim.quantity is not None and claim.quantity.unit is not None
    shown = f"{number_text(value / claim.quantity.unit.factor / claim.quantity.magnitude)} {claim.quantity.unit_text}"
    yield refuted(rule, context, claim, f"{formula} = {shown}", shown, used, [context.location(item.span, "part") for item in items])


# --- steps from tokens, with the batch of the page --------------------------------------------------------------------

_SEQUENCES_OF = Pattern(r"(?i)(?P<count>\d[\d,]*)\s+sequences?\s*(?:of|×|x|\*|with|at|,)\s*(?P<length>\d[\d,]*)\s*(?:tokens?|K\b)")
_MAKES = Pattern(
    r"(?i)^[^.;\d]{0,60}?(?:\b(?:makes?|are|is|gives?|takes?|needs?|requires?|means?|comes? to|amounts? to|i\.e\.)|"
    r"[=≈→]|共|为|需)[^.;\d]{0,30}$"
)
_OTHER_STEPS = Pattern(
    r"(?i)\b(?:epochs?|ramp\w*|warm-?up|anneal\w*|every|each|per|first|last|after|between|phase|stage|remaining|left|so far|batches|"
    r"at most)\b|%|每"
)
_LEAST_TOKENS = 1e9
_SOME_STEPS = 100


def check_steps_of_page(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`For 3 T tokens that makes 35,763 optimizer steps`, where the page has a batch of 8.39 M tokens."""
    batches: list[tuple[float, Location]] | None = None
    for passage in passages(context):
        for first, second in pairwise(n for n in passage.numbers if n.quantity is not None):
            judge = _steps if _derived(first, second) else _tokens if _derived(second, first) else None
            if judge is None:
                continue
            between = passage.statement.text[first.end - passage.statement.start : second.start - passage.statement.start]
            if not _MAKES.match(between) or _OTHER_STEPS.search(passage.text) or not asserted(context, second):
                continue
            if batches is None:
                batches = list(_batches(context))
            if batches and max(b for b, _ in batches) <= min(b for b, _ in batches) * (1 + _NEAR):
                yield from judge(rule, context, first, second, batches[0])


def _derived(tokens: NumberClaim, steps: NumberClaim) -> bool:
    """Whether one number counts training tokens and the other steps."""
    count, made = plain(tokens), plain(steps)
    if count is None or made is None or count.low < _LEAST_TOKENS or "tokens" not in tokens.noun.lower():
        return False
    return made.low >= _SOME_STEPS and _is_steps(steps)


def _is_steps(number: NumberClaim) -> bool:
    return number.noun.lower().replace("optimizer ", "").replace("optimiser ", "").replace("training ", "").startswith(("steps", "步"))


def _batches(context: Context) -> Iterator[tuple[float, Location]]:
    """Every figure of the page for the tokens of a step."""
    for statement in context.claims.statements:
        for match in _SEQUENCES_OF.finditer(statement.text):
            value = float(match["count"].replace(",", "")) * float(match["length"].replace(",", ""))
            block = context.document.blocks[statement.block]
            yield (
                value,
                context.location(block.source_span(statement.start + match.start(), statement.start + match.end()), "tokens of a step"),
            )
    for fact in context.facts.of_kind("tokens.per_step"):
        yield fact.interval.middle, context.fact_location(fact, "tokens of a step")


def _steps(rule: Rule, context: Context, tokens: NumberClaim, steps: NumberClaim, counted: tuple[float, Location]) -> Iterator[Verdict]:
    count, made = plain(tokens), plain(steps)
    assert count is not None and made is not None
    batch, where = counted
    value = nominal(tokens, count) / batch
    if Interval(count.low / batch, count.high / batch).widened(_NEAR).overlaps(made):
        yield Verdict(rule.name, Status.CONSISTENT, (steps.index,), (tokens.index,), f"{number_text(value)} steps")
        return
    formula = f"{' '.join(tokens.text.split())} ÷ {amount_text(batch, 'count')} = {number_text(round(value))} steps"
    shown = f"{number_text(round(value))} steps"
    yield refuted(rule, context, steps, formula, shown, (tokens.index,), [context.location(tokens.span, "tokens"), where])


def _tokens(rule: Rule, context: Context, steps: NumberClaim, tokens: NumberClaim, counted: tuple[float, Location]) -> Iterator[Verdict]:
    """`20,000 steps are 21 B tokens`."""
    made, count = plain(steps), plain(tokens)
    assert count is not None and made is not None
    batch, where = counted
    if Interval(made.low * batch, made.high * batch).widened(_NEAR).overlaps(count):
        yield Verdict(rule.name, Status.CONSISTENT, (tokens.index,), (steps.index,), amount_text(made.middle * batch, "count"))
        return
    shown = f"{amount_text(nominal(steps, made) * batch, 'count')} tokens"
    formula = f"{' '.join(steps.text.split())} × {amount_text(batch, 'count')} = {shown}"
    yield refuted(rule, context, tokens, formula, shown, (steps.index,), [context.location(steps.span, "steps"), where])


__all__ = ["check_closing_sum", "check_steps_of_page"]
