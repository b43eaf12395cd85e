"""Layouts: the product of the degrees is the number of GPUs, in whatever layout the page writes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import stratlint
from stratlint.laws.judge import Judgement, Outcome
from stratlint.laws.layouts import proposals
from stratlint.meaning.axes import compound, degree_of

# What the fixtures of conftest judge.
LAWS = (proposals,)
Judged = Callable[[str], list[Judgement]]
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


# A text, a number of GPUs that its degrees do not make, and the one that they make.
STATED = [
    ("The trainer runs TP4 × PP2 × DP16 on {} GPUs.", "96", "128"),
    ("With TP = 2, PP = 6 and DP = 8 the job fills {} GPUs.", "80", "96"),
    ("Tensor parallelism (4), pipeline parallelism (3), data parallelism (5) → {} GPUs", "64", "60"),
    ("A tensor-parallel degree of 8, a pipeline-parallel degree of 3 and a data-parallel degree of 4 occupy {} GPUs.", "72", "96"),
    ("All {} GPUs are in use with 4-way tensor parallelism, 2-way pipeline parallelism and 6-way data parallelism.", "36", "48"),
    ("{} GPUs are split 2-way by tensor, 5-way by pipeline and 4-way by data.", "50", "40"),
    ("Eight-way tensor parallelism, three pipeline stages and two replicas need {} GPUs.", "40", "48"),
    ("- TP: 4 (for the bandwidth inside a node)\n- PP: 2\n- DP: 3\n- GPUs: {}\n", "32", "24"),
    ("The mesh is tensor 4, pipeline 4, data 3: {} GPUs.", "36", "48"),
    ("- Tensor parallel size: 4\n- Pipeline parallel size: 8\n- Data parallel size: 3\n- Number of GPUs: {}\n", "128", "96"),
    ("- TP = 2\n- PP = 4\n- DP = 7\n- World size = {}\n", "64", "56"),
    ("| TP | PP | CP | DP | GPUs |\n|---|---|---|---|---|\n| 2 | 2 | 2 | 2 | 16 |\n| 4 | 2 | 2 | 3 | {} |\n", "32", "48"),
    ("| | Small | Large |\n|---|---|---|\n| TP | 2 | 4 |\n| PP | 2 | 4 |\n| DP | 2 | 5 |\n| GPUs | 8 | {} |\n", "64", "80"),
    ("| Layout | TP / PP / DP | GPUs |\n|---|---|---|\n| base | 4 / 3 / 6 | {} |\n", "48", "72"),
    ("| Job | Layout | GPUs |\n|---|---|---|\n| pretrain | TP4-PP3-DP6 | {} |\n", "48", "72"),
    ('```json\n{{"tensor_parallel_size": 4, "pipeline_parallel_size": 2, "data_parallel_size": 9, "world_size": {}}}\n```\n', "64", "72"),
    ("```yaml\nmesh:\n  tp: 2\n  pp: 4\n  dp: 6\ncluster:\n  gpus: {}\n```\n", "64", "48"),
    ("```csv\ntp,pp,dp,gpus\n8,2,3,{}\n```\n", "64", "48"),
    ("We shard with TP=4, PP=4 and DP=3. That takes the cluster of {} GPUs.", "64", "48"),
    ("Layouts are given as TP × PP × DP.\n\nThe long run uses 4 × 2 × 3 on {} GPUs.\n", "32", "24"),
    ("The run named tp4-pp2-dp3 uses {} GPUs.", "32", "24"),
    ("The layout t2p4d3 has a world size of {}.", "32", "24"),
    ("TP/PP/DP = 2/3/4 on {} GPUs.", "32", "24"),
    ("张量并行 4，流水线并行 2，数据并行 5，共 {} 张 GPU。", "32", "40"),
    ("- TP degree: 4\n- PP degree: 2\n- DP degree: 8\n- GPUs per node: 8\n- Nodes: {}\n", "6", "8"),
    ("With TP=4 and PP=3 a copy takes {} GPUs per replica.", "16", "12"),
    ("- Tensor parallel size: 8\n- Pipeline parallel size: 6\n- GPUs: {}\n", "320", "384"),
    ("- Expert parallel size: 16\n- Pipeline parallel size: 8\n- GPUs: {}\n", "64", "256"),
    ("| Quantity | Value |\n|---|---|\n| Shard degree of FSDP | 8 |\n| Replicate degree | 4 |\n| Data parallel size | {} |\n", "16", "32"),
    ("```bash\ntorchrun --nnodes 6 --nproc-per-node 4 train.py\n```\nThe command starts {} ranks.\n", "32", "24"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrong", "right"), STATED)
def test_the_product_of_the_degrees_is_the_number_of_gpus(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert refuted(text.format(wrong))
    assert settled(text.format(right))


HARMLESS = [
    # expert parallelism reuses ranks, or is an axis of its own
    "TP=4, PP=2, DP=8 and EP=8 on 64 GPUs.",
    "TP=1, PP=1, DP=4, EP=16: 64 GPUs.",
    # sequence parallelism shares the tensor ranks, or is an axis
    "TP=4, PP=2, DP=2, SP=4 on 16 GPUs.",
    "TP=2, PP=2, DP=2 and a sequence-parallel degree of 4 on 32 GPUs.",
    # attention replicas within the tensor group
    "TP=8, PP=1, DP=8 and EP=8 on 8 GPUs.",
    # data parallelism is not stated
    "TP=8 and PP=4 on 256 GPUs.",
    "- Tensor parallel size: 8\n- Pipeline parallel size: 4\n- GPUs: 96\n",
    # the GPUs of one degree, of a part, of another pool, of a node
    "TP=8 uses the 8 GPUs of a node, with PP=4 and DP=2 across nodes.",
    "TP=8, PP=2 and DP=3 take 48 of the 64 GPUs.",
    "TP=4, PP=2, DP=4 leaves 8 GPUs spare.",
    "TP=4, PP=2, DP=4; another 12 spare GPUs wait.",
    "TP=4, PP=2 and DP=4 on nodes of 8 GPUs.",
    # two layouts in one sentence, two in one table
    "Prefill runs TP=4, PP=1, DP=2 on 8 GPUs; decode runs TP=8, PP=1, DP=4 on 32 GPUs.",
    "| | Before | After |\n|---|---|---|\n| TP | 4 | 8 |\n| PP | 2 | 1 |\n| DP | 2 | 4 |\n| GPUs | 16 | 32 |\n",
    # no degrees: indices, sizes, other things
    "PP stage 3 holds layers 9-11 and TP rank 5 sits on 24 GPUs.",
    "The context size is 8192, the tensor size 12 and the batch 6 on 24 GPUs.",
    # a degree of one part of the model
    "- Tensor parallel size: 4 (for the attention layers)\n- Pipeline parallel size: 3\n- GPUs: 6\n",
    # what is not asserted
    "Rejected: TP 8, PP 4, DP 2 on 48 GPUs.",
    # one node of several
    "| Node | NPUs | TP | DP |\n|---|---|---|---|\n| Prefill node | 16 | 8 | 4 |\n| Decode node | 16 | 4 | 16 |\n",
    "MP=8 and DP=4 on 48 GPUs.",
    "`--gpus 64 --tp 1 --pp 1 --cp 1 --fsdp 1`",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_a_layout_is_none(text: str, refuted: Refuted) -> None:
    assert not refuted(text)


def test_a_layout_that_fills_its_gpus_holds(judged: Judged) -> None:
    outcomes = {judgement.outcome for judgement in judged("TP=4, PP=2 and DP=8 on 64 GPUs.")}
    assert outcomes == {Outcome.HOLDS}


@pytest.mark.parametrize(
    ("name", "axis"),
    [
        ("tensor model parallel size", "tensor"), ("pipeline stages", "pipeline"), ("data parallel replicas", "data"), ("ep", "expert"),
        ("expert tensor parallel size", "expert tensor"), ("world size", "world"), ("fsdp degree", "shard"), ("张量并行度", "tensor"),
    ],
)  # fmt: skip
def test_a_name_of_an_axis_is_read_in_many_forms(name: str, axis: str) -> None:
    degree = degree_of(name.split())
    assert degree is not None
    assert degree.axis == axis


@pytest.mark.parametrize(
    "name", ["context size", "tp rank", "pipeline stage", "tp groups", "data volume", "expert count", "sequence length"]
)
def test_sizes_indices_and_volumes_are_no_degrees(name: str) -> None:
    assert degree_of(name.split()) is None


def test_other_names_with_letters_and_digits_are_no_layouts() -> None:
    assert [compound(word) for word in ("p4d", "h100", "t4", "dp", "gpt3", "tp8x", "ep0b1")] == [()] * 7


@pytest.mark.parametrize("lead", ["**Considered and dropped**", "Rejected:", "## Options we dropped"])
def test_a_list_of_what_was_dropped_is_no_layout_of_the_plan(lead: str, refuted: Refuted) -> None:
    plan = "- TP: 2\n- PP: 4\n- DP: 1\n- GPUs: 8\n\n"
    assert refuted(f"{plan}{lead}\n\n- TP = 8: too slow\n- DP = 8: too much memory\n") == []


def test_a_label_names_the_result_of_its_line_not_the_first_operand(refuted: Refuted, settled: Settled) -> None:
    page = "- TP = 8\n- PP = 4\n- DP = 8\n- World size: 8 × 4 × 8 = {}\n"
    assert settled(page.format(256))
    assert refuted(page.format(128)) == ["128"]


def test_the_world_size_is_the_result_of_its_line(refuted: Refuted) -> None:
    page = "- TP = 8\n- PP = 16\n- DP = {}\n- World size: 8 × 16 × 4 = 512 GPUs, or 64 nodes of 8\n"
    assert refuted(page.format(4)) == []
    assert "8" not in refuted(page.format(2))


def test_the_same_gpus_as_another_axis_are_not_all_of_them(refuted: Refuted) -> None:
    page = "- **TP = 8** for attention\n- **EP = 8** for the experts, on {} 8 accelerators\n- **PP = 2**\n- **DP = 2**\n"
    assert refuted(page.format("the same")) == []
    assert refuted(page.format("a total of")) == ["8 accelerators"]


def test_a_number_of_gpus_that_is_a_factor_of_one_is_not_all_of_them(refuted: Refuted) -> None:
    assert refuted("- 3 B300 nodes × 8 GPUs = 24 GPUs, one replica per GPU (TP1), 24 replicas") == []
    assert refuted("- 3 B300 nodes × 8 GPUs = 24 GPUs, one replica per GPU (TP1), 32 replicas") != []


def test_a_table_of_layouts_fills_the_gpus_that_the_page_around_it_states(refuted: Callable[[str], list[str]]) -> None:
    table = (
        "All options use the same 256 GPUs.\n\n| Option | TP | PP | DP | Verdict |\n|---|---|---|---|---|\n"
        "| A | 8 | 4 | 8 | chosen |\n| B | 8 | 8 | 4 | deeper |\n| D | 8 | 2 | 16 | heavier |\n| C | 4 | 8 | {} | dropped |\n"
    )
    assert refuted(table.format(8)) == []
    assert refuted(table.format(16)) == ["16"]
    assert refuted(table.format(16).replace("256", "384")) == []  # which of them fills the cluster?


def test_a_sentence_that_computes_its_gpus_says_of_which_nodes_they_are(refuted: Refuted) -> None:
    page = "- 40 nodes\n- 4 GPUs per node\n\n## Cost\n\n{}\n"
    assert refuted(page.format("The job fills 172 GPUs.")) == ["172 GPUs"]
    assert refuted(page.format("The reserve is paid for, too: 43 nodes × 4 = 172 GPUs")) == []


SPARES = "| GPUs per node | 8 |\n|---|---|\n| Compute nodes | 64 |\n{}| Physical GPUs | 528 |\n"


def test_spare_nodes_hold_gpus_too() -> None:
    """What the nodes of the job hold is no bound where the page lists others."""
    assert not stratlint.check_text(SPARES.format("| Spare nodes | 2 |\n")).findings
    assert stratlint.check_text(SPARES.format("")).findings
