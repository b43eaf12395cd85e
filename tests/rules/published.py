"""How a report writes down each law of `published_tables.yaml`: a table of figures and a line of its own.

The page is judged by `stratlint.check_text`; the file's expressions are never evaluated here. `{name}` is a figure as it is
printed (with the digits that its half-width leaves). A law that holds several templates uses the first whose figures
the row has.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

_LOADED = yaml.safe_load(Path(__file__).with_name("published.yaml").read_text(encoding="utf-8"))
WRITTEN: Mapping[str, list[str]] = _LOADED["written"]
ROWS: Mapping[str, list[str]] = _LOADED["rows"]
DEGREE_PRODUCTS: list[str] = _LOADED["degree_products"]
TABLES: Mapping[str, list[dict[str, str]]] = {**_LOADED["tables"], **_LOADED["figures"]}
SEVERAL = frozenset(_LOADED["several"])


def printed(figure: Any) -> str:
    """A figure with the digits its half-width leaves; exact figures with all of theirs."""
    value, half = figure if isinstance(figure, list) else (figure, 0.0)
    if not half:
        return f"{int(value):,}" if float(value) == int(value) else f"{value}"
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if 1e5 <= value < 1e15 and value >= size / 10 and half >= size / 2000 and half <= size / 2:
            return f"{value / size:.{_digits(half / size)}f}{letter}"
    if value >= 1e15:
        power = math.floor(math.log10(value))
        return f"{value / 10**power:.{_digits(half / 10**power)}f}e{power}"
    if value >= 1e4 and half >= 5 and value % 1000 == 0:
        return f"{value / 1e3:.{_digits(half / 1e3)}f}K"
    return f"{value:,.{_digits(half)}f}"


def _digits(half: float) -> int:
    return max(0, round(-math.log10(2 * half)))


def fill(template: str, figures: Mapping[str, Any]) -> str | None:
    """The template with the row's figures, None when it lacks one."""
    names = re.findall(r"{(\w+)}", template)
    if any(name not in figures for name in names):
        return None
    return template.format_map({name: printed(figures[name]) for name in names})


def table(labels: Mapping[str, str], figures: Mapping[str, Any]) -> str | None:
    """A key and value table, None when the row lacks a figure."""
    if any(name not in figures for name in labels.values()):
        return None
    rows = "".join(f"| {label} | {printed(figures[name])} |\n" for label, name in labels.items())
    return f"| Quantity | Value |\n|---|---|\n{rows}"


def page(row: Mapping[str, Any], check: Mapping[str, Any]) -> str | None:
    """The report that states one law of one row, None when nothing here writes it down."""
    law, figures = str(check["law"]), row["figures"]
    needed = {name for name in re.findall(r"[a-z_]\w*", f"{check['expr']} {check['target']}") if name in figures}
    body = _tabled(law, figures, needed) or _divided(law, figures) or _written(row, check, needed)
    return None if body is None else f"# Figures\n\n{body}"


def _tabled(law: str, figures: Mapping[str, Any], needed: set[str]) -> str | None:
    """The largest table of the law that has only figures of this check."""
    fitting = [labels for labels in TABLES.get(law, ()) if set(labels.values()) <= needed]
    return table(max(fitting, key=len), figures) if fitting else None


def _divided(law: str, figures: Mapping[str, Any]) -> str | None:
    if law != "parallel.world_divisible":
        return None
    gpus, part = figures["gpus"], figures["model_parallel"]
    return f"- Replicas: {gpus:,} GPUs / {part} = {gpus // part}\n"


def _written(row: Mapping[str, Any], check: Mapping[str, Any], needed: set[str]) -> str | None:
    law = str(check["law"])
    for template in DEGREE_PRODUCTS if law == "parallel.product" else ROWS.get(row["id"], WRITTEN.get(law, ())):
        names = set(re.findall(r"{(\w+)}", template))
        text = fill(template, row["figures"]) if needed <= names or law in SEVERAL else None
        if text is None:
            continue
        if check.get("slack") and check["result"] == "consistent":
            text = text.replace(" = ", " ≈ ")
        stated, _, line = text.rpartition("\n\n- ")
        return f"{stated and f'{stated}{chr(10) * 2}'}- {line.rstrip('.')}\n"
    return None
