"""What else is known of a term: of which axis it is a degree, from where to where it counts, and which words make it another instance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from stratlint.claims.syntax import Quantity
from stratlint.claims.units import load_lexicon
from stratlint.meaning.axes import Degree, axes, split_words
from stratlint.meaning.keys import key_of, only_where, says_again, says_all
from stratlint.meaning.lexicon import is_plural, lexicon, noun_of, singular
from stratlint.meaning.phrases import Phrase
from stratlint.meaning.raw_item import Raw
from stratlint.meaning.statement import Extent, ItemKind, Term

_MOST_BETWEEN = 4
# Words further away in a clause without any sign are nothing that a reader refers to it.
_MOST_CLAUSE = 24
_VERBS = frozenset({"equals", "has", "takes", "fits", "fails", "used", "required"})
_NOTHING = frozenset[str]()
_ENDS = frozenset({ItemKind.STOP, ItemKind.COMMA, ItemKind.COLON, ItemKind.OPEN, ItemKind.CLOSE})


# What is told from its like by a size: "two 80 GB cards" are cards of that kind.
TOLD_BY_SIZE = frozenset({"device", "node"})


def with_facets(raws: Sequence[Raw], at: int, term: Term, label: Phrase | None) -> Term:
    """*term*, the amount at *at*, with its facets; *label* is the phrase that names it, if any."""
    quantity = raws[at].quantity
    if quantity is None:
        return term
    tags = term.tags
    if _is_part(raws, at):
        tags |= {"part"}
    everything = at > 0 and says_all(raws[at - 1].word)
    if everything:
        tags |= {"all"}
    elif at > 0 and raws[at - 1].word in lexicon().articles:
        tags |= {"attributive"}  # "the 7B model"
    if at > 0 and says_again(raws[at - 1].word):
        tags |= {"again"}
    if _tells_a_kind(raws, at):
        tags |= {"kind"}
    degree = raws[at].degree
    if degree is None and label is not None and label.degree is not None and _counts(quantity):
        degree = label.degree
    if degree is not None:
        return _as_degree(raws, at, term, tags, degree)
    extent = _extent(raws, at, quantity, term)
    if extent is not None and not term.label:
        term = replace(term, noun="", name=frozenset({extent.noun, "range"}), elided=False)  # no number of things
    key = key_of(term.name)
    around, scope = (_NOTHING, _NOTHING) if term.label else _words_by(raws, at, term, key, everything=everything)
    return Term(  # every amount of a page comes by: `replace` would take twice the time
        term.amount, term.place, term.noun, term.per, term.name, tags, term.elided, term.label, term.whole, term.optional,
        None, extent, _unknown(term), around, scope, key,
    )  # fmt: skip


def _as_degree(raws: Sequence[Raw], at: int, term: Term, tags: frozenset[str], degree: Degree) -> Term:
    noun = term.noun if term.noun in axes().counted or term.noun in axes().ranks else ""
    name = frozenset({f"{degree.axis} degree", *degree.qualifiers})
    amount = replace(term.amount, multiple=False) if term.amount.multiple else term.amount
    named = replace(
        term, tags=tags - {"bare"}, amount=amount, noun=noun, name=name, per=term.per if noun else (), elided=False, degree=degree
    )
    around, scope = _words_by(raws, at, named, term.key, everything=False)
    return replace(named, unknown=degree.qualifiers, key=name, around=around, scope=scope)


def _tells_a_kind(raws: Sequence[Raw], at: int) -> bool:
    """`(40 GB cards)`, `two 80 GB GPUs`: a size right before the things that have it says which they are."""
    quantity = raws[at].quantity
    following = raws[at + 1] if at + 1 < len(raws) else None
    if quantity is None or not quantity.units or not quantity.units[0].hard or following is None or not following.is_word:
        return False
    return noun_of(following.word) in TOLD_BY_SIZE and is_plural(following.word)


def _is_part(raws: Sequence[Raw], at: int) -> bool:
    """`68` of "68 out of 128"."""
    position = at + 1
    while position < len(raws) and raws[position].is_word and position - at <= _MOST_BETWEEN:
        position += 1
    of = raws[position - 1]
    return position - at > 1 and position < len(raws) and raws[position].quantity is not None and (of.word == "of" or "part_of" in of.tags)


def _counts(quantity: Quantity) -> bool:
    return not quantity.units and quantity.magnitude == 1.0 and not quantity.times and quantity.number.integer and _one(quantity)


def _one(quantity: Quantity) -> bool:
    return quantity.high is None and quantity.number.value >= 1


def _unknown(term: Term) -> frozenset[str]:
    """Words of its name beside what it counts and words that make no other instance."""
    counted = {name for name, _ in term.dimensions} | {term.noun}
    return frozenset(word for word in _telling(term.name) if noun_of(word) not in counted)


@lru_cache(maxsize=4096)
def _telling(name: frozenset[str]) -> tuple[str, ...]:
    """The words of a name that may make another instance."""
    lex = lexicon()
    return tuple(
        word for word in name
        if word not in axes().neutral and word not in lex.counters and not any(map(str.isdigit, word))
        and word not in lex.function_words and len(word) > 1
    )  # fmt: skip


def _words_by(raws: Sequence[Raw], at: int, term: Term, key: frozenset[str], *, everything: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The content words of its clause that are not its own name and may say whose it is; and those right by it.

    Right by it stand all before it, unless it is all there are, and those behind it up to a verb.
    """
    lex = lexicon()
    before, behind = list(_clause(raws, at, -1))[::-1], list(_clause(raws, at, 1))
    verb = next((position for position, raw in enumerate(behind) if raw.tags & _VERBS or raw.word in lex.verbs), len(behind))
    ahead, after = _strange(before, term, key), _strange(behind, term, key)
    near = after if verb == len(behind) else _strange(behind[:verb], term, key)
    return ahead | after, near if everything else ahead | near


