"""Sums below lists, steps, conversions, shares and divisions as sentences put them."""

from __future__ import annotations

import pytest

import stratlint


def rules(text: str) -> list[str]:
    return [finding.rule for finding in stratlint.check(text).findings]


LIST = "- weights: 12.4 GB\n- gradients: 12.4 GB\n- Adam (12 bytes each): 9.3 GB\n- activations: 21.0 GB\n"


@pytest.mark.parametrize(
    ("items", "closing", "wrong"),
    [
        (LIST, "Together that is 55.1 GB on each GPU.", False),
        (LIST, "Together that is 65.1 GB on each GPU.", True),
        (LIST, "In total 50.1 GB.", True),
        (LIST, "Together that is 45.8 GB.", False),  # one item is no part
        (LIST, "A GPU has 80 GB.", False),
        (LIST.replace("activations:", "of which free:"), "Together that is 65.1 GB.", False),
    ],
)
def test_the_sentence_below_a_list_adds_it_up(items: str, closing: str, wrong: bool) -> None:
    assert ("sum-below-list-mismatch" in rules(f"{items}\n{closing}\n")) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("A step takes 1,024 sequences of 8,192 tokens.\n\nFor 2 T tokens that makes {} steps.", True),
        ("The batch is 1,024 sequences × 8,192 tokens.\n\n2 T tokens are {} optimizer steps.", True),
        ("First 1,024 sequences of 4,096 tokens, later 1,024 sequences of 8,192 tokens.\n\n2 T tokens are {} steps.", False),
        ("A step takes 1,024 sequences of 8,192 tokens.\n\nWith the warm-up, 2 T tokens are {} steps.", False),
    ],
)
def test_steps_follow_from_the_batch_of_the_page(text: str, wrong: bool) -> None:
    assert ("steps-of-page" in rules(text.format("140,000"))) == wrong
    assert "steps-of-page" not in rules(text.format("238,419"))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The run takes 950,000 s, about 11 days.", False),
        ("The run takes 950,000 s, about 16 days.", True),
        ("共需 950,000 秒，约 16 天。", True),
        ("It draws 1.6 Tb/s, or 200 GB/s.", False),
        ("It draws 1.6 Tb/s or 1,600 GB/s.", True),
        ("Ports run at 400 Gb/s or 100 GB/s.", False),  # a choice
        ("It failed after 600 s, about 2 days later again.", False),
    ],
)
def test_an_amount_is_the_same_in_another_unit(text: str, wrong: bool) -> None:
    assert ("other-unit-differs" in rules(text)) == wrong


@pytest.mark.parametrize(("share", "wrong"), [("87.9 %", False), ("97.9 %", True), ("12 % less", False)])
def test_a_share_may_stand_behind_a_comma(share: str, wrong: bool) -> None:
    assert ("share-mismatch" in rules(f"The card holds 42.2 GB of 48 GB, {share}.")) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("We looked at TP 16. It divides the 40 query heads evenly.", True),
        ("We looked at TP 8. It divides the 40 query heads evenly.", False),
        ("The 80 layers are divisible by 12.", True),
        ("The 80 layers are not divisible by 12.", False),
        ("TP must divide the 40 heads; are 40 heads divisible by 16?", False),
        ("80 层可以被 12 整除。", True),
        ("80 层不能被 12 整除。", False),
        ("The 96 layers divide evenly into the 10 stages.", True),
    ],
)
def test_what_is_said_to_divide_divides(text: str, wrong: bool) -> None:
    assert bool({"said-to-divide", "uneven-split-called-even"} & set(rules(text))) == wrong


def test_a_row_breaks_a_product_that_the_others_keep_to_the_digit() -> None:
    table = (
        "| Hour | Requests/s | Tokens/request | Tokens/s |\n|---|---|---|---|\n| 9 | 210 | 85 | 17,850 |\n| 11 | 342 | 88 | 30,096 |\n"
        "| 14 | 365 | 84 | {} |\n| 16 | 298 | 86 | 25,628 |\n"
    )

    assert "row-breaks-column-product" in rules(table.format("36,660"))
    assert "row-breaks-column-product" not in rules(table.format("30,660"))


