"""Relations between facts: a rule's readings, each a formula over kinds, evaluated on what the page says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from stratlint.claims.interval import Interval, exactly
from stratlint.facts.fact import Fact, FactSet
from stratlint.facts.phrases import normalise
from stratlint.laws.equations import judged
from stratlint.laws.judge import Outcome
from stratlint.meaning.page import page_of
from stratlint.rules.checks.passages import headers, nominal, plain
from stratlint.rules.checks.worlds import one_layout
from stratlint.rules.context import Context, Verdict, amount_text, finding
from stratlint.rules.finding import Location, ReadingTried, Severity, Status
from stratlint.rules.formula import applies, computed_side, evaluate, holds, render
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import agree, lookup
from stratlint.rules.proof import digits_of, relation_status
from stratlint.rules.repair import counting
from stratlint.rules.rule import Reading, Rule, Variable


def check_relation(rule: Rule, context: Context) -> Iterator[Verdict]:
    """For every fact of the first variable's kinds: find the premises, try every reading, judge.

    What a rule may set in `options` is described in `RELATION_OPTIONS` of `stratlint.rules.rule`.
    """
    anchor, *others = rule.variables
    if rule.options.get("single_layout") and not _single_layout(context):
        return
    told: list[Interval] = []
    for fact in _in_order(rule, context.facts.of_kind(*anchor.kinds)):
        if fact.modality not in anchor.modalities or (rule.options.get("outside_tables") and fact.place.table >= 0):
            continue
        if rule.options.get("outside_records") and fact.place.variant:
            continue  # a row of measured runs: what its batch and its time are of, the headers do not say
        if (anchor.scopes and fact.scope not in anchor.scopes) or "/" in fact.scope:
            continue  # "0.5 expert per GPU per layer" is neither per GPU nor per layer
        if rule.options.get("tables") and fact.place.table < 0:
            continue
        if _digits(context, fact) < int(rule.options.get("digits", 1)):
            continue
        if rule.options.get("stated_once") and not _stated_once(context, rule, fact):
            continue
        if (
            (fact.measure == "bytes" and fact.kind.startswith("memory.") and fact.interval.high <= _ELEMENT)
            or _is_a_change(context, fact)
            or _is_a_span(context, fact)
            or _in_a_row_of_numbers(context, fact)
            or (rule.options.get("outright") and _worked_out(context, fact))
        ):
            continue
        judged = judge(rule, context, anchor, fact, others)
        if judged is None:
            continue
        if rule.options.get("once") and judged.finding is not None:
            if fact.interval in told:
                continue
            told.append(fact.interval)
        yield judged


# "Gradients: 4 bytes" are those of one parameter.
_ELEMENT = 64.0


def _is_a_change(context: Context, fact: Fact) -> bool:
    """`Hit rate | 20 % | 75 % (+275 %)`: a share with a sign before it is what it grew by."""
    number = context.number(fact)
    return (
        fact.measure == "share"
        and number is not None
        and context.document.blocks[number.block].text[max(number.start - 1, 0) : number.start] in ("+", "−")
    )


def _in_order(rule: Rule, facts: Sequence[Fact]) -> Sequence[Fact]:
    return sorted(facts, key=lambda fact: fact.how not in _SAID_OUTRIGHT) if rule.options.get("once") else facts


def _single_layout(context: Context) -> bool:
    """Whether the page has no two totals of GPUs, and no two values of a parallel degree."""
    totals = {f.interval.low for f in context.facts.of_kind("cluster.gpus") if f.modality == "asserted" and f.exact}
    return len(totals) <= 1 and one_layout(context)


def _digits(context: Context, fact: Fact) -> int:
    """Significant digits that were printed: few of them match by chance."""
    number = context.number(fact)
    if number is None or number.quantity is None:
        return 99
    return number.quantity.number.digits if number.quantity.high is None else 1


_ROW_OF_NUMBERS = Pattern(r"\[\s*\d+(?:\s*,\s*\d+){2,}\s*\]")


def _in_a_row_of_numbers(context: Context, fact: Fact) -> bool:
    """`heads per GPU: [3, 3, 3, 2]`: each is of another one."""
    number = context.number(fact)
    if number is None:
        return False
    text = context.document.blocks[number.block].text
    return any(match.start() < number.start < match.end() for match in _ROW_OF_NUMBERS.finditer(text[:_LONGEST_ROW]))


_LONGEST_ROW = 2000


def _is_a_span(context: Context, fact: Fact) -> bool:
    """`2-3 layers per GPU` is a rule of thumb or a choice, not what a count is."""
    number = context.number(fact)
    return fact.measure == "count" and number is not None and number.quantity is not None and number.quantity.high is not None


def _worked_out(context: Context, fact: Fact) -> bool:
    """Whether a value is the result of a computation: "16 groups × 32 GPUs = 512 GPUs" states no degree."""
    number = context.number(fact)
    unit = number.quantity.unit if number is not None and number.quantity is not None else None
    return unit is not None and fact.how == "label" and "device" in dict(unit.soft)


def _stated(context: Context, fact: Fact) -> bool:
    """Whether the page says of all layers what a premise is: under a label, or in a sentence about a layer or the model."""
    number = context.number(fact)
    if number is None or fact.how in _STATED:
        return True
    text = context.document.blocks[number.block].text
    beside = text[max(number.start - _BESIDE, 0) : number.end + _BESIDE]
    return bool(_OF_A_LAYER.search(number.sentence_text)) and not _OF_A_RANK.search(beside)


_BESIDE = 20


_OF_A_LAYER = Pattern(r"(?i)\blayers?\b|\brouted experts\b|\bmodel\b|\bmixture\b|\bexperts (?:over|on|across|in total)\b")
_OF_A_RANK = Pattern(r"(?i)\b(?:each|per|every|a|one) (?:gpu|rank|device|card)\b|/\s?(?:gpu|rank)|\bmissing\b|\bmore experts\b|\bleft\b")


_STATED = ("label", "header", "key", "given", "name")
_SET_ASIDE = ("quoted", "past", "hypothetical", "rejected", "negated")
_SAID_OUTRIGHT = ("label", "header", "key", "given")


def _stated_once(context: Context, rule: Rule, anchor: Fact) -> bool:
    """Whether the page has one configuration in this respect: one value a variable, told at least once outright.

    `stated_once: amounts` admits measured figures as the anchor, and units that say what they measure ("GPU-hours");
    `true` only counts.
    `stated_once: scoped` moreover looks only at a variable's own scopes: a rate per GPU beside the one of the cluster.
    """
    amounts, scoped = rule.options["stated_once"] in ("amounts", "scoped"), rule.options["stated_once"] == "scoped"
    outright = (*_SAID_OUTRIGHT, "name", *(("noun",) if amounts else ()))
    page = context.facts
    if not all(_one_value(page, each, scoped, outright) or _in_one_sentence(page, each, anchor) for each in rule.variables):
        return False
    return amounts or (anchor.exact and anchor.interval.low >= 1)


@lru_cache(maxsize=256)
def _one_value(page: FactSet, variable: Variable, scoped: bool, outright: tuple[str, ...]) -> bool:
    facts = [fact for fact in page.of_kind(*variable.kinds) if fact.modality not in _SET_ASIDE]
    facts = [fact for fact in facts if not scoped or fact.scope in variable.scopes]
    if any(fact.place.variant for fact in facts) or (facts and not agree(facts)):
        return False
    if all(kind.startswith("parallel.") or kind == "cluster.gpus" for kind in variable.kinds):
        outright = (*outright, "noun")  # "a 4-stage pipeline" and "64 GPUs in total" need no label
    return not facts or any(fact.how in outright or _set_equal(page, fact) for fact in facts)


def _set_equal(page: FactSet, fact: Fact) -> bool:
    """`DP = 16` in a sentence says as much as a label."""
    return fact.how == "lead" and fact.claim >= 0 and page.claims.numbers[fact.claim].relation in ("=", "==")


def _in_one_sentence(page: FactSet, variable: Variable, anchor: Fact) -> bool:
    """Whether the page speaks of a variable only in the anchor's sentence: "micro-batch 2, DP 16: global batch 512"."""
    return _only_sentence(page, variable) == (anchor.place.block, anchor.place.sentence)


