"""Zero, negative, beyond floats, no number, 400 digits: whatever a page says, a check ends with findings or without.

`make extremes` sets every number of every rule's examples to each of them; here is a sample of these pages.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from stratlint.rules import engine

SCRIPT = Path(__file__).parents[1] / "scripts" / "extremes.py"
EVERY = 97  # no multiple of the number of extremes: all of them take part


@pytest.fixture(scope="module")
def extremes() -> ModuleType:
    spec = importlib.util.spec_from_file_location("extremes", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["extremes"] = module  # its dataclasses are looked up by name
    spec.loader.exec_module(module)
    return module


def test_no_extreme_breaks_a_rule(extremes: ModuleType) -> None:
    chosen = list(extremes.pages())[::EVERY]
    assert {page.extreme for page in chosen} == set(extremes.EXTREMES)
    assert [(page.origin, page.extreme, each) for page in chosen for each in extremes.troubles_of(page)] == []


def page(extremes: ModuleType, text: str = "2 × 3 = 7\n") -> object:
    return extremes.Page("here", "zero", text)


def kinds(extremes: ModuleType) -> set[str]:
    return {trouble.kind for trouble in extremes.troubles_of(page(extremes))}


def test_a_rule_that_fails_is_noticed(extremes: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "load_check", lambda name: lambda *_: iter([None]))
    assert kinds(extremes) == {"exit code", "problem"}
    monkeypatch.setattr(engine, "load_check", lambda name: lambda *_: [][0])
    assert kinds(extremes) == {"exit code", "failing rule"}


def test_an_exception_is_noticed(extremes: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extremes, "stratlint", lambda _: 1 // 0)
    assert kinds(extremes) == {"exception"}


@pytest.mark.parametrize(("computed", "noticed"), [("inf GB", True), ("-inf", True), ("nan %", True), ("6", False), ("1.5 info", False)])
def test_a_finding_that_computed_no_number_is_noticed(extremes: ModuleType, computed: str, noticed: bool) -> None:
    finding = {"rule": "r", "message": "m", "computed": computed, "formula": "", "readings": []}
    output = extremes.json.dumps({"documents": [{"findings": [finding]}]})
    found = {trouble.kind for trouble in extremes._of_output(page(extremes), output)}
    assert found == ({"no result"} if noticed else set())


def test_what_is_no_json_is_noticed(extremes: ModuleType) -> None:
    for output in ('{"documents": [{"findings": [], "share": NaN}]}', "", "no findings"):
        assert {trouble.kind for trouble in extremes._of_output(page(extremes), output)} == {"output"}
