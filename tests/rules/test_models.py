"""Figures of named models."""

from __future__ import annotations

from pathlib import Path

import pytest

import stratlint
from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.facts.resolve import resolve
from stratlint.resources import data_folder
from stratlint.rules.engine import run_rules
from stratlint.rules.finding import Finding
from stratlint.rules.rule import load_rule_files


def findings(text: str, file: str) -> list[Finding]:
    """What the rules of one file say of *text*."""
    rules = load_rule_files([Path(data_folder("rules")) / file])
    found = run_rules(resolve(extract(parse(text, "page.md"))), rules, {}).findings
    return list(found)


MODELS = "parameters.yaml"


@pytest.mark.parametrize(
    ("text", "computed"),
    [
        (
            "## Llama-3.1-70B\n\n- Dimensions: vocabulary 32,000, 80 layers, 8 KV heads, 64 query heads, hidden 8,192\n",
            "128,256",
        ),
        ("The model is DeepSeek-V3: a token is sent to 6 of the 256 routed experts.\n", "8"),
        ("Qwen3-235B-A22B has 94 layers. Its layers have 128 experts with 16 active per token.\n", "8"),
        ("# Serving Mixtral 8x7B\n\n| Item | Size |\n|---|---|\n| Parameters in all | 56B |\n", "46.7B"),
        ("DeepSeek-V3 has 671B parameters, of which 47B are active.\n", "37.55B"),
        # the number of heads is no excuse where layers are counted
        ("Llama-3.1-70B has 64 layers.\n", "80"),
        ("Llama-3.1-70B has 80 layers and a hidden size of 4,096.\n", "8,192"),
        ("We start from Mixtral 8x22B (13B active parameters) and fine-tune it.\n", "39.16B"),
    ],
)
def test_wrong_figures_of_a_named_model(text: str, computed: str) -> None:
    (found,) = findings(text, MODELS)
    assert (found.rule, found.computed) == ("model-figure", computed)


@pytest.mark.parametrize(
    "text",
    [
        "## Llama-3.1-70B\n\n- Dimensions: vocabulary 128,256, 80 layers, 8 KV heads, 64 query heads, hidden 8,192\n",
        "DeepSeek-V3 has 671B parameters, 37B of them active, and 61 layers.\n",
        # derived, compared and partial
        "A Llama-3.1-70B-shaped model with 64 layers, hidden 6,144 and 48 query heads.\n",
        "Our 44 layers, hidden 6,144, 48 heads are fewer than Llama-3.1-70B has.\n",
        "Llama-3.1-70B on 4 stages: 20 layers per stage, 8 heads per GPU.\n",
        "The draft model for Llama-3.1-70B has 16 layers.\n",
        "## Llama-3.1-70B\n\n> 80 layers, hidden 8,192, 64 heads, vocabulary 32,000\n",
        "Llama-3.1-70B has 80 layers and our draft has 16 layers with a hidden size of 4,096.\n",
        # a sentence that has the figure right says what each card gets of it
        "Mistral Large 2 has 96 query heads and 8 key-value heads, so TP 8 puts 12 query heads on each GPU.\n",
        # two models in one sentence
        "Llama-3.1-70B and Mixtral 8x7B: 40 layers, hidden 5,120, 40 heads.\n",
        # no model at all
        "The model has 44 layers, 48 heads, 8 KV heads, hidden 6,144.\n",
    ],
)
def test_silence(text: str) -> None:
    assert findings(text, MODELS) == []


@pytest.mark.parametrize("layout", [
    "| Field | DeepSeek-V3 |\n|---|---|\n| Parameters | 671 B total / {} B active per token |\n",
    "# DeepSeek-V3\n\n| Item | Value |\n|---|---|\n| Parameters | 671B total / {}B activated |\n",
    "# DeepSeek-V3\n\n- Parameters: 671B total, {}B activated\n",
    "# DeepSeek-V3\n\n- **Parameters:** 671B total (37B active)\n- **Size:** 671B parameters / {}B active per token\n",
])  # fmt: skip
def test_total_and_active_parameters_side_by_side(layout: str) -> None:
    assert [f.rule for f in stratlint.check_text(layout.format(21)).errors] == ["model-figure"]
    assert not stratlint.check_text(layout.format(37)).errors


@pytest.mark.parametrize("text", [
    "# DeepSeek-V3\n\n| Item | Value |\n|---|---|\n| Share of a GPU | 671 B / 21 GPUs |\n",
    "# DeepSeek-V3\n\n| Item | Value |\n|---|---|\n| Parameters of a rank | 17 B attention / 20 B experts |\n",
    "# DeepSeek-V3 beside the small one\n\n| Item | Value |\n|---|---|\n| Small, parameters | 230 B total / 10 B active |\n",
])  # fmt: skip
def test_a_ratio_and_the_parts_of_a_rank_are_no_sizes_of_the_model(text: str) -> None:
    assert not stratlint.check_text(text).errors
