"""Raw items of one sentence, item or cell → its terms: what each amount counts, per what, and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.amount import amount_of, combined, hard
from stratlint.claims.syntax import Quantity
from stratlint.claims.units import DIMENSIONLESS, HARD, Dimensions, Unit, load_lexicon
from stratlint.meaning.facets import with_facets
from stratlint.meaning.lexicon import is_plural, lexicon, name_of, noun_of, singular
from stratlint.meaning.phrases import Phrase, below_of, phrase_of, scope_of
from stratlint.meaning.proposal import Place
from stratlint.meaning.raw import Raw
from stratlint.meaning.statement import Item, ItemKind, Term

Locate = Callable[[Raw], Place]

# How far a name may stand from its number.
_MOST_AFTER = 6
_MOST_BEFORE = 9
_MOST_SKIPPED = 4
# Cues that lead from a name to its number: "the weights take 35 GB", "a limit of 24 GB".
_LEADS = frozenset({"equals", "takes", "has", "used", "required", "capacity", "fits", "per", "from", "to", "limit", "floor"})
_BREAKS = frozenset({"therefore", "versus", "from", "to", "equals", "only", "leaving"})
_ROLES = frozenset(
    {
        "total", "each", "used", "required", "capacity", "limit", "floor", "target", "free", "change", "down", "before", "after",
        "mean", "maximum", "minimum", "only", "least_words", "evenly", "fits", "q50", "q90", "q95", "q99", "q999", "ends", "bare",
        "below", "above", "in_use", "share", "sum", "remaining",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Behind:
    """What stands behind a number: the noun phrase, its roles, and where it ends. `each`: "apiece" without a noun."""

    words: tuple[str, ...]
    per: Dimensions
    tags: frozenset[str]
    end: int
    each: bool
    pronoun: bool
    below: tuple[str, ...]


def items_of(raws: Sequence[Raw], locate: Locate, label: Phrase | None = None) -> tuple[Item, ...]:
    """The items of a statement with the terms among them; *label* names its first amount (a header, a list item's label)."""
    out: list[Item] = []
    found: list[tuple[int, Term]] = []
    colon = next((at for at, raw in enumerate(raws) if raw.kind is ItemKind.COLON), -1)
    first_amount = next((at for at, raw in enumerate(raws) if raw.kind is ItemKind.TERM), len(raws))
    if label is None and 0 < colon < first_amount and not _introduces(raws, colon, first_amount):
        label = _phrase(raws[:colon])
    subject = ""
    for at, raw in enumerate(raws):
        if raw.kind in (ItemKind.STOP, ItemKind.COMMA) or "therefore" in raw.tags:
            subject = ""
        if raw.word in _SINGLE or "each" in raw.tags:
            subject = _subject(raws, at) or (_antecedent(raws, at, found) or subject)
        if raw.kind is ItemKind.TERM and raw.quantity is not None and (raw.degree is not None or not _is_index(raws, at)):
            named = label if at == first_amount else _own_label(raws, at)
            term = with_facets(raws, at, _term(raws, at, raw.quantity, found, locate, named, subject), named)
            found.append((at, term))
            out.append(Item(ItemKind.TERM, term=term))
        else:
            tags = raw.tags
            if raw.kind is ItemKind.MARK:
                tags = frozenset({_mark(raw.word)})
            elif raw.kind is ItemKind.COMMA and raw.word in _SEMICOLONS:
                tags = frozenset({"semicolon"})
            elif raw.kind is ItemKind.WORD and raw.word in lexicon().function_words:
                tags = _PREPOSITION if raw.word in lexicon().prepositions else _FUNCTION
            out.append(Item(raw.kind, tags, None, raw.word))
    return tuple(out)


def _introduces(raws: Sequence[Raw], colon: int, amount: int) -> bool:
    """`In short: the price is $4`: what stands before the colon leads to a clause that names its amount itself."""
    inner = [raw for raw in raws[colon + 1 : amount] if raw.is_word]
    return len(inner) > 1 and raws[0].word in lexicon().prepositions and bool(inner[-1].tags & {"equals", "has", "takes"})


def _apiece(raws: Sequence[Raw], at: int) -> bool:
    """`…, each priced at $3`: "each" begins the clause and names nothing."""
    start = at
    while start > 0 and raws[start - 1].is_word and at - start < _MOST_SKIPPED:
        start -= 1
    return start < at and "each" in raws[start].tags and start + 1 < at and raws[start + 1].word.endswith("ed") and start > 0


def _is_index(raws: Sequence[Raw], at: int) -> bool:
    """Whether a number only tells one thing from its like: "stage 2", "Table 4", "phase 1"."""
    quantity = raws[at].quantity
    if quantity is None or quantity.units or quantity.magnitude_text or quantity.currency or not at or not quantity.number.integer:
        return False
    if quantity.high is not None:
        return False  # a range of places is of use
    before = raws[at - 1]
    return before.is_word and before.word in lexicon().indexed and not before.tags & {"total"}


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
    while start > 0 and (raws[start - 1].is_word or raws[start - 1].kind is ItemKind.SIGN) and position - start < _MOST_BEFORE:
        start -= 1
    between = start > 0 and raws[start - 1].kind is ItemKind.TERM
    return _phrase(raws[start:position]) if start < position and not between else None


def _mark(sign: str) -> str:
    from stratlint.claims.grammar import words

    return "fail" if sign in words()["verdict_fail"] else "pass"


def _antecedent(raws: Sequence[Raw], at: int, found: Sequence[tuple[int, Term]]) -> str:
    """What "each of which" and "each of them" stand for: the thing counted last."""
    if "each" not in raws[at].tags or at + 1 >= len(raws):
        return ""
    following = raws[at + 1].word
    if following not in _BACK and not following.endswith("ing"):  # "each using 40 GB"
        return ""
    return next((term.noun for _, term in reversed(found) if term.noun), UNNAMED)


def _subject(raws: Sequence[Raw], at: int) -> str:
    """`node` where "a node has", "each stage holds", "every rank keeps" begins at *at*."""
    lex = lexicon()
    raw = raws[at]
    if not raw.is_word or "per" in raw.tags:
        return ""
    if not raw.word.isascii():
        following = raws[at + 1] if at + 1 < len(raws) else None
        return noun_of(following.word) if following is not None and following.is_word and not following.tags else ""
    if at and raws[at - 1].is_word and raws[at - 1].word in lex.prepositions:
        return ""
    words: list[str] = []
    for following in raws[at + 1 : at + 5]:
        if not following.is_word:
            break
        if following.word in _BACK:
            return ""
        if words and (following.tags & {"has", "takes", "equals", "used", "required"} or following.word in lex.verbs):
            return noun_of(words[-1])
        if following.word in ("of", "of the", "the", "these", "those"):
            continue
        if following.word in lex.function_words:
            return ""
        words.append(following.word)
    # "each of the 8 pipeline stages holds"
    if "each" in raw.tags and at + 3 < len(raws) and raws[at + 1].word in ("of", "of the"):
        counted = next((each for each in raws[at + 1 : at + 4] if each.kind is ItemKind.TERM), None)
        if counted is not None and counted.quantity is not None:
            position = raws.index(counted)
            behind = _behind(raws, position, counted.quantity)
            return _noun(counted.quantity, behind)[0]
    return ""


def _term(
    raws: Sequence[Raw], at: int, quantity: Quantity, found: Sequence[tuple[int, Term]], locate: Locate, label: Phrase | None, subject: str
) -> Term:
    behind = _behind(raws, at, quantity)
    noun, name = _noun(quantity, behind)
    ahead, roles, of_noun = _ahead(raws, at)
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
        noun, name = noun_of(modified), name_of((modified,))  # "sixteen 8-GPU nodes"
    chosen = label or (ahead if ahead is not None and (not name or (quantity.units and quantity.units[0].hard) or ahead.head) else None)
    if chosen is not None:
        tags |= chosen.tags & _ROLES
        if labelled and "total" in tags and not chosen.head:
            tags.add("sum")  # "Total", "In all per GPU": nothing but the total of what stands around
        per = _merge(per, tuple(pair for pair in chosen.below if not _has_below(quantity, (pair,))))
        if not noun and not quantity.units and not _meant_back(raws, at) and (labelled or not of_noun):
            noun = chosen.noun
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
    back = _meant_back(raws, at)
    nothing = not noun and not quantity.units and not quantity.times and (chosen is None or back or (of_noun and not labelled))
    if nothing:
        following = _of_what(raws, at)
        if following:
            noun = following
        elided = not following and not shaped  # "8 heads of 128": a size, not a count
    measured = (*behind.below, *(chosen.per if chosen is not None and not _timed(quantity) else ()))
    relative = quantity.times or (bool(quantity.units) and not quantity.units[0].dimensions)  # "+26 %" in a row of tokens/s
    for unit in () if relative else _measured_below(measured, previous if apiece and not subject else None):
        quantity, per = _divided(quantity, unit), tuple(pair for pair in per if pair not in unit.dimensions)
    return Term(amount_of(quantity), locate(raws[at]), noun, per, name, frozenset(tags), elided, labelled, whole, optional)


def _modified(raws: Sequence[Raw], at: int) -> str | None:
    """The noun behind an amount that modifies it: `nodes` for the number before `8-GPU nodes`."""
    if at + 2 >= len(raws):
        return None
    following, noun = raws[at + 1], raws[at + 2]
    quantity = following.quantity
    if quantity is None or "-" not in quantity.text or not quantity.unit_text or not noun.is_word:
        return None
    return noun.word


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
    return at + 1 < len(raws) and raws[at + 1].word in _BACK


def _counts_nouns(quantity: Quantity) -> bool:
    """Whether its unit counts things: `GPUs per stage`."""
    return bool(quantity.units) and not quantity.units[0].hard


UNNAMED = "each of them"


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


def _measured_below(below: Sequence[str], previous: tuple[int, Term] | None) -> Iterator[Unit]:
    """What stands below the line and has a size: "$20 an hour", "$3 each" behind GPU-hours."""
    for word in below:
        units = load_lexicon().read(word)
        if units and units[0].hard:
            yield units[0]
    if previous is not None and not previous[1].noun and all(power > 0 for _, power in previous[1].dimensions):
        reading = previous[1].amount.first
        if hard(reading.dimensions):
            yield Unit(previous[1].amount.unit_text, reading.factor, reading.dimensions)


def _divided(quantity: Quantity, unit: Unit) -> Quantity:
    """The quantity per *unit*."""
    heads = quantity.units or (DIMENSIONLESS,)
    units = tuple(
        Unit(f"({head.canonical})/({unit.canonical})", head.factor / unit.factor, combined(((head.dimensions, 1), (unit.dimensions, -1))))
        for head in heads
    )
    return replace(quantity, units=units)


def _noun(quantity: Quantity, behind: _Behind) -> tuple[str, frozenset[str]]:
    """What is counted, and the words that say so."""
    unit = quantity.units[0] if quantity.units else None
    if unit is not None and unit.hard:
        return "", name_of(behind.words)
    words = behind.words
    if unit is not None and unit.dimensions:
        # "8 GPU nodes" counts nodes, "128 expert modules" modules; "16 GPUs" GPUs
        if words and not is_plural(quantity.unit_text.split("/")[0]) and is_plural(words[-1]):
            return noun_of(words[-1]), name_of((quantity.unit_text, *words))
        (name, power), *rest = unit.dimensions
        single = name if power == 1.0 and not rest else ""
        head = quantity.unit_text.split("/")[0].split(" per ")[0]
        return single, name_of((*head.split(), *words))
    if not words:
        return "", frozenset()
    chosen = next((index for index, word in enumerate(words) if is_plural(word)), len(words) - 1)
    head = words[chosen]
    if singular(head) in lexicon().figures:
        return "", name_of(words[: chosen + 1])
    return noun_of(head), name_of(words[: chosen + 1])


def _behind(raws: Sequence[Raw], at: int, quantity: Quantity) -> _Behind:
    """The noun phrase behind the number at *at*."""
    lex = lexicon()
    words: list[str] = []
    below: list[str] = []
    tags: set[str] = set()
    each = pronoun = False
    position = at + 1
    phrase_open = True
    limit = min(len(raws), at + 1 + _MOST_AFTER + 3)
    while position < limit:
        raw = raws[position]
        if raw.kind is ItemKind.SIGN and "/" in raw.tags and position + 1 < limit and raws[position + 1].is_word:
            below.append(raws[position + 1].word)
            position += 2
            continue
        if not raw.is_word:
            break
        if raw.tags & {"per", "each"} and "total" not in raw.tags:
            following = raws[position + 1] if position + 1 < len(raws) else None
            if following is not None and following.is_word and following.word not in lex.function_words and not following.tags & _BREAKS:
                noun, position = _noun_phrase(raws, position + 1)
                below.append(noun)
                phrase_open = False
                continue
            if following is not None and following.word in ("of", "of the"):
                whole = next((other for other in raws[position + 2 : position + 4] if other.quantity is not None), None)
                if whole is not None and whole.quantity is not None:  # "on each of 8 GPUs"
                    below.append(_noun(whole.quantity, _behind(raws, raws.index(whole), whole.quantity))[0])
                break
            each = raw.word not in ("per",)
            position += 1
            phrase_open = False
            continue
        if raw.word in ("on", "in", "to", "for", "of", "by") and position + 2 < len(raws) and raws[position + 1].is_word:
            article = raws[position + 1].word in ("a", "an", "one") and raw.word in ("to", "on", "in", "by")
            if raws[position + 1].tags & {"each"} and raws[position + 2].word in ("of", "of the"):
                position += 1  # "on each of 8 GPUs"
                continue
            if raws[position + 1].tags & {"each"} or article:
                noun, position = _noun_phrase(raws, position + 2)
                below.append(noun)
                phrase_open = False
                continue
        if raw.word in ("a", "an") and not words and quantity.units and quantity.units[0].hard and position + 1 < len(raws):
            unit = load_lexicon().read(raws[position + 1].word)
            timed = any(name == "time" for name, _ in quantity.units[0].dimensions)
            if unit and not timed:  # "$20 an hour"
                below.append(raws[position + 1].word)
                position += 2
                continue
            break
        if raw.word == "of" and phrase_open and not words and quantity.units and quantity.units[0].hard:
            position += 1  # "640 GB of GPU memory"
            continue
        if (
            raw.word in _RELATIVE
            and position + 1 < len(raws)
            and (raws[position + 1].tags & _STATES or raws[position + 1].word in _RELATIVE)
        ):
            position += 1  # "112 GB that are needed"
            phrase_open = False
            continue
        if raw.word in ("them", "it", "which", "these", "those"):
            pronoun = True
            break
        if not words and is_plural(raw.word) and raw.tags and raw.tags <= _NOUN_LIKE:
            words.append(raw.word)  # "24 shards": what follows a number is what it counts
            position += 1
            continue
        if raw.tags & _BREAKS or raw.word in lex.function_words - _ROLE_WORDS:
            if raw.tags & _ROLES and not raw.tags & _BREAKS:
                tags |= raw.tags & _ROLES
            break
        if raw.tags:
            tags |= raw.tags & _ROLES
            phrase_open = False
        elif phrase_open and len(words) < _MOST_AFTER:
            words.append(raw.word)
        else:
            break
        position += 1
    if raws[position : position + 1] and "forms" in raws[position].tags and position + 2 < len(raws):
        if raws[position + 1].word in ("a", "an", "one") and raws[position + 2].is_word:
            below.append(_noun_phrase(raws, position + 2)[0])  # "four GPUs form a replica"
    dims = Phrase(per=tuple(noun for noun in below if noun)).below
    return _Behind(tuple(words), dims, frozenset(tags), position, each, pronoun, tuple(noun for noun in below if noun))


_FUNCTION, _PREPOSITION = frozenset({"function"}), frozenset({"function", "preposition"})
_NOUN_LIKE = frozenset({"split", "forms", "function"})
_BACK = frozenset({"of which", "of whom", "of them", "of these", "of those"})
# With these, or with a word for "each", begins what a subject is one of.
_SINGLE = frozenset({"a", "an", "one"})
_SEMICOLONS = (";", "；")
_RELATIVE = frozenset({"that", "which", "are", "is"})
_STATES = frozenset({"used", "required", "capacity", "free"})
_ROLE_WORDS = frozenset({"total", "needed", "used", "required", "available", "left", "together", "each", "apiece", "more", "less", "fewer"})


def _noun_phrase(raws: Sequence[Raw], at: int) -> tuple[str, int]:
    """The noun of the phrase that begins at *at*, and where it ends."""
    lex = lexicon()
    words: list[str] = []
    while (
        at < len(raws) and raws[at].is_word and raws[at].word not in lex.function_words and not raws[at].tags & _BREAKS and len(words) < 4
    ):
        words.append(raws[at].word)
        at += 1
    return scope_of(words) if words and words[-1] != "time" else "", at


def _ahead(raws: Sequence[Raw], at: int) -> tuple[Phrase | None, frozenset[str], str]:
    """The name ahead of a number, the roles of the cues between, and the noun of "NOUN of" right before it."""
    lex = lexicon()
    roles: set[str] = set()
    position = at - 1
    skipped = 0
    of_noun = ""
    if position >= 1 and raws[position].word in ("of",) and raws[position - 1].is_word and not raws[position - 1].tags:
        noun = raws[position - 1].word
        if is_plural(noun) or (position >= 2 and raws[position - 2].word in ("a", "an", "each", "every")):
            single = singular(noun)
            units = load_lexicon().read(noun)
            named = single in lex.figures or single in lex.counters or (units and units[0].hard)
            of_noun = "" if named else noun_of(noun)
    while position >= 0 and skipped < _MOST_SKIPPED:
        raw = raws[position]
        signed = raw.kind is ItemKind.CUE and not raw.is_word and raw.tags & {"equals", "limit", "floor"}
        if not raw.is_word and not signed:
            break
        if raw.tags & _ROLES:
            roles |= raw.tags & _ROLES
        if signed or raw.tags & _LEADS or raw.word in lex.verbs or raw.word in ("of", "at", "about", "only", "just", "still", "by"):
            if raw.tags & {"versus", "therefore"}:
                break
            position -= 1
            skipped += 1
            continue
        break
    words: list[str] = []
    stop = position
    while stop >= 0 and len(words) < _MOST_BEFORE:
        raw = raws[stop]
        slash = raw.kind is ItemKind.SIGN and "/" in raw.tags
        if not (raw.is_word or slash):
            break
        if raw.tags & {"therefore", "versus", "equals"} or raw.word in (
            "which",
            "that",
            "where",
            "so",
            "and",
            "or",
            "but",
            "while",
            "when",
            "if",
            "as",
        ):
            break
        if raw.word in lex.verbs and not raw.tags & _ROLES:
            break
        if raw.word in lex.articles and words and stop and raws[stop - 1].is_word and not _leads_on(raws[stop - 1]):
            break  # "in the launch script the length is": the name begins here
        words.extend(reversed(raw.word.split()))
        stop -= 1
    words.reverse()
    while words and words[0] in lex.function_words and words[0] not in ("each", "every", "all", "total"):
        if "change" in lex.tagged(words, 0)[1]:
            break  # "the increase in throughput"
        words.pop(0)
    content = [word for word in words if word not in lex.function_words]
    if not content:
        return None, frozenset(roles), of_noun
    phrase = phrase_of(words)
    return phrase, frozenset(roles | (phrase.tags & _ROLES)), of_noun


def _leads_on(raw: Raw) -> bool:
    """Whether a noun phrase goes on behind a word: "the length of the sequence"."""
    lex = lexicon()
    return raw.word in lex.function_words or bool(raw.tags)


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


_POSSESSIVE = ("'s", "’s", "s'", "s’")
_DEFINITE = frozenset({"a", "an", "the", "all", "its", "their", "our", "these", "those"})


def _of_what(raws: Sequence[Raw], at: int) -> str:
    """The noun that `6 of the 32 layers` leaves out of its first number."""
    if at + 1 < len(raws) and raws[at + 1].word in ("of", "of the", "out of"):
        for position in range(at + 2, min(at + 5, len(raws))):
            raw = raws[position]
            if raw.kind is ItemKind.TERM and raw.quantity is not None:
                return _noun(raw.quantity, _behind(raws, position, raw.quantity))[0]
            if raw.word not in ("the", "its", "all", "their") and not raw.word.endswith(_POSSESSIVE):
                return ""
    return ""
