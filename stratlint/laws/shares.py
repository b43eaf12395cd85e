"""Shares: a part over its whole is a percentage or a fraction; the shares of a whole leave the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.claims.amount import constant
from stratlint.document.grid import CellRole
from stratlint.laws.comparable import per
from stratlint.laws.rests import is_rest, whole_and_used
from stratlint.laws.spots import Spot, above, alike, between, has_kind, is_bare, is_figure, same, spots_of, tags_of
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use, total
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "statement-share"
_ALL = 100.0
_FAR_MORE = 1.3
_WORDS_WITHIN = 3
_NO_SHARE = frozenset({"change", "down", "target", "limit", "floor", "before", "after", "mean", "maximum", "minimum"})
_NO_JOIN = frozenset({"from", "to", "versus", "change", "fails", "fits", "limit", "floor", "target"})
# What became of a part: "310 of 6,200 failed, 5 %".
_OUTCOMES = frozenset({"fails", "fits"})
_THAT_IS = frozenset({"namely", "equals"})
_LEADS = frozenset({"equals", "share", "therefore", "namely"})
_VERBS = frozenset({"equals", "has", "takes", "used", "free"})


def proposals(page: Page) -> Iterator[Proposal]:
    """The shares that the page states."""
    for statement in page.statements:
        spots = spots_of(statement)
        for spot in spots:
            if is_share(spot.term):
                yield from _of_whole(statement, spots, spot)
                yield from _behind_whole(statement, spots, spot)
                yield from _before_both(statement, spots, spot)
        yield from _remaining(statement, spots)
    for group in page.groups:
        if group.axis is Axis.RECORD:
            yield from _in_record(group)
    yield from _columns(page.groups)


def is_share(term: Term) -> bool:
    """Whether an amount may be a share: a percentage, or a fraction in words."""
    amount = term.amount
    fraction = amount.multiple and 0 < amount.value < 1
    return (amount.percent or fraction) and not term.tags & _NO_SHARE and not (amount.bound or amount.ranged or amount.hard)


def _of_whole(statement: Statement, spots: Sequence[Spot], share: Spot) -> Iterator[Proposal]:
    """`35 % of the 80 GB (28 GB)`, `28 GB, 35 % of the 80 GB`, `a quarter of the 512 GPUs, 128 cards`."""
    if share.number + 1 >= len(spots):
        return
    whole = spots[share.number + 1]
    if not whole.term.whole or whole.depth != share.depth or not is_figure(whole.term) or is_bare(whole.term):
        return
    previous = spots[share.number - 1] if share.number else None
    if tags_of(between(statement, share, whole)) & _NO_JOIN or (previous is not None and _of_shares(statement, previous, share)):
        return
    following = spots[share.number + 2] if share.number + 2 < len(spots) else None
    if following is not None and alike(whole.term, following.term) and _restates(statement, spots, whole, following):
        one = Compute("×", share.term.use, whole.term.use)
        several = previous is not None and _counts(statement, previous, share)
        if previous is not None and several:  # "four GPUs at 55 % of 989 TFLOPS give 2,176 TFLOPS"
            yield _proposal(following.term, Compute("×", previous.term.use, one), statement, otherwise=(one,))
        else:
            yield _proposal(following.term, one, statement)
    if previous is None or not same(whole.term, previous.term) or is_bare(previous.term):
        return
    if previous.term.whole or previous.term.tags & _NO_SHARE:
        return
    if _leads_to(statement, spots, previous, share, whole) or _takes(statement, previous, share):
        yield _proposal(share.term, Compute("/", previous.term.use, whole.term.use), statement)


def _counts(statement: Statement, things: Spot, share: Spot) -> bool:
    """Whether a count of things stands right before a share, as those that each have it: "four GPUs at 55 % of …"."""
    joined = between(statement, things, share)
    words = [item for item in joined if item.kind in (ItemKind.WORD, ItemKind.CUE)]
    near = len(words) == len(joined) <= _WORDS_WITHIN and any("preposition" in item.tags or item.tags & {"at", "near"} for item in joined)
    return near and bool(things.term.noun) and not things.term.amount.hard and things.depth == share.depth


def _of_shares(statement: Statement, one: Spot, two: Spot) -> bool:
    """`half of a third of the 96 GPUs`, `a third and a half of them`: two shares joined by words make one of their own."""
    joined = between(statement, one, two)
    words = all(item.kind in (ItemKind.WORD, ItemKind.CUE) for item in joined) and not tags_of(joined) & _LEADS
    return is_share(one.term) and one.depth == two.depth and len(joined) <= _WORDS_WITHIN and words


def _is_sum_of_shares(part: Spot, share: Spot, whole: Spot) -> bool:
    """`2 of 8 are chosen, so the shares add up to 200 %`: hundreds of percent, and so many times all, are no share of less than all."""
    amount, sizes = share.term.amount, [spot.term.amount.first.nominal for spot in (part, whole)]
    return amount.value > _ALL and amount.value % _ALL == 0 and sizes[0] < sizes[1]


def _restates(statement: Statement, spots: Sequence[Spot], whole: Spot, amount: Spot) -> bool:
    """Whether *amount*, behind a share of a whole, says how much that is: in brackets, behind a sign, or set off by commas."""
    joined, rest = between(statement, whole, amount), between(statement, amount, _next(spots, amount))
    tags = tags_of(joined)
    if tags & _NO_JOIN or amount.term.tags & _NO_SHARE or is_rest(amount.term):
        return False
    if amount.depth == whole.depth + 1:
        named = joined[:-1] if joined and joined[-1].tags & {"equals", "namely"} else joined  # "(that is 192)"
        return _last(named, ItemKind.OPEN) and _closes(rest)
    if amount.depth != whole.depth:
        return False
    if tags & {"equals", "namely"}:
        return not has_kind(joined, ItemKind.STOP)
    comma = _last(joined, ItemKind.COMMA) and "semicolon" not in tags
    return comma and bool(rest) and _closes(rest, ItemKind.COMMA, ItemKind.STOP)


def _leads_to(statement: Statement, spots: Sequence[Spot], part: Spot, share: Spot, whole: Spot) -> bool:
    """Whether a share of a whole speaks of the amount before it: `28 GB (35 % of the 80 GB)`, `28 GB is 35 % of 80 GB`."""
    joined = between(statement, part, share)
    tags = tags_of(joined)
    if tags & _NO_JOIN or has_kind(joined, ItemKind.STOP, ItemKind.COLON) or "and" in tags:
        return False
    if share.depth == part.depth + 1:
        return _last(joined, ItemKind.OPEN)
    if share.depth != part.depth:
        return False
    behind = between(statement, whole, _next(spots, whole))
    if has_kind(joined, ItemKind.COMMA):
        # "…, 20 % of the 80 GB are kept free" begins a statement of its own.
        words = [item for item in joined if item.kind in (ItemKind.WORD, ItemKind.CUE)]
        return "semicolon" not in tags and not _verb_ahead(behind) and all(item.tags & _LEADS for item in words)
    return "equals" in tags


def _takes(statement: Statement, part: Spot, share: Spot) -> bool:
    """Whether an amount at the head of a sentence takes a share: "The 30 GB of the cache fill 38 % of …", "At 30 GB the cache takes …"."""
    joined = between(statement, part, share)
    tags = tags_of(joined)
    verbs = tags_of(between(statement, None, part)) & _VERBS or not tags & {"takes", "used", "has"}
    apart = tags & (_NO_JOIN | {"and", "contrast", "semicolon"}) or has_kind(joined, ItemKind.STOP, ItemKind.COLON)
    return part.number == 0 and part.depth == share.depth and not verbs and not apart


def _verb_ahead(items: Sequence[Item]) -> bool:
    for item in items:
        if item.kind in (ItemKind.COMMA, ItemKind.STOP, ItemKind.CLOSE):
            return False
        if item.tags & _VERBS:
            return True
    return False


def _behind_whole(statement: Statement, spots: Sequence[Spot], share: Spot) -> Iterator[Proposal]:
    """`20 GB of 80 GB, which is 25 %`, `64 of the 512 GPUs (12.5 %)`, `Of 512 GPUs, 64 are idle (12.5 %)`."""
    if share.number < 2:
        return
    one, two = spots[share.number - 2], spots[share.number - 1]
    apart = tags_of(between(statement, one, two))
    inside_of = "including" in apart  # "6.2M rows, of which 310 failed"
    front = inside_of or (one.term.whole and not two.term.whole and one.number == 0)
    whole, part = (one, two) if front else (two, one)
    if not (whole.term.whole or inside_of) or is_bare(whole.term) or part.depth != whole.depth or part.term.tags & _NO_SHARE:
        return
    lent = is_bare(part.term) and part.term.elided and (inside_of or (whole.term.amount.hard and not front))
    counted = (
        not front and not per(whole.term) and is_figure(part.term) and above(whole.term) == above(part.term)
    )  # "each uses 4 of 64 experts"
    alike_enough = alike(whole.term, part.term) and (front or per(whole.term) == per(part.term))
    if not (lent or alike_enough or (counted and len(between(statement, one, two)) == 1)):
        return
    joined, rest = between(statement, two, share), _behind_pronoun(between(statement, share, _next(spots, share)))
    set_off = share.depth == two.depth and _set_off(joined, rest)
    pointed = len(joined) == 1 and "to" in joined[0].tags and not joined[0].word.isalpha()  # "52 GB of 80 GB → 65 %"
    tags = tags_of(joined) - (_OUTCOMES if set_off else frozenset()) - ({"to"} if pointed else frozenset())
    if tags & _NO_JOIN or has_kind(joined, ItemKind.STOP, ItemKind.COLON) or apart & (_NO_JOIN | {"each"}):
        return
    brackets = share.depth == two.depth + 1 and _last(joined, ItemKind.OPEN) and _closes(rest)
    ends = bool(rest) and rest[0].kind in (ItemKind.COMMA, ItemKind.STOP)  # "12 of the 96, or 12.5 %, …"
    says = pointed or bool(tags & {"equals", "share"}) or (ends and "namely" in tags)
    said = share.depth == two.depth and not front and says and not _names_another(joined)
    if not (brackets or said or set_off) or (_continues(rest) and not _of_all(rest)) or _is_sum_of_shares(part, share, whole):
        return
    expression: Expression = Compute("/", part.term.use, whole.term.use)
    closing = (ItemKind.CLOSE, ItemKind.COMMA)
    inside = rest[: next((at for at, item in enumerate(rest) if item.kind in closing), len(rest))]  # "64 of 512 (12.5 %) are idle"
    rested = is_rest(share.term) or bool(tags_of(inside[:_WORDS_WITHIN]) & {"free", "remaining"})
    if rested and not is_rest(part.term):
        expression = Compute("-", Use(constant(1.0)), expression)
    yield _proposal(share.term, expression, statement)


def _behind_pronoun(rest: Sequence[Item]) -> Sequence[Item]:
    """What follows a percentage without the pronoun that says again what it is of: `12.5 % of them`, `of it`, `of all` and no more."""
    if rest and "back" in rest[0].tags:
        return rest[1:]
    pronoun = len(rest) > 1 and "preposition" in rest[0].tags and "back" in rest[1].tags
    return rest[2:] if pronoun and not (rest[2:] and rest[2].kind is ItemKind.WORD) else rest


def _set_off(joined: Sequence[Item], rest: Sequence[Item]) -> bool:
    """Whether a percentage stands between commas behind what it is the share of: `310 of 6,200 failed, 5 %, …`, `…, i.e. 5 %.`"""
    if joined and joined[-1].tags >= _THAT_IS:
        joined = joined[:-1]
    words = [item for item in joined if item.kind in (ItemKind.WORD, ItemKind.CUE)]
    return _last(joined, ItemKind.COMMA) and len(words) <= _WORDS_WITHIN and (not rest or rest[0].kind in (ItemKind.COMMA, ItemKind.STOP))


def _before_both(statement: Statement, spots: Sequence[Spot], share: Spot) -> Iterator[Proposal]:
    """`43.75 % (35 GB of 80 GB)`."""
    if share.number + 2 >= len(spots):
        return
    part, whole = spots[share.number + 1], spots[share.number + 2]
    inside = part.depth == whole.depth == share.depth + 1 and whole.term.whole
    if not inside or not same(part.term, whole.term) or part.term.tags & _NO_SHARE or is_bare(whole.term):
        return
    opening = between(statement, share, part)
    if not _last(opening, ItemKind.OPEN) or tags_of(opening) & (_NO_JOIN | {"part_of"}) or has_kind(opening, ItemKind.COMMA, ItemKind.STOP):
        return
    if _closes(between(statement, whole, _next(spots, whole))) and is_rest(share.term) == is_rest(part.term):
        yield _proposal(share.term, Compute("/", part.term.use, whole.term.use), statement)


def _names_another(items: Sequence[Item]) -> bool:
    """Whether between a part of a whole and a percentage something else is named: more than a pronoun and a word of shares."""
    start = max((at for at, item in enumerate(items) if item.kind is ItemKind.COMMA), default=-1) + 1
    return any(item.kind is ItemKind.WORD and "function" not in item.tags for item in items[start:])


def _continues(items: Sequence[Item]) -> bool:
    """Whether a percentage goes on with "of": a share of something else."""
    return bool(items) and bool(items[0].tags & {"part_of", "change", "down"} or _names_pronoun(items))


def _names_pronoun(items: Sequence[Item]) -> bool:
    """`of all requests`: the pronoun belongs to a noun."""
    return len(items) > 1 and "preposition" in items[0].tags and "back" in items[1].tags


def _of_all(items: Sequence[Item]) -> bool:
    """`is 62 % of capacity`, `of the total`: the whole that was just stated, by its role."""
    return len(items) > 1 and "part_of" in items[0].tags and bool(items[1].tags & {"capacity", "total"})


def _last(items: Sequence[Item], kind: ItemKind) -> bool:
    """Whether *items* end with one of *kind*, signs of approximation aside."""
    kept = [item for item in items if "range" not in item.tags]
    return bool(kept) and kept[-1].kind is kind


def _closes(items: Sequence[Item], *kinds: ItemKind) -> bool:
    """Whether brackets (or *kinds*) close within a word or two, with no cue that relates before."""
    for item in items[: _WORDS_WITHIN + 1]:
        if item.kind in (kinds or (ItemKind.CLOSE,)):
            return True
        if item.tags & (_NO_JOIN | {"of", "part_of", "per"}) or item.kind not in (ItemKind.WORD, ItemKind.CUE):
            return False
    return False


def _next(spots: Sequence[Spot], spot: Spot) -> Spot | None:
    return spots[spot.number + 1] if spot.number + 1 < len(spots) else None


def _remaining(statement: Statement, spots: Sequence[Spot]) -> Iterator[Proposal]:
    """`60 % of the requests hit the cache, the remaining 40 % do not`: together they are everything."""
    shares = [spot for spot in spots if spot.term.amount.percent]
    if len(shares) < 2 or any(not is_share(spot.term) for spot in shares) or statement.tags() & {"from", "to", "versus", "change"}:
        return
    last = shares[-1]
    ahead = between(statement, spots[last.number - 1] if last.number else None, last)
    near = [item for item in ahead if item.kind in (ItemKind.WORD, ItemKind.CUE)][-2:]
    if "remaining" not in tags_of(near) or any(spot.depth != last.depth or "remaining" in spot.term.tags for spot in shares[:-1]):
        return
    whole = Use(constant(_ALL / 100))
    yield _proposal(last.term, Compute("-", whole, total([spot.term.use for spot in shares[:-1]])), statement, "shares of one whole")


# Records and columns


def _in_record(group: Group) -> Iterator[Proposal]:
    """Used, capacity and utilisation of one record."""
    values = [term for term, role in zip(group.terms, group.roles, strict=True) if role in (CellRole.VALUE, CellRole.TOTAL)]
    shares = [term for term in values if term.amount.percent and is_share(term)]
    yield from _complements(group, shares)
    if len(shares) != 1 or not shares[0].tags & {"share", "used", "free"}:
        return
    share = shares[0]
    rests = [term for term in values if term is not share and is_rest(term)]
    found = whole_and_used([term for term in values if term is not share], rests[0] if len(rests) == 1 else None)
    if found is None or not _named_alike(share, found[1]):
        return
    whole, used = found
    expression: Expression = Compute("/", used.use, whole.use)
    if is_rest(share):
        expression = Compute("-", Use(constant(1.0)), expression)
    yield Proposal(
        share.use, Relation.EQUALS, expression, Source.GRID, FAMILY, "what is used of the whole", forced=group.sure, asserted=group.asserted
    )


def _complements(group: Group, shares: Sequence[Term]) -> Iterator[Proposal]:
    """`Memory utilisation: 84 %`, `Memory free: 16 %`."""
    used = [term for term in shares if term.tags & {"share", "used"} and not is_rest(term)]
    rests = [term for term in shares if is_rest(term)]
    if len(used) == len(rests) == 1 and len(shares) == 2 and used[0].name & rests[0].name and used[0].amount.value < _ALL:
        yield Proposal(
            rests[0].use, Relation.EQUALS, Compute("-", Use(constant(1.0)), used[0].use), Source.GRID, FAMILY, "shares of one whole",
            forced=group.sure, asserted=group.asserted,
        )  # fmt: skip


def _named_alike(share: Term, used: Term) -> bool:
    """Whether a utilisation speaks of what is used: it names nothing else ("GPU utilisation" says nothing of memory)."""
    return len(share.name) <= 1 or bool(share.name & used.name)


def _columns(groups: Sequence[Group]) -> Iterator[Proposal]:
    """A column of shares that ends in 100 %, beside columns of values with totals: each share is its value over the total."""
    grids: dict[int, list[Group]] = {}
    for group in groups:
        if group.axis is Axis.SERIES and group.roles[-1:] == (CellRole.TOTAL,) and group.roles.count(CellRole.TOTAL) == 1:
            grids.setdefault(group.grid, []).append(group)
    for series in grids.values():
        shares = [group for group in series if group.terms[-1].amount.percent and group.terms[-1].amount.value == _ALL]
        for column in shares:
            parts = [term.amount.value for term in column.terms[:-1] if term.amount.percent]
            if sum(parts) > _FAR_MORE * _ALL:
                continue  # how far each is, not what part of all
            values = [group for group in series if group.roles == column.roles and all(is_figure(term) for term in group.terms)]
            if values:
                yield from _column(column, values)


def _column(column: Group, values: Sequence[Group]) -> Iterator[Proposal]:
    for at, share in enumerate(column.terms[:-1]):
        row = [group.terms[at].use for group in values]
        if not share.amount.percent or any(use.place is None or use.place.line != share.place.line for use in row):
            continue
        fractions: list[Expression] = [
            Compute("/", use, whole)
            for use, group in zip(row, values, strict=True)
            for whole in (group.terms[-1].use, total([term.use for term in group.terms[:-1]]))
        ]
        if len(values) > 1:  # the share of both columns together
            fractions.append(Compute("/", total(list(row)), total([group.terms[-1].use for group in values])))
        yield Proposal(
            share.use, Relation.EQUALS, fractions[0], Source.GRID, FAMILY, "its share of the total",
            forced=column.sure, asserted=column.asserted, otherwise=tuple(fractions[1:]),
        )  # fmt: skip


def _proposal(
    claim: Term, expression: Expression, statement: Statement, why: str = "a share of the whole", otherwise: tuple[Expression, ...] = ()
) -> Proposal:
    relation, source = Relation.EQUALS, Source.STATEMENT
    return Proposal(claim.use, relation, expression, source, FAMILY, why, asserted=statement.asserted, otherwise=otherwise)
