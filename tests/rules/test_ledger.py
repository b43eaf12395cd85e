"""The ledger: verified is an equality recomputed to the printed digits, a bound is consistent, what claims nothing stands apart."""

from __future__ import annotations

import pytest

import stratlint
from stratlint.rules.finding import LedgerEntry, Role, Status


def ledger(text: str) -> dict[str, LedgerEntry]:
    """The entries of a page by their text; of several the last, but no operand."""
    entries = stratlint.check_text(text).documents[0].ledger
    return {entry.location.text: entry for entry in sorted(entries, key=lambda entry: entry.role is not Role.OPERAND)}


def status(text: str, number: str) -> Status:
    return ledger(text)[number].status


def test_gravity_is_the_order_of_the_statuses() -> None:
    order = [Status.NOT_CHECKED, Status.CONSISTENT, Status.VERIFIED, Status.IMPLAUSIBLE, Status.CONTRADICTED]
    assert sorted(Status, key=lambda each: each.gravity) == order


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("Weights: 30B × 2 bytes = 60 GB.", "60 GB", Status.VERIFIED),
        ("It takes 100 GB ÷ 3 = 33 GB.", "33 GB", Status.VERIFIED),
        # rounded at its zeros, by little: not to the printed digits
        ("In all 17 GPUs × 29 GB = 490 GB.", "490 GB", Status.CONSISTENT),
        # "~" admits what the digits do not
        ("Cache: 26 layers × 20 MB = ~500 MB.", "500 MB", Status.CONSISTENT),
        # the digits agree, the units do not
        ("The rate is 36 k tok/s × 3,600 s = 129.6 M tokens per hour.", "129.6 M tokens per hour", Status.NOT_CHECKED),
    ],
)
def test_the_result_of_an_equation(text: str, number: str, expected: Status) -> None:
    assert status(text, number) is expected


def test_operands_of_what_holds_are_premises_and_not_verified() -> None:
    entries = ledger("Weights: 30B × 2 bytes = 60 GB.")
    assert {(entries[number].status, entries[number].role) for number in ("30B", "2 bytes")} == {(Status.NOT_CHECKED, Role.OPERAND)}
    assert entries["30B"].derivation == entries["60 GB"].derivation == "30B × 2 bytes = 60 GB"


def test_both_sides_compute_and_neither_is_a_result() -> None:
    entries = ledger("Ranks: 4 × 2 × 8 = 16 × 4.")
    assert {entry.status for entry in entries.values()} == {Status.NOT_CHECKED, Status.CONSISTENT}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("- GPU memory: 80 GB\n- Memory per GPU: 20 GB\n", "20 GB"),
        ("EP within the data-parallel ranks: 7 ≤ 8.", "7"),
        ("- p50 latency: 180 ms\n- p99 latency: 220 ms\n", "180 ms"),
        # the heads divide, whatever they are
        ("- Attention heads: 32\n- Tensor parallelism (TP): 8\n", "32"),
        # said twice is not computed once
        ("- Layers: 61\n\nThe model has 61 layers.\n", "61 layers"),
    ],
)
def test_what_keeps_a_bound_is_consistent(text: str, number: str) -> None:
    assert status(text, number) in (Status.CONSISTENT, Status.NOT_CHECKED)
    assert not any(entry.status is Status.VERIFIED for entry in ledger(text).values())


def test_degrees_verify_the_ranks_and_are_not_verified_by_them() -> None:
    entries = ledger("- Total GPUs: 64\n- Tensor parallelism (TP): 8\n- Pipeline parallelism (PP): 8\n")
    assert [number for number, entry in entries.items() if entry.status is Status.VERIFIED] == ["64"]


@pytest.mark.parametrize(("count", "degree"), [("Experts per layer", "Expert parallelism (EP)"), ("KV heads", "Tensor parallelism (TP)")])
def test_what_divides_is_not_verified(count: str, degree: str) -> None:
    """That 8 ranks divide 64 experts leaves 2, 4, 16 and 32 just as true, however the rule writes it."""
    (document,) = stratlint.check_text(f"- {count}: 64\n- {degree}: 8\n").documents
    assert [entry.status for entry in document.ledger] == [Status.NOT_CHECKED, Status.CONSISTENT]


def test_a_multiple_of_the_degrees_leaves_the_replicas_open() -> None:
    assert status("- Total GPUs: 128\n- Tensor parallelism (TP): 8\n- Pipeline parallelism (PP): 8\n", "128") is Status.CONSISTENT


def test_a_law_that_is_an_equation_verifies_to_the_printed_digits() -> None:
    text = "- Parameters: 70B\n- Precision: BF16\n- Weights: {} GB\n"
    assert status(text.format("140"), "140 GB") is Status.VERIFIED
    assert status(text.format("150"), "150 GB") is Status.CONTRADICTED


