"""Raw items of one sentence, item or cell → its terms: what each amount counts, per what, and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from stratlint.claims.amount import amount_of, hard
from stratlint.claims.syntax import Quantity
from stratlint.claims.units import HARD, Dimensions, Unit, load_lexicon
from stratlint.meaning.ahead import MOST_BEFORE, MOST_SKIPPED, ahead_of
from stratlint.meaning.axes import axes
from stratlint.meaning.behind import ROLES, behind_of, counted_by
from stratlint.meaning.below import divided
from stratlint.meaning.facets import TOLD_BY_SIZE, with_facets
from stratlint.meaning.lexicon import counted_noun, is_plural, lexicon, name_of, noun_of, singular
from stratlint.meaning.phrases import Phrase, below_of, phrase_of, scaled_unit
from stratlint.meaning.proposal import Place
from stratlint.meaning.raw import Raw
from stratlint.meaning.statement import Item, ItemKind, Term
from stratlint.meaning.subjects import BACK, SINGLE, UNNAMED, antecedent_at, subject_at

Locate = Callable[[Raw], Place]

_FUNCTION, _PREPOSITION = frozenset({"function"}), frozenset({"function", "preposition"})
_NOTHING = frozenset[str]()
_SEMICOLONS = (";", "；")
_POSSESSIVE = ("'s", "’s", "s'", "s’")
_DEFINITE = frozenset({"a", "an", "the", "all", "its", "their", "our", "these", "those"})


def items_of(raws: Sequence[Raw], locate: Locate, label: Phrase | None = None) -> tuple[Item, ...]:
    """The items of a statement with the terms among them; *label* names its first amount (a header, a list item's label)."""
    out: list[Item] = []
    found: list[tuple[int, Term]] = []
    colon = next((at for at, raw in enumerate(raws) if raw.kind is ItemKind.COLON), -1)
    first_amount = next((at for at, raw in enumerate(raws) if raw.kind is ItemKind.TERM), len(raws))
    if label is None and 0 < colon < first_amount and not _introduces(raws, colon, first_amount):
        label = _phrase(raws[:colon])
    labelled = _labelled(raws, first_amount, label)
    subject = ""
    for at, raw in enumerate(raws):
        if raw.kind in (ItemKind.STOP, ItemKind.COMMA) or "therefore" in raw.tags:
            subject = ""
        if "per" in raw.tags and _opens_clause(raws, at):
            subject = _scope_at(raws, at + 1)  # "Per GPU we are at 4,096 tokens per second"
        if raw.word in SINGLE or "each" in raw.tags:
            subject = subject_at(raws, at) or (antecedent_at(raws, at, found) or subject)
        if raw.kind is ItemKind.TERM and raw.quantity is not None and (raw.degree is not None or not _is_index(raws, at)):
            computes = at == first_amount and at + 1 < len(raws) and raws[at + 1].kind is ItemKind.SIGN
            given = computes and label is not None  # to the result
            named = label if at == labelled else None if given else _own_label(raws, at)
            term = with_facets(raws, at, _term(raws, at, raw.quantity, found, locate, named, subject), named)
            found.append((at, term))
            out.append(Item(ItemKind.TERM, term=term))
        elif raw.kind is ItemKind.WORD:
            out.append(_word(raw.word))
        else:
            tags = raw.tags | lexicon().word_tags.get(raw.word, _NOTHING)
            if raw.kind is ItemKind.MARK:
                tags = _mark(raw.word)
            elif raw.kind is ItemKind.COMMA and raw.word in _SEMICOLONS:
                tags = frozenset({"semicolon"})
            out.append(Item(raw.kind, tags, None, raw.word))
    return tuple(out)


def _labelled(raws: Sequence[Raw], first: int, label: Phrase | None) -> int:
    """The amount that a label names: the first one, or the result of the computation that begins with it.

    A result that counts something else than its label is none: `Nodes: 64 × 8 GPUs = 512 GPUs`.
    """
    if first + 1 >= len(raws) or raws[first + 1].kind is not ItemKind.SIGN:
        return _result_per_place(raws, first, label)
    result = first
    for at in range(first + 1, len(raws)):
        if raws[at].kind is ItemKind.TERM and "equals" in raws[at - 1].tags:
            result = at
        elif raws[at].kind in (ItemKind.STOP, ItemKind.OPEN, ItemKind.COMMA):
            break
    quantity = raws[result].quantity
    if quantity is None or label is None or not quantity.units or quantity.units[0].hard:
        return result
    counted = counted_by(quantity, behind_of(raws, result, quantity))[0]
    ranks = label.degree is not None and label.degree.axis == "world" and counted in axes().ranks | TOLD_BY_SIZE
    return result if counted == label.noun or ranks else first


def _result_per_place(raws: Sequence[Raw], first: int, label: Phrase | None) -> int:
    """`Experts per GPU: 64 experts over EP = 16 → 4 experts per GPU`: what the label is per, the result says itself."""
    below = {name for name, _ in label.below} if label is not None else set[str]()
    for at in range(first + 1, len(raws)) if below else ():
        if raws[at].kind in (ItemKind.STOP, ItemKind.OPEN, ItemKind.COMMA):
            break
        quantity = raws[at].quantity
        if quantity is not None and quantity.units and "equals" in raws[at - 1].tags:
            if below & {name for name, power in quantity.units[0].dimensions if power < 0}:
                return at
    return first


def _opens_clause(raws: Sequence[Raw], at: int) -> bool:
    return not at or raws[at - 1].kind in (ItemKind.STOP, ItemKind.COMMA)


def _scope_at(raws: Sequence[Raw], at: int) -> str:
    """The counted noun at *at*, where it is one: `device` of "Per GPU we are at …"."""
    word = raws[at].word if at < len(raws) and raws[at].is_word else ""
    return counted_noun(word) if word and singular(word) in lexicon().nouns else ""


@lru_cache(maxsize=8192)
def _word(word: str) -> Item:
    lex = lexicon()
    function = _PREPOSITION if word in lex.prepositions else _FUNCTION
    tags = function if word in lex.function_words else _NOTHING
    return Item(ItemKind.WORD, tags | lex.word_tags.get(word, _NOTHING) | lex.grammar.get(word, _NOTHING), None, word)


def _introduces(raws: Sequence[Raw], colon: int, amount: int) -> bool:
    """`In short: the price is $4`: what stands before the colon leads to a clause that names its amount itself."""
    inner = [raw for raw in raws[colon + 1 : amount] if raw.is_word]
    return len(inner) > 1 and raws[0].word in lexicon().prepositions and bool(inner[-1].tags & {"equals", "has", "takes"})


def _apiece(raws: Sequence[Raw], at: int) -> bool:
    """`…, each priced at $3`: "each" begins the clause and names nothing."""
    start = at
    while start > 0 and raws[start - 1].is_word and at - start < MOST_SKIPPED:
        start -= 1
    return start < at and "each" in raws[start].tags and start + 1 < at and raws[start + 1].word.endswith("ed") and start > 0


def _is_index(raws: Sequence[Raw], at: int) -> bool:
    """Whether a number only tells one thing from its like: "stage 2", "Table 4", "phase 1", "Python 3.12"."""
    quantity = raws[at].quantity
    if quantity is None or quantity.units or quantity.magnitude_text or quantity.currency or not at:
        return False
    if quantity.high is not None:
        return False  # a range of places is of use
    before = raws[at - 1]
    known = lexicon()
    numbered = before.word in known.versioned or (quantity.number.integer and before.word in known.indexed)
    return before.is_word and numbered and not before.tags & {"total"}


def _phrase(raws: Sequence[Raw]) -> Phrase:
    return phrase_of([word for raw in raws if raw.kind is not ItemKind.MARK for word in (raw.word or "(").split()])


def _own_label(raws: Sequence[Raw], at: int) -> Phrase | None:
    """The label of a later amount: the words before a colon that stands right before it ("Heads: 64, KV heads: 8")."""
    position = at - 1
    while position >= 0 and raws[position].kind is ItemKind.CUE and not raws[position].is_word:
        position -= 1
    if position < 1 or raws[position].kind is not ItemKind.COLON:
        return None
    start = position
    while start > 0 and (raws[start - 1].is_word or raws[start - 1].kind is ItemKind.SIGN) and position - start < MOST_BEFORE:
        start -= 1
    between = start > 0 and raws[start - 1].kind is ItemKind.TERM
    return _phrase(raws[start:position]) if start < position and not between else None


def _mark(sign: str) -> frozenset[str]:
    from stratlint.claims.grammar import words

    if sign in words()["verdict_fail"]:
        return frozenset({"fail", "doubtful"} if sign in words()["verdict_warns"] else {"fail"})
    return frozenset({"pass"})


def _term(
    raws: Sequence[Raw], at: int, quantity: Quantity, found: Sequence[tuple[int, Term]], locate: Locate, label: Phrase | None, subject: str
) -> Term:
    behind = behind_of(raws, at, quantity)
    noun, name = counted_by(quantity, behind)
    ahead, roles, of_noun = ahead_of(raws, at)
    previous = found[-1] if found else None
    tags = set(behind.tags | roles)
    per: Dimensions = behind.per
    labelled = label is not None
    elided = shaped = optional = False
    hyphen = "-" in quantity.text and quantity.unit_text and not quantity.units[0].hard if quantity.units else False
    if hyphen and behind.words:
        noun, per = noun_of(quantity.unit_text), _merge(per, _powers(noun_of(behind.words[-1])))
        name = name_of((quantity.unit_text,))
    modified = _modified(raws, at) if not quantity.units and not behind.words else None
    if modified is not None:
        noun, name = counted_noun(modified), name_of((modified,))  # "sixteen 8-GPU nodes", "two 200 Gb/s ports"
    elif (owner := _of_each_one(raws, at)) and owner not in TOLD_BY_SIZE:
        per = _merge(per, _powers(owner))
    chosen = label or (ahead if ahead is not None and (not name or (quantity.units and quantity.units[0].hard) or ahead.head) else None)
    if chosen is not None:
        tags |= chosen.tags & ROLES
        if labelled and "total" in tags and not chosen.head:
            tags.add("sum")  # "Total", "In all per GPU": nothing but the total of what stands around
        per = _merge(per, tuple(pair for pair in chosen.below if not _has_below(quantity, (pair,))))
        if not noun and not quantity.units and not _meant_back(raws, at) and (labelled or not of_noun):
            noun = chosen.noun if labelled else _of_what(raws, at) or chosen.noun
        if labelled or not name:
            name = chosen.name
        elif not noun and not _counts_nouns(quantity):
            name |= chosen.name
    whole = _of_whole(raws, previous[0] if previous is not None else -1, at)
    apiece = behind.each or _apiece(raws, at)
    if apiece:
        per = _below_of(previous, subject)
        tags.add("each")
    elif not per and previous is not None and _counts_of(raws, previous, at) and previous[1].noun and previous[1].noun != noun:
        per = _powers(previous[1].noun)  # "16 nodes of 8 GPUs"
        shaped = not noun
    elif not per and of_noun and of_noun != noun:
        per, optional = _powers(of_noun), True  # "a node of 8 GPUs"
    elif (
        subject
        and not whole
        and not _lasts(quantity)
        and not any(name not in HARD for name, _ in per)
        and subject != noun
        and not _has_below(quantity, _powers(subject))
        and "total" not in tags
    ):
        per = _merge(per, _powers(subject))
    if not per and quantity.currency and not behind.below and _at_a_price(raws, found, at):
        quantity, per = _priced(raws, found, quantity)
    back = _meant_back(raws, at)
    nothing = not noun and not quantity.units and not quantity.times and (chosen is None or back or (of_noun and not labelled))
    if nothing:
        following = _of_what(raws, at)
        if following:
            noun = following
        elided = not following and not shaped  # "8 heads of 128": a size, not a count
    measured = (*behind.below, *(chosen.per if chosen is not None and not _timed(quantity) else ()))
    relative = quantity.times or (bool(quantity.units) and not quantity.units[0].dimensions)  # "+26 %" in a row of tokens/s
    below = () if relative else _measured_below(measured, previous if apiece and not subject else None, scaled=labelled)
    for word, unit in below:
        if unit.hard or not _has_below(quantity, unit.dimensions):  # "$ per million tokens" is the unit, too
            quantity = divided(quantity, unit)
        per = tuple(pair for pair in per if pair not in unit.dimensions and pair[0] != word)
    tags |= _end(raws[at - 1]) if at else frozenset()
    tags |= {"compared"} if _is_compared(raws, at) else set()
    tags |= {"of_several"} if at + 1 < len(raws) and _sizes(raws[at], raws[at + 1]) else set()
    return Term(amount_of(quantity), locate(raws[at]), noun, per, name, frozenset(tags), elided, labelled, whole, optional)


def _at_a_price(raws: Sequence[Raw], found: Sequence[tuple[int, Term]], at: int) -> bool:
    """`2,000 GPU-hours at $3`: money right behind "at" is the price of one of what was counted."""
    between = raws[found[-1][0] + 1 : at] if found else ()
    price = raws[at].quantity
    if price is None or not price.units or any(power < 0 for _, power in price.units[0].dimensions):
        return False  # "at $3 per GPU-hour"
    near = 0 < len(between) <= MOST_SKIPPED and all(raw.is_word for raw in between)
    return near and between[-1].word == "at" and not any(raw.tags for raw in between[:-1])


def _priced(raws: Sequence[Raw], found: Sequence[tuple[int, Term]], price: Quantity) -> tuple[Quantity, Dimensions]:
    """The price of one of what was counted last, and of one for a time: `2,000 GPU-hours at $3`, `32 GPUs for 10 hours at $3`."""
    last = found[-1]
    counted = raws[last[0]].quantity
    if counted is not None and counted.units and counted.units[0].hard:
        price = divided(price, counted.units[0])
        users = found[-2] if len(found) > 1 else None
        kept = users is not None and users[1].noun and all(raw.is_word for raw in raws[users[0] + 1 : last[0]])
        for_a_time = kept and users is not None and any(raw.word == "for" for raw in raws[users[0] + 1 : last[0]])
        return price, _powers(users[1].noun) if for_a_time and users is not None and counted.units[0].dimensions == (("time", 1.0),) else ()
    return price, _powers(last[1].noun) if last[1].noun else ()


def _end(before: Raw) -> frozenset[str]:
    """Which end of what is meant an amount is, by what stands right before it: `at most 5 ms`, `≥ 500`."""
    if before.tags & {"below"} or before.tags >= {"only", "limit"}:
        return frozenset({"at_most"})
    return frozenset({"at_least"}) if before.tags & {"above"} or before.tags >= {"only", "floor"} else frozenset()


def _is_compared(raws: Sequence[Raw], at: int) -> bool:
    """Whether nothing but a sign stands between an amount and the one before it: `224 ms > 200 ms`."""
    if at < 2 or raws[at - 2].kind is not ItemKind.TERM:
        return False
    return not raws[at - 1].is_word and not raws[at - 1].tags.isdisjoint({"below", "above", "limit", "floor"})


def _modified(raws: Sequence[Raw], at: int) -> str | None:
    """The noun behind an amount that modifies it: `nodes` for the number before `8-GPU nodes`."""
    if at + 2 >= len(raws):
        return None
    following, noun = raws[at + 1], raws[at + 2]
    quantity = following.quantity
    if quantity is None or not quantity.unit_text or not noun.is_word:
        return None
    return noun.word if "-" in quantity.text or _sizes(following, noun) else None


def _sizes(measured: Raw, noun: Raw) -> bool:
    """`200 Gb/s ports`: an amount with a unit right before the things that each have it."""
    quantity = measured.quantity
    if quantity is None or not quantity.units or not quantity.units[0].hard or noun.tags or not is_plural(noun.word):
        return False
    return quantity.high is None and noun.word not in lexicon().function_words


def _of_each_one(raws: Sequence[Raw], at: int) -> str:
    """What has the amount at *at* each, where a number before it counts them: "port" in "two 200 Gb/s ports"."""
    before, noun = (raws[at - 1] if at else None), (raws[at + 1] if at + 1 < len(raws) else None)
    counts = before is not None and before.quantity is not None and not before.quantity.units and before.quantity.number.integer
    return counted_noun(noun.word) if counts and noun is not None and _sizes(raws[at], noun) else ""


def _powers(noun: str) -> Dimensions:
    return below_of((noun,))


def _merge(one: Dimensions, two: Dimensions) -> Dimensions:
    powers = dict(one)
    for name, power in two:
        powers.setdefault(name, power)
    return tuple(sorted(powers.items()))


def _has_below(quantity: Quantity, below: Dimensions) -> bool:
    """Whether the unit says the same "per": `tokens/s/GPU` under "Throughput per GPU"."""
    if not quantity.units or not below:
        return False
    own = dict(quantity.units[0].dimensions)
    return all(own.get(name) == -power for name, power in below)


def _meant_back(raws: Sequence[Raw], at: int) -> bool:
    """`168 of them`: whatever was counted last."""
    return at + 1 < len(raws) and raws[at + 1].word in BACK


def _counts_nouns(quantity: Quantity) -> bool:
    """Whether its unit counts things: `GPUs per stage`."""
    return bool(quantity.units) and not quantity.units[0].hard


def _below_of(previous: tuple[int, Term] | None, subject: str) -> Dimensions:
    """What "each" stands for: the thing counted last, or the subject."""
    if subject:
        return _powers(subject)
    if previous is None:
        return ((UNNAMED, 1.0),)
    term = previous[1]
    if term.noun:
        return _powers(term.noun)
    return term.dimensions if all(power > 0 for _, power in term.dimensions) else ()


def _lasts(quantity: Quantity) -> bool:
    """Whether it is a time: what each of several takes is no time per thing."""
    return bool(quantity.units) and quantity.units[0].dimensions == (("time", 1.0),)


def _timed(quantity: Quantity) -> bool:
    """Whether its unit is a time, or per time: what a label adds is then no second one."""
    return any(name == "time" for unit in quantity.units[:1] for name, _ in unit.dimensions)


def _measured_below(below: Sequence[str], previous: tuple[int, Term] | None, *, scaled: bool) -> Iterator[tuple[str, Unit]]:
    """What stands below the line and has a size, with its unit: "$20 an hour", "$3 each" behind GPU-hours; *scaled*: "per million tokens".

    Behind a label all amounts are for so many; in a sentence only some may be.
    """
    for word in below:
        many = scaled_unit(word) if scaled else None
        units = load_lexicon().read(word) if many is None else (many,)
        if units and (units[0].hard or many is not None):
            yield word, units[0]
    if previous is not None and not previous[1].noun and all(power > 0 for _, power in previous[1].dimensions):
        amount, reading = previous[1].amount, previous[1].amount.first
        if hard(reading.dimensions):
            yield "", Unit(amount.unit_text, reading.factor / amount.magnitude, reading.dimensions)


def _counts_of(raws: Sequence[Raw], previous: tuple[int, Term], at: int) -> bool:
    """`16 nodes of 8 GPUs`: "of" alone stands right before, behind the noun of the number before."""
    between = raws[previous[0] + 1 : at]
    words = [raw.word for raw in between]
    plain = all(raw.is_word for raw in between) and len(words) <= 3 and not lexicon().prepositions & frozenset(words[:-1])
    return bool(words) and words[-1] == "of" and plain


def _of_whole(raws: Sequence[Raw], previous: int, at: int) -> bool:
    """`12 of the 64 GPUs`, `6 trays of 20`; -1 as *previous*: `Of the 64 GPUs, …`."""
    words = [word for raw in raws[previous + 1 : at] for word in raw.word.split()]
    if not words or not all(raw.is_word for raw in raws[previous + 1 : at]):
        return False
    while words and (words[-1] in _DEFINITE or words[-1].endswith(_POSSESSIVE)):  # "of the fleet's 1,600 boards"
        words.pop()
    return words[-1:] == ["of"] and len(words) <= (2 if previous >= 0 else 1) and words[0] not in lexicon().articles


def _of_what(raws: Sequence[Raw], at: int) -> str:
    """The noun that `6 of the 32 layers` leaves out of its first number."""
    if at + 1 < len(raws) and raws[at + 1].word in ("of", "of the", "out of"):
        for position in range(at + 2, min(at + 5, len(raws))):
            raw = raws[position]
            if raw.kind is ItemKind.TERM and raw.quantity is not None:
                return counted_by(raw.quantity, behind_of(raws, position, raw.quantity))[0]
            if raw.word not in ("the", "its", "all", "their") and not raw.word.endswith(_POSSESSIVE):
                return ""
    return ""
