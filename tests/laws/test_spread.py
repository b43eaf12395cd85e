"""What is spread over the ranks of an axis, each wrong page with a twin that holds; and what is not spread."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import spread

# What the fixtures of conftest judge.
LAWS = (spread.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

PAGES = {
    "each rank": ("With 96 experts and EP 12, each rank hosts {} experts.", "8", "16"),
    "on each GPU": ("EP=24 over 144 routed experts puts {} experts on each GPU.", "6", "12"),
    "per rank, elided": ("The 144 routed experts are spread over EP24, i.e. {} per rank.", "6", "8"),
    "a list": ("- Experts: 96\n- EP: 12\n- Experts per GPU: {}\n", "8", "12"),
    "a table": ("| | experts | EP | experts/rank |\n|---|---|---|---|\n| a | 96 | 12 | 8 |\n| b | 144 | 24 | {} |", "6", "12"),
    "layers of a stage": ("- Layers: 72\n- PP: 6\n- Layers per stage: {}\n", "12", "18"),
    "beside a computation": ("With 96 experts and EP 12, each rank hosts {} experts, each kept 48 / 12 = 4 times.", "8", "16"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_share_of_one_rank_is_all_over_the_degree(name: str, refuted: Refuted, settled: Settled) -> None:
    page, right, wrong = PAGES[name]
    assert settled(page.format(right))
    assert [claim.split()[0] for claim in refuted(page.format(wrong))] == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        # it divides by another number, and says so
        "EP=12 keeps 96 experts / 4 = 24 experts per GPU group.",
        "- Top-k experts: 2\n- EP: 12\n- Experts per GPU: 8\n",
        "With EP 12 and 96 experts, each token activates 4 experts.",
        "With EP 12, the 96 experts and 24 redundant copies give 10 experts per GPU.",
    ],
)
def test_other_experts_are_not_spread(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


def test_layers_of_a_stage_are_held_against_the_depth_and_the_stages_of_the_page(refuted: Refuted, settled: Settled) -> None:
    page = "# Model\n\nThe model has 72 layers.\n\n# Layout (PP=6)\n\nEach stage owns {} consecutive layers.\n"
    assert settled(page.format(12))
    assert [claim.split()[0] for claim in refuted(page.format(16))] == ["16"]


def test_a_label_per_place_names_what_a_line_results_in(refuted: Refuted) -> None:
    assert refuted("- **Experts per GPU:** 96 experts over EP = 24 → 4 experts per GPU") == []
    assert refuted("- **Experts per GPU:** 96 experts over EP = 24 → 6 experts per GPU") == ["6 experts per GPU"]


PLACES = "- The mixture has 96 experts.\n\nThe mixture runs with EP=12.\n\n## Placement\n\n- Experts per GPU: {}\n"


def test_every_expert_has_a_place(refuted: Refuted) -> None:
    """Fewer places than experts are no placement; more hold copies."""
    assert refuted(PLACES.format(6)) == ["6"]
    assert not refuted(PLACES.format(8))
    assert not refuted(PLACES.format(9))


def test_two_degrees_of_expert_parallelism_place_nothing_together(refuted: Refuted) -> None:
    assert not refuted(PLACES.format(6) + "\nThe decode pool runs with EP=16.\n")


def test_a_page_with_a_mixture_that_fits_one_rank_is_about_several_models(refuted: Refuted) -> None:
    assert not refuted(PLACES.format(6) + "\nThe small mixture has 6 experts.\n")