@lru_cache(maxsize=256)
def _only_sentence(page: FactSet, variable: Variable) -> tuple[int, int] | None:
    """The sentence that has all that the page says of a variable, one value; None when there are several."""
    facts = [fact for fact in page.of_kind(*variable.kinds) if fact.modality not in _SET_ASIDE]
    places = {(fact.place.block, fact.place.sentence) for fact in facts}
    told = all(fact.how in (*_SAID_OUTRIGHT, "noun", "lead") and not fact.place.variant for fact in facts)
    return places.pop() if len(places) == 1 and told and agree(facts) else None


def judge(rule: Rule, context: Context, anchor: Variable, fact: Fact, others: list[Variable]) -> Verdict | None:
    """One claim against its premises; None when a premise is missing or the rule does not apply."""
    premises: dict[str, Fact] = {anchor.name: fact}
    values: dict[str, Interval] = {anchor.name: fact.interval}
    known = {anchor.name}
    for variable in others:
        premise = lookup(
            context,
            variable.kinds,
            fact.place,
            scopes=variable.scopes,
            modalities=variable.modalities,
            near=variable.near,
            exclude=fact.index,
        )
        if premise is not None and rule.options.get("outright") == variable.name and not _stated(context, premise):
            return None
        if premise is not None and not _is_called(context, premise, rule.options.get("called", {}).get(variable.name, ())):
            return None
        if premise is not None:
            premises[variable.name], values[variable.name] = premise, premise.interval
            known.add(variable.name)
        elif variable.default is not None and not fact.place.variant and fact.how != "key" and not _told(context, variable):
            # a row or a command may well leave out a degree that is not 1
            values[variable.name] = exactly(variable.default)
        elif not variable.optional:
            return None
    if rule.when is not None and not _true(rule, values):
        return None
    if any(not p.exact and _digits(context, p) < int(rule.options.get("premise_digits", 1)) for p in premises.values()):
        return None
    if _says(context, premises.values(), rule.options.get("unsaid", ())):
        return None
    if fact.modality == "considered" and any(_known_to_it(context, fact, each) for each in premises.values() if each is not fact):
        return None
    if _large_enough_elsewhere(context, rule, premises) or (rule.options.get("own_working") and _worked_out_right(context, fact)):
        return None
    usable = [reading for reading in rule.readings if _applies(reading, known)]
    admitted = [reading for reading in usable if _admitted(context, reading)]
    # "stage == 3 and …" is no reading of a page with stage 1; it would only lengthen the evidence.
    admitted = [reading for reading in admitted if applies(reading.formula, anchor.name, values)] or admitted
    printed = {name: _as_printed(context, premises.get(name), value) for name, value in values.items()}
    tried = [
        (reading, attempt)
        for reading in admitted
        if (attempt := _try(context, reading, values, premises, fact, anchor.name, printed)) is not None
    ]
    if not tried:
        return None
    numbers, used = (fact.claim,), tuple(p.claim for n, p in premises.items() if n != anchor.name and p.claim >= 0)
    fits = [(reading, attempt) for reading, attempt in tried if attempt.fits]
    if fits and any(_spans(p) for p in premises.values()):
        return None  # what agrees with one of a device's many figures is not confirmed by it
    if fits:
        digits = _digits_in_base(context, fact)
        broken = [reading.formula.variables & known for reading, attempt in tried if not attempt.fits]
        proved = []
        for reading, attempt in fits:
            # 1,024 is 2,048 ÷ 2, but what uses more of the page (DP = 4) gives something else
            doubtful = any(reading.formula.variables & known < more for more in broken)
            exact = Status.CONSISTENT if doubtful else relation_status(reading.formula, anchor.name, digits, printed)
            proved.append((exact, attempt))
        status, best = max(proved, key=lambda each: each[0].gravity)
        return Verdict(rule.name, status, numbers, used, best.formula)
    fixes = _fixes(context, usable, admitted)
    return _refuted(rule, context, anchor, fact, premises, [attempt for _, attempt in tried], numbers, used, fixes)


