"""Right figures that look wrong, in the forms in which other public documents write them."""
from __future__ import annotations

import pytest

import stratlint


def errors(text: str) -> list[str]:
    return [f"{finding.rule}: {finding.message}" for finding in stratlint.check(text).errors]


@pytest.mark.parametrize("text", [
    "- Expert weights: ~2 GB per expert (8 experts × 2 GB = 16 GB in all)\n",
    "- Boot: ~140 ms (+ 1.2 s for the snapshot)\n",
    "- Quota: 1.5 TB (96 GB × 16 = 1536 GB)\n",
])  # fmt: skip
def test_a_bracket_may_go_on_from_the_figure_before_it(text: str) -> None:
    assert errors(text) == []


def test_a_bracket_that_ends_elsewhere_is_still_found() -> None:
    assert errors("- Parameters: ~900M (16 experts × 2048 × 1024 = 34M)\n") != []


@pytest.mark.parametrize("text", [
    "- Heads: 32 heads across 12 GPUs, a non-uniform distribution\n",
    "The plan runs a 16-layer model with 128 experts across 128 GPUs with perfect balance.\n",
])  # fmt: skip
def test_what_is_not_called_even_need_not_be(text: str) -> None:
    assert errors(text) == []


def test_the_name_of_the_former_strategy_differs_from_the_plan() -> None:
    text = "- EP: 8\n- TP: 2\n\nThe previous EP16-TP2 layout was slower.\n"

    assert errors(text) == []


def test_a_profile_lists_its_longest_operations() -> None:
    rows = "".join(f"| op{i} | {time} |\n" for i, time in enumerate((610, 320, 180, 110, 75, 46)))

    assert errors(f"| Operation | Time (ms) |\n|---|---|\n{rows}| Total | 1,690 |\n") == []


def test_a_bound_is_no_total() -> None:
    text = "- Weights: 264 MB\n- Weights per element: 2 bytes\n- Activations per element: 2 bytes\n- Total: ≤ 60 GB\n"

    assert errors(text) == []


def test_the_number_of_a_section_counts_nothing() -> None:
    text = "Each of the 16 layers has 16 experts; the cluster has 16 GPUs in total.\n\n### 1.1 Single-Expert-Per-GPU Layout\n\nText.\n"

    assert errors(text) == []


def test_a_year_is_no_amount_that_changed() -> None:
    assert errors("Queries: 780M in May 2025 against 230M in mid-2024 (3.4x more)\n") == []


def test_a_decode_step_delivers_one_token_a_sequence() -> None:
    text = "| Batch | Weights | Step latency | Throughput (tok/s) |\n|---|---|---|---|\n| 16 | 107 GB | 20.3 ms | 788 |\n| 32 | 214 GB | 36.6 ms | 874 |\n"

    assert errors(text) == []


def test_one_gpu_is_what_a_cluster_is_compared_with() -> None:
    text = "- TP: 8\n- PP: 8\n\n| Setup | GPUs | Speed |\n|---|---|---|\n| single GPU | 1 | 1.0x |\n| cluster | 64 | 58x |\n"

    assert errors(text) == []


def test_rows_with_signs_are_changes_and_no_parts() -> None:
    rows = "".join(f"| op{i} | +{time} ms |\n" for i, time in enumerate((178, 185, 53)))

    assert errors(f"| Operation | Change |\n|---|---|\n{rows}| op9 | -14 ms |\n| Total | +370 ms |\n") == []


def test_a_ratio_may_be_given_as_what_it_adds() -> None:
    assert errors("Recomputation needs one additional pass, 4/3 = 33 %.\n") == []
    assert errors("The share of the cards in use is 3/4 = 33 %.\n") != []


def test_the_steps_of_a_reduction_are_not_two_values_of_one_memory() -> None:
    steps = "## Tensor parallelism\n\n- Memory use: {} 60 GB\n\n## Pipeline parallelism\n\n- Memory use: {} 30 GB\n"

    assert errors(steps.format("120 GB →", "60 GB →")) == []
    assert errors(steps.format("", "")) != []
