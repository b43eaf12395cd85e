"""What the words of labels tell: which columns are values, notes or units, what measures, what names an instance.

The words are data: ``grammar/lexicon/tables.yaml`` and the unit spellings of ``grammar/spellings.yaml``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise

from stratlint.document.layouts.cells import CellRole
from stratlint.resources import data_folder, read_yaml

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）|【[^【】]*】")
_EDGE = " \t\n*_`:：.,;|?!\"'"
_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+|#")
_LETTERS = re.compile(r"[^\W\d_]+")
# A number with something behind it; a name with a number in it.
_NUMBER = re.compile(r"(?<![\w.])\d[\d.,]*\s*[^\d\s]")
_NAMED = re.compile(r"[^\W\d_][\w.-]*")
_PIECES = re.compile(r"\s*(?:/|\bper\b|,|，|;)\s*")
_ENUMERATED = re.compile(r"(?:.*[\s_-])?(?:[A-Z]|[IVX]{1,4}|\d{1,3})$")
_UNIT_JOINS = re.compile(r"\s*[/·*]\s*|\s+")
_CURRENCY = frozenset("$€£¥")
_CAPTION = re.compile(r"\W*([^\W\d]{1,12})\.?\s*[\dIVXA-Z]")
_LONGEST = 200  # characters of a label that any list of words is asked about


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in read_yaml(data_folder("grammar") / "lexicon" / "tables.yaml")[name])


@cache
def _split_list(name: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The words of a list, and those of them that are written without blanks around them (no ASCII)."""
    words = _list(name)
    return words, tuple(word for word in words if not word.isascii())


@cache
def languages() -> dict[str, str]:
    """Language of a fence → how it is read: json, keys, separated, shell, text, nothing (others are code)."""
    groups = read_yaml(data_folder("grammar") / "lexicon" / "tables.yaml")["languages"]
    return {language: group for group, members in groups.items() for language in members}