def _digits_in_base(context: Context, fact: Fact) -> Interval | None:
    """The digits a claim is printed with, in the units of its fact; None where it has none to be recomputed."""
    number = context.number(fact)
    if number is None or number.quantity is None:
        return fact.interval if fact.exact else None
    digits, means = digits_of(number.quantity), number.quantity.interval().middle
    return digits.scaled(fact.interval.middle / means) if digits is not None and means else None


def _is_called(context: Context, premise: Fact, words: Sequence[str]) -> bool:
    """Whether one of *words* stands in a premise's label or around it; always without words."""
    number = context.number(premise)
    if not words or number is None:
        return True
    beside = [number.label, number.lead, number.noun]
    if premise.place.table >= 0:
        rows = context.document.tables[premise.place.table].rows
        beside += [context.document.blocks[cell].text for cell in (rows[premise.place.row][0], rows[0][premise.place.column])]
    return not set(words).isdisjoint(normalise(" ".join(beside)))


def _says(context: Context, premises: Iterable[Fact], words: Sequence[str]) -> bool:
    """Whether one of *words* stands in the sentence of a premise, or in its label."""
    numbers = (context.number(premise) for premise in premises) if words else ()
    return any(
        number is not None and not set(words).isdisjoint(normalise(" ".join((number.sentence_text, *headers(context, number.block)))))
        for number in numbers
    )


