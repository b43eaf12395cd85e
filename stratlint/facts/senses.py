"""What a number measures, in the words of a sense: head, of what, per what, whose, in which voice, and what decided it.

Only what is certain of every number of a kind, or of a unit, is given; "" and () mean that it is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from stratlint.claims.claim import NumberClaim
from stratlint.claims.units import Unit
from stratlint.facts.fact import Fact, FactSet
from stratlint.facts.kinds import measures_of
from stratlint.facts.phrases import load_vocabulary

# Shorter ones are symbols and function words; one that ends in a preposition is broken off ("rows of").
_WORD, _PREPOSITION = 4, 2
_LONGEST = 60
_INDEX, _NAME = "index", "name"
# Why a number has no kind, where that says all there is to say of it.
_NO_QUANTITY = {"section number": _INDEX, "number of one among several": _INDEX, "part of a name": _NAME}


@dataclass(frozen=True, slots=True)
class KindSense:
    """What all numbers of a kind have in common."""

    head: str = ""
    of: str = ""
    per: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a number means, as far as it is known. `per` is what it is divided by, "total" for all together.

    `holder` is whose it is (the table's row or column), `voice` how it is meant, `words` the text that decided.
    """

    head: str = ""
    of: str = ""
    per: tuple[str, ...] = ()
    holder: str = ""
    voice: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Senses:
    """The compiled `senses.yaml`."""

    kinds: Mapping[str, KindSense]
    measures: Mapping[str, KindSense]
    counted: Mapping[str, str]
    scopes: Mapping[str, str]
    voices: Mapping[str, str]


@cache
def load_senses() -> Senses:
    """Read `grammar/vocabulary/senses.yaml`."""
    data = load_vocabulary("senses")
    return Senses(_senses(data["kinds"]), _senses(data["measures"]), data["counted"], data["scopes"], data["voices"])


def _senses(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, KindSense]:
    return {name: KindSense(entry.get("head", ""), entry.get("of", ""), tuple(entry.get("per", ()))) for name, entry in entries.items()}


def meaning_of(facts: FactSet, number: NumberClaim, known: Iterable[Fact]) -> Meaning:
    """What *number* means; *known* are its facts, likeliest first."""
    senses = load_senses()
    fact = next(iter(known), None)
    voice = senses.voices.get(fact.modality, "") if fact is not None else "quoted" if number.quoted else ""
    head = _NO_QUANTITY.get(facts.unresolved.get(number.index, ""), "")
    if fact is None and head:
        return Meaning(head, voice=voice)
    unit = number.quantity.unit if number.quantity is not None else None
    amount = _of_amount(senses, number)
    sense = (_of_kind(senses, fact.kind) if fact is not None else None) or amount
    if sense.head == "degree" and amount.head == "count":
        sense = amount  # "tensor parallel over all 8 GPUs": what is counted is said
    per = list(sense.per)
    scope = senses.scopes.get(fact.scope, "") if fact is not None else ""
    for each in (*_below(senses, unit), scope):
        if each and each not in per:
            per.append(each)
    holder, words = (_holder(facts, fact), _words(facts, number, fact)) if fact is not None else ("", _unknown_words(facts, number))
    return Meaning(sense.head, sense.of, tuple(per) if sense.head else (), holder, voice, words)


def _of_kind(senses: Senses, kind: str) -> KindSense | None:
    family, _, counted = kind.partition(".")
    if family == "count" and counted in senses.counted:
        return _count_of(senses.counted[counted])
    return senses.kinds.get(kind)


def _count_of(thing: str) -> KindSense:
    """So many things; those of parameters are the size of a model."""
    return KindSense("parameters") if thing == "parameter" else KindSense("count", thing)


def _of_amount(senses: Senses, number: NumberClaim) -> KindSense:
    """What units alone say: bytes are memory, tokens per second a rate of tokens, "64 GPUs" a count."""
    quantity = number.quantity
    if quantity is None:
        return KindSense()
    measures = measures_of(quantity) if quantity.units or quantity.times else frozenset()
    counted = [senses.counted[name] for name, power in quantity.unit.soft if power > 0 and name in senses.counted] if quantity.unit else []
    if measures == {"count"}:
        return _count_of(counted[0]) if len(counted) == 1 else KindSense()
    if len(measures) != 1:
        return KindSense()
    sense = senses.measures.get(next(iter(measures)), KindSense())
    return KindSense(sense.head, counted[0], sense.per) if sense.head == "rate" and len(counted) == 1 else sense


def _below(senses: Senses, unit: Unit | None) -> list[str]:
    """The counted things a unit is divided by: GPU in `tokens/s/GPU`."""
    return [senses.counted[name] for name, power in unit.soft if power < 0 and name in senses.counted] if unit is not None else []


def _holder(facts: FactSet, fact: Fact) -> str:
    """The row or column of a table that describes one configuration among several."""
    place = fact.place
    if not place.variant or place.table < 0:
        return ""
    rows = facts.document.tables[place.table].rows
    by_row = place.variant.endswith(f"r{place.row}")
    cell = rows[place.row][0] if by_row else rows[0][place.column]
    return _shortened(facts.document.blocks[cell].text)


def _words(facts: FactSet, number: NumberClaim, fact: Fact) -> str:
    """The text that decided what a number measures, where it is at hand."""
    place = fact.place
    if fact.how == "header" and place.table >= 0:
        rows = facts.document.tables[place.table].rows
        labels = (facts.document.blocks[rows[place.row][0]].text if place.column else "", facts.document.blocks[rows[0][place.column]].text)
        return _shortened(" | ".join(label.strip() for label in labels if label.strip()))
    unit = number.quantity.unit_text if number.quantity is not None else ""
    found = {"noun": number.noun, "lead": number.lead, "label": number.label, "name": number.name, "unit": unit}
    return _shortened(found.get(fact.how, ""))


def _unknown_words(facts: FactSet, number: NumberClaim) -> str:
    """The words that should say what a number measures, and that no phrase of the vocabulary is: its headers, label, noun or lead."""
    cell = facts.document.blocks[number.block].cell
    if cell is not None:
        rows = facts.document.tables[cell.table].rows
        blocks = (rows[cell.row][0] if cell.column else -1, rows[0][cell.column] if cell.row else -1)
        labels = (facts.document.blocks[block].text.strip() for block in blocks if block >= 0)
        return _shortened(" | ".join(label for label in labels if label))
    measured = number.quantity is not None and any(unit.hard for unit in number.quantity.units)
    for words, most in ((number.label, 4), ("" if measured else number.noun, 3), (number.lead, 2)):
        parts = words.split()
        if 0 < len(parts) <= most and max(map(len, parts)) >= _WORD and len(parts[-1]) > _PREPOSITION:
            return _shortened(words)
    return ""


def _shortened(text: str) -> str:
    line = " ".join(text[: 4 * _LONGEST].split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
