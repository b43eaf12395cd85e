"""Identity: what a page states twice has one value; what only looks like the same quantity is left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws.identity import proposals
from stratlint.laws.judge import Judgement, Outcome
from stratlint.meaning.keys import key_of

# What the fixtures of conftest judge.
LAWS = (proposals,)
Judged = Callable[[str], list[Judgement]]
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


FLAGS = "```bash\nserve --tensor-parallel-size 4 --max-model-len {}\n```\n"
# A text, a value that its second statement may not have, and the one it must have.
STATED = [
    ("The cluster has 96 GPUs. All {} GPUs of the cluster are busy.", "88", "96"),
    ("# A run on 512 GPUs\n\nTotal GPUs: {}\n", "384", "512"),
    ("- Number of nodes: 24\n- Fabric: Ethernet\n\nIn short: The number of nodes is {}.\n", "20", "24"),
    ("- Global batch size: 640\n\nThe global batch size is {}.\n", "512", "640"),
    ("- Step time: 12.5 s\n\nTo sum up: the step time is {}.\n", "14.5 s", "12.5 s"),
    ("- Price per node-hour: $28.00\n\nIn summary: the price per node-hour is {}.\n", "$31.50", "$28.00"),
    ("- Memory used per GPU: 41 GB\n\nThe memory used per GPU is {}.\n", "53 GB", "41 GB"),
    ("The hidden size is 6,144 (config: `hidden_size = {}`).\n", "7168", "6144"),
    ("We train with a vocabulary size of 64,000. In the launch script the vocabulary size is {}.\n", "32,000", "64,000"),
    ("| Parameter | Value |\n|---|---|\n| Pipeline parallel | 6 |\n\nAs the table says, the pipeline-parallel degree is {}.\n", "3", "6"),
    ("The tensor-parallel degree is 4.\n\n```yaml\ntensor_parallel_size: {}\n```\n", "8", "4"),
    ("The maximum context length is 65536.\n\n" + FLAGS, "32768", "65536"),
    ('```json\n{{"num_hidden_layers": 48}}\n```\nAll {} layers are alike.\n', "40", "48"),
    ("Strategy: TP{}-PP2-DP4\n\n- Tensor parallel size: 8\n- Network: fast\n", "4", "8"),
    ("The fee is $3.20 per GPU-hour; at this fee of {} per GPU-hour the budget holds.", "$2.90", "$3.20"),
    ("The model has 36 layers; all {} layers use the same kernel.", "32", "36"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrong", "right"), STATED)
def test_a_quantity_that_is_stated_twice_has_one_value(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert refuted(text.format(wrong))
    assert settled(text.format(right))


def test_the_same_value_in_two_places_is_confirmed(judged: Judged) -> None:
    assert {judgement.outcome for judgement in judged("- MFU: 43%\n\nThe MFU is 43%.\n")} == {Outcome.HOLDS}


HARMLESS = [
    # parts, pools, holders, spares
    "- GPUs: 64\n\n12 GPUs serve logins.\n",
    "The cluster has 128 GPUs. All 32 GPUs of the decode pool are busy.",
    "- Nodes: 16\n- Spare nodes: 2\n\nThe plan has 2 spare nodes.\n",
    "The model has 80 layers; all 8 layers of the vision tower are frozen.",
    "The cluster has 64 GPUs, 8 per node. Each node has 8 GPUs.",
    # another model, another run, another time, what may be
    "The 8B model needs 16 GB. The 30B model needs 60 GB.",
    "## Model A\n\n- Layers: 32\n\n## Model B\n\n- Layers: 48\n",
    "```bash\nserve --tensor-parallel-size 4\n```\n\n```bash\nserve --tensor-parallel-size 8\n```\n",
    "- Throughput: 900 tokens/s\n\nPreviously the throughput was 700 tokens/s.\n",
    "- GPUs: 64\n\nThe cluster can grow to 128 GPUs.\n",
    "- Batch size: 32\n\nTry a batch size of 64 when memory allows.\n",
    "- Data parallel size: 8\n\nIf needed, the data parallel size would be 16.\n",
    "- Step time: 12 s\n\nThe step time is reduced from 15 s to 12 s.\n",
    # limits, averages and peaks of one name
    "- Latency: 120 ms\n\nThe maximum latency is 300 ms.\n",
    "- Memory: 60 GB\n\nThe memory limit is 80 GB.\n",
    # rows, variants, ranges, lists of values
    "| TP | PP |\n|---|---|\n| 2 | 8 |\n| 4 | 4 |\n\nThe TP degree is 8.\n",
    "- Checks: 3\n- Batch sizes: 8, 16, 32\n\nThe batch size is 16.\n",
    "At DP1×SP8 the gain is large. At DP4×SP2 it is small.",
    # results of computations, symbols, indices
    "| Weights | 62 GB |\n|---|---|\n\nOver 16 ranks 16 × 62 GB = 992 GB of weights.\n",
    "Here $F = 8192$ is large. Elsewhere $F = 256$ is small.",
    "P0 → P1 (chunk 2), P1 → P2 (chunk 3).",
    "- Test 2: 40 ms\n- Test 3: 60 ms\n\nThe test of 60 ms is last.\n",
    # the same digits, rounded
    "- Weights: 140 GB\n\nThe weights are about 139.6 GB.\n",
    "There are 8 query heads for each KV head.\n\nThe number of heads is 64.\n",
]


LISTS = "- Number of GPUs: 48\n- Fabric: Ethernet\n\n## {}\n\n- Number of GPUs: {}\n- Racks: 3\n"
TABLE = "| Parameter | Value |\n|---|---|\n| Global batch size | {} |\n"
TABLES = TABLE.format("768") + "\nMore.\n\n" + TABLE
SECTIONS = "# Plan\n\n## Model\n\n- Hidden size: 3,072\n\n## {}\n\nThe hidden size is {}.\n"
TWICE = [
    (LISTS.format("Cluster", "{}"), "96", "48"),
    (LISTS.format("2. Hardware", "{}"), "96", "48"),
    (TABLES, "512", "768"),
    (SECTIONS.format("Memory", "{}"), "4,096", "3,072"),
    ("- Peak memory: 61 GB\n- Nodes: 4\n- Peak memory: {} GB\n", "66", "61"),
    ("| Parameter | Value |\n|---|---|\n| Sequence length | 4,096 |\n| Heads | 48 |\n| Sequence length | {} |\n", "8,192", "4,096"),
]


@pytest.mark.parametrize(("text", "wrong", "right"), TWICE)
def test_a_label_that_says_enough_has_one_value_on_the_page(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert len(refuted(text.format(wrong))) == 1
    assert settled(text.format(right))


@pytest.mark.parametrize(
    "text",
    [
        # headings and captions that name a holder
        LISTS.format("Decode", "96"),
        LISTS.format("Cluster North", "96"),
        SECTIONS.format("The draft model", "4,096"),
        SECTIONS.format("Option B", "4,096"),
        "# A on 48 GPUs\n\n- Number of GPUs: 48\n\n# B on 96 GPUs\n\n- Number of GPUs: 96\n",
        "Prefill pool:\n\n- Number of GPUs: 48\n\nDecode pool:\n\n- Number of GPUs: 96\n",
        # two records: more than one label in both
        LISTS.format("Cluster", "96").replace("Racks: 3", "Racks: 3\n- Fabric speed: 400 Gb/s").replace("Ethernet", "x\n- Racks: 2"),
        "- Layers: 4\n- Hidden size: 512\n- Layers: 8\n- Hidden size: 768\n",
        # brackets tell them apart, and words that a key leaves out
        "- Peak memory (prefill): 61 GB\n- Peak memory (decode): 66 GB\n",
        "- Average input length: 700 tokens\n- Average output length: 200 tokens\n",
        # a name that says little, an axis
        "- Memory: 61 GB\n- Nodes: 4\n- Memory: 66 GB\n",
        "- TP: 4\n- Nodes: 4\n- TP: 8\n",
        # commands, other times, three values
        TABLES.format("512") + "\n- Global batch size: 640\n",
        "- Peak memory: 61 GB\n- Nodes: 4\n- Old peak memory: 66 GB\n",
        "```\nUser: 50 ms\nModel: 20 ms\nUser: 80 ms\n```\n",
    ],
)
def test_labels_of_two_things_are_left_alone(text: str, refuted: Refuted) -> None:
    assert not refuted(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_holders_times_and_roles_are_other_quantities(text: str, refuted: Refuted) -> None:
    assert not refuted(text)


def test_names_in_keys_and_in_prose_are_one() -> None:
    assert key_of(["num_hidden_layers"]) == key_of(["layers"])
    assert key_of(["micro-batch", "size"]) == key_of(["micro_batch_size"]) == key_of(["mbs"])
    assert key_of(["kv", "heads"]) != key_of(["heads"])


RECAPS = [
    ("- Rank throughput: 412 tokens/s\n- Nodes: 6\n\n## Conclusion\n\nThe rank throughput is {}.\n", "472 tokens/s", "412 tokens/s"),
    ("## Summary\n\n- Peak memory used: {}\n\n## Memory\n\n- Peak memory used: 53 GB\n- Disks: 4\n", "58 GB", "53 GB"),
    ("- Step time: 12.5 s\n\nTo sum up: the step time is {}.\n", "14.5 s", "12.5 s"),
]


@pytest.mark.parametrize(("text", "wrong", "right"), RECAPS)
def test_what_a_summary_says_again_is_what_the_page_said(text: str, wrong: str, right: str, judged: Judged, settled: Settled) -> None:
    """The summary is the claim, wherever it stands, and a page that says that it repeats a number has it wrong if it does not."""
    found = [each.proposal for each in judged(text.format(wrong)) if each.outcome is Outcome.REFUTED]
    assert [(each.claim.amount.text, each.family) for each in found] == [(wrong, "recap")]
    assert settled(text.format(right))


def test_two_places_of_which_neither_is_a_summary_may_be_of_two_things(judged: Judged) -> None:
    found = judged("- Global batch size: 640\n\nThe global batch size is 512.\n")
    assert {each.proposal.family for each in found if each.outcome is Outcome.REFUTED} == {"identity"}
