"""Published figures, written down as a report would and judged by the rules, come out as recorded.

The data lie beside the project (`../shared/data`), as for the physics tests; without them there is nothing to check.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

import stratlint
from stratlint.report.outcome import DocumentReport
from stratlint.rules.finding import Severity, Status

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "published_tables.yaml"


def _renderer() -> ModuleType:
    """`published.py` beside this file: tests are no packages, so it is loaded by its path."""
    spec = importlib.util.spec_from_file_location("published", Path(__file__).with_name("published.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


page = _renderer().page

_CUT_OFF = "449.84 is printed as 449: whoever cuts off instead of rounding is not wrong"
_ROUND = "a result that ends in a zero may be rounded to it: 31.2 % is 30 % in one digit, 68.7 billion is 70"
_INEQUALITY = "holds in one convention of several, so nothing is verified and nothing may be called wrong"
# Everything that does not come out as recorded, and why; compared exactly, so that nothing hides and nothing lingers.
NOT_EXPRESSED = {
    ("megatron-8.3b-512", "compute.utilization", "inconsistent"): _ROUND,
    ("megatron-h100-70b", "params.gpt_tied", "inconsistent"): _ROUND,
    ("llama1-65b-days", "energy.mwh", "inconsistent"): _CUT_OFF,
    ("megatron-folding-doc", "parallel.ep_le_dp", "consistent"): _INEQUALITY,
}


def _checks() -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    if not DATA.exists():
        return
    for row in yaml.safe_load(DATA.read_text(encoding="utf-8"))["rows"]:
        for check in row["checks"]:
            yield row, check


CHECKS = tuple(_checks())


@cache
def judged(text: str) -> DocumentReport:
    return stratlint.check(text).documents[0]


def outcome(row: Mapping[str, Any], check: Mapping[str, Any]) -> str:
    """`as recorded`, or what happened instead.

    A remark on the last digit calls nothing wrong, but finds what the record calls inconsistent.
    """
    text = page(row, check)
    if text is None:
        return "not written down"
    report = judged(text)
    wrong = [f for f in report.findings if f.severity in (Severity.ERROR, Severity.WARNING)]
    if check["result"] == "inconsistent" and not str(check.get("severity", "")).startswith("must NOT"):
        return "as recorded" if report.findings else "not found"
    if wrong:
        return f"false alarm: {wrong[0].rule}: {wrong[0].message}"
    return "as recorded" if any(entry.status is Status.VERIFIED for entry in report.ledger) else "not verified"


@pytest.mark.skipif(not CHECKS, reason="no published tables on this machine")
@pytest.mark.parametrize("law", sorted({str(check["law"]) for _, check in CHECKS}))
def test_a_law_comes_out_as_recorded(law: str) -> None:
    """Consistent: nothing is called wrong and a number is verified. Inconsistent: an error or a warning."""
    seen = [
        (row["id"], law, check["result"], outcome(row, check)) for row, check in CHECKS if check["law"] == law
    ]
    assert not [each for each in seen if each[3].startswith("false alarm")]
    other = {each[:3]: each[3] for each in seen if each[3] != "as recorded"}
    assert set(other) == {key for key in NOT_EXPRESSED if key[1] == law}, other


@pytest.mark.skipif(not CHECKS, reason="no published tables on this machine")
def test_the_list_of_exceptions_names_real_checks() -> None:
    """A law that is corrected in the data must not leave an excuse behind."""
    assert set(NOT_EXPRESSED) <= {(row["id"], check["law"], check["result"]) for row, check in CHECKS}
    assert len(NOT_EXPRESSED) < 0.01 * len(CHECKS)


_LAST_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?=[^\d]*\n*$)")


def perturbed(text: str) -> str | None:
    """The page with half more in its claim, None for a table."""
    found = _LAST_NUMBER.search(text)
    if "|" in text or found is None or not re.search(r"[=≈][^=≈]*$", text):
        return None
    digits = found[0].replace(",", "")
    decimals = len(digits.partition(".")[2])
    return f"{text[: found.start()]}{float(digits) * 1.5 + 10.0**-decimals:,.{decimals}f}{text[found.end() :]}"


@pytest.mark.skipif(not CHECKS, reason="no published tables on this machine")
def test_a_wrong_claim_is_found() -> None:
    """A page that is verified and stays so with another claim would be verified for nothing."""
    missed, tried = [], 0
    for row, check in CHECKS:
        text = page(row, check)
        if text is None or check["result"] != "consistent" or outcome(row, check) != "as recorded":
            continue
        other = perturbed(text)
        if other is not None:
            tried += 1
            missed += [] if judged(other).findings else [other]
    assert tried > 250
    assert len(missed) <= 0.02 * tried, missed
