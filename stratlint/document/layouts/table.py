"""A table of slots to a grid, whatever drew the table: Markdown, HTML, blanks, tabs or commas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stratlint.document.layouts.cells import CellRole, Grid, GridCell, GridKind
from stratlint.document.layouts.compound import parts_of, unit_of
from stratlint.document.layouts.raw import RawTable, Slot, is_amount, leads_with_number
from stratlint.document.layouts.shape import Shape, Use, numbers_rows, says_value, shape_of
from stratlint.document.layouts.tree import Groups
from stratlint.document.layouts.words import in_list, is_unit, measures, role_of

Row = Sequence[Slot | None]
# So many lines at least make a total of the line that is set off below them.
_FEWEST_ABOVE_TOTAL = 2


@dataclass(frozen=True, slots=True)
class _Head:
    """A column's header: the innermost slot (None without one) and the labels from the outermost on."""

    slot: Slot | None
    labels: tuple[str, ...]

    @property
    def text(self) -> str:
        return self.labels[-1] if self.labels else ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the body with its labels: what it is part of (section rows, outer label columns, less indented rows)."""

    cells: Row
    labels: tuple[str, ...]
    label: Slot | None
    group: int


def read_table(raw: RawTable) -> Grid | None:
    """The grid of a table; None if no cell has a value."""
    rows = [row for row in raw.rows[raw.headers :] if any(cell is not None and cell.text for cell in row)]
    header_rows = list(raw.rows[: raw.headers])
    if not rows or not rows[0]:
        return None
    data = len(header_rows) == 1 and _is_data(header_rows[0], rows)
    transposed_header = len(header_rows) == 1 and not data and _is_sweep(header_rows[0], rows)
    if data or transposed_header:
        rows.insert(0, header_rows.pop())
    width = len(rows[0])
    heads = _heads(header_rows, width)
    period = _period(heads, rows) if not transposed_header else width
    if period < width:
        rows = [row[start : start + period] for start in range(0, width, period) for row in rows]
        rows = [row for row in rows if any(cell is not None and cell.text for cell in row)]
        heads = heads[:period]
    shape = shape_of([head.text for head in heads], rows)
    if transposed_header:
        shape = Shape(GridKind.TRANSPOSED, True, (Use.LABEL, *shape.uses[1:]))
    cells, outer = _Reader(heads, rows, shape).cells()
    if not cells:
        return None
    return Grid(-1, shape.kind, raw.section, raw.caption, tuple(cells), shape.sure, raw.layout, raw.caption_block, outer)


def _heads(rows: Sequence[Row], width: int) -> list[_Head]:
    """Headers of every column; the same text over two rows (a spanned cell) is one label."""
    heads = []
    for place in range(width):
        slots = [row[place] for row in rows]
        said: list[Slot] = []
        for each in slots:
            if each is not None and each.text and (not said or said[-1].place != each.place):
                said.append(each)
        heads.append(_Head(said[-1] if said else None, tuple(each.label for each in said)))
    return heads


def _is_data(header: Row, rows: Sequence[Row]) -> bool:
    """Whether the header row is the first row of label → value pairs: ``| Nodes | 16 |``."""
    if len(header) % 2 or any(cell is None or not cell.text for cell in header):
        return False
    said = [cell for cell in header if cell is not None]
    labels, values = said[::2], said[1::2]
    if any(leads_with_number(cell.text) or _names_labels(cell.label) for cell in labels):
        return False
    if not all(leads_with_number(cell.text) for cell in values):
        return False
    sample = rows[:50]
    for place in range(0, len(header), 2):
        if any((cell := row[place]) is not None and leads_with_number(cell.text) for row in sample):
            return False
    if len(header) == 2:
        return True
    below = [cell for row in sample for cell in row[1::2] if cell is not None and cell.text]
    return all(leads_with_number(cell.text) for cell in below) and any(row[2] is not None and row[2].text for row in sample)


def _is_sweep(header: Row, rows: Sequence[Row]) -> bool:
    """Whether the header row is itself the first of transposed rows: ``| GPUs | 8 | 16 | 32 |``."""
    first, *rest = header
    if first is None or len(rest) < 2 or not first.text or _names_labels(first.label) or in_list("instances", first.label):
        return False
    if not all(cell is not None and is_amount(cell.text) for cell in rest) or not measures(first.label):
        return False
    if numbers_rows(first.label, [cell.text for cell in rest if cell is not None]):
        return False
    return not any((cell := row[0]) is not None and leads_with_number(cell.text) for row in rows[:50])


def _names_labels(text: str) -> bool:
    return in_list("quantities", text) or in_list("items", text)


def _period(heads: Sequence[_Head], rows: Sequence[Row]) -> int:
    """After how many columns the headers begin again (``Parameter | Value | Parameter | Value``), else the width."""
    width = len(heads)
    texts = ["\n".join(head.labels).casefold() for head in heads]
    for period in range(2, width // 2 + 1):
        if width % period == 0 and texts[0] and all(texts[place] == texts[place % period] for place in range(width)):
            return period
    if width % 2 == 0 and width > 2 and not any(texts) and _alternate(rows[:50]):
        return 2
    return width


def _alternate(rows: Sequence[Row]) -> bool:
    """Whether texts and amounts alternate in all rows, as pairs side by side do."""
    for row in rows:
        for place, cell in enumerate(row):
            if cell is not None and cell.text and leads_with_number(cell.text) != bool(place % 2):
                return False
    return True


class _Reader:
    """Reads the body of one table."""

    def __init__(self, heads: Sequence[_Head], rows: Sequence[Row], shape: Shape) -> None:
        self.heads = heads
        self.rows = rows
        self.shape = shape
        self.groups = Groups()
        self.out: list[GridCell] = []
        self.closing = -1
        self.totals = sum(role_of(head.text) is CellRole.TOTAL for head in heads)

    def cells(self) -> tuple[list[GridCell], tuple[int, ...]]:
        """All cells, and the record that every record lies in."""
        kind = self.shape.kind
        lines = self._lines()
        self.closing = _closing_line(lines)
        uses = self.shape.uses
        slots = [place for place, use in enumerate(uses) if use not in (Use.LABEL, Use.GROUP, Use.UNIT)]
        if kind is GridKind.RECORDS and Use.GROUP in uses:
            slots.insert(0, self.shape.label)  # the inner label is a value of its column, too
        units = [place for place, use in enumerate(self.shape.uses) if use is Use.UNIT]
        record_of, outer = self.groups.records()
        for number, line in enumerate(lines):
            unit_cell = next((cell for place in units if (cell := line.cells[place]) is not None and cell.text), None)
            for position, place in enumerate(slots):
                cell = line.cells[place]
                if cell is None or not cell.text:
                    continue
                if kind is GridKind.RECORDS:
                    record = number
                elif kind is GridKind.TRANSPOSED:
                    record = position
                else:
                    record = record_of[line.group]
                self._cell(cell, line, place, record, number, position, unit_cell)
        if kind is GridKind.PAIRS:
            return self.out, outer
        return self.out, (-1,) * (len(lines) if kind is GridKind.RECORDS else len(slots))

    def _lines(self) -> list[_Line]:
        """The rows that say something, with section rows turned into labels of the rows below them."""
        lines: list[_Line] = []
        label_place = self.shape.label
        outer_place = self.shape.uses.index(Use.GROUP) if Use.GROUP in self.shape.uses else -1
        section: tuple[str, ...] = ()
        section_group = group = 0
        outer_label = ""
        above: list[tuple[int, str]] = []
        fills = self.shape.kind is GridKind.RECORDS
        for number, row in enumerate(self.rows):
            title = _section_title(row, self.rows[number + 1] if number + 1 < len(self.rows) else None)
            if title is not None:
                section = (title.label,)
                section_group = group = self.groups.add(0)
                outer_label, above = "", []
                continue
            if outer_place >= 0 and (cell := row[outer_place]) is not None and cell.text and cell.label != outer_label:
                outer_label = cell.label
                group = self.groups.add(section_group)
                above = []
            label = row[label_place] if label_place >= 0 else None
            if label is not None and not label.text:
                # An empty label below a label: the same record's name goes on.
                label = lines[-1].label if lines and fills and lines[-1].group == group else None
            path = section + ((outer_label,) if outer_label else ())
            if label is not None:
                while above and above[-1][0] >= label.indent:
                    above.pop()
                named = self._label(label)
                path = (*path, *(text for _, text in above), named)
                above.append((label.indent, named))
                self.groups.say(group, "/".join(path[len(section) + bool(outer_label) :]))
            lines.append(_Line(row, path, label, group))
        return lines

    def _label(self, label: Slot) -> str:
        """The text of a row label, with its header where it is a mere number."""
        header = self.heads[self.shape.label].text
        return f"{header} {label.label}" if self.shape.numbered and header not in ("", "#") else label.label

    def _cell(self, cell: Slot, line: _Line, place: int, record: int, number: int, position: int, unit_cell: Slot | None) -> None:
        kind = self.shape.kind
        head = self.heads[place]
        use = self.shape.uses[place]
        row_role = role_of(line.labels[-1]) if line.label is not None else CellRole.VALUE
        if row_role is CellRole.VALUE and number == self.closing:
            row_role = CellRole.TOTAL
        if kind is GridKind.RECORDS and row_role in (CellRole.NOTE, CellRole.WORKING):
            row_role = CellRole.VALUE  # a row called "Reference" is one of the instances
        column_role = role_of(head.text)
        if column_role is CellRole.TOTAL and self.totals > 1 and not in_list("total", head.text):
            column_role = CellRole.VALUE  # "Batch 1 total | Batch 8 total": each is that of something else
        if use is Use.NOTE:
            column_role = CellRole.NOTE
        elif use is Use.WORKING:
            column_role = CellRole.WORKING
        elif column_role in (CellRole.NOTE, CellRole.WORKING):
            column_role = CellRole.VALUE
        column = head.labels
        if kind is GridKind.PAIRS and use is Use.VALUE and says_value(head.text) and not in_list("kinds", head.text):
            column = ()
        first, second = (head.slot, line.label) if kind is GridKind.RECORDS else (line.label, head.slot)
        unit, unit_at = (unit_cell.text, unit_cell.place) if unit_cell is not None and use is Use.VALUE else ("", None)
        if not unit and use is Use.VALUE:
            unit, unit_at = unit_of(first)
            if not unit and not (kind is GridKind.RECORDS and second is not None and is_unit(second.label)):
                unit, unit_at = unit_of(second)  # "**year**" names a record
        named = first if first is not None else Slot(cell.block, cell.start, cell.start, "")
        whole = GridCell(
            cell.block, cell.start, cell.end, line.labels, column, record, _role(row_role, column_role),
            named.block, named.start, named.end, kind, number, position, row_role, column_role,
            second.place if second is not None and kind is not GridKind.PAIRS else None, unit, unit_at,
        )  # fmt: skip
        parts = parts_of(first, cell) if first is not None and use is Use.VALUE else ()
        if not parts:
            self.out.append(whole)
        for count, part in enumerate(parts):
            labels = (*whole.names[:-1], *((part.around,) if part.around else ()), part.label)
            self.out.append(
                replace(
                    whole,
                    start=part.value.start,
                    end=part.value.end,
                    row=whole.row if kind is GridKind.RECORDS else labels,
                    column=labels if kind is GridKind.RECORDS else whole.column,
                    label_start=part.label_at.start,
                    label_end=part.label_at.end,
                    unit=part.unit or unit,
                    unit_at=part.unit_at or unit_at,
                    part=count,
                    parts=len(parts),
                )
            )


def _closing_line(lines: Sequence[_Line]) -> int:
    """The line that alone is set in bold and closes those above it; -1 without one.

    Its label means everything above ("**All**", "**Step**"), or it is the last and leaves cells empty ("**Capital** | | | 2,605,000").
    """
    strong = [at for at, line in enumerate(lines) if line.label is not None and line.label.strong]
    if len(strong) != 1 or strong[0] < _FEWEST_ABOVE_TOTAL:
        return -1
    at = strong[0]
    label = lines[at].label
    means_all = label is not None and in_list("everything", label.label)
    empty = any(cell is None or not cell.text for cell in lines[at].cells) and all(
        cell is not None and cell.text for line in lines[:at] for cell in line.cells
    )
    return at if means_all or (empty and at == len(lines) - 1) else -1


def _role(row: CellRole, column: CellRole) -> CellRole:
    """The role of a cell: remarks first, then what its row is, then its column."""
    for role in (CellRole.NOTE, CellRole.WORKING):
        if role in (row, column):
            return role
    return row if row is not CellRole.VALUE else column


def _section_title(row: Row, following: Row | None) -> Slot | None:
    """The one text of a row that heads those below it: nothing stands beside it, or it spans the whole row."""
    first = row[0]
    if first is None or not first.text or following is None or len(row) < 2 or leads_with_number(first.text):
        return None
    spans = all(cell is first for cell in row)
    if not spans and any(cell is not None and cell.text for cell in row[1:]):
        return None
    if role_of(first.label) is not CellRole.VALUE and not first.strong:
        return None
    return first if any(cell is not None and cell.text for cell in following[1:]) or first.strong or spans else None
