"""Of what a number is said: figures of models and devices, and what one part of a page lends another."""

from __future__ import annotations

import pytest

import stratlint

DIGEST = "\n".join(
    f"- Abstract {number}: {text}"
    for number, text in enumerate(
        (
            "We study serving with many experts. " * 20 + "Our layout uses EP=16 for the decode pool.",
            "We compress experts. " * 30 + "At 8 experts the memory falls.",
        )
    )
)

OF_SOMETHING_ELSE = {
    "a drafter's heads in the row of its target": (
        "| Target | Method | Speed-up |\n|---|---|---|\n| Vicuna-7B | drafter (4 heads) | 2.1x |"
    ),
    "a model that a row compares itself with": (
        "| Feature | Small | Note |\n|---|---|---|\n| Layers | 40 | deep |\n| Tokenizer | new | as in Phi-2 |\n| Vocabulary | 32,064 | - |"
    ),
    "the count of one stage": "We cut the Llama-3-70B model's 80 layers into stages, each with 10 layers, over 8 hosts.",
    "the other side of a comparison": "- **16 experts per layer** (vs. 8 in Mixtral-8x7B)",
    "a smaller sister under the same name": "- GPT-3 2.7B: 32 layers, hidden 2,560",
    "a file's size": "| Model | Size |\n|---|---|\n| Qwen2-57B-A14B | 33G |",
    "memory that a model needs, on a page about a card": (
        "The H100 is our card.\n\n- Weights of a large model take about 140 GB of memory, so it is split."
    ),
    "a card named for comparison": "## New card\n\n- **Memory:** 141 GB HBM3e (nearly 2x H100's 80 GB)",
    "experts of another paper in a digest": DIGEST,
    "GPUs under the label of a degree": "The mixture has 8 experts.\n\n1. **Expert parallelism**: You have 64 GPUs; design a layout.",
    "a number that labels a level": "It reaches 70 % on Level 3, more than 20 points above the baseline.",
    "another noun is compared": "With TP=2 the break-even is below 1, so it is rejected.",
    "a company called Together": "| Vendor | Speed |\n|---|---|\n| A | 900 |\n| B | 300 |\n| **Together AI** | 150 |",
    "accountants' brackets": "| Item | M$ |\n|---|---|\n| A | 4 |\n| B | (3) |\n| C | 6 |\n| **Total** | 7 |",
    "transactions per second": "Traffic: 20,000 TPS (transactions per second).\n\n- Queue: 20,000 QPS × 0.5 s = 10,000 requests",
    "a bound is not a degree": "Inference needs at least 2 GPUs, with EP>=2 or PP>=2.",
    "GPUs of each node": "Use `TP=1, EP=16` (2 nodes × 8 GPUs).",
}

OF_THE_NAME = {
    "a row of the model": "| Model | Layers |\n|---|---|\n| Llama-3-70B | 96 |",
    "a column of the model": "| Field | Llama-3-70B | Llama-3-8B |\n|---|---|---|\n| Layers | 96 | 32 |",
    "right behind the name": "Llama-3-70B has 96 layers.",
    "a section of the model": "## Llama-3-70B\n\n- Layers: 96",
    "a card's line": "## A100\n\n- Peak FP32: 312 TFLOPS per GPU",
}


@pytest.mark.parametrize("text", OF_SOMETHING_ELSE.values(), ids=OF_SOMETHING_ELSE.keys())
def test_a_number_of_something_else_is_not_held_against_a_name(text: str) -> None:
    """The nearest name is not always the one a number is said of."""
    assert [finding.message for finding in stratlint.check_text(text).errors] == []


@pytest.mark.parametrize("text", OF_THE_NAME.values(), ids=OF_THE_NAME.keys())
def test_a_number_said_of_a_name_is_compared(text: str) -> None:
    """Row, column, heading and the words right behind a name leave no doubt."""
    assert [finding.rule for finding in stratlint.check_text(text).errors] in (["model-figure"], ["device-figure"])


def test_values_of_several_runs_are_no_restatements() -> None:
    """A log line and the command of another experiment have a global batch of their own."""
    page = "- Global batch: 64 sequences\n\n## Log\n\n```\n--global-batch-size 128\n```\n\nStage 2 has a smaller global batch of 32."

    assert stratlint.check_text(page).errors == ()
