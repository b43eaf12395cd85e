"""What the rows and columns of a table are: labels, values, notes; along which axis its labels say what is measured.

A decision is made on evidence from words and from the cells themselves, never on one document's look; where the evidence
is weak or speaks for both, the shape is not ``sure``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from stratlint.document.layouts.cells import CellRole, GridKind
from stratlint.document.layouts.raw import Slot, is_amount, leads_with_number
from stratlint.document.layouts.words import bare, in_list, is_unit, measures, names_instance, role_of

Row = Sequence[Slot | None]

_SAMPLE = 200  # rows that decide what a column is
_SIGNATURE = re.compile(r"[^\W\d_]+|[%°$€£¥]")
_LONGEST_ID = 5
_ENOUGH = 2  # points of evidence, and lead over the other side, that make a shape sure


class Use(Enum):
    """What a column is for."""

    LABEL = "label"
    GROUP = "group"
    """Labels of groups of rows, before the label column: the same or nothing in several rows."""
    VALUE = "value"
    NOTE = "note"
    WORKING = "working"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the body below the headers: its header text and what its cells look like."""

    header: str
    filled: int
    numeric: int
    amounts: int

    @property
    def values(self) -> bool:
        """Whether at least half of the cells that say something begin with a number."""
        return self.numeric > 0 and 2 * self.numeric >= self.filled

    @property
    def pure(self) -> bool:
        """Whether most of the cells that say something are amounts and nothing else."""
        return self.amounts > 0 and 5 * self.amounts >= 3 * self.filled


@dataclass(frozen=True, slots=True)
class Shape:
    """How to read a table: ``uses`` has one entry a column; ``numbered`` says that the labels number their rows."""

    kind: GridKind
    sure: bool
    uses: tuple[Use, ...]
    numbered: bool = False

    @property
    def label(self) -> int:
        """The column of row labels, -1 without one."""
        return self.uses.index(Use.LABEL) if Use.LABEL in self.uses else -1


def column(header: str, cells: Sequence[Slot | None]) -> Column:
    """What the cells of a column look like."""
    said = [cell.text for cell in cells[:_SAMPLE] if cell is not None and not cell.empty]
    numeric = sum(1 for text in said if leads_with_number(text))
    return Column(header, len(said), numeric, sum(1 for text in said if is_amount(text)))


def numbers_rows(header: str, cells: Sequence[str]) -> bool:
    """Whether labels number what they stand for: 0, 1, 2, … below (or beside) a singular noun, any integers below *step*."""
    if not cells or not all(text.isdecimal() and len(text) <= 9 for text in cells):
        return False
    values = [int(text) for text in cells]
    if in_list("numbered", header):
        return len(set(values)) == len(values)
    return in_list("counted", header) and values[0] in (0, 1) and all(b == a + 1 for a, b in pairwise(values)) and len(values) > 1


def shape_of(headers: Sequence[str], body: Sequence[Row]) -> Shape:
    """Read the headers (innermost texts, "" for none) and the cells below them."""
    columns = [column(header, [row[place] for row in body]) for place, header in enumerate(headers)]
    uses = [_use(each) for each in columns]
    first = [row[0] for row in body[:_SAMPLE]]
    numbered = numbers_rows(headers[0], [cell.text for cell in first if cell is not None and cell.text])
    labelled = numbered or _labels_rows(columns[0])
    if labelled and len(columns) > 1:
        uses[0] = Use.LABEL
    elif uses[0] is not Use.VALUE:
        uses[0] = Use.VALUE
    rest = range(1 if labelled else 0, len(columns))
    if not any(uses[place] is Use.VALUE for place in rest):
        # "Details" is a remark beside a value, and the value where it stands alone.
        for place in rest:
            if uses[place] is Use.NOTE:
                uses[place] = Use.VALUE
                break
    if not labelled or len(columns) == 1:
        return Shape(GridKind.RECORDS, True, tuple(uses))
    label = 0
    if not numbered and _identifies_rows(columns, uses, body):
        uses[:2], label = [Use.NOTE, Use.LABEL], 1
    elif not numbered and _marks_rows(columns, uses, body):
        uses[:2], label = [Use.VALUE, Use.LABEL], 1
    elif not numbered and _groups_rows(columns, uses, body):
        uses[:2], label = [Use.GROUP, Use.LABEL], 1
    pairs = _as_pairs(columns, uses, label, body)
    if pairs is not None and not numbered:
        return Shape(GridKind.PAIRS, True, pairs)
    kind, sure = _orientation(columns, uses, body, label)
    if numbered:
        kind, sure = GridKind.RECORDS, True
    return Shape(kind, sure, tuple(uses), numbered)


