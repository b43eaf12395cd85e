"""The degrees that a command sets against the layout the page plans: a proof, a warning, or nothing where it may be another run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import launches
from stratlint.laws.judge import Judgement, Outcome

# What the fixtures of conftest judge.
LAWS = (launches.proposals,)
Judged = Callable[[str], list[Judgement]]
Settled = Callable[[str], bool]

PLAN = "# Gannet run\n\nWe train with TP 6 × PP 5 × DP 4 = 120 GPUs.\n\nEach of the 5 pipeline stages has 12 layers.\n\n"

PAGES = {
    "a sentence with its product": (
        PLAN + "## Launch\n\n```bash\ntorchrun --nnodes 20 --nproc-per-node 6 go.py --tensor-model-parallel-size 6 "
        "--pipeline-model-parallel-size {}\n```\n", "5", "10"
    ),
    "a list, and GPUs in another line": (
        "# Plan\n\n- GPUs: 96\n- Layout: TP=4, PP=3, DP=8\n\n## How to start\n\n```bash\ngo --tp 4 --pp {}\n```\n", "3", "6"
    ),
    "a configuration": (PLAN + "## Configuration\n\n```yaml\nparallelism:\n  tensor: {}\n  pipeline: 5\n```\n", "6", "12"),
    "keys of an object": (PLAN + "## Settings\n\n"
    "```json\n{{\"tensor_model_parallel_size\": 6, \"pipeline_model_parallel_size\": {}}}\n```\n", "5", "3"),
    "serving in a conclusion": (
        "# Service\n\n**TP = 6 × DP = 3**, one copy a node.\n\n## Start\n\n"
        "```bash\nvllm serve m --tensor-parallel-size {}\n```\n\n## Result\n\n"
        "TP = 6 × DP = 3 on 18 GPUs answers 40 users.\n", "6", "3"
    ),
    "two places that agree": (
        "# Pool\n\nExperts are spread with EP=24.\n\n## Layout\n\n- Experts: EP = 24 over all cards\n\n## Launch\n\n"
        "```bash\npython -m sglang.launch_server --ep-size {} --nnodes 3\n```\n", "24", "12"
    ),
    "a heading": ("# Run\n\n## Layout: TP 6 × PP 5 × DP 4 on 120 GPUs\n\nIt stays so.\n\n## Command\n\n"
    "```bash\ngo --pp {}\n```\n", "5", "10"),
    "a table of keys": (
        "# Run\n\n| Setting | Value |\n|---|---|\n| GPUs | 120 |\n| TP | 6 |\n| PP | 5 |\n| DP | 4 |\n\n## Command\n\n"
        "```bash\ngo --tp 6 --pp {}\n```\n", "5", "10"
    ),
}  # fmt: skip


def _wrong(judged: Judged, page: str) -> list[tuple[str, bool]]:
    return [(each.proposal.claim.amount.text, each.proposal.forced) for each in judged(page) if each.outcome is Outcome.REFUTED]


@pytest.mark.parametrize("name", PAGES)
def test_a_degree_that_the_plan_contradicts_is_proved_and_its_twin_holds(name: str, judged: Judged, settled: Settled) -> None:
    page, right, wrong = PAGES[name]
    assert settled(page.format(right))
    assert _wrong(judged, page.format(wrong)) == [(wrong, True)]


COMMAND = "```bash\ngo --tp 6 --pp 10\n```\n"
QUIET = {
    "one copy of several": PLAN + "## Launch\n\n```bash\ngo --tp 6 --pp 5 --dp 1\n```\n",
    "a served model of a page about training": (
        PLAN + "Gradients are reduced in FP32.\n\n## Serving\n\n"
        "```bash\nvllm serve m --tensor-parallel-size 3\n```\n"
    ),
    "a smoke test by its heading": PLAN + "## Smoke test\n\n" + COMMAND,
    "a smoke test by its comment": PLAN + "## Launch\n\n```bash\n# smoke test on two nodes\ngo --tp 6 --pp 10\n```\n",
    "a debugging command by the sentence above": PLAN + "## Launch\n\nTo debug the loader we take a smaller one:\n\n" + COMMAND,
    "a section of the former plan": PLAN + "## Previous plan\n\n" + COMMAND,
    "a role by its comment": PLAN + "## Launch\n\n```bash\n# decode\ngo --tp 6 --pp 10\n```\n",
    "a role by its key": PLAN + "## Config\n\n```yaml\nprefill:\n  tensor_parallel: 6\n  pipeline_parallel: 10\n```\n",
    "a role by its mode": PLAN + "## Launch\n\n```bash\ngo --disaggregation-mode decode --tp 6 --pp 10\n```\n",
    "two commands with two values": PLAN + "## Launch\n\n" + COMMAND + "\n" + COMMAND.replace("10", "5"),
    "two plans": PLAN + "The second pool runs TP 6 × PP 10 × DP 2 = 120 GPUs.\n\n## Launch\n\n" + COMMAND,
    "another value in a sentence": PLAN + "In week two we change to PP=10.\n\n## Launch\n\n" + COMMAND,
    "another layout altogether": PLAN + "## Launch\n\n```bash\ngo --tp 3 --pp 10\n```\n",
    "ranks of another job": PLAN + "## Launch\n\n```bash\ntorchrun --nnodes 2 --nproc-per-node 6 go.py --tp 6 --pp 2\n```\n",
    "a tensor size that counts all ranks": (
        "# Pool\n\nAttention runs TP 1 × DP 16 on 16 GPUs.\n\nTP=1, as said.\n\n## Launch\n\n"
        "```bash\npython -m sglang.launch_server --tp-size 16 --dp-size 16\n```\n"
    ),
    "the draft model's degree": PLAN + "## Launch\n\n```bash\ngo --tp 6 --speculative-draft-tensor-parallel-size 1\n```\n",
    "GPUs of a node": PLAN + "## Launch\n\n```bash\ntorchrun --nproc-per-node 8 go.py --tp 6\n```\n",
    "one mention is no plan": "# Pool\n\nIt runs TP=4.\n\n## Launch\n\n```bash\ngo --tp 8\n```\n",
    "a remark behind the value": (
        PLAN + "## Config\n\n"
        "```yaml\ntensor: 6\npipeline: 10  # twice the stages, each holds half a layer group\n```\n"
    ),
    "degrees of a part of the model": PLAN + "## Launch\n\n```bash\ngo --tp 6 --vision-tp 2\n```\n",
    "a value that the caller gives": PLAN + "## Launch\n\n```bash\nPP=${10}\ngo --pp $PP\n```\n",
}  # fmt: skip


@pytest.mark.parametrize("name", QUIET)
def test_what_may_be_another_run_is_left_alone(name: str, judged: Judged) -> None:
    assert _wrong(judged, QUIET[name]) == []


OPTIONS = "| Layout | Bubble |\n|---|---|\n| TP 6 × PP 5 × DP 4 | 8 % |\n| TP 6 × PP 10 × DP 2 | 12 % |\n\n"
OTHERS = {
    "an option that the page compares": (
        "# Gannet run\n\nWe train with TP 6 × PP 5 × DP 4 = 120 GPUs.\n\n"
        "" + OPTIONS + "## Launch\n\n" + COMMAND
    ),
    "what was rejected": PLAN + "Rejected: PP=10 would be slower.\n\n## Launch\n\n" + COMMAND,
    "what another cluster runs": (
        PLAN + "Others report 41 % at 480 GPUs with TP6, PP10 and DP8.\n\n## Launch\n\n"
        "```bash\ntorchrun --nnodes 15 --nproc-per-node 8 go.py --tp 6 --pp 10\n```\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_a_command_does_not_start_what_the_page_did_not_choose(name: str, judged: Judged) -> None:
    assert [forced for _, forced in _wrong(judged, OTHERS[name])] == [True]


WARNED = {
    "an introduction that says more": PLAN + "## Launch\n\nOn the Oslo floor start it with:\n\n" + COMMAND,
    "a heading that says more": PLAN + "## Launch on the Oslo floor\n\n" + COMMAND,
    "the data axis, of which the text may be wrong as well": PLAN + "## Launch\n\n```bash\ngo --tp 6 --pp 5 --dp 8\n```\n",
}  # fmt: skip


@pytest.mark.parametrize("name", WARNED)
def test_a_doubt_makes_it_a_warning(name: str, judged: Judged) -> None:
    assert [forced for _, forced in _wrong(judged, WARNED[name])] == [False]
