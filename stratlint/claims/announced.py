"""Units that stand apart from their numbers: in a column's header, a row's label, or the label before a colon.

`| Latency (ms) | 25 |`, `Memory (GB): 40` and `Tokens per second: 1.9M` say the same as `25 ms`, `40 GB` and `1.9M tokens/s`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.claim import NumberClaim
from stratlint.claims.grammar import words
from stratlint.claims.syntax import Quantity
from stratlint.claims.units import Unit, load_lexicon
from stratlint.document import Document
from stratlint.document.layouts.words import is_small_time

_BRACKETED = re.compile(r"^(?P<name>.*?)(?P<blank>\s*)[(\[（](?P<unit>[^()\[\]（）]{1,40})[)\]）]\s*(?:[↑↓*†‡]\s*)*$", re.S)
_TRAILING = re.compile(
    r"^(?P<name>.*?)(?P<blank>\s+)(?P<unit>%)$|^(?P<name_in>.+?)(?P<blank_in>\s+)in\s+(?P<unit_in>\S.{0,30})$", re.S | re.I
)
_AFTER_COMMA = re.compile(r"^(?P<name>.+?)(?P<blank>,\s*)(?P<unit>[^,]{1,30})$", re.S)
_WORD = re.compile(r"[A-Za-z]+")
# What may stand before the unit inside its bracket: "(out tok/s/GPU)", "(in GB)".
_QUALIFIERS = re.compile(r"^(?:in|out|output|input|total|avg|mean)\s+", re.I)
# A whole label of one word may be a name ("Day: 3", "min", "d: 512"); these can only be units.
_UNMISTAKABLE = frozenset({"information", "computation", "energy"})
_SINGLE = frozenset("sh")  # after a word for a time: "TTFT s"
_CURRENCIES = "$€£¥"
_SCALED_MONEY = re.compile(rf"^[kKM][{_CURRENCIES}]")
# A currency alone, perhaps with how many: "$", "million $", "$ million", "k€".
_ONLY_MONEY = re.compile(rf"^(?P<before>(?!US[{_CURRENCIES}])[a-zA-Z]+)?\s*(?:US)?(?P<sign>[{_CURRENCIES}])(?:\s*(?P<behind>[a-zA-Z]+))?$")
# A price of anything: "$/kW-month", "$ per seat".
_PRICED = re.compile(rf"^(?:US)?(?P<sign>[{_CURRENCIES}])\s*(?:/|per)\s*(?P<of>[A-Za-z][A-Za-z-]{{1,20}})$")
_LONGEST = 120
_PLURAL_TIMES = frozenset({"seconds", "minutes", "hours", "days", "weeks", "months", "milliseconds", "microseconds"})


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a header or a label says of the numbers under it: a unit, or the magnitude of counts (`Parameters (B)`)."""

    unit_text: str
    units: tuple[Unit, ...]
    magnitude: float = 1.0


def announced(text: str) -> Announcement | None:
    """The unit that a header or label carries in brackets, after "in" or a comma, as its whole or last; None without."""
    if len(text) > _LONGEST:
        return None
    plain = " ".join(text.replace("*", " ").replace("`", " ").split())
    whole = _whole(plain)
    if whole is not None:
        return whole
    for form in (_BRACKETED, _TRAILING, _AFTER_COMMA):
        match = form.match(plain)
        if match is None:
            continue
        parts = {key.removesuffix("_in"): value for key, value in match.groupdict().items() if value is not None}
        found = _within(parts["name"], parts["blank"], _QUALIFIERS.sub("", parts["unit"].strip()))
        if found is not None:
            return found
    return _last_word(plain)


def in_unit_of(label: str, quantity: Quantity) -> Quantity:
    """A quantity as it is read behind *label*: with the unit that this announces, if it has none of its own."""
    found = announced(label) if _bare(quantity) else None
    return quantity if found is None else _with(quantity, found)


