"""Degrees and layers of a stage that only the words in front of a number tell."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.facts.resolve import resolve


def kinds(text: str) -> list[tuple[str, str]]:
    return [(fact.kind, fact.text.split()[0]) for fact in resolve(extract(parse(text))).facts]


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("### 2. Expert Parallelism (primary, 32-way)", "parallel.ep", "32"),
        ("### Tensor Parallelism (TP) - 4-way", "parallel.tp", "4"),
        ("Attention uses tensor parallelism (8-way).", "parallel.tp", "8"),
    ],
)
def test_n_way_behind_the_name_of_a_degree_is_its_value(text: str, kind: str, number: str) -> None:
    assert kinds(text) == [(kind, number)]


@pytest.mark.parametrize("text", ["Expert parallelism (reduced from 16-way)", "Tensor and pipeline parallelism (4-way)", "Routing (4-way)"])
def test_what_it_was_or_what_names_no_degree_is_not(text: str) -> None:
    assert [kind for kind, _ in kinds(text) if kind.startswith("parallel.")] == []


@pytest.mark.parametrize(
    "text", ["4 stages of 6 layers", "4 stages with 6 layers each", "4 pipeline stages, each handling 6 layers", "Each GPU holds 6 layers"]
)
def test_the_layers_of_each_stage_are_no_total(text: str) -> None:
    assert ("placement.layers_per_stage", "6") in kinds(text)


@pytest.mark.parametrize("text", ["4 stages with 24 layers", "24 layers in 4 stages"])
def test_layers_that_are_not_said_to_be_of_each_stage_stay_those_of_the_model(text: str) -> None:
    assert ("model.layers", "24") in kinds(text)


@pytest.mark.parametrize("value", ["4", "4-way"])
def test_a_degree_under_the_heading_that_names_it(value: str) -> None:
    assert kinds(f"## Data parallelism (new)\n\n- **Degree**: {value}\n") == [("parallel.dp", "4")]


@pytest.mark.parametrize("text", ["## Tensor and data parallelism\n\n- Degree: 4\n", "## Graph\n\n- Degree: 4\n"])
def test_a_degree_under_a_heading_that_does_not_say_which(text: str) -> None:
    assert kinds(text) == []
