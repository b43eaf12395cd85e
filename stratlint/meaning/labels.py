"""What labels say of their values: the phrase that names them, whose record it is, what a total is the total of, a unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from stratlint.claims.announced import without_unit
from stratlint.claims.units import load_lexicon
from stratlint.document.grid import GridCell
from stratlint.meaning.axes import split_words
from stratlint.meaning.key_units import split_key
from stratlint.meaning.keys import only_where, sorts
from stratlint.meaning.lexicon import lexicon, noun_of, segments, singular
from stratlint.meaning.phrases import Phrase, phrase_of
from stratlint.meaning.raw import Raw
from stratlint.meaning.statement import Term

_NUMBER_AND_NOUN = 2
_DASHES = frozenset("-–—•·↳└")
SEPARATORS = str.maketrans(
    {"_": " ", "/": " / ", "(": " ( ", ")": " ) ", "[": " ( ", "]": " ) ", "\u00a0": " ", "*": " ", "`": " ", ":": " ", ",": " , "}
)


def holder_noun(holder: Sequence[str]) -> str:
    """The noun of the innermost label of a record, "" where it has none."""
    words = [word for word in split_words(holder[-1]) if not any(map(str.isdigit, word))] if holder else []
    return noun_of(words[-1]) if words else ""


def label_phrase(cell: GridCell, *, coded: bool = False) -> Phrase:
    """The phrase of a cell's label; its path names what it belongs to. *coded*: keys that only sort other keys are left out of it."""
    path = tuple(cell.path)
    return _label_phrase(cell.label, tuple(key for key in path if not sorts(key)) if coded else path)


def label_words(cell: GridCell) -> frozenset[str]:
    """Every word of a cell's label and of what it belongs to, brackets included."""
    return frozenset(word.lower() for name in cell.names for word in split_words(name))


def label_count(cell: GridCell) -> tuple[str, float] | None:
    """How many of which things a label has in brackets: ("device", 8) of "Total (8 GPUs)"; None where it has no one such number."""
    asides = label_phrase(cell).asides
    numbers = [word for word in asides if word.replace(",", "").isdigit()]
    if len(asides) != _NUMBER_AND_NOUN or len(numbers) != 1:
        return None
    (noun,) = asides - {*numbers}
    return noun_of(noun), float(numbers[0].replace(",", ""))


def phrase_of_label(label: str) -> Phrase:
    """The phrase of a label that stands alone."""
    return _label_phrase(label, ())


@lru_cache(maxsize=4096)
def _label_phrase(label: str, path: tuple[str, ...]) -> Phrase:
    words = split_key(without_unit(label))[0].translate(SEPARATORS).split()
    if len(words) == 1 and not load_lexicon().read(words[0]):
        words = words[0].split("-")  # "num-layers"
    phrase = phrase_of(words)
    lowered = [part for word in words for part in segments(word.lower())]
    while lowered and lowered[0] in _DASHES:
        del lowered[0]
    if (opening := _opening(lowered)) & {"including", "cumulated"}:
        phrase = replace(phrase, tags=phrase.tags | {"nested"} | ({"part_line"} if "including" in opening else set()))
    around = [word for each in path for word in each.translate(SEPARATORS).split() if not only_where(singular(word))]
    if not around:
        return phrase
    outer = phrase_of(around)
    return replace(phrase, name=phrase.name | outer.name, tags=phrase.tags | (outer.tags - {"total"}), per=(*phrase.per, *outer.per))


def _opening(words: Sequence[str]) -> frozenset[str]:
    """The tags of the phrase that words begin with."""
    known = lexicon()
    return known.tagged(words, 0)[1] | known.inside.get(words[0], frozenset()) if words else frozenset()


def with_unit(raw: Raw, unit: str) -> Raw:
    """A raw amount with a unit that its label gives it, if it has none of its own."""
    quantity = raw.quantity
    if quantity is None or quantity.units or quantity.currency or quantity.times:
        return raw
    units = load_lexicon().read(unit) or load_lexicon().read(unit.replace(" ", ""))
    if not units:
        return raw
    return replace(raw, quantity=replace(quantity, units=units, unit_text=unit))


def under_heading(term: Term, cell: GridCell) -> Term:
    """The term of a row whose columns are variants (or a column whose rows are), with the roles that its heading gives it."""
    heading = phrase_of([word for label in cell.holder for word in label.translate(SEPARATORS).split()])
    return replace(term, tags=term.tags | heading.tags)