def _told(context: Context, variable: Variable) -> bool:
    """Whether the page speaks of a variable: then what it leaves open is no default."""
    return any(
        fact.modality == "asserted" and (not variable.scopes or fact.scope in variable.scopes)
        for fact in context.facts.of_kind(*variable.kinds)
    )


def _known_to_it(context: Context, option: Fact, premise: Fact) -> bool:
    """Whether the row or line of an option that was not taken names the premise, too: that is why it was not."""
    block = context.document.blocks[option.place.block]
    beside = [block.index] if block.cell is None else context.document.tables[block.cell.table].rows[block.cell.row]
    return any(
        number.index != option.claim and (value := plain(number)) is not None and value == premise.interval
        for each in beside
        for number in context.claims.numbers_in(each)
    )


def _large_enough_elsewhere(context: Context, rule: Rule, premises: Mapping[str, Fact]) -> bool:
    """Whether the page gives the premise named in `largest` a value that is large enough: a rank's share beside the model's count."""
    premise, anchor = premises.get(str(rule.options.get("largest", ""))), premises[rule.variables[0].name]
    if premise is None:
        return False
    return any(
        fact.interval.high >= anchor.interval.low
        for fact in context.facts.of_kind(premise.kind)
        if fact.modality != "quoted" and fact.place.table < 0
    )


def _worked_out_right(context: Context, fact: Fact) -> bool:
    """Whether a figure is the result of a computation beside it that holds: then its own operands are its premises."""
    number = context.number(fact)
    if number is None:
        return False
    return any(
        judgement.outcome in (Outcome.HOLDS, Outcome.BOUNDED) and place is not None and place.number == number.index
        for _, judgement in judged(page_of(context.claims))
        for place in (judgement.proposal.claim.place,)
    )


def _admitted(context: Context, reading: Reading) -> bool:
    return all(context.admits(name, value) for name, value in reading.assumes)


def _fixes(context: Context, usable: list[Reading], admitted: list[Reading]) -> tuple[Location, ...]:
    """The sentences that excluded readings."""
    names = {name for reading in usable if reading not in admitted for name, _ in reading.assumes}
    return context.fixing(*sorted(names))


def _applies(reading: Reading, known: set[str]) -> bool:
    return known.issuperset(reading.needs) and not known.intersection(reading.without)


def _true(rule: Rule, values: Mapping[str, Interval]) -> bool:
    assert rule.when is not None
    try:
        return holds(rule.when.root, values)
    except (KeyError, ZeroDivisionError, OverflowError):
        return False


def _as_printed(context: Context, fact: Fact | None, value: Interval) -> Interval:
    """What the page prints, for the message: the middle of what it may mean is off by half a digit."""
    number = context.number(fact) if fact is not None else None
    return value if number is None else exactly(nominal(number, value))


def _try(
    context: Context,
    reading: Reading,
    values: Mapping[str, Interval],
    premises: Mapping[str, Fact],
    fact: Fact,
    judged: str,
    printed_values: Mapping[str, Interval],
) -> ReadingTried | None:
    side, tolerance = computed_side(reading.formula, judged)
    try:
        fits = holds(reading.formula.root, values)
        computed = evaluate(side, printed_values) if side is not None else None
        allowed = evaluate(tolerance, printed_values) if tolerance is not None else None
    except (KeyError, ZeroDivisionError, OverflowError):
        return None
    texts = {name: _text_of(premises.get(name), value) for name, value in printed_values.items()}
    if side is None or computed is None:
        return ReadingTried(reading.name, render(reading.formula.root, texts), "", fits, reading.source)
    printed = _range_text(computed, fact, any(_spans(p) for p in premises.values()))
    shown = render(side, texts)
    # A bound that is a figure of the page, or a plain number, is not worked out.
    line = f"{shown} = {printed}" if side.children else (printed if side.kind == "number" else shown)
    if allowed is not None:
        line += f" ± {amount_text(allowed.middle, fact.measure, fact.unit)}"
    return ReadingTried(reading.name, line, printed, fits, reading.source)