def without_unit(label: str) -> str:
    """A label without the unit that ends it.

    >>> without_unit("memory in total, TB"), without_unit("p50 ms"), without_unit("tokens/s"), without_unit("Weights (GB)")
    ('memory in total', 'p50', 'tokens/s', 'Weights (GB)')
    """
    name, _, last = label.rstrip().rpartition(" ")
    found = (announced(label) or _spelled(last)) if name else None  # "weights at 4.8 TB/s": a unit, too, though not that of the value
    return name.rstrip(" ,") if found is not None and found.unit_text == last else label


def _last_word(text: str) -> Announcement | None:
    """`Training FLOPs`, `p50 ms`, `mean kW`, `list $/GPU-h`, `Gb/s per port`: what ends a label and is spelled as only units are."""
    name, _, unit = text.rpartition(" ")
    below = name.lower().rsplit(" ", 1)[-1]
    if name and below == "per":  # `Gb/s per port`; "price per FLOP" is no unit
        name, _, above = name.rpartition(" ")[0].rpartition(" ")
        found = _spelled(above)
        return found if found is not None and "/" in above else None
    if below.strip("~≈").replace(",", "").replace(".", "").isdigit() or not name or below in ("each", "a", "of", "to", "for", "in"):
        return None  # "33 GB" is an amount
    if len(unit) == 1:
        return _within(name, " ", unit) if unit in _SINGLE else None
    return _spelled(unit)


def _spelled(unit: str) -> Announcement | None:
    """What a word says as a unit, if no other word is spelled like it."""
    scaled = _SCALED_MONEY.match(unit)
    units = _hard(unit[1:] if scaled else unit)
    if not units:
        return None
    unmistakable = bool(_UNMISTAKABLE & {part for part, _ in units[0].hard}) and len(unit) > 1 and not unit.islower()
    formed = "/" in unit or any(sign in unit for sign in _CURRENCIES) or is_small_time(unit)
    if not (unmistakable or formed):
        return None
    return Announcement(unit, units, load_lexicon().magnitudes[unit[0]] if scaled else 1.0)


def _whole(text: str) -> Announcement | None:
    """`Tokens per second`, `GB`, `GPU-hours`, `$`: the label is nothing but a unit."""
    if (money := _only_money(text)) is not None:
        return money
    units = _hard(text)
    if not units:
        return None
    composite = len(units[0].dimensions) > 1 or (units[0].hard == (("time", -1.0),))
    plain = text.lower() in _PLURAL_TIMES or (len(text) > 1 and bool(_UNMISTAKABLE & {name for name, _ in units[0].hard}))
    milli = is_small_time(text)
    return Announcement(text, units) if composite or plain or milli else None


def _within(name: str, blank: str, unit: str) -> Announcement | None:
    named = {word.lower() for word in _WORD.findall(name)}
    if len(unit) == 1 and unit in "KMBGT":
        # "(M)" may be a variable, except where the header counts what is counted in millions
        counts = bool(named & set(words()["counted_in_magnitudes"]))
        return Announcement("", (), load_lexicon().magnitudes[unit]) if counts and unit in load_lexicon().magnitudes else None
    if unit in ("%", "percent"):
        return Announcement(unit, load_lexicon().read("%"))
    if (money := _only_money(unit)) is not None:
        return money
    units = _hard(unit)
    if not units:
        return None
    if len(unit) == 1 and (not blank or not named & set(words()["measured_words"])):
        return None  # "node(s)" is a plural, "hidden size (h)" a symbol
    return Announcement(unit, units)


def _only_money(text: str) -> Announcement | None:
    """`$`, `million $`, `k€`: a currency, and how many of it are counted."""
    found = _ONLY_MONEY.match(text)
    if found is None:
        return None
    counted = found["before"] or found["behind"]
    magnitudes = load_lexicon().magnitudes
    if counted is not None and counted not in magnitudes:
        return None
    return Announcement(found["sign"], _hard(found["sign"]), magnitudes[counted] if counted else 1.0)


def _hard(text: str) -> tuple[Unit, ...]:
    """The readings of a unit with a hard dimension, a price of anything among them."""
    units = load_lexicon().read(text)
    if units and units[0].hard:
        return units
    priced = _PRICED.match(text)
    if priced is None:
        return ()
    (currency,), of = load_lexicon().read(priced["sign"]), priced["of"].lower()
    return (Unit(f"({currency.canonical})/({of})", 1.0, ((of, -1.0), *currency.dimensions)),)


