"""What a command or a configuration sets, held against what the page says; and pages that leave a doubt."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import settings

# What the fixtures of conftest judge.
LAWS = (settings.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

LAYOUT = "| axis | size |\n|---|---|\n| tensor | 6 |\n| pipeline | 5 |\n\n"

PAGES = {
    "a degree of a table": (LAYOUT + "```bash\ngo --pipeline-model-parallel-size {}\n```", "5", "10"),
    "a context of a table": (
        "| setting | value |\n|---|---|\n| context | 49,152 tokens |\n\n```bash\nvllm serve m --max-model-len {}\n```", "49152", "24576"
    ),
    "nodes of a sentence": ("The job runs on 18 nodes with 8 cards each.\n\n```bash\n#SBATCH --nodes={}\n```", "18", "81"),
    "a key of a configuration": (
        "| key | value |\n|---|---|\n| gradient accumulation | 12 |\n\n```yaml\ngradient_accumulation_steps: {}\n```", "12", "21"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_setting_that_the_page_contradicts_is_refuted_and_its_twin_holds(name: str, refuted: Refuted, settled: Settled) -> None:
    page, right, wrong = PAGES[name]
    assert settled(page.format(right))
    assert refuted(page.format(wrong)) == [wrong]


DOUBTFUL = {
    "two commands set two values": LAYOUT + "```bash\ngo --pipeline-parallel-size 10\n```\n\n```bash\ngo --pipeline-parallel-size 20\n```",
    "the page says two values": LAYOUT + "Stage two runs PP=15.\n\n```bash\ngo --pipeline-model-parallel-size 10\n```",
    "what the caller gives": LAYOUT + "```bash\nTP=$1\nPP=${10}\ngo --pp $PP\n```",
    "a sentence of another section": "# Old plan\n\nIt ran on 18 nodes.\n\n# Smoke test\n\n```bash\n#SBATCH --nodes=2\n```",
    "a tutorial with many commands": LAYOUT + "\n\n".join(f"```bash\ngo --pp {n}\n```" for n in (10, 10, 10, 10)),
    "a flag that no run has one of": "| port | 8001 |\n|---|---|\n| retries | 5 |\n\n```bash\ngo --retries 7\n```",
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTFUL)
def test_where_the_page_leaves_a_doubt_nothing_is_said(name: str, refuted: Refuted) -> None:
    assert refuted(DOUBTFUL[name]) == []


def test_billions_behind_a_name_do_not_count_its_things(refuted: Refuted) -> None:
    page = "| Part | Parameters |\n|---|---|\n| Experts | 210 B |\n\n```bash\nrun.py --num-experts 96 --tensor-parallel-size 4\n```\n"
    assert refuted(page) == []


def test_values_that_no_slip_parts_are_two_quantities(refuted: Refuted) -> None:
    page = "```yaml\nlayers: 46\n```\n\n| Part | Parameters |\n|---|---|\n| Q, O | 67,108,864 |\n| Block | {} |\n"
    assert refuted(page.format("402,653,184")) == []