def _spans(fact: Fact) -> bool:
    """Whether a fact from outside spans several figures: a device of several builds, dense and sparse peaks."""
    return fact.claim < 0 and fact.interval.high > 1.05 * fact.interval.low


def _range_text(computed: Interval, fact: Fact, spans: bool) -> str:
    ends = [amount_text(value, fact.measure, fact.unit) for value in (computed.low, computed.high)]
    return " to ".join(dict.fromkeys(ends)) if spans else amount_text(computed.middle, fact.measure, fact.unit)


def _text_of(fact: Fact | None, value: Interval) -> str:
    if fact is None:
        return amount_text(value.middle, "count")
    if fact.measure == "count":
        return amount_text(value.middle, "count")
    return fact.text


def _refuted(
    rule: Rule,
    context: Context,
    anchor: Variable,
    fact: Fact,
    premises: Mapping[str, Fact],
    tried: list[ReadingTried],
    numbers: tuple[int, ...],
    used: tuple[int, ...],
    fixes: tuple[Location, ...],
) -> Verdict:
    first = tried[0]
    template = str(rule.options.get("message", ""))
    texts = {name: _plain(context, premise) for name, premise in premises.items()}
    if template:
        message = template.format_map(_Texts({**texts, "computed": first.computed, "formula": first.formula}))
    else:
        message = f"claims {fact.text if fact.measure == 'share' else texts[anchor.name]} {_kind_words(fact.kind)}, but {first.formula}"
    related = [context.fact_location(p, name.replace("_", " ")) for name, p in premises.items() if name != anchor.name]
    related += fixes
    severity = rule.severity
    # A number that the author calls approximate, or that has one digit, can only prove a gross error.
    if severity is Severity.ERROR and any(p.approximate for p in premises.values()) and rule.options.get("soft_when_approximate"):
        severity = Severity.WARNING
    # A premise from elsewhere that the page gives several values may be the wrong one.
    if severity is Severity.ERROR and any(_one_of_several(context, p, fact) for n, p in premises.items() if n != anchor.name):
        severity = Severity.WARNING
    status = Status.CONTRADICTED if severity is Severity.ERROR else Status.IMPLAUSIBLE
    if severity is Severity.INFO:
        status, numbers = Status.NOT_CHECKED, ()  # what is remarked on may be right
    location = context.fact_location(fact, "claim")
    number, word = context.number(fact), str(rule.options.get("counts", ""))
    suggestion = counting(context, number, word) if number is not None and word else None
    return Verdict(
        rule.name, status, numbers, used, first.formula,
        finding(
            rule, context, message, location, block=fact.place.block, severity=severity, claimed=fact.text,
            computed=first.computed, formula=first.formula, readings=tried, related=related, suggestion=suggestion,
            root=f"{rule.name}:{fact.span.start}",
        ),
    )  # fmt: skip


def _one_of_several(context: Context, premise: Fact, claim: Fact) -> bool:
    """Whether a premise of another section is one of several values that the page gives for its kind."""
    if premise.origin or premise.place.section == claim.place.section:
        return False
    others = (other for other in context.facts.of_kind(premise.kind) if other.scope == premise.scope and other.modality == "asserted")
    return any(not other.interval.overlaps(premise.interval) for other in others)


def _plain(context: Context, fact: Fact) -> str:
    """A fact's number without the words it counts; amounts with a hard unit keep it."""
    number = context.number(fact)
    quantity = number.quantity if number is not None else None
    if quantity is None:
        return fact.text if _spans(fact) else amount_text(fact.interval.middle, fact.measure)
    if quantity.unit is not None and quantity.unit.hard:
        return fact.text
    return (
        context.document.text[number.span.start : number.span.start + quantity.number_end - quantity.number_start] + quantity.magnitude_text
        if number
        else fact.text
    )


class _Texts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def _kind_words(kind: str) -> str:
    return kind.rpartition(".")[2].replace("_", " ")