def _clause(raws: Sequence[Raw], at: int, step: int) -> Iterator[Raw]:
    """The items from the one at *at* to the end of its clause, forward or back."""
    position = at + step
    while 0 <= position < len(raws) and raws[position].kind not in _ENDS and abs(position - at) <= _MOST_CLAUSE:
        yield raws[position]
        position += step


def _strange(raws: Sequence[Raw], term: Term, key: frozenset[str]) -> frozenset[str]:
    if not raws:
        return _NOTHING
    own = {name for name, _ in term.dimensions}
    found: set[str] = set()
    skipping = False  # "output" of "per output token"
    for raw in raws:
        skipping = (skipping or bool(raw.tags & {"per", "each"})) and noun_of(raw.word) not in own and raw.is_word
        if raw.is_word and not raw.tags and not skipping:
            found.update(_content(raw.word))
    if not found:
        return _NOTHING
    named = key | _parts_of(term.name)
    return frozenset(word for word in found - named if noun_of(word) not in own and not _unit_of(word, own))


@lru_cache(maxsize=4096)
def _parts_of(name: frozenset[str]) -> frozenset[str]:
    return frozenset(singular(part) for word in name for part in split_words(word))


@lru_cache(maxsize=4096)
def _content(word: str) -> tuple[str, ...]:
    """The parts of a word, singular, that may say whose an amount is."""
    if word in lexicon().function_words:
        return ()
    return tuple(
        part
        for part in map(singular, split_words(word))
        if part not in axes().neutral and not only_where(part) and not axes().belongs(part)
    )


def _unit_of(word: str, own: set[str]) -> bool:
    """`hour` of "$2 per GPU-hour"."""
    units = load_lexicon().read(word)
    return bool(units) and {name for name, _ in units[0].dimensions} <= own


def _extent(raws: Sequence[Raw], at: int, quantity: Quantity, term: Term) -> Extent | None:
    """`0` and `31` of "GPUs 0-31": a range of places that are numbered."""
    if quantity.high is None or quantity.magnitude != 1.0 or not (quantity.number.integer and quantity.high.integer):
        return None
    if any(unit.hard for unit in quantity.units) or quantity.approximate or quantity.currency or quantity.times:
        return None
    first, last = quantity.number.value, quantity.high.value
    if not 0 <= first <= last:
        return None
    before = raws[at - 1] if at else None
    if before is not None and before.is_word and not before.tags and before.word not in lexicon().function_words:
        words = split_words(before.word)
        return Extent(noun_of(words[-1]), first, last) if words else None
    if before is not None and before.quantity is not None and before.quantity.high is not None and before.quantity.unit_text:
        return Extent(noun_of(before.quantity.unit_text.split()[-1]), first, last)  # "ranks 8-15 layers 21-40"
    if term.label and term.noun:
        return Extent(term.noun, first, last)
    return None
