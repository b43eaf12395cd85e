"""A rule must notice a changed number: perturb the verified numbers of right documents and see who complains."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def mutation() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutation", ROOT / "scripts" / "mutation.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutation"] = module
    spec.loader.exec_module(module)
    return module


def test_most_changed_numbers_of_right_documents_are_noticed(mutation: ModuleType) -> None:
    text = (ROOT / "fixtures" / "verified_strategy.md").read_text(encoding="utf-8")
    mutants = list(mutation.mutants_of("verified_strategy.md", text))
    caught = [mutant for mutant in mutants if mutation.noticed(mutant)]
    assert len(mutants) >= 20
    missed = [f"{mutant.line}: {mutant.was} -> {mutant.became}" for mutant in mutants if mutant not in caught]
    assert len(caught) / len(mutants) >= 0.8, "\n".join(missed)


def test_a_mutant_differs_in_one_number_far_beyond_its_last_digit(mutation: ModuleType) -> None:
    text = "64 × 16 = 1,024"
    mutants = list(mutation.mutants_of("x.md", text))
    assert [mutant.became for mutant in mutants] == [("88", "47"), ("22", "12"), ("1,403", "747")]
    assert "64 × 16 = 1,403" in mutants[2].texts


def test_a_bound_notices_a_change_that_crosses_it(mutation: ModuleType) -> None:
    text = "- Parameters: 70B\n- Checkpoint size: 140 GB\n"
    (mutant,) = [mutant for mutant in mutation.mutants_of("x.md", text) if mutant.rule == "checkpoint-size"]
    assert not mutation.noticed(mutant)
    assert mutation.noticed(mutant, far=True)