def test_a_reading_that_leaves_out_what_the_page_states_proves_little() -> None:
    """2,048 ÷ 2 is 1,024, but with DP = 4 an accumulation of 256 would follow."""
    text = "- Global batch size: 2,048\n- Micro-batch size: 2\n{}- Gradient accumulation steps: {}\n"
    assert status(text.format("- Data parallelism (DP): 4\n", "256"), "256") is Status.VERIFIED
    assert status(text.format("- Data parallelism (DP): 4\n", "1,024"), "1,024") is not Status.VERIFIED


def test_nothing_is_verified_from_a_refuted_number() -> None:
    """Here, where the page prints it again, and through a chain."""
    text = "The pool has 16 × 80 GB = 1,180 GB.\n\nA rank gets 1,180 GB ÷ 10 = 118 GB.\n\nA layer gets 118 GB ÷ 2 = 59 GB.\n"
    entries = ledger(text)
    assert entries["118 GB"].status is entries["59 GB"].status is Status.CONSISTENT
    assert "1,180 GB in line 1 is contradicted" in entries["59 GB"].reason
    right = ledger(text.replace("1,180", "1,280").replace("118", "128").replace("59", "64"))
    assert {right[number].status for number in ("1,280 GB", "128 GB", "64 GB")} == {Status.VERIFIED}


def test_a_number_in_dispute_is_not_verified() -> None:
    text = "- MoE experts: 64 ÷ 8 = 8 experts per GPU\n- Experts per GPU: {}\n"
    entries = ledger(text.format("16"))
    assert entries["8 experts per GPU"].status is Status.CONSISTENT
    assert entries["8 experts per GPU"].reason == "the page gives 16, too, in line 2"
    assert status(text.format("8"), "8 experts per GPU") is Status.VERIFIED


def test_a_range_is_not_verified_by_where_it_starts() -> None:
    entries = ledger("- Stage 0: layers 0-7\n- Stage 1: layers 8-15\n- Stage 2: layers 16-23\n- Stage 3: layers 24-31\n")
    assert Status.VERIFIED not in {entry.status for entry in entries.values()}
    assert Status.CONSISTENT in {entry.status for entry in entries.values()}


def test_names_and_operands_are_counted_apart() -> None:
    coverage = stratlint.check_text("## 3 Memory\n\nIn FP8 the weights take 30B × 1 byte = 30 GB.\n").coverage
    assert (coverage.seen, coverage.operands, coverage.names, coverage.claims) == (5, 2, 2, 1)
    assert (coverage.verified, coverage.understood, coverage.share_checked) == (1, 1, 1.0)


def test_the_words_that_nobody_knew_are_kept() -> None:
    """A label, a header, the noun of a count, or a short lead; not prose, and none of what was understood."""
    page = (
        "- Nodes: 8\n- 2 spare nodes\n- Drain timeout: 40 s\n- hedge ratio 3\n- We wait until all of them answered 7\n\n"
        "| part | blast radius |\n|---|---|\n| pod | 9 |\n"
    )
    (document,) = stratlint.check_text(page).documents
    assert [entry.words for entry in document.ledger if not entry.understood] == [
        "spare nodes", "Drain timeout", "hedge ratio", "", "pod | blast radius",
    ]  # fmt: skip


def test_a_number_is_kept_as_it_prints() -> None:
    (document,) = stratlint.check_text("In all $5{,}120\\,\\text{tokens}$ and $10^{9}$ FLOP.\n").documents
    assert [entry.printed for entry in document.ledger] == ["5,120 tokens", "10^9 FLOP"]


def test_reasons_say_what_to_do() -> None:
    coverage = stratlint.check_text("There are 17 of them.\n\n- Hidden size: 5,120\n\n- Target decode latency: 5 ms\n").coverage
    assert list(coverage.not_checked) == [
        "no known word says what it measures: name it in a label, a column header or a unit",
        "nothing on the page gives it: write what it follows from, or pass it with --given",
        "stated as a target, not as a fact",
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Latency fell from under 200 ms to under 150 ms, a 25 % reduction.\n", "25 %"),
        ("Up to 64 cards × 80 GB = 5,120 GB\n", "5,120 GB"),
        ("With >100 tokens/s × 8 = 800 tokens/s\n", "800 tokens/s"),
    ],
)
def test_what_follows_from_a_bound_is_not_verified(text: str, number: str) -> None:
    assert status(text, number) is Status.CONSISTENT
    plain = text.replace("under ", "").replace("Up to ", "").replace(">", "")
    assert status(plain, number) is Status.VERIFIED