def _use(each: Column) -> Use:
    if in_list("unit", each.header):
        return Use.UNIT
    role = role_of(each.header)
    if role is CellRole.WORKING:
        return Use.WORKING
    return Use.NOTE if role is CellRole.NOTE else Use.VALUE


def _labels_rows(first: Column) -> bool:
    """Whether the first column names its rows: it has a header of labels, or no amounts."""
    if any(in_list(name, first.header) for name in ("quantities", "items", "instances")):
        return True
    return not first.pure or (not bare(first.header) and not first.values)


def _identifies_rows(columns: Sequence[Column], uses: Sequence[Use], body: Sequence[Row]) -> bool:
    """Whether the first column only has ids (A1, B2, (3)) of rows whose labels stand in the second."""
    if len(columns) < 3 or len(body) < 2 or columns[1].numeric or Use.VALUE not in uses[2:] or uses[1] is Use.UNIT:
        return False
    rows = [(row[0], row[1]) for row in body[:_SAMPLE]]
    if any(one is None or two is None or not is_id(one.label) or not two.text or _states(two.text) for one, two in rows):
        return False
    return len({one.label for one, _ in rows if one is not None}) == len(rows)


def _marks_rows(columns: Sequence[Column], uses: Sequence[Use], body: Sequence[Row]) -> bool:
    """Whether the first column has nothing but signs (✅, ❌, –) before labels that stand in the second."""
    if len(columns) < 3 or len(body) < 2 or columns[1].numeric or uses[1] is not Use.VALUE or Use.VALUE not in uses[2:]:
        return False
    rows = [(row[0], row[1]) for row in body[:_SAMPLE]]
    return all(one is not None and is_sign(one.text) and two is not None and bool(two.text) for one, two in rows)


def is_sign(text: str) -> bool:
    """Whether a text is signs without a letter or digit."""
    return bool(text.strip()) and not any(map(str.isalnum, text))


def _states(text: str) -> bool:
    """Whether a text states a limit of its own: ``Step time ≤ 5 ms``."""
    return any(sign in text for sign in "≤≥<>=")


def is_id(text: str) -> bool:
    """Whether a text is the id of a line of a sheet and nothing else: ``R4``, ``a``, ``(3)``."""
    name = text.strip("`* ")
    core = name.strip("()[]")
    if not core.isascii() or not core.isalnum() or len(core) > _LONGEST_ID:
        return False
    letters = core.rstrip("0123456789")
    numbered = letters.isalpha() and letters != core and len(letters) <= 2
    return numbered or (len(core) == 1 and core.isalpha()) or (core != name and core.isdecimal())


def _groups_rows(columns: Sequence[Column], uses: Sequence[Use], body: Sequence[Row]) -> bool:
    """Whether the first column groups rows whose labels stand in the second: it is empty, or spanned, in some rows."""
    if len(columns) < 3 or len(body) < 2 or uses[1] is not Use.VALUE or columns[1].numeric or Use.VALUE not in uses[2:]:
        return False
    sample = body[:_SAMPLE]
    if any((cell := row[1]) is None or not cell.text for row in sample) or (head := sample[0][0]) is None or not head.text:
        return False
    runs = 1
    for above, row in pairwise(sample):
        cell, last = row[0], above[0]
        runs += cell is not None and bool(cell.text) and (last is None or cell.place != last.place)
    return 3 * runs <= 2 * len(sample)


