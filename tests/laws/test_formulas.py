"""Each law of the book on its plainest page: a list that states all its quantities holds where it is right and is refuted where not."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from stratlint.laws import formulas
from stratlint.laws.formulas import Formula
from stratlint.meaning.proposal import Relation
from stratlint.resources import data_folder, read_yaml

# What the fixtures of conftest judge.
LAWS = (formulas.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

QUANTITIES = read_yaml(data_folder("rules") / "judge" / "formulas.yaml")["quantities"]
UNIT_OF = {name: unit for unit, names in QUANTITIES.items() for name in names}
LABEL_OF = {name: labels[0] for names in QUANTITIES.values() for name, labels in names.items()}
AXES = {"tensor": "TP", "pipeline": "PP", "data": "DP", "expert": "EP", "context": "CP"}
# How an amount of each unit is printed, and its size in base units.
PRINTED = {
    "counts": ("{:.12g}", 1.0), "shares": ("{:.10g} %", 0.01), "ratios": ("{:.12g}", 1.0), "bytes": ("{:.12g} GB", 1e9),
    "operations": ("{:.12g} GFLOP", 1e9), "operations per second": ("{:.12g} TFLOPS", 1e12), "bytes per second": ("{:.12g} GB/s", 1e9),
    "per second": ("{:.12g} {}/s", 1.0), "seconds": ("{:.12g} s", 1.0), "money": ("${:.12g}", 1.0), "watts": ("{:.12g} W", 1.0),
    "watt hours": ("{:.12g} Wh", 3600.0),
}  # fmt: skip
LIKELY = {
    "counts": 5040.0, "shares": 0.4, "ratios": 1.2, "bytes": 6e9, "operations": 6e9, "operations per second": 9e12,
    "bytes per second": 5e10, "per second": 120.0, "seconds": 12.0, "money": 3.0, "watts": 700.0, "watt hours": 7.2e6,
}  # fmt: skip
# What a rate counts, where it is not tokens.
COUNTED = {"request_rate": "requests", "demand": "requests", "replica_rate": "requests", "sequence_rate": "sequences"}
# Quantities of which a page may not say just any number.
SMALL = {
    "experts_of_token": 4,
    "bytes_of_parameter": 2, "bytes_of_value": 2, "optimizer_bytes": 12, "state_bytes": 16, "checkpoint_bytes": 14, "ranks_of_group": 8,
}  # fmt: skip
LARGE = {"cache_tokens": 6_048_000.0, "memory_of_gpu": 96e9}


def value_of(name: str, number: int) -> float:
    """A value for the quantity that is the n-th of its law."""
    if name in AXES:
        return float(2 + number % 3)
    if name in LARGE:
        return LARGE[name]
    return float(SMALL[name]) if name in SMALL else LIKELY[UNIT_OF[name]] * (1 + number)


def printed(name: str, value: float) -> str:
    """A line of a list that states a quantity."""
    if name in AXES:
        return f"- {AXES[name]}: {value:.0f}"
    form, size = PRINTED[UNIT_OF[name]]
    if name in SMALL:
        return f"- {LABEL_OF[name]}: {value:.0f}"
    return f"- {LABEL_OF[name]}: {form.format(value / size, COUNTED.get(name, 'tokens'))}"


def pages(formula: Formula) -> tuple[str, str]:
    """The page of a law with its right value, and with one that no reading of it gives."""
    others = sorted(formula.needed - {formula.claim})
    values = {name: value_of(name, number) for number, name in enumerate(others)}
    tree = ast.Expression(formula.expression)
    computed = float(eval(compile(ast.fix_missing_locations(tree), formula.name, "eval"), {"__builtins__": {}}, values))
    lines = [printed(name, value) for name, value in values.items()]
    wrong = computed / 7.3 if formula.relation is Relation.AT_LEAST else computed * 7.3
    right, false = (printed(formula.claim, value) for value in (computed, wrong))
    return "\n".join([*lines, right]), "\n".join([*lines, false])


# Laws whose names convert a unit ("GPU-hours", "per kWh"), on pages of their own.
CONVERTING = {
    "hours": ("- GPUs: 504\n- Training time: 6 days\n- GPU-hours: {}\n", "72,576", "27,576"),
    "cost-of-run": ("- GPUs: 504\n- Training time: 6 days\n- Price per GPU-hour: $3.5\n- Total cost: ${}\n", "254,016", "524,016"),
    "cost-of-million": (
        "- GPUs: 48\n- Price per GPU-hour: $3\n- Throughput: 5,000 tokens/s\n- Cost per million tokens: ${}\n", "8", "18"
    ),
    "payback": ("- Investment: $400,000\n- Monthly saving: $80,000\n- Payback: {} months\n", "5", "8"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONVERTING)
def test_a_law_converts_what_its_names_say_per_what(name: str, refuted: Refuted, settled: Settled) -> None:
    page, right, wrong = CONVERTING[name]
    assert settled(page.format(right))
    assert refuted(page.format(wrong))


PLAIN = [formula for formula in formulas.formulas() if formula.name not in CONVERTING]


@pytest.mark.parametrize("formula", PLAIN, ids=lambda formula: formula.name)
def test_a_law_settles_its_plain_page_and_refutes_its_twin(formula: Formula, refuted: Refuted, settled: Settled) -> None:
    right, wrong = pages(formula)
    assert settled(right), right
    assert refuted(wrong), wrong


def test_a_quantity_with_more_words_in_its_name_is_another(refuted: Refuted) -> None:
    assert refuted("- Nodes: 12\n- GPUs per node: 8\n- Spare GPUs: 40\n") == []


def test_what_is_stated_twice_or_of_two_things_is_left_alone(refuted: Refuted) -> None:
    assert refuted("- Nodes: 12\n- GPUs per node: 8\n- GPUs: 40\n- Number of GPUs: 96\n") == []
    assert refuted("| | nodes | GPUs per node |\n|---|---|---|\n| a | 12 | 8 |\n\n| | GPUs |\n|---|---|\n| b | 40 |") == []


@pytest.mark.parametrize("line", ["- Weights: 34 GB", "- Weights: 51 GB"])
def test_a_format_that_the_record_names_is_the_width_of_its_numbers(line: str, refuted: Refuted, settled: Settled) -> None:
    page = "- Parameters: 34B\n- Precision: BF16\n{}\n"
    assert settled(page.format("- Weights: 68 GB"))
    assert settled(page.format("- Weights: 63.3 GiB"))
    assert len(refuted(page.format(line))) == 1


@pytest.mark.parametrize("line", ["- Weights: 34 GB\n- KV cache in FP8", "- Weights per GPU: 17 GB", "- Weights: 34B"])
def test_another_format_another_scope_and_no_bytes_leave_it_open(line: str, refuted: Refuted) -> None:
    assert refuted(f"- Parameters: 34B\n- Precision: BF16\n{line}\n") == []


def test_each_row_has_its_own_format(refuted: Refuted) -> None:
    table = "| Model | Parameters | Precision | Weights |\n|---|---|---|---|\n| a | 70B | FP8 | {} GB |\n| b | 8B | BF16 | 16 GB |\n"
    assert refuted(table.format(70)) == []
    assert refuted(table.format(140)) == ["140 GB"]


def test_virtual_stages_shrink_the_bubble(refuted: Refuted, settled: Settled) -> None:
    page = "- PP: 8\n- Micro-batches: 40\n- Virtual stages per GPU: 2\n- Pipeline bubble: {} %\n"
    assert settled(page.format("8.0"))
    assert set(refuted(page.format("22.0"))) == {"22.0 %"}


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("- Sequences per step: 768\n- Sequence length: 8,192\n- Tokens per step: {}\n", "3,145,728", "6,291,456"),
        ("- Optimizer steps: 12,000\n- Iteration time: 7.5 s\n- Total training time: {} h\n", "35", "25"),
        ("| EP | Routed experts per layer | Routed experts per GPU and layer |\n|---|---|---|\n| 16 | 160 | {} |\n", "8", "10"),
        ("- GPU count: 384\n- Cluster throughput: {} tokens/s\n- Per-GPU throughput: 3,125 tokens/s\n", "1.6M", "1.2M"),
    ],
)
def test_a_law_is_held_whatever_the_field_calls_its_quantities(
    text: str, wrong: str, right: str, refuted: Callable[[str], list[str]], settled: Callable[[str], bool]
) -> None:
    assert settled(text.format(right))
    assert len(refuted(text.format(wrong))) == 1


DEGREES = "```yaml\nparallelism:\n  tensor: 4\n  data: 6\n"


@pytest.mark.parametrize("outer", ["training", "trainer", "train_args", "model_config"])
def test_keys_that_only_sort_others_name_nothing(outer: str, refuted: Refuted, settled: Settled) -> None:
    page = DEGREES + "{}:\n  micro_batch_size: 2\n  global_batch_size: 384\n  gradient_accumulation_steps: {}\n```\n"
    assert settled(page.format(outer, 32))
    assert refuted(page.format(outer, 16)) == ["384"]


def test_an_outer_key_of_another_model_does_name_something(refuted: Refuted) -> None:
    page = DEGREES + "micro_batch_size: 2\nglobal_batch_size: 384\nteacher:\n  gradient_accumulation_steps: 16\n```\n"
    assert refuted(page) == []


@pytest.mark.parametrize(
    "table",
    [
        "| | Plan A | Plan B |\n|---|---:|---:|\n| PP | 4 | 8 |\n| Micro-batches | 64 | 64 |\n| Bubble | 4.5 % | {} |\n",
        "| | Plan A | Plan B |\n|---|---:|---:|\n| TP × PP | 8 × 4 | 4 × 8 |\n| Micro-batches | 64 | 64 |\n| Bubble share | 4.5 % | {} |\n",
        "| Plan | PP | Micro-batches | Bubble | Remark |\n|---|---|---:|---:|---|\n| A | 8 | 64 | {} | 8 stages, short |\n",
        "| PP | Micro-batches per step | Pipeline bubble |\n|---:|---:|---:|\n| 4 | 64 | 4.5 % |\n| 8 | 64 | {} |\n",
    ],
)
def test_a_law_holds_in_each_column_and_row_of_plans(table: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(table.format("9.9 %"))
    assert refuted(table.format("17.9 %")) == ["17.9 %"]


def test_a_quantity_that_is_stated_twice_counts_where_both_agree(refuted: Refuted, settled: Settled) -> None:
    lines = "- PP: 8\n- Micro-batches: 64\n- Pipeline parallelism: {}\n- Bubble: {}\n"
    assert settled(lines.format(8, "9.9 %"))
    assert refuted(lines.format(8, "17.9 %")) == ["17.9 %"]
    assert refuted(lines.format(16, "17.9 %")) == []


def test_the_virtual_stages_of_its_row_shrink_the_bubble(refuted: Refuted, settled: Settled) -> None:
    table = "| PP | Micro-batches | Virtual stages | Bubble |\n|---:|---:|---:|---:|\n| 4 | 24 | 3 | {} |\n"
    assert settled(table.format("4.0 %"))
    assert "7.9 %" in refuted(table.format("7.9 %"))


@pytest.mark.parametrize("row", ["Interleaved, 3 chunks", "ZB-H1", "Interleaved (v = 3)"])
def test_schedules_that_have_less_of_a_bubble_are_no_contradiction(row: str, refuted: Refuted) -> None:
    head = "| Schedule | PP | Micro-batches | Bubble |\n|---|---|---|---|\n"
    assert refuted(f"{head}| {row} | 4 | 24 | 4.0 % |\n") == []


NODES = "- GPUs per node: 8\n\n| Pool | Nodes | GPUs |\n|---|---|---|\n| prod | 24 | 192 |\n| batch | 12 | {} |\n| test | 4 | 30 |\n"


def test_what_each_place_has_may_stand_elsewhere_on_the_page(refuted: Refuted, settled: Settled) -> None:
    assert settled(NODES.format(96))
    assert refuted(NODES.format(104)) == ["104"]


def test_where_two_sorts_of_places_differ_it_is_not_taken_from_there(refuted: Refuted) -> None:
    assert refuted("- GPUs per node, new racks: 16\n" + NODES.format(104)) == []
