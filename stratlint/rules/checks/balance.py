"""What is called even, exact or perfectly balanced must divide without a rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from operator import itemgetter

from stratlint.claims.claim import ClaimSet, NumberClaim, grouped
from stratlint.facts.phrases import normalise, word_list
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_PER = Pattern(r"\b(?:per|each|every)\b|/", re.I)
_UNIT_WORDS = frozenset({"module", "expert", "layer", "head", "slot", "stage", "sequence", "instance"})
# "a factor of 1.25 means each expert …" counts no experts.
_NOT_COUNTED = frozenset({"each", "every", "per", "the", "this", "that", "an", "a", "means", "lets", "allows"})
_OVER = Pattern(r"\b(?:on|over|across|into|among|to|between|by)\b|÷|/|分到|分配到|分布(?:到|在)|放到", re.I)
_NEGATED = frozenset({"not", "never", "cannot", "no", "isn", "without", "don", "doesn", "neither", "unless", "non", "un", "hardly"})


def check_fractional_share(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A fraction of a thing per GPU (8.125 modules, 0.5 expert) in a sentence that calls the split exact or perfect."""
    for number in context.claims.numbers:
        quantity = number.quantity
        if quantity is None or number.quoted or number.struck or quantity.high is not None:
            continue
        value = quantity.number.value
        if (
            quantity.number.integer
            or value == int(value)
            or quantity.magnitude != 1
            or (quantity.unit and (quantity.unit.hard or quantity.unit.canonical == "percent"))
        ):
            continue
        noun = normalise(number.noun)
        at = next((i for i, word in enumerate(noun[:4]) if word in _UNIT_WORDS), -1)
        if at < 0 or _NOT_COUNTED & set(noun[:at]) or not _PER.search(number.sentence_text):
            continue
        if _exact_word(number) is None and not _praised_next(context, number):
            continue
        yield from _fraction(rule, context, number, value)


_BALANCED = Pattern(
    r"(?i)\b(?:excellent|perfect|ideal|optimal|even|(?<!non-)uniform|equal)(?:ly)?\s+(?:[a-z-]+\s+)?(?:balanc\w+|distribut\w+|load)\b"
)
_POINTS_BACK = Pattern(r"(?i)^\W*(?:this|which|that|so|thus|hence|the (?:result|split|mapping))\b")


def _praised_next(context: Context, number: NumberClaim) -> bool:
    """Whether the sentence after a number's calls the split balanced: "This gives excellent load balancing"."""
    after = context.claims.statement(number.block, number.sentence + 1)
    return (
        after is not None
        and bool(_POINTS_BACK.match(after.text) and _BALANCED.search(after.text))
        and not _NEGATED & set(normalise(after.text))
    )


def denied(words: tuple[str, ...], position: int) -> bool:
    """Whether a negation stands right before a word: "not evenly", "cannot be split evenly"."""
    return bool(_NEGATED & set(words[max(position - 4, 0) : position]))


def _exact_word(number: NumberClaim) -> str | None:
    """The word that calls the number exact or the split even: in its own clause or right after it."""
    text = normalise(number.sentence_text)
    if _NEGATED & set(text):
        return None
    own = normalise(f"{number.lead} {number.noun}")
    after = number.sentence_text.partition(number.text)[2]
    near = (*own, *normalise(after[:60]))
    words = [near[m.start] for m in word_list("verdicts").find(near) if m.name == "exact"]
    return words[0] if words else None


