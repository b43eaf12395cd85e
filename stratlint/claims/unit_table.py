"""Compute the unit table with pint: `python -m stratlint.claims.unit_table` writes `grammar/units.json`.

The table spares every run pint's import; a test holds it against pint.
"""

from __future__ import annotations

import json
from pathlib import Path

from stratlint.claims.units import canonical_expressions, compute_unit
from stratlint.resources import data_folder


def table() -> dict[str, list[object]]:
    """Canonical expression → [factor, [[dimension, power], …]], computed by pint."""
    out: dict[str, list[object]] = {}
    for expression in sorted(canonical_expressions()):
        unit = compute_unit(expression)
        out[expression] = [unit.factor, [list(pair) for pair in unit.dimensions]]
    return out


def write(path: Path) -> None:
    """Write the table, one unit a line."""
    rows = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in table().items())
    path.write_text("{\n" + rows + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    write(data_folder("grammar") / "units.json")