def _as_pairs(columns: Sequence[Column], uses: Sequence[Use], label: int, body: Sequence[Row]) -> tuple[Use, ...] | None:
    """The columns' uses if the table is label → value, else None."""
    values = [place for place, use in enumerate(uses) if use is Use.VALUE]
    corner = columns[label].header
    if len(values) == 1:
        header = columns[values[0]].header
        plain = says_value(header)
        if plain or _lists_parts(corner) or (not bare(corner) and not names_instance(header)):
            return tuple(uses)
        if not measures(header) and (in_list("instances", header) or _mostly(measures, _labels(body, label))):
            # "| Check | This run |": the rows say what is measured.
            return tuple(uses)
        return None
    plain_ones = [place for place in values if says_value(columns[place].header)]
    others = [place for place in values if place not in plain_ones]
    if len(plain_ones) == 1 and not in_list("instances", corner) and not any(columns[place].values for place in others):
        # "| Parameter | Symbol | Value |": texts beside the one value are remarks.
        return tuple(Use.NOTE if place in others else use for place, use in enumerate(uses))
    return None


def says_value(header: str) -> bool:
    """Whether a header says no more than that values stand below: *Value*, a unit, nothing."""
    return not bare(header) or in_list("value", header) or is_unit(header, counted=False)


def _lists_parts(corner: str) -> bool:
    return in_list("quantities", corner) or in_list("items", corner)


def _orientation(columns: Sequence[Column], uses: Sequence[Use], body: Sequence[Row], label: int) -> tuple[GridKind, bool]:
    """RECORDS or TRANSPOSED, and whether the evidence is clear."""
    places = [place for place, use in enumerate(uses) if use is Use.VALUE]
    corner = columns[label].header
    heads = [columns[place].header for place in places]
    labels = _labels(body, label)
    records = 2 * in_list("instances", corner) + 2 * _mostly(measures, heads) + _mostly(names_instance, labels)
    transposed = 2 * in_list("quantities", corner) + 2 * _mostly(measures, labels) + _mostly(names_instance, heads)
    by_column, by_row = _units_agree(places, body)
    records += 2 * by_column
    transposed += 2 * by_row
    if records == transposed:
        if len(places) == 1:
            return GridKind.RECORDS, False
        return (GridKind.RECORDS if bare(corner) else GridKind.TRANSPOSED), False
    kind = GridKind.RECORDS if records > transposed else GridKind.TRANSPOSED
    weaker, stronger = sorted((records, transposed))
    numeric = any(columns[place].values for place in places)
    return kind, numeric and stronger >= _ENOUGH and stronger - weaker >= _ENOUGH


def _labels(body: Sequence[Row], place: int) -> list[str]:
    return [cell.label for row in body[:_SAMPLE] if (cell := row[place]) is not None and cell.label]


def _mostly(asked: object, labels: Sequence[str]) -> bool:
    assert callable(asked)
    said = [label for label in labels if label]
    return bool(said) and 2 * sum(1 for label in said if asked(label)) > len(said)


def _units_agree(places: Sequence[int], body: Sequence[Row]) -> tuple[bool, bool]:
    """Whether units agree down every column but not along rows, and whether along every row but not down columns."""
    down: dict[int, set[str]] = {}
    along: list[set[str]] = []
    for row in body[:_SAMPLE]:
        found: set[str] = set()
        for place in places:
            cell = row[place]
            if cell is not None and leads_with_number(cell.text):
                sign = "".join(_SIGNATURE.findall(cell.text[:_SAMPLE]))
                found.add(sign)
                down.setdefault(place, set()).add(sign)
        if found:
            along.append(found)
    if len(down) < 2 or len(along) < 2:
        return False, False
    columns_agree = all(len(signs) == 1 for signs in down.values())
    rows_agree = all(len(signs) == 1 for signs in along)
    return columns_agree and not rows_agree, rows_agree and not columns_agree