@cache
def _units() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Spellings of units: matched exactly, matched without case, and which of the latter are counted things."""
    data = read_yaml(data_folder("grammar") / "spellings.yaml")
    exact: set[str] = set()
    for family in data["families"]:
        for symbol in family["symbols"]:
            exact.update(prefix + symbol for kind in family["prefixes"] for prefix in data["prefixes"][kind])
    words: set[str] = set()
    counted: set[str] = set()
    for unit in data["units"].values():
        for spelling in unit.get("spellings", ()):
            if unit.get("soft"):
                counted.add(spelling.casefold())
            elif unit.get("word"):
                words.add(spelling.casefold())
            else:
                exact.add(spelling)
    return frozenset(exact), frozenset(words), frozenset(counted)


@lru_cache(maxsize=4096)
def is_unit(text: str, *, counted: bool = True) -> bool:
    """Whether a text is a unit and nothing else: ``GB``, ``tokens/s/GPU``, ``$ per hour``.

    Without ``counted`` a counted thing alone (``GPUs``) is none, as it is a label, too.
    """
    text = text.strip()
    if not text or len(text) > 40:
        return False
    exact, words, things = _units()
    pieces = [piece for piece in _UNIT_JOINS.split(text) if piece]
    if not pieces or pieces[0].casefold() in _list("per"):
        return False
    pieces = [piece for piece in pieces if piece.casefold() not in _list("per")]
    known = [piece in exact or piece.casefold() in words or piece in _CURRENCY for piece in pieces]
    soft = [piece.casefold() in things for piece in pieces]
    if not all(one or other for one, other in zip(known, soft, strict=True)):
        return False
    return counted or (any(known) and (len(pieces) == 1 or _joined(text)))


def is_spelled_unit(text: str) -> bool:
    """Whether a last word can only be a unit: ``p50 ms``, ``mean kW``, ``output tok/s``; ``size s`` and ``wall hours`` may be names."""
    return len(text) > 1 and is_unit(text, counted=False) and ("/" in text or is_small_time(text) or not text.islower())


def is_small_time(text: str) -> bool:
    """Whether a word is a unit in small letters that nothing else is spelled like: ``ms``, ``µs``."""
    return text.casefold() in _list("small_times")


def _joined(text: str) -> bool:
    """Whether more than blanks joins the parts of a unit, or a word for *per*."""
    return any(sign in text for sign in "/·*") or any(word.casefold() in _list("per") for word in text.split())


def is_magnitude(text: str) -> bool:
    """Whether a text in brackets is a magnitude: ``(B)``, ``(millions)``."""
    return text.strip().casefold() in _list("magnitudes")


def is_thing(text: str) -> bool:
    """Whether a word that counts something names in brackets what is measured instead: ``Memory (weights)``."""
    return text.strip().casefold() in _list("things")


def is_unit_mark(text: str) -> bool:
    """Whether a word stands between a label and its unit."""
    return text.casefold() in _list("unit_marks")


def bare(label: str) -> str:
    """A label without what stands in brackets, in small letters, with single blanks."""
    return _BLANKS.sub(" ", _BRACKETS.sub(" ", label[:_LONGEST])).strip(_EDGE).casefold()


def in_list(name: str, label: str) -> bool:
    """Whether the whole label, brackets aside, is a phrase of the list."""
    return len(label) <= _LONGEST and _in_list(name, label)


@lru_cache(maxsize=4096)
def _in_list(name: str, label: str) -> bool:
    whole = bare(label)
    return bool(whole) and whole in _list(name)


def role_of(label: str) -> CellRole:
    """What the words of a label make of its row or column."""
    return _role_of(label[:_LONGEST])


@lru_cache(maxsize=4096)
def _role_of(label: str) -> CellRole:
    whole = bare(label)
    if not whole:
        return CellRole.VALUE
    if whole in _list("note"):
        return CellRole.NOTE
    if whole in _list("working"):
        return CellRole.WORKING
    if whole in _list("mean"):
        return CellRole.MEAN
    words, unspaced = _split_list("total")
    parts = [part.rstrip(",;:") for part in whole.split()]  # "Subtotal, same for all sizes"
    for count in (1, 2):
        before = {" ".join(parts[max(len(parts) - count - back, 0) : -count]) for back in (1, 2)}
        if " ".join(parts[:count]) in words or (" ".join(parts[-count:]) in words and not before & _list("shares")):
            return CellRole.TOTAL
    # "(total)" in brackets names a total, too.
    if any(found[0][1:-1].strip().casefold() in words for found in _BRACKETS.finditer(label)):
        return CellRole.TOTAL
    if whole.startswith(unspaced) or whole.endswith(unspaced):
        return CellRole.TOTAL
    return CellRole.VALUE


def holds_word(name: str, text: str) -> bool:
    """Whether a text has a word of the list anywhere, a phrase of two words included."""
    return _holds_word(name, text[:_LONGEST].casefold())


@lru_cache(maxsize=4096)
def _holds_word(name: str, text: str) -> bool:
    words, unspaced = _split_list(name)
    found = _LETTERS.findall(text)
    phrases = {" ".join(pair) for pair in pairwise(found)}
    return not words.isdisjoint((*found, *phrases)) or any(word in text for word in unspaced)


def counts_otherwise(label: str) -> bool:
    """Whether a number in a label says of how much it speaks: ``Total (all 19)``, ``Total of 16 layers``; ``Total phase 1`` is named so."""
    return bool(_NUMBER.search(bare(label))) or any(character.isdigit() for character in _NAMED.sub("", in_brackets(label)))


def in_brackets(text: str) -> str:
    """What stands in brackets within a label, "" without any."""
    return " ".join(found[0][1:-1] for found in _BRACKETS.finditer(text[:_LONGEST]))


def holds_formulas(header: str) -> bool:
    """Whether a column says that it has computations: `Formula`, `How computed`, `Weight calculation`."""
    words = _list("working")
    return bare(header[:_LONGEST]) in words or not words.isdisjoint(_WORD.findall(header[:_LONGEST].lower()))


def measures(label: str) -> bool:
    """Whether a label says what is measured: its head is a word for a quantity, or it carries a unit."""
    return _measures(label[:_LONGEST])


@lru_cache(maxsize=4096)
def _measures(label: str) -> bool:
    for found in _BRACKETS.finditer(label[:_LONGEST]):
        inner = found[0][1:-1]
        if is_unit(inner.split(",")[0]) or is_magnitude(inner):
            return True
    whole = bare(label)
    head = _PIECES.split(whole, maxsplit=1)[0]
    words, unspaced = _split_list("measures")
    tokens = _WORD.findall(head)
    for place, token in enumerate(tokens):
        if token in _list("per") and place:
            tokens = tokens[:place]
            break
    if not tokens:
        return False
    return tokens[-1] in words or "_".join(tokens) in words or whole.endswith(unspaced) or is_unit(label.strip(_EDGE), counted=False)


def names_instance(label: str) -> bool:
    """Whether a label looks like the name of one of several things: ``Layout A``, ``Before``, ``H100``, ``v2``."""
    return _names_instance(label[:_LONGEST])


@lru_cache(maxsize=4096)
def _names_instance(label: str) -> bool:
    whole = bare(label)
    if not whole or measures(label):
        return False
    tokens = _WORD.findall(whole)
    words = _list("variants")
    if tokens and (tokens[0] in words or tokens[-1] in words or whole in words):
        return True
    return any(character.isdigit() for character in whole) or _ENUMERATED.match(label.strip(_EDGE)[:_LONGEST]) is not None


def says_nothing(text: str) -> bool:
    """Whether a cell is empty or a dash."""
    return not text or text.casefold() in _list("nothing")


def names_table(text: str) -> bool:
    """Whether a text begins like the caption of a table: ``Table 3: …``."""
    found = _CAPTION.match(text)
    return found is not None and found[1].casefold() in _list("captions")
