"""The ledger as a table: a line a number, as wide as the terminal, 80 columns where there is none.

Everything goes through rich as `Text`: nothing that a document says can colour or move anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stratlint.report.escaping import printable, terminal_path
from stratlint.report.meaning import meaning
from stratlint.report.outcome import DocumentReport
from stratlint.report.summary import coverage_line
from stratlint.rules.finding import LedgerEntry, Role, Status

WIDTH = 80
_STYLES = {
    Status.VERIFIED: "green",
    Status.CONSISTENT: "cyan",
    Status.IMPLAUSIBLE: "bold yellow",
    Status.CONTRADICTED: "bold red",
    Status.NOT_CHECKED: "dim",
}
_HEADER = ("place", "number", "meaning", "status", "why")
# So much of a number and of its meaning is shown in a line; the rest is left to the reasons.
_NUMBER, _MEANING = 14, 20


def claims_table(document: DocumentReport, entries: Iterable[LedgerEntry], *, color: bool, width: int = WIDTH) -> str:
    """The path, the table of *entries* and the coverage of *document*."""
    out = StringIO()
    console = Console(
        file=out,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        force_jupyter=False,
        legacy_windows=False,
        width=max(width, 40),
        height=25,
        markup=False,
        highlight=False,
        emoji=False,
    )
    console.print(Text(terminal_path(document.path), "bold"), soft_wrap=True)
    table = _table(entries)
    if table.row_count:
        console.print(table)
    console.print(Text(coverage_line(document.coverage)), soft_wrap=True)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _table(entries: Iterable[LedgerEntry]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(_HEADER[0], no_wrap=True)
    table.add_column(_HEADER[1], max_width=_NUMBER, overflow="fold")
    table.add_column(_HEADER[2], max_width=_MEANING, overflow="fold")
    table.add_column(_HEADER[3], no_wrap=True)
    table.add_column(_HEADER[4], overflow="fold")
    for entry in entries:
        place = f"{entry.location.line}:{entry.location.column}"
        cells = (place, entry.location.text, meaning(entry), _status(entry), why(entry))
        styles = ("", "", "", _STYLES[entry.status], "")
        table.add_row(*(Text(printable(cell), style) for cell, style in zip(cells, styles, strict=True)))
    return table


def _status(entry: LedgerEntry) -> str:
    return entry.role.value if entry.role is not Role.CLAIM else entry.status.value


def why(entry: LedgerEntry) -> str:
    """The computation that judged or used it, and what else is to be said of the verdict."""
    if entry.role is Role.NAME:
        return entry.reason
    if entry.role is Role.OPERAND:
        return f"in {entry.derivation}" if entry.derivation else entry.reason
    if entry.status is Status.NOT_CHECKED:
        return entry.reason.partition(": ")[0]  # what to do about it stands in the summary
    rule = f"[{entry.rule}]" if entry.status in (Status.CONTRADICTED, Status.IMPLAUSIBLE) else ""
    read = f"(read by {entry.read_by})" if entry.read_by else ""
    return " ".join(part for part in (entry.derivation, f"({entry.reason})" if entry.reason else "", rule, read) if part)
