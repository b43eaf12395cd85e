"""The ledger as a table: a line a number, as wide as the terminal, 80 columns where there is none.

Everything goes through rich as `Text`: nothing that a document says can colour or move anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from stratlint.report.console import CYAN, GREEN, GREY, ORANGE, RED, console, written
from stratlint.report.escaping import printable, terminal_path
from stratlint.report.meaning import meaning
from stratlint.report.options import RenderOptions
from stratlint.report.outcome import DocumentReport
from stratlint.report.summary import coverage_parts
from stratlint.rules.finding import LedgerEntry, Role, Status

WIDTH = 80
_STYLES = {
    Status.VERIFIED: GREEN,
    Status.CONSISTENT: CYAN,
    Status.IMPLAUSIBLE: f"bold {ORANGE}",
    Status.CONTRADICTED: f"bold {RED}",
    Status.NOT_CHECKED: GREY,
}


def claims_table(document: DocumentReport, entries: Iterable[LedgerEntry], *, color: bool, width: int = WIDTH) -> str:
    """The path, the table of *entries* and the coverage of *document*."""
    to = console(RenderOptions(color=color, width=width))
    to.print(Text(terminal_path(document.path), "bold"), soft_wrap=True)
    table = _table(entries, width)
    if table.row_count:
        to.print(table)
    for part in coverage_parts(document.coverage):
        to.print(Text(part))
    return "".join(f"{line.rstrip()}\n" for line in written(to).splitlines())


def _table(entries: Iterable[LedgerEntry], width: int) -> Table:
    """Numbers and their meanings are narrow, what became of them has the rest of the width."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("place", no_wrap=True)
    table.add_column("number", max_width=width // 6 + 1, overflow="fold")
    table.add_column("meaning", max_width=width // 4, overflow="fold")
    table.add_column("status and why", overflow="fold")
    before = ""
    for entry in entries:
        place = f"{entry.location.line}:{entry.location.column}"
        again = entry.role is Role.OPERAND and entry.derivation == before
        before = entry.derivation if entry.role is Role.OPERAND else ""
        cells = (place, entry.printed or entry.location.text, meaning(entry))
        table.add_row(*(Text(printable(cell)) for cell in cells), _became(entry, again=again))
    return table


def _became(entry: LedgerEntry, *, again: bool) -> Text:
    """`verified: 4 × 8 = 32`; of the operands of one computation only the first repeats it."""
    status, reason = _status(entry), "" if again else why(entry)
    join = (" " if entry.role is Role.OPERAND else ": ") if reason else ""
    return Text.assemble((status, _STYLES[entry.status]), join, printable(reason))


def _status(entry: LedgerEntry) -> str:
    return entry.role.value if entry.role is not Role.CLAIM else entry.status.value


def why(entry: LedgerEntry) -> str:
    """The computation that judged or used it, and what else is to be said of the verdict."""
    if entry.role is Role.NAME:
        return entry.reason
    if entry.role is Role.OPERAND:
        return f"in {entry.derivation}" if entry.derivation else ""
    if entry.status is Status.NOT_CHECKED:
        return entry.reason.partition(": ")[0]  # what to do about it stands in the summary
    rule = f"[{entry.rule}]" if entry.status in (Status.CONTRADICTED, Status.IMPLAUSIBLE) else ""
    read = f"(read by {entry.read_by})" if entry.read_by else ""
    return " ".join(part for part in (entry.derivation, f"({entry.reason})" if entry.reason else "", rule, read) if part)
