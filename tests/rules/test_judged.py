"""Relations that somebody transcribed, judged and told under the rule of their form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import stratlint
from stratlint.config.settings import Settings
from stratlint.rules.finding import Status


@pytest.mark.parametrize(("unit", "said"), [("TB", "one thousand"), ("PB", "one million"), ("EB", "one billion")])
def test_a_slip_of_the_prefix_is_named_in_either_direction(unit: str, said: str, tmp_path: Path) -> None:
    """However the floats of a reciprocal come out: one over 1e-9 is not quite a billion."""
    for of, to, direction in (("GB", unit, "large"), (unit, "GB", "small")):
        text = f"The set takes 3 × 2 {of} = 6 {to}."
        entry = {"line": 1, "claim": f"6 {to}", "expr": f"3 × 2 {of}", "op": "=", "kind": "arithmetic", "why": "written out"}
        (tmp_path / "r.jsonl").write_text(json.dumps(entry) + "\n", encoding="utf-8")
        report = stratlint.check_text(text, Settings(readings=str(tmp_path / "r.jsonl"), only_readings=True))
        assert report.complete
        (finding,) = report.findings
        assert finding.message.endswith(f"too {direction} by a factor of {said}")


@pytest.mark.parametrize(
    ("part", "full"),
    [
        ("We keep 25 % of 8 × 8 = 64 experts warm.", "Warm are 25 % of 8 × 8 = 16 experts."),
        ("The peak is 40 GB + 2 × 5 GB = 10 GB.", "The peak is 40 GB + 2 × 5 GB = 50 GB."),
    ],
)
def test_the_result_of_only_a_part_of_what_is_written_is_not_verified(part: str, full: str) -> None:
    """That it says the whole without its share, or the last term alone, is a kind reading, no recomputation."""
    assert _last_status(part) is Status.CONSISTENT
    assert _last_status(full) is Status.VERIFIED


def _last_status(text: str) -> Status:
    report = stratlint.check_text(text, Settings())
    assert not report.findings
    return next(entry.status for entry in reversed(report.documents[0].ledger) if entry.status is not Status.NOT_CHECKED)