def _fraction(rule: Rule, context: Context, number: NumberClaim, value: float) -> Iterator[Verdict]:
    low, high = int(value // 1), int(value // 1) + 1
    share = value - low
    text = " ".join(number.text.split())
    if low == 0:
        formula = f"each holds 0 or 1, and only {number_text(share * 100, 3)} % can hold one"
    else:
        formula = (
            f"{number_text(share * 100, 4)} % hold {high} and the others {low}; "
            f"the largest load is {number_text((high / value - 1) * 100, 3)} % above the mean"
        )
    message = f"`{text}` is a mean, not a placement: {formula}"
    yield Verdict(
        rule.name, Status.CONTRADICTED, (number.index,), (), formula,
        finding(
            rule, context, message, context.location(number.span, "claim"), block=number.block, claimed=text, computed=f"{low} or {high}",
            formula=formula, related=_origin(context, number, value), root=f"fraction:{number.span.start}",
        ),
    )  # fmt: skip


def _origin(context: Context, number: NumberClaim, value: float) -> list[Location]:
    """Other places that state the same fraction: the division it comes from."""
    others = (
        other for other in _fractions(context.claims).get(value, ()) if other.index != number.index
    )  # fmt: skip
    return [context.location(other.span, "the same fraction") for other in islice(others, 3)]


@lru_cache(maxsize=2)
def _fractions(claims: ClaimSet) -> Mapping[float, tuple[NumberClaim, ...]]:
    """The numbers that are no integers, by their printed digits."""
    found = [(n.quantity.number.value, n) for n in claims.numbers if n.quantity and not n.quantity.number.integer]
    return {value: tuple(number for _, number in pairs) for value, pairs in grouped(found, itemgetter(0)).items()}


def check_uneven_split(rule: Rule, context: Context) -> Iterator[Verdict]:
    """N things over M ranks are called even although M does not divide N."""
    for statement in context.claims.statements:
        words = normalise(statement.text)
        if '"' in statement.text or "“" in statement.text:
            continue
        exact = [m for m in word_list("verdicts").find(words) if m.name == "perfect" and not denied(words, m.start)]
        if not exact:
            continue
        numbers = [n for n in context.claims.numbers_of(statement.block, statement.index) if n.quantity is not None]
        yield from _pairs(rule, context, numbers)


def _degree(context: Context, number: NumberClaim) -> bool:
    """`TP=7`: a parallel degree, the ranks things are split over."""
    return any(fact.kind.startswith("parallel.") and fact.exact for fact in context.facts.of_claim(number.index))


_THINGS = frozenset({"expert", "layer", "head", "slot", "module", "sequence"})
_PLACES = frozenset({"rank", "gpu", "stage", "device", "node", "card", "chip", "way"})


def _pairs(rule: Rule, context: Context, numbers: list[NumberClaim]) -> Iterator[Verdict]:
    for index, things in enumerate(numbers):
        for places in numbers[index + 1 : index + 4]:
            if things.text.endswith("-layer") or re.match(r"-[a-z]", context.document.blocks[things.block].text[things.end :]):
                continue  # "a 16-layer model over 128 GPUs" deals out no layers
            if not (_countable(things, _THINGS) and (_countable(places, _PLACES) or _degree(context, places))):
                continue
            between = context.document.blocks[things.block].text[things.end : places.start]
            if not _OVER.search(between) or len(between) > 90:
                continue
            many, few = _whole(things), _whole(places)
            if few <= 1 or many <= 0:
                continue
            formula = f"{many:,} ÷ {few:,} = {number_text(many / few, 4)}"
            if many % few == 0 or few % many == 0:  # "16 experts over 64 GPUs": four GPUs share each
                yield Verdict(rule.name, Status.CONSISTENT, (things.index, places.index), (), formula)
                return
            message = f"called even, but {formula}: {many % few} of {few} hold one more than the others"
            yield Verdict(
                rule.name, Status.CONTRADICTED, (things.index,), (places.index,), formula,
                finding(
                    rule, context, message, context.location(things.span, "claim"), block=things.block, claimed=things.text,
                    computed=number_text(many / few, 4), formula=formula, related=[context.location(places.span, "ranks")],
                    root=f"uneven:{things.span.start}",
                ),
            )  # fmt: skip
            return


def _countable(number: NumberClaim, nouns: frozenset[str]) -> bool:
    quantity = number.quantity
    if quantity is None or not quantity.number.integer or quantity.magnitude != 1 or quantity.high is not None:
        return False
    noun = normalise(number.noun)
    counted = {name for name, power in quantity.unit.soft if power > 0} if quantity.unit is not None else set()
    return bool(nouns & (set(noun[:3]) | counted)) and "per" not in noun[:3]


def _whole(number: NumberClaim) -> int:
    assert number.quantity is not None
    return int(number.quantity.number.value)
