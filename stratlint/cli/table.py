"""Plain text tables, by rich: columns line up at display width (a `✅` takes two cells), and wrap on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

# Wider than any line: in files and pipes nothing is wrapped.
_UNBOUNDED = 1_000_000


def table(header: Sequence[str], rows: Sequence[Sequence[str]], width: int = 0) -> str:
    """Header and rows with two spaces between columns, in lines of at most *width* cells; 0: as long as they are."""
    from rich.table import Table

    from stratlint.report.console import console, written
    from stratlint.report.options import RenderOptions

    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False, show_header=any(header))
    *names, last = header
    for name in names:
        made.add_column(name, no_wrap=True)
    made.add_column(last, overflow="fold")
    for row in rows:
        made.add_row(*row)
    to = console(RenderOptions(width=width or _UNBOUNDED))
    to.print(made)
    return "".join(f"{line.rstrip()}\n" for line in written(to).splitlines())