def with_announced_units(document: Document, numbers: Sequence[NumberClaim]) -> Iterator[NumberClaim]:
    """*numbers*, each bare one with the unit that its header or label announces."""
    tables = _of_cells(document)
    seen: set[int] = set()
    for number in numbers:
        first = number.block not in seen
        if number.quantity is None or not _bare(number.quantity):
            seen.add(number.block)
            yield number
            continue
        block = document.blocks[number.block]
        if block.cell is not None:
            found = tables.get(number.block) if first and _alone(block.text, number) else _behind_format(block.text, number)
        elif _follows_label(block.text, number):
            found = announced(number.label)
        else:
            found = _behind_format(block.text, number)
        seen.add(number.block)
        yield number if found is None else replace(number, quantity=_with(number.quantity, found))


def _of_cells(document: Document) -> Mapping[int, Announcement]:
    """Cell → what its column's header announces, or its row's label; nothing where the two differ."""
    out: dict[int, Announcement] = {}
    for table in document.tables:
        if not table.rows:
            continue
        columns = [announced(document.blocks[index].text) for index in table.rows[0]]
        for cells in table.rows[1:]:
            row = announced(document.blocks[cells[0]].text) if cells else None
            for column, index in enumerate(cells):
                above = columns[column] if column < len(columns) else None
                beside = row if column else None
                found = above or beside
                if found is not None and (above is None or beside is None or above.units == beside.units):
                    out[index] = found
    return out


def _bare(quantity: Quantity) -> bool:
    return not quantity.units and not quantity.currency and not quantity.times


_OPENING = re.compile(r"^[\s~≈<>≤≥=±+$*_`✅❌✓✗-]*$")
_CLOSING = re.compile(r"^\s*(?:[\[(（✅❌✓✗⚠*†‡±↑↓]|$)")


def _alone(text: str, number: NumberClaim) -> bool:
    """Whether a cell is this number, perhaps with a mark or a remark in brackets."""
    return bool(_OPENING.match(text[: number.start]) and _CLOSING.match(text[number.end :]))


_AT_LABEL = re.compile(r"[:：]\s*[~≈*_`]*\s*$")
_ENDS = re.compile(
    r"^(?:\s+(?:sustained|average|peak|total|overall|aggregate|measured|throughput|rate|on|in)\b){0,3}\s*(?:[,;.(（✅❌✓✗⚠\n]|$)"
)


def _follows_label(text: str, number: NumberClaim) -> bool:
    return bool(_AT_LABEL.search(text[max(0, number.start - 12) : number.start]) and _ENDS.match(text[number.end :]))


_FORMAT = re.compile(
    r"[ -](?:(?:dense|sparse|peak|model|tensor|matrix|(?:bf|tf|fp|int|mxfp|nvfp)\d{1,2}|"
    r"[EF]P8)[ -]){1,3}(?P<unit>[GTPE](?:FL)?OP[A-Za-z]*(?:/s)?)(?![\w/])",
    re.I,
)
_FORMAT_REACH = 48


def _behind_format(text: str, number: NumberClaim) -> Announcement | None:
    """`989 dense BF16 TFLOPS`: what is computed stands between the number and its unit."""
    after = _FORMAT.match(text[number.end : number.end + _FORMAT_REACH])
    units = _hard(after["unit"]) if after else ()
    return Announcement(after["unit"], units) if after and units else None


def _with(quantity: Quantity, found: Announcement) -> Quantity:
    if not found.units:
        return quantity if quantity.magnitude_text else replace(quantity, magnitude=found.magnitude)
    if found.magnitude != 1.0 and not quantity.magnitude_text:
        quantity = replace(quantity, magnitude=found.magnitude)
    if quantity.bytes_too and found.units[0].hard == (("information", 1.0),):
        return quantity  # "40B" under "Memory (GB)" may be 40 bytes as well as 40 GB
    return replace(quantity, units=found.units, unit_text=found.unit_text)


__all__ = ["Announcement", "announced", "in_unit_of", "with_announced_units", "without_unit"]
