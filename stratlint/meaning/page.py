"""Claims → the page as meaning sees it: statements, records and series of terms, each with its scenario and voice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from stratlint.claims.claim import ClaimSet, NumberClaim
from stratlint.claims.extract import is_program
from stratlint.claims.prepare import prepare
from stratlint.claims.syntax import Quantity, read
from stratlint.claims.tokens import Sign, flat
from stratlint.claims.units import Dimensions
from stratlint.document import Block, BlockKind, Document
from stratlint.document.grid import CellRole, Grid, GridCell, GridKind, grids
from stratlint.document.introductions import introductions_of_lists, introductions_of_tables, items_below
from stratlint.meaning.axes import Legend, names_axes
from stratlint.meaning.calculations import equations_of
from stratlint.meaning.confined import Confined, confined_in
from stratlint.meaning.data_sheets import data_sheets
from stratlint.meaning.declared import declared
from stratlint.meaning.degrees import legend_of
from stratlint.meaning.described import Described, described, described_in_sentences
from stratlint.meaning.device_memory import UNKNOWN, DeviceMemory, device_memory
from stratlint.meaning.goals import NO_GOALS, Goals, goals_of
from stratlint.meaning.groups import Axis, Group, Width
from stratlint.meaning.key_units import split_key
from stratlint.meaning.labelled_limits import Limited, limited_by_labels
from stratlint.meaning.labels import SEPARATORS, holder_noun, label_count, label_phrase, label_words, under_heading, with_unit
from stratlint.meaning.launches import Standing, is_explained, role_in, role_of_command, standing_of
from stratlint.meaning.locator import Locator
from stratlint.meaning.marks import Marks, mark_of, marks_of
from stratlint.meaning.named_values import CellReader, named_equations
from stratlint.meaning.nodes import equation_words
from stratlint.meaning.page_tokens import PageTokens
from stratlint.meaning.phrases import phrase_of
from stratlint.meaning.placing import UNPLACED, Placing, placing_of
from stratlint.meaning.raw import Raw, may_count, raw_items
from stratlint.meaning.rows import RowReader
from stratlint.meaning.scenarios import Scenarios
from stratlint.meaning.sheet_sentences import sheets_in_sentences
from stratlint.meaning.stated import in_brackets, sibling_paths, stated_in, statistics_of
from stratlint.meaning.statement import Item, Statement, Term
from stratlint.meaning.superlatives import Superlative, superlatives_of
from stratlint.meaning.tables import Table, table_of
from stratlint.meaning.terms import items_of
from stratlint.meaning.totals import allowances, excerpts, overlapping, roles_in_sums
from stratlint.meaning.voice import denied_heading, recaps, repeats, set_aside, voice_of
from stratlint.meaning.whose import Whose
from stratlint.meaning.written import Equation

# A cell of so many words is a remark in sentences.
_FEWEST_WORDS = 8
# What stands above a list is its title if it has no more words.
_LONGEST_TITLE = 6
_LONGEST_LEGEND, _LONGEST_FORMAT = 200, 8


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """Everything that laws see of a page. `binary`: how decimal prefixes of bytes may be read on it; `named`: the degrees that cells of
    tables name, which may be those of options ("TP 8 × PP 4" before its figures)."""

    statements: tuple[Statement, ...]
    groups: tuple[Group, ...]
    binary: tuple[bool, ...]
    equations: tuple[Equation, ...] = ()
    tables: tuple[Table, ...] = ()
    described: tuple[Described, ...] = ()
    device_memory: DeviceMemory = UNKNOWN
    named: tuple[Term, ...] = ()
    superlatives: tuple[Superlative, ...] = ()
    goals: Goals = NO_GOALS
    limited: tuple[Limited, ...] = ()
    placing: Placing = UNPLACED
    confined: tuple[Confined, ...] = ()


@lru_cache(maxsize=2)
def page_of(claims: ClaimSet) -> Page:
    """Read the page."""
    return _Reader(claims).page()


class _Reader:
    def __init__(self, claims: ClaimSet) -> None:
        self.claims = claims
        self.document: Document = claims.document
        self.scenarios = Scenarios(self.document)
        self._scopes: dict[int, Dimensions] = {}
        self.legend = self._legend()
        # What sentences say, so that no one reads them a second time for their equations.
        self._items: dict[tuple[int, int], tuple[Sequence[Raw], Sequence[Item]]] = {}
        self._denied: dict[int, tuple[bool, bool]] = {}
        self._introduced = introductions_of_lists(self.document)
        self._excerpts = excerpts({**introductions_of_tables(self.document), **self._introduced})
        self._cells: dict[GridCell, Sequence[tuple[Term, tuple[bool, bool], str]]] = {}
        self._marked: dict[int, Marks] = {}
        self._numbers: Mapping[tuple[int, int], NumberClaim] = {
            (number.block, number.quantity.number_start): number for number in claims.numbers if number.quantity is not None
        }
        self._between = PageTokens(claims, self._numbers).between

    def page(self) -> Page:
        statements = tuple(self._statements())
        laid_out = grids(self.document)
        groups = tuple(group for grid in laid_out for group in self._groups(grid))
        read = (table_of(grid, self._lone_term, self._cell_text, self._items_in, self.document.blocks) for grid in laid_out)
        tables = tuple(replace(table, titled=self.scenarios.titles(table.section)) for table in read if table is not None)
        ranked = tuple(superlatives_of(self.claims, self._between, tables))
        reader = RowReader(self.claims, self._between, self._locate, self._quoted, self._numbers, self._items)
        equations = (*equations_of(self.claims, tuple(reader.rows())), *named_equations(laid_out, CellReader(reader, self._lone_term)))
        every = (*groups, *declared(statements))
        headings = "\n".join(section.title for section in self.document.sections)
        whose = Whose(self.document, laid_out, self._introduced)
        sheets = (*data_sheets(every, whose), *sheets_in_sentences(statements, self.document.text))
        found = (*described(every, headings, self.document.text), *described_in_sentences(statements), *sheets)
        memory = device_memory(statements, every, self.document.text)
        return Page(
            statements,
            every,
            _binary(self.claims),
            equations,
            tables,
            found,
            memory,
            tuple(self._named()),
            ranked,
            goals_of(statements, every),
            tuple(limited_by_labels(laid_out, self._stated, self._marks, self._items_in)),
            placing_of(self.document.text),
            tuple(confined_in(statements, self.document.text)),
        )

    def _statements(self) -> Iterator[Statement]:
        order = 0
        introduced = items_below(self.document)
        for block in self.document.blocks:
            if is_program(block) or (block.kind is BlockKind.CELL and len(block.text.split()) < _FEWEST_WORDS):
                continue
            for sentence in self.claims.statements_of(block.index):
                tokens = self._between(block, sentence.start, sentence.end)
                raws = raw_items(tokens, legend=self.legend) if any(map(may_count, tokens)) else []
                if not any(raw.quantity is not None for raw in raws):
                    continue
                items = items_of(raws, self._locate(block))
                if self.legend is None:
                    self._items[block.index, sentence.start] = raws, items
                asserted, present = self._voice(block, items)
                yield Statement(
                    items, block.index, block.section, order, asserted, present, sentence.verdict,
                    self.scenarios.of(block, raws), block.list_path, block.kind is BlockKind.HEADING, block.kind is BlockKind.CODE,
                    introduced.get(block.index, 0), self.scenarios.holders(block.section),
                    repeats(items) or self._recaps(block.section),
                )  # fmt: skip
                order += 1

    def _named(self) -> Iterator[Term]:
        """The degrees that cells name."""
        for block in self.document.blocks:
            if block.kind is BlockKind.CELL and len(block.text) < _LONGEST_LEGEND and any(map(str.isdigit, block.text)):
                items = self._items_in(block.index, 0, len(block.text))
                yield from (item.term for item in items if item.term is not None and item.term.degree is not None)

    def _legend(self) -> Legend | None:
        """How the page writes its layouts, if it says so in one way."""
        found: set[Legend | None] = set()
        for block in self.document.blocks:
            if len(block.text) < _LONGEST_LEGEND and not any(map(str.isdigit, block.text)) and names_axes(block.text):
                tree = read(prepare(block))
                if tree is not None:
                    found.add(legend_of(raw_items(list(flat(tree)))))
        found.discard(None)
        return found.pop() if len(found) == 1 else None

    def _voice(self, block: Block, items: Sequence[Item]) -> tuple[bool, bool]:
        asserted, present = voice_of(items)
        titled = self._denied.get(block.section)
        if titled is None:
            path = self.document.heading_path(block.section)
            titled = self._denied[block.section] = (denied_heading(path), set_aside(path))
        introduction = (self._introduced.get(block.index, ""),)
        if block.quote_depth or titled[0] or denied_heading(introduction):
            asserted = False
        if titled[1] or set_aside(introduction):
            present = False
        if any(self._quoted(block, item.term) for item in items if item.term is not None):
            asserted = False
        return asserted, present

    def _quoted(self, block: Block, term: Term) -> bool:
        number = self._numbers.get((block.index, term.place.start))
        return number is not None and (number.quoted or number.struck)

    def _groups(self, grid: Grid) -> Iterator[Group]:
        records: dict[int, list[tuple[GridCell, Term, tuple[bool, bool], str]]] = {}
        series: dict[tuple[str, int, tuple[str, ...]], list[tuple[GridCell, Term, tuple[bool, bool], str]]] = {}
        across: dict[int, list[tuple[GridCell, Term, tuple[bool, bool], str]]] = {}
        gaps: dict[tuple[str, int, tuple[str, ...]], list[int]] = {}
        slots: dict[tuple[int, tuple[str, ...]], list[GridCell]] = {}
        siblings = sibling_paths(grid)
        widths = self._widths(grid)
        remarked = {cell.record for cell in grid.cells if cell.role is CellRole.NOTE and self._holds_share(cell)}
        explained = {cell.names for cell in grid.cells if cell.role is CellRole.NOTE and is_explained(self._cell_text(cell))}
        for cell in grid.cells:
            stated = self._stated(cell)
            keys = [("slot", cell.slot, path) for path in siblings(cell)]
            for _, slot, path in keys:
                slots.setdefault((slot, path), []).append(cell)
            keys += [("line", cell.line, ())] if grid.kind is not GridKind.PAIRS else []
            if not stated and self._holds_number(cell):
                for key in keys:
                    gaps.setdefault(key, []).append(len(series.get(key, ())))
            for position, (term, voice, own) in enumerate(stated):
                mark = self._marks(grid).at(cell, own)
                term = replace(term, tags=term.tags | {"explained"}) if cell.names in explained else term
                records.setdefault(cell.record, []).append((cell, term, voice, mark))
                if position:  # "16 (8 GPUs each)": only the first is the cell's own value
                    continue
                for key in keys:
                    series.setdefault(key, []).append((cell, term, voice, mark))
                if grid.kind is GridKind.TRANSPOSED:
                    across.setdefault(cell.line, []).append((cell, under_heading(term, cell), voice, mark))
                elif cell.slot in self._marks(grid).columns:
                    across.setdefault(cell.slot, []).append((cell, under_heading(term, cell), voice, mark))
        for record, entries in records.items():
            group = self._group(Axis.RECORD, grid, entries, [entry[0].role for entry in entries])
            group = replace(group, width=widths.get(record))
            yield replace(group, sure=False) if record in remarked else group
        for entries in across.values():
            if len(entries) > 1:
                yield self._group(Axis.ACROSS, grid, entries, [entry[0].role for entry in entries])
            elif (
                self._marks(grid).on(Axis.ACROSS, entries[0][0]) and len(stated := self._stated(entries[0][0])) > 1
            ):  # "76 GB of 80 GB | ✅"
                yield self._group(Axis.ACROSS, grid, [(entries[0][0], *each) for each in stated], [entries[0][0].role] * len(stated))
        for key, entries in series.items():
            if len(entries) > 1:
                roles = [entry[0].row_role if key[0] == "slot" else entry[0].column_role for entry in entries]
                cells = [entry[0] for entry in entries]
                group = replace(
                    self._group(Axis.SERIES, grid, entries, roles), gaps=tuple(gaps.get(key, ())),
                    allowances=tuple(allowances(cells, self._items_in)), excerpt=cells[0].block in self._excerpts,
                )  # fmt: skip
                full = key[0] == "slot" and all(len(self._stated(cell)) == 1 for cell in slots[key[1:]])
                yield replace(group, above=self._above(slots[key[1:]][0])) if full else group

    def _above(self, first: GridCell) -> int:
        """The block right above the one in which the first of several cells stands, or above its table."""
        at = first.block
        while at and self.document.blocks[at].kind is BlockKind.CELL:
            at -= 1
        return at if at < first.block else at - 1

    def _widths(self, grid: Grid) -> Mapping[int, Width]:
        """The records of a grid in which just one cell is the name of a format, and the width of its numbers.

        A list says "Precision: BF16" of one thing, and may say elsewhere that others are kept in FP8: then it is open what is meant.
        """
        found: dict[int, set[Width]] = {}
        formats = equation_words().formats
        for cell in grid.cells:
            said = self._cell_text(cell).strip().upper() if cell.end - cell.start <= _LONGEST_FORMAT else ""
            if cell.role is CellRole.VALUE and said in formats:
                found.setdefault(cell.record, set()).add(Width(said, formats[said]))
        if found and grid.kind is GridKind.PAIRS:
            text = self.document.text.upper()
            if len({size for name, size in formats.items() if name in text}) > 1:
                return {}
        return {record: next(iter(widths)) for record, widths in found.items() if len(widths) == 1}

    def _stated(self, cell: GridCell) -> Sequence[tuple[Term, tuple[bool, bool], str]]:
        """What a cell states; groups, tables and formulas ask for the same cells."""
        known = self._cells.get(cell)
        if known is None:
            known = self._cells[cell] = list(self._cell_terms(cell))
        return known

    def _lone_term(self, cell: GridCell) -> Term | None:
        """The one amount that a cell states of the plan as it is; None without one, or with several."""
        stated = self._stated(cell)
        return stated[0][0] if len(stated) == 1 and all(stated[0][1]) else None

    def _cell_text(self, cell: GridCell) -> str:
        return self.document.blocks[cell.block].text[cell.start : cell.end]

    def _holds_number(self, cell: GridCell) -> bool:
        """Whether a cell of values has a number at all."""
        if cell.role in (CellRole.NOTE, CellRole.WORKING):
            return False
        return any(isinstance(token, Quantity) for token in self._between(self.document.blocks[cell.block], cell.start, cell.end))

    def _holds_share(self, cell: GridCell) -> bool:
        """Whether a remark names a percentage: a discount, a share of idle cards, which its record may hold already."""
        tokens = self._between(self.document.blocks[cell.block], cell.start, cell.end)
        return any(isinstance(token, Quantity) and any(unit.canonical == "percent" for unit in token.units) for token in tokens)

    def _group(
        self, axis: Axis, grid: Grid, entries: Sequence[tuple[GridCell, Term, tuple[bool, bool], str]], roles: Sequence[CellRole]
    ) -> Group:
        block = self.document.blocks[entries[0][0].block]
        first, marked = entries[0][0], self._marks(grid)
        mark = marked.on(axis, first)
        holder = first.holder if axis is Axis.RECORD else ()
        limit = marked.limits.get(first.record) if axis is Axis.RECORD else None
        further = (limit,) if limit is not None and mark else ()
        standing, role = self._standing(grid, entries)
        roles = (*roles, *(CellRole.NOTE for _ in further))
        return Group(
            axis, (*(entry[1] for entry in entries), *further), tuple(roles), grid.section, grid.index,
            (*self.scenarios.of(block, ()), *holder),
            all(entry[2][0] for entry in entries), all(entry[2][1] for entry in entries), mark, holder, grid.sure, holder_noun(holder),
            marks=tuple(entry[3] for entry in entries), scope=self._scope(grid.section) or self._introduced_scope(block),
            layout=grid.layout, titled=self.scenarios.holders(grid.section, grid.caption),
            labels=tuple(label_words(entry[0]) for entry in entries), counts=tuple(label_count(entry[0]) for entry in entries),
            standing=standing, role=role, beside=tuple(marked.beside(entry[0]) for entry in entries), recap=self._recaps(grid.section),
        )  # fmt: skip

    def _standing(self, grid: Grid, entries: Sequence[tuple[GridCell, Term, tuple[bool, bool], str]]) -> tuple[Standing, str]:
        """Whose the degrees of a fence are, and of which role a record is."""
        first, paths = entries[0][0], [cell.path for cell, term, _, _ in entries if term.degree is not None]
        block = self.document.blocks[first.block]
        if block.kind is not BlockKind.CODE:
            return Standing.PLAN, role_in(first.holder)
        titled = self.scenarios.holders(grid.section, grid.caption)
        return standing_of(self.document, block, titled, paths), role_of_command(block, first.start, (entry[0].path for entry in entries))

    def _recaps(self, section: int) -> bool:
        return recaps(self.document.heading_path(section))

    def _scope(self, section: int) -> Dimensions:
        """What the headings above put below the line: "Memory per GPU", "Per-node figures"."""
        known = self._scopes.get(section)
        if known is None:
            words = " ".join(self.document.heading_path(section)).translate(SEPARATORS).split()
            known = self._scopes[section] = phrase_of(words).below if words else ()
        return known

    def _introduced_scope(self, block: Block) -> Dimensions:
        """What the few words right above a list put below the line: "Memory per GPU:"."""
        words = self._introduced.get(block.index, "").translate(SEPARATORS).split()
        return phrase_of(words).below if 0 < len(words) <= _LONGEST_TITLE else ()

    def _marks(self, grid: Grid) -> Marks:
        known = self._marked.get(grid.index)
        if known is None:
            known = self._marked[grid.index] = marks_of(self.claims, grid, self._items_in)
        return known

    def _items_in(self, index: int, start: int, end: int) -> Sequence[Item]:
        """What a block says between two content offsets."""
        block = self.document.blocks[index]
        return items_of(raw_items(self._between(block, start, end)), self._locate(block))

    def _cell_terms(self, cell: GridCell) -> Iterator[tuple[Term, tuple[bool, bool], str]]:
        block = self.document.blocks[cell.block]
        if cell.role in (CellRole.NOTE, CellRole.WORKING):
            return
        tokens = self._between(block, cell.start, cell.end)
        if cell.parts > 1:
            tokens = [token for token in tokens if not isinstance(token, Sign)]  # "8 / 4 / 2" is no computation
        if not any(map(may_count, tokens)):
            return
        label = label_phrase(cell, coded=block.kind is BlockKind.CODE)
        if cell.role is CellRole.TOTAL:
            label = replace(label, tags=label.tags | statistics_of(label))
        raws = raw_items(tokens, label.degree)
        amounts = [raw for raw in raws if raw.quantity is not None]
        if not amounts:
            return
        if unit := cell.unit or split_key(cell.label)[1]:
            raws = [with_unit(raw, unit) for raw in raws]
        items = items_of(raws, self._locate(block), label)
        if in_brackets(items):
            return
        voice = self._voice(block, items)
        mark = mark_of(items)
        # What the label says of a worked result, too.
        further = label.tags & {"nested", "part_line"} | roles_in_sums(cell) | overlapping(items)
        further |= frozenset({"only"}) if any("only" in raw.tags for raw in raws) else frozenset()
        for term in stated_in(items):
            yield replace(term, tags=term.tags | further) if further else term, voice, mark

    def _locate(self, block: Block) -> Locator:
        return Locator(self.document, block, self._numbers)


def _binary(claims: ClaimSet) -> tuple[bool, ...]:
    """GB is 10^9 bytes where the page writes GiB too; elsewhere it may be either."""
    names = {number.quantity.unit_text for number in claims.numbers if number.quantity is not None}
    return (False,) if any("iB" in name for name in names) else (False, True)
