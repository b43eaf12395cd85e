"""What one rank holds of a model, against the number there are and the degree: pages that are wrong, their twins, and other readings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import rank_shares

LAWS = (rank_shares.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

PAGES = {
    "a sentence, the number published": ("DeepSeek-V3 is served with EP=32 here: {} routed experts per GPU and layer.", "8", "16"),
    "the number in another section": ("# Mix\n\n96 routed experts.\n\n## Decode\n\n**Ranks:** EP=12, {} experts per GPU.", "8", "12"),
    "the only degree of the page": ("# Mixture\n\n- Routed experts: 96\n- EP: 12\n\n## Placement\n\nEach GPU holds {} experts.", "8", "12"),
    "rows of options": ("It has 160 routed experts.\n\n| EP | Experts / GPU / layer |\n|---|---|\n| 8 | 20 |\n| 32 | {} |", "5", "8"),
    "KV heads of a named model": ("# Llama-3.1-70B on one box\n\nThe layout is TP8.\n\n- KV heads: {} per GPU", "1", "2"),
    "query heads of a named model": ("# Llama-3.1-70B on one box\n\nTP=4: each GPU holds {} query heads.", "16", "8"),
    "copies where ranks outnumber KV heads": ("# Llama-3.1-70B\n\nWith TP=16 every GPU holds {} KV heads.", "1", "2"),
    "beside the query heads, whatever the degree": (
        "# Llama-3.1-70B\n\nTP4 was too slow, TP8 is not.\n\n- Query heads: 64 / 8 = 8 per GPU\n- KV heads: {} per GPU", "1", "2"
    ),
    "columns": ("# Llama-3.1-70B\n\n| | Query heads per GPU | KV heads per GPU |\n|---|---|---|\n| a | 16 | 2 |\n| b | 8 | {} |", "1", "2"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_rank_holds_its_share(name: str, refuted: Refuted, settled: Settled) -> None:
    page, right, wrong = PAGES[name]
    assert settled(page.format(right))
    assert {claim.split()[0] for claim in refuted(page.format(wrong))} == {wrong}


@pytest.mark.parametrize(
    "text",
    [
        # copies, and other experts than the routed ones
        "DeepSeek-V3 with EP=16 and 32 redundant experts.\n\n- Experts per GPU: 18",
        "DeepSeek-V3 with EP=16: each GPU holds 20 experts after EPLB.",
        "DeepSeek-V3 with EP=16. Each GPU holds 18 experts, two of them copies of hot experts.",
        "DeepSeek-V3 with EP=16: 17 experts per GPU, the shared one included.",
        "DeepSeek-V3 with EP=16: on average 8 active experts per GPU.",
        # experts of all layers, and what is computed
        "- **Model**: 16 layers, 64 experts per layer\n- **Layout**: EP64, TP2\n\nEach GPU holds 8 experts over all of its layers.",
        "64 experts per layer, EP=64.\n\n- Experts per GPU: 1,024 / (64 × 2) = 8 experts per GPU\n- Balance: even (8 experts per GPU)",
        "- Attention: 16 heads × 64 dimensions = 1024 total\n\n## TP = 8\n\n- Heads: 16 heads ÷ 8 = 2 heads per GPU",
        "- Experts: 64 experts per layer × 16 layers = 1024 total experts\n\n## Ranks\n\n64-way expert parallelism with 1 expert per GPU.",
        # other places, other layouts
        "DeepSeek-V3 with EP=16. Each node holds 128 routed experts.",
        "DeepSeek-V3 runs with EP=16. Moving to EP=64 replaces the 16 experts per GPU by 4.",
        "Mixtral 8x7B with EP=4 puts 2 experts on each GPU; with EP=2 it would be 4 experts per GPU.",
        "# Llama-3.1-70B\n\nPrefill runs TP=4, decode TP=2. In decode each GPU holds 32 query heads and 4 KV heads.",
        # attention that is not split, or split once more
        "Qwen3-235B runs TP=8 with DP attention, so every GPU keeps 4 KV heads.",
        "# Llama-3.1-70B\n\nTP=4 with CP=2: 8 query heads per GPU after the all-to-all, 1 KV head per GPU.",
        "# Llama-3.1-70B and its draft\n\nTP=8. The draft has 4 KV heads per GPU.",
        # two models
        "| | Ours | Llama-3.1-70B |\n|---|---|---|\n| Query heads | 80 | 64 |\n| KV heads | 8 | 8 |\n\nTP=8: 10 query heads per GPU.",
    ],
)
def test_other_shares_are_left_alone(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []
