"""Counts and rates that a sentence derives in words: steps, a fleet's rate, an error budget, hosts of chips."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.facts.fact import FactSet
from stratlint.rules.checks.passages import Passage, amount, asserted, asserted_on, nominal, passages, plain
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_ROUNDING = 0.02


def _verdict(
    rule: Rule,
    context: Context,
    claim: NumberClaim,
    computed: str,
    formula: str,
    fits: bool,
    premises: list[NumberClaim],
) -> Verdict:
    used = tuple(number.index for number in premises)
    line = f"{formula} = {computed}"
    if fits:
        return Verdict(rule.name, Status.CONSISTENT, (claim.index,), used, line)
    printed = _digits(claim)
    return Verdict(
        rule.name,
        Status.CONTRADICTED,
        (claim.index,),
        used,
        line,
        finding(
            rule,
            context,
            f"claims {printed}, but {line}",
            context.location(claim.span, "claim"),
            block=claim.block,
            claimed=printed,
            computed=computed,
            formula=line,
            related=[context.location(number.span, "premise") for number in premises],
            root=f"{rule.name}:{claim.span.start}",
        ),
    )


def _digits(claim: NumberClaim) -> str:
    quantity = claim.quantity
    if quantity is None:
        return claim.name
    return " ".join(claim.text.replace("-", " ").split())


# --- steps = tokens / tokens per step ---------------------------------------------------------------------------------

_BATCHES = Pattern(r"(?i)\b(?:in|with|at|of) (?:batches|steps) of\s*$|\bbatch(?:es)? of\s*$")
_LEAST_TOKENS = 1e8


def check_steps(rule: Rule, context: Context) -> Iterator[Verdict]:
    """ "1.5 T tokens in batches of 6 M are 25,000 steps"."""
    for passage in passages(context):
        numbers = [number for number in passage.numbers if number.quantity is not None]
        for first, second, third in zip(numbers, numbers[1:], numbers[2:], strict=False):
            if not (first.noun.lower().startswith("tokens") and third.noun.lower().startswith("steps")):
                continue
            if (
                not _BATCHES.search(_between(passage, first, second))
                or not asserted(context, third)
                or re.search(r"\d|every|each", _words(passage, second, third))
            ):
                continue
            tokens, batch, steps = plain(first), plain(second), plain(third)
            if tokens is None or batch is None or steps is None or tokens.low < _LEAST_TOKENS or not 0 < batch.low < tokens.low:
                continue
            computed = Interval(tokens.low / batch.high, tokens.high / batch.low)
            value = nominal(first, tokens) / nominal(second, batch)
            exact_tokens = abs(nominal(third, steps) / value - 1) < _ROUNDING
            fits = exact_tokens or steps.overlaps(computed)
            yield _verdict(
                rule,
                context,
                third,
                f"{number_text(round(value))} steps",
                f"{_digits(first)} / {_digits(second)}",
                fits,
                [first, second],
            )


def _between(passage: Passage, first: NumberClaim, second: NumberClaim) -> str:
    base = passage.statement.start
    return " ".join(passage.statement.text[first.start - base : second.start - base].split())


def _words(passage: Passage, first: NumberClaim, second: NumberClaim) -> str:
    base = passage.statement.start
    return passage.statement.text[first.end - base : second.start - base]


# --- a fleet's rate = replicas × rate of each -------------------------------------------------------------------------

_EACH = Pattern(r"(?i)^\s*(?:each|apiece|per (?:replica|node|gpu|instance|pod|host|card))\b")
_TOGETHER = Pattern(
    r"(?i)\b(?:it|they|we|the (?:fleet|cluster|pool|pod|deployment|service|system))\s+(?:together\s+)?"
    r"(?:produces?|delivers?|gives?|yields?|serves?|makes?|reach(?:es)?|sustains?|gets?)\s*$"
)
_MEMBERS = Pattern(r"(?i)^(?:replicas?|instances?|pods?|nodes?|servers?|hosts?|gpus?|cards?|chips?|devices?|workers?)\b")


def check_fleet_rate(rule: Rule, context: Context) -> Iterator[Verdict]:
    """ "We run 9 replicas. At 2,400 tok/s each they deliver 19,200 tok/s"."""
    before: Passage | None = None
    for passage in passages(context):
        previous, before = before, passage
        for first, second in zip(passage.numbers, passage.numbers[1:], strict=False):
            one, all_of_them = amount(first, "rate"), amount(second, "rate")
            if one is None or all_of_them is None or one.low <= 0 or not asserted(context, second):
                continue
            words = _words(passage, first, second)
            if not _EACH.match(words) or not _TOGETHER.search(words):
                continue
            counts = _members(passage, first)
            if not counts and previous is not None and previous.statement.block == passage.statement.block:
                counts = _members(previous, first)
            if not counts:
                continue
            # "6 nodes of 8 GPUs": each may be a node, a GPU, or one of all 48
            sizes = [interval.low for _, interval in counts]
            sizes.append(math.prod(sizes))
            value = sizes[0] * nominal(first, one)
            fits = any(
                all_of_them.overlaps(one.scaled(size)) or abs(nominal(second, all_of_them) / (size * nominal(first, one)) - 1) < _ROUNDING
                for size in sizes
            )
            count, _ = counts[0]
            yield _verdict(
                rule,
                context,
                second,
                _in_unit(second, value),
                f"{_digits(count)} × {_digits(first)}",
                fits,
                [count, first],
            )


def _members(passage: Passage, before: NumberClaim) -> list[tuple[NumberClaim, Interval]]:
    out = []
    for number in passage.numbers:
        interval = plain(number)
        if number.span.start < before.span.start and interval is not None and interval.exact and _MEMBERS.match(number.noun):
            out.append((number, interval))
    return out


def _in_unit(claim: NumberClaim, value: float) -> str:
    quantity = claim.quantity
    if quantity is None or not quantity.units:
        return number_text(value)
    text = number_text(value / quantity.units[0].factor / quantity.magnitude)
    return f"{text}{quantity.magnitude_text} {quantity.unit_text}"


# --- an error budget is the rest of the window ------------------------------------------------------------------------

_BUDGET = Pattern(r"(?i)\b(?:error budget|downtime|outage|unavailab\w+|allowed? (?:down|outage))")
_WINDOW = Pattern(r"(?i)\b(?:window|month|period|year|week|quarter|days?|30-day|rolling)\b")


def check_error_budget(rule: Rule, context: Context) -> Iterator[Verdict]:
    """ "An availability of 99.8 % leaves an error budget of 8.64 minutes in a 30-day window"."""
    for passage in passages(context):
        if not _BUDGET.search(passage.text) or not _WINDOW.search(passage.text):
            continue
        shares = [(n, i) for n in passage.numbers if (i := amount(n, "share")) is not None and 0.5 <= i.middle < 1]
        # what stands before the availability is of another sentence or clause
        after = [n for n in passage.numbers if shares and n.start > shares[0][0].start]
        times = [(n, i) for n in after if (i := amount(n, "time")) is not None]
        windows = [(n, i) for n, i in times if i.middle >= 86400 * 6]
        rests = [(n, i) for n, i in times if i.middle < 86400 * 6]
        if not (len(shares) == len(windows) == len(rests) == 1) or len(after) > 3:
            continue
        (share, available), (window, length), (rest, budget) = shares[0], windows[0], rests[0]
        if not asserted(context, rest):
            continue
        value = (1 - nominal(share, available)) * nominal(window, length)
        fits = abs(nominal(rest, budget) / value - 1) < _ROUNDING * 2 or budget.overlaps(
            Interval(1 - available.high, 1 - available.low) * length
        )
        quantity = rest.quantity
        unit = quantity.units[0].factor if quantity and quantity.units else 1.0
        name = quantity.unit_text if quantity else "s"
        formula = f"(100 % − {_digits(share)}) × {_digits(window)}"
        yield _verdict(rule, context, rest, f"{number_text(value / unit)} {name}", formula, fits, [share, window])


# --- hosts = chips / chips per host -----------------------------------------------------------------------------------

_DRIVES = Pattern(
    r"(?i)\b(?:an?|each|every|one|per)\s+(?P<host>(?:[a-z]+ )?(?:vms?|hosts?|nodes?|servers?|"
    r"trays?|box(?:es)?|machines?))\s+"
    r"(?:drives?|has|holds?|hosts?|carr(?:y|ies)|serves?|contains?|"
    r"with)\s+(?P<each>\d+)\s+(?P<thing>chips?|gpus?|cards?|accelerators?|devices?)\b"
    r"[^.;]{0,40}?\b(?:so|hence|thus|which (?:gives|makes|means)|giving|making|that is|that's|"
    r"i\.e\.)\b[^.;\d]{0,30}"
    r"(?P<count>\d[\d,]*)\s+(?:[a-z]+ )?(?:vms?|hosts?|nodes?|servers?|trays?|box(?:es)?|machines?)\b"
)
_THING = Pattern(r"(?i)^(?:chips?|gpus?|cards?|accelerators?|devices?)\b")


def check_hosts(rule: Rule, context: Context) -> Iterator[Verdict]:
    """ "Each host has 8 chips, so we need 32 hosts" on a slice of 512 chips."""
    for passage in passages(context):
        text = passage.statement.text
        for match in _DRIVES.finditer(re.sub(r"\s", " ", text)):
            base = passage.statement.start
            each = next((n for n in passage.numbers if n.start == base + match.start("each")), None)
            count = next((n for n in passage.numbers if n.start == base + match.start("count")), None)
            if each is None or count is None or not asserted(context, count):
                continue
            own, hosts = plain(each), plain(count)
            total = _only_total(context, passage, each)
            if own is None or hosts is None or total is None or own.low <= 0:
                continue
            number, interval = total
            value = interval.low / own.low
            yield _verdict(
                rule,
                context,
                count,
                f"{number_text(value)} {match['host'].strip()}s",
                f"{_digits(number)} / {_digits(each)}",
                abs(hosts.middle - value) < 1,
                [number, each],
            )


def _only_total(context: Context, passage: Passage, each: NumberClaim) -> tuple[NumberClaim, Interval] | None:
    """The one number of chips that the same section speaks of."""
    things = _things(context.facts).get(context.document.blocks[passage.statement.block].section, {})
    if len(things) > 2:
        return None
    others = [next(((n, i) for n, i in found if n.index != each.index), None) for found in things.values()]
    present = [other for other in others if other is not None]
    return present[0] if len(present) == 1 else None


@lru_cache(maxsize=2)
def _things(page: FactSet) -> Mapping[int, Mapping[float, Sequence[tuple[NumberClaim, Interval]]]]:
    """Exact numbers of chips by section and value, of each value the first two."""
    out: dict[int, dict[float, list[tuple[NumberClaim, Interval]]]] = {}
    for number in page.claims.numbers:
        interval = plain(number)
        if interval is None or not interval.exact or not _THING.match(number.noun) or not asserted_on(page, number):
            continue
        found = out.setdefault(page.document.blocks[number.block].section, {}).setdefault(interval.low, [])
        if len(found) < 2:
            found.append((number, interval))
    return out


__all__ = ["check_error_budget", "check_fleet_rate", "check_hosts", "check_steps"]
