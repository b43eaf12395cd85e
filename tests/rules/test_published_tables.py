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


def _checks() -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    if not DATA.exists():
        return
    for row in yaml.safe_load(DATA.read_text(encoding="utf-8"))["rows"]:
        for check in row["checks"]:
            yield row, check


CHECKS = tuple(_checks())


@cache
def judged(text: str) -> DocumentReport:
    return stratlint.check_text(text).documents[0]


_AGREES = (Status.VERIFIED, Status.CONSISTENT)


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
    return "as recorded" if any(entry.status in _AGREES for entry in report.ledger) else "not confirmed"


@pytest.mark.skipif(not CHECKS, reason="no ../shared beside the checkout")
@pytest.mark.parametrize("law", sorted({str(check["law"]) for _, check in CHECKS}))
def test_a_law_comes_out_as_recorded(law: str) -> None:
    """Consistent: nothing is called wrong and a number is verified, or keeps a bound. Inconsistent: an error, a warning or a remark."""
    seen = {(row["id"], check["result"]): outcome(row, check) for row, check in CHECKS if check["law"] == law}
    assert {key: what for key, what in seen.items() if what != "as recorded"} == {}


_LAST_NUMBER = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?=(?:e\d+)?[^\d]*\n*$)")


def perturbed(text: str) -> str | None:
    """The page with half more in its claim, None for a table."""
    found = _LAST_NUMBER.search(text)
    if "|" in text or found is None or not re.search(r"[=≈][^=≈]*$", text):
        return None
    digits = found[0].replace(",", "")
    decimals = len(digits.partition(".")[2])
    return f"{text[: found.start()]}{float(digits) * 1.5 + 10.0**-decimals:,.{decimals}f}{text[found.end() :]}"


@pytest.mark.skipif(not CHECKS, reason="no ../shared beside the checkout")
def test_a_wrong_claim_is_found() -> None:
    """A page that agrees and stays so with another claim would agree for nothing."""
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
