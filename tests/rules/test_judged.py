"""Relations that somebody transcribed, judged and told under the rule of their form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import stratlint
from stratlint.config.settings import Settings


@pytest.mark.parametrize(("unit", "said"), [("TB", "one thousand"), ("PB", "one million"), ("EB", "one billion")])
def test_a_slip_of_the_prefix_is_named_in_either_direction(unit: str, said: str, tmp_path: Path) -> None:
    """However the floats of a reciprocal come out: one over 1e-9 is not quite a billion."""
    for of, to, direction in (("GB", unit, "large"), (unit, "GB", "small")):
        text = f"The set takes 3 × 2 {of} = 6 {to}."
        entry = {"line": 1, "claim": f"6 {to}", "expr": f"3 × 2 {of}", "op": "=", "kind": "arithmetic", "why": "written out"}
        (tmp_path / "r.jsonl").write_text(json.dumps(entry) + "\n", encoding="utf-8")
        report = stratlint.check(text, Settings(readings=str(tmp_path / "r.jsonl"), only_readings=True))
        assert report.complete
        (finding,) = report.findings
        assert finding.message.endswith(f"too {direction} by a factor of {said}")