@pytest.mark.parametrize(("of", "part", "wrong"), [("our", "54", True), ("Vision's", "54", True), ("our", "34", False)])
def test_a_part_is_no_more_than_its_whole_without_a_comma(of: str, part: str, wrong: bool) -> None:
    assert ("part-exceeds-whole" in rules(f"Of {of} 48 GPUs {part} are used for training.")) == wrong


@pytest.mark.parametrize(("tokens", "wrong"), [("2.1", True), ("21", False)])
def test_tokens_follow_from_the_steps(tokens: str, wrong: bool) -> None:
    page = f"A step takes 512 sequences × 2,048 tokens.\n\nThe first 20,000 steps went well. 20,000 steps are {tokens} B tokens."

    assert ("steps-of-page" in rules(page)) == wrong


@pytest.mark.parametrize(
    "equation",
    ["29.0 / 32 + 1.5 / 4 = 1.28 B parameters.", "350 × 2,208 = 773 MWh.", "32 × 346 = 11.1 PFLOPS."],
)
def test_bare_operands_may_be_in_a_smaller_unit(equation: str) -> None:
    assert not {"magnitude-slip", "wrong-product", "wrong-sum"} & set(rules(equation))


@pytest.mark.parametrize(("total", "wrong"), [("256,000", False), ("25,600", True)])
def test_what_stands_after_each_card_is_of_each(total: str, wrong: bool) -> None:
    assert ("digits-of-another-size" in rules(f"每卡 3,200 tokens/s，80 张卡共 {total} tokens/s。")) == wrong


NAMED = "| | TP | PP | DP | GPUs |\n|---|---|---|---|---|\n| L1 | 1 | 4 | 64 | 256 |\n| L2 | 2 | 4 | 32 | 256 |\n\nWe take L1 ({}).\n"


def test_a_name_in_brackets_has_the_degrees_of_its_row() -> None:
    assert "strategy-name-mismatch" in rules(NAMED.format("TP1-PP8-DP64"))
    assert "strategy-name-mismatch" not in rules(NAMED.format("TP1-PP4-DP64"))


def test_a_total_counts_cells_that_say_how_they_were_found() -> None:
    table = (
        "| Item | Per GPU |\n|---|---|\n| experts | 4 × 44.0 MB × 58 = 10.2 GB |\n| cache | 92.0 GB |\n"
        "| buffers | 12.0 GB |\n| Total | {} GB |\n"
    )

    assert "total-differs-from-parts" in rules(table.format("124.2"))
    assert "total-differs-from-parts" not in rules(table.format("114.2"))


def test_rates_of_one_and_of_all_are_no_part_and_whole() -> None:
    assert "share-mismatch" not in rules("At 40 % MFU a GPU does 396 TFLOPS and the cluster 76 PFLOPS.")
    assert "share-mismatch" in rules("At 396 TFLOPS of 989 TFLOPS the MFU is 52 %.")


def test_a_computed_time_is_converted_again() -> None:
    assert "other-unit-differs" in rules("5.58e23 / 2.279e17 = 2.45e6 s, about 58.3 days.")
    assert "other-unit-differs" not in rules("5.58e23 / 2.279e17 = 2.45e6 s, about 28.3 days.")


SHARES = (
    "| Team | Granted | Used | {} |\n|---|---|---|---|\n| A | 40,000 | 36,000 | 90 % |\n| B | 25,000 | 18,000 | 72 % |\n"
    "| C | 16,000 | 6,400 | {} % |\n"
)


@pytest.mark.parametrize(("header", "share", "wrong"), [("Share", "50", True), ("Share", "40", False), ("Change", "50", False)])
def test_a_share_is_the_quotient_that_the_other_rows_have(header: str, share: str, wrong: bool) -> None:
    assert ("share-breaks-columns" in rules(SHARES.format(header, share))) == wrong
