"""Right figures that look wrong, in the forms in which other public documents write them."""

from __future__ import annotations

import pytest

import stratlint


def errors(text: str) -> list[str]:
    return [f"{finding.rule}: {finding.message}" for finding in stratlint.check_text(text).errors]


@pytest.mark.parametrize("text", [
    "- Expert weights: ~2 GB per expert (8 experts × 2 GB = 16 GB in all)\n",
    "- Boot: ~140 ms (+ 1.2 s for the snapshot)\n",
    "- Quota: 1.5 TB (96 GB × 16 = 1536 GB)\n",
])  # fmt: skip
def test_a_bracket_may_go_on_from_the_figure_before_it(text: str) -> None:
    assert errors(text) == []


@pytest.mark.parametrize("text", [
    "- Heads: 32 heads across 12 GPUs, a non-uniform distribution\n",
    "The plan runs a 16-layer model with 128 experts across 128 GPUs with perfect balance.\n",
])  # fmt: skip
def test_what_is_not_called_even_need_not_be(text: str) -> None:
    assert errors(text) == []


def test_the_name_of_the_former_strategy_differs_from_the_plan() -> None:
    text = "- EP: 8\n- TP: 2\n\nThe previous EP16-TP2 layout was slower.\n"

    assert errors(text) == []


def test_a_profile_lists_its_longest_operations() -> None:
    rows = "".join(f"| op{i} | {time} |\n" for i, time in enumerate((610, 320, 180, 110, 75, 46)))

    assert errors(f"| Operation | Time (ms) |\n|---|---|\n{rows}| Total | 1,690 |\n") == []


def test_a_bound_is_no_total() -> None:
    text = "- Weights: 264 MB\n- Weights per element: 2 bytes\n- Activations per element: 2 bytes\n- Total: ≤ 60 GB\n"

    assert errors(text) == []


def test_the_number_of_a_section_counts_nothing() -> None:
    text = "Each of the 16 layers has 16 experts; the cluster has 16 GPUs in total.\n\n### 1.1 Single-Expert-Per-GPU Layout\n\nText.\n"

    assert errors(text) == []


def test_a_year_is_no_amount_that_changed() -> None:
    assert errors("Queries: 780M in May 2025 against 230M in mid-2024 (3.4x more)\n") == []


def test_a_decode_step_delivers_one_token_a_sequence() -> None:
    text = (
        "| Batch | Weights | Step latency | Throughput (tok/s) |\n|---|---|---|---|\n| 16 | 107 GB | 20.3 ms | 788 |\n"
        "| 32 | 214 GB | 36.6 ms | 874 |\n"
    )

    assert errors(text) == []


def test_one_gpu_is_what_a_cluster_is_compared_with() -> None:
    text = "- TP: 8\n- PP: 8\n\n| Setup | GPUs | Speed |\n|---|---|---|\n| single GPU | 1 | 1.0x |\n| cluster | 64 | 58x |\n"

    assert errors(text) == []


def test_rows_with_signs_are_changes_and_no_parts() -> None:
    rows = "".join(f"| op{i} | +{time} ms |\n" for i, time in enumerate((178, 185, 53)))

    assert errors(f"| Operation | Change |\n|---|---|\n{rows}| op9 | -14 ms |\n| Total | +370 ms |\n") == []


def test_a_ratio_may_be_given_as_what_it_adds() -> None:
    assert errors("Recomputation needs one additional pass, 4/3 = 33 %.\n") == []
    assert errors("The share of the cards in use is 3/4 = 33 %.\n") != []


def test_the_steps_of_a_reduction_are_not_two_values_of_one_memory() -> None:
    steps = "## Tensor parallelism\n\n- Memory use: {} 60 GB\n\n## Pipeline parallelism\n\n- Memory use: {} 30 GB\n"

    assert errors(steps.format("120 GB →", "60 GB →")) == []
    assert errors(steps.format("", "")) != []


@pytest.mark.parametrize("text", [
    "The new tile: M_TILE 8→16 (+1.8 %), then 8→32 (+1.5 %).\n",
    "Raising the chunk from 256 to 512 is marginal (+2.5%).\n",
    "Throughput by chunk: 512→640.0 / 1024→690.3 (+7.9%) tokens/s.\n",
    "Decode falls 24.0 → 20.6 tok/s across 600 → 30,000 prompt tokens, a 14.2% drop.\n",
    "The case goes from $2.00 to $3.20 — 100% more work for 60% more money.\n",
])  # fmt: skip
def test_a_setting_and_the_gain_it_brings_are_no_change_of_one_amount(text: str) -> None:
    assert errors(text) == []


def test_speed_ups_do_not_add_up() -> None:
    rows = "".join(f"| task {i} | {gain}× |\n" for i, gain in enumerate((3.4, 7.0, 1.4, 1.5)))

    assert errors(f"| Task | Slowest by fastest |\n|---|---|\n{rows}| **overall** | 30.4× |\n") == []


def test_a_profile_may_list_a_part_with_its_own_parts() -> None:
    rows = "".join(f"| {name} | {time} |\n" for name, time in (
        ("block", 1400.2), ("experts", 1059.7), ("gate", 424.1), ("projection", 490.3), ("output", 409.8), ("full block", 453.4),
    ))  # fmt: skip

    assert errors(f"| Section | Time (ms) |\n|---|---|\n{rows}| total | 3,120.0 |\n") == []


def test_two_speed_ups_side_by_side_belong_to_two_pairs() -> None:
    rows = [(106, 84, 1.26, 1.26), (772, 609, 1.27, 1.27), (4348, 3376, 1.29, 1.29), (5823, 4291, 1.36, 1.36), (6028, 4998, 1.21, 1.41)]
    body = "".join(
        f"| {n} | {a} tok/s | {b} tok/s | {first}x | {4.2 * second:.1f} tok/s | 4.2 tok/s | {second}x |\n"
        for n, (a, b, first, second) in enumerate(rows)
    )

    assert errors(f"| Run | A | B | Speedup | A each | B each | Speedup |\n|---|---|---|---|---|---|---|\n{body}") == []


def test_a_winner_named_in_its_cell_turns_the_ratio() -> None:
    rows = [("A 3.14×", 8300, 2643), ("A 3.00×", 9630, 3210), ("A 1.75×", 9382, 5361), ("A 1.32×", 8832, 6691), ("B 1.14×", 4617, 5263)]
    body = "".join(f"| {n} | {a} | {b} | {ratio} |\n" for n, (ratio, a, b) in enumerate(rows))

    assert errors(f"| Run | A prefill | B prefill | Ratio |\n|---|---|---|---|\n{body}") == []


@pytest.mark.parametrize("text", [
    "# Serving Llama-3.3-70B\n\nExercise: Llama-3.3-70B、32k context 的 KV 多大？\n",
    "# Plan\n\nGlobal batch: 512 samples\n\nHow does one get a global batch of 256 samples?\n",
])  # fmt: skip
def test_a_question_asserts_nothing(text: str) -> None:
    assert errors(text) == []


def test_what_a_copy_takes_is_no_size() -> None:
    assert errors("Pinned memory: 5.1 ms, pageable memory: 7.4 ms for 128 MB.\n") == []


def test_the_width_of_an_element_is_no_part_of_what_must_fit() -> None:
    text = "The file is 26.4 GB (4.5 bits per weight), which fits two 16GB GPUs or one 32GB GPU with a short context.\n"

    assert errors(text) == []


def test_a_token_of_a_bucket_lets_one_request_pass() -> None:
    assert errors("Load: 11.6 req/sec.\n\nToken bucket: refill_rate = 11.6 tokens/sec\n") == []


def test_what_one_parameter_takes_is_not_compared_with_what_all_take() -> None:
    assert errors("Mixed precision costs 16 bytes per parameter, over 1 TB for the whole model.\n") == []


def test_two_numbered_recipes_have_latencies_of_their_own() -> None:
    recipe = "### Recipe {0}: chat\n\n```bash\n--model {1}\n```\n\nExpect: TTFT p95 ~{2} ms\n\n"

    assert errors("# Recipes\n\n" + recipe.format("A", "small", 210) + recipe.format("C", "large", 480)) == []


def test_each_of_the_nodes_is_not_each_of_the_processes() -> None:
    assert errors("Run 64 MPI processes on nodes with 8 GPUs each, for a total of 64 GPUs spread across 8 nodes.\n") == []


def test_a_row_with_a_name_of_its_own_is_no_total() -> None:
    rows = "".join(
        f"| {name} | {name}/llama2-7b | {value} |\n" for name, value in (("one", 54), ("two", 78), ("three", 38), ("together", 81))
    )

    assert errors(f"| Provider | Model | Median |\n|---|---|---|\n{rows}") == []


def test_parts_of_which_one_is_open_give_no_total() -> None:
    assert errors("| Part | Lines |\n|---|---|\n| one | 800+ |\n| two | 2,883 |\n| three | 1,135 |\n| **Total** | 9,654 |\n") == []


@pytest.mark.parametrize("text", ["| Step | Latency |\n|---|---|\n| own edits | 0ms |\n", "- A fallback prompt (0 ms latency path)\n"])
def test_no_wait_at_all_is_not_a_time_that_was_rounded_away(text: str) -> None:
    assert errors(text) == []


@pytest.mark.parametrize("text", ["Read 1 MB from memory: 250 μs\n", "Index lookup from memory: ~1ms. From SSD: ~10ms.\n"])
def test_a_way_through_memory_takes_time(text: str) -> None:
    assert errors(text) == []


def test_a_line_of_a_file_is_no_degree() -> None:
    assert errors("The plan runs EP on 64 GPUs; four cases fail at `cache_ep.cc:1491`.\n") == []


def test_digits_may_be_grouped_by_blanks() -> None:
    assert errors("The campaign (6 060 steps, ~125 s/step, ETA ≈210 h) ran overnight.\n") == []


def test_what_all_take_is_not_compared_with_what_each_takes() -> None:
    assert errors("Score 500 candidates in about 20 ms, well under 0.1 ms each, in one pass.\n") == []


def test_a_page_about_an_unknown_chip_compares_it_with_known_ones() -> None:
    text = (
        "# Trainium9 architecture\n\nLike Trainium2, it joins two cores into one.\n\n| Figure | Value |\n|---|---|\n"
        "| HBM capacity | 144 GiB |\n"
    )

    assert errors(text) == []


def test_a_heading_of_two_models_names_no_subject() -> None:
    text = (
        "### Long documents: Mistral-Nemo-12B + Falcon-Nano-8B\n\n**Falcon-Nano-8B**\n\n| Property | Value |\n|---|---|\n"
        "| Params | 8B dense transformer |\n"
    )

    assert errors(text) == []


def test_a_table_of_powers_binds_no_page_that_counts_in_tens() -> None:
    table = "1 GB = 1,024 MB\n\n"
    counts = "- 2.86B links × 200 bytes = 572 GB\n- 1.52B rows × 300 bytes = 456 GB\n"

    assert errors(f"# Sizes\n\n{table}{counts}") == []


def test_layers_kept_on_the_card_are_not_the_layers_of_the_model() -> None:
    text = "### Llama-3.2-3B on a laptop\n\n| `n_gpu_layers` | CPU memory (MB) |\n|---|---|\n| 20 | 2453.0 |\n| 99 | 1359.3 |\n"

    assert errors(text) == []


def test_a_share_with_a_sign_is_a_change() -> None:
    assert errors("| Metric | Before | After |\n|---|---|---|\n| Cache hit rate | 20% | 75% (+275%) |\n") == []


@pytest.mark.parametrize("text", [
    "- Part 1 ≥ 40/50 (80%)\n- Part 2 ≥ 10/15 tasks\n",
    "The dump shows 48 8b 13 <8b> 00 41 at the fault.\n",
])  # fmt: skip
def test_a_numbered_part_and_a_marked_byte_are_not_compared(text: str) -> None:
    assert errors(text) == []


def test_two_bounds_are_not_compared() -> None:
    assert errors("- From ingest to availability: under 4 hours for films, under 30 seconds live.\n") == []


def test_variables_of_a_trace_are_no_statistics() -> None:
    assert errors("sizes: max=1, min=2 → min too big → move min(2) to max\n") == []


@pytest.mark.parametrize("text", [
    "The judge takes 26 GB in fp16 or 4-bit ≈ 8 GB.\n",
    "- Checkpoint: 35B, 6-bit (~26 GB) text only\n",
    "- Cache of swipes: 2B × 1 bit ≈ 250 MB\n",
    "**Work left:** 20 hours (~3 days)\n",
    "- **Unit**: fixed blocks (typically 512 bytes or 4 KB)\n",
])  # fmt: skip
def test_a_format_and_its_size_or_a_choice_of_sizes_are_no_conversion(text: str) -> None:
    assert errors(text) == []


def test_what_its_model_has_is_not_what_the_page_counts() -> None:
    assert errors("The first model has 78 layers. The other is banded: 18 of its 36 layers see 128 tokens.\n") == []


@pytest.mark.parametrize("text", [
    "At a chunk of 4096 the routing gives rows per expert = T/16 ≥ 256, just enough.\n",
    "The ordering implied 512 ≥ 4096, which was not seen.\n",
])  # fmt: skip
def test_a_divisor_and_an_implication_are_not_compared(text: str) -> None:
    assert errors(text) == []


@pytest.mark.parametrize("text", [
    "- Band offset: min(max(16,2767/32),128) = min(86,128) = 86\n",
    "The limit is `min(8192, max(2048, ceil(chars/4) × 2))`.\n",
    "surge = max(1.0, min(3.0, demand / supply × k))\n",
])  # fmt: skip
def test_functions_that_choose_are_no_statistics(text: str) -> None:
    assert errors(text) == []


def test_the_number_of_an_issue_is_no_degree() -> None:
    assert errors("The model has 256 experts. The EP managers were added by PR #47948 and pass EP on.\n") == []


def test_a_power_that_was_not_read_multiplies_nothing() -> None:
    assert errors("The gap between neighbours = 2^(E-15) × 2⁻¹⁰ = 2^(E-25)\n") == []


def test_a_total_is_rounded_as_its_parts_are_not() -> None:
    assert errors("| Part | Cost |\n|---|---|\n| one | EUR 35 |\n| two | EUR 5 |\n| three | EUR 8.70 |\n| **Total** | **EUR 49** |\n") == []


def test_priorities_are_no_percentiles() -> None:
    assert (
        errors(
            "| Priority | Task | Effort |\n|---|---|---|\n| P2 | metrics | 4 hrs |\n| P3 | compression | 2 hrs |\n| P4 | cache | 30 min |\n"
        )
        == []
    )


def test_a_product_of_bytes_is_no_conversion_of_its_last_factor() -> None:
    assert errors("| Rows of a day | 5M records/min x 1440 min x 50 bytes ~ 360 GB |\n|---|---|\n| a | b |\n") == []


@pytest.mark.parametrize("text", ["- Before: 8.38 GB (now + 3.74 GB left = 12.12 GB)\n", "**200 GB/s**（×6 条 = 1.2 TB/s 聚合）\n"])
def test_a_bracket_may_add_to_or_multiply_its_headline(text: str) -> None:
    assert errors(text) == []


def test_domains_have_nodes_and_nodes_have_devices() -> None:
    assert errors("Each node has 4 GPUs.\n\nStep 2: across domains (2 domain x 18 nodes = 144 GPU)\n") == []


def test_a_measured_rate_below_the_data_sheet_is_no_wrong_figure() -> None:
    rows = "| Dispatch | 68.70 GB/s | 229.30 GB/s |\n| Combine | 74.30 GB/s | 247.99 GB/s |\n"

    assert errors(f"# Exchange on B200 nodes\n\n| Operation | RDMA bandwidth | NVLink bandwidth |\n|---|---|---|\n{rows}") == []


@pytest.mark.parametrize("text", [
    "| Model | Layers | GPUs |\n|---|---|---|\n| DeepSeek-V3-16L | 16 | 64 |\n| DeepSeek-V3-32L | 32 | 128 |\n",
    "## Qwen3 30B-A3B on one tray\n\n**Micro-batches** (64 experts, EP=4, 12 layers, hidden=2048, seq=4096):\n",
])  # fmt: skip
def test_a_benchmark_may_run_with_a_part_of_the_model(text: str) -> None:
    assert errors(text) == []


def test_each_number_format_has_a_peak_of_its_own() -> None:
    rows = "| a | BF16 | 850.0 | 31.5% |\n| b | FP8 | 1,290.0 | 23.9% |\n| c | FP8 | 1,400.0 | 25.9% |\n"

    assert errors(f"| Run | Precision | TFLOP/s | MFU |\n|---|---|---|---|\n{rows}") == []


def test_rates_and_counts_have_no_total_together() -> None:
    rows = "| Uploads | 1,200 RPS |\n| Downloads | 12,000 RPS |\n| Users | 50M |\n"

    assert stratlint.check_text(f"| Figure | Today |\n|---|---|\n{rows}| Total files | 10B |\n").findings == ()


def test_the_bytes_of_one_parameter_are_not_those_of_all() -> None:
    text = "A model of 40B parameters is trained with Adam.\n\n- Gradients (FP32): 4 bytes\n- Optimizer state (FP32): 8 bytes\n"

    assert stratlint.check_text(text).findings == ()


def test_what_once_needed_a_large_card_may_now_fit_a_small_one() -> None:
    assert errors("A model that needed an 80 GB A100 now fits on a 12 GB consumer GPU.\n") == []


def test_a_wrong_product_that_is_a_power_by_chance_is_told() -> None:
    assert [finding.rule for finding in stratlint.check_text("2 × 3 = 8 GPUs\n").findings] == ["wrong-product"]


@pytest.mark.parametrize("text", [
    "The wheel and its plug-in install cleanly in a Python 3.12 Linux venv each.\n",
    "The image with CUDA 12.4 runs unchanged on each node, exactly as before.\n",
])  # fmt: skip
def test_a_version_counts_nothing(text: str) -> None:
    assert errors(text) == []


def test_what_is_crossed_out_is_not_claimed() -> None:
    assert errors("- Step 3: 84 / 3 = 27 ✗ (it is 28)\n") == []
    assert errors("- Step 3: 84 / 3 = 27\n") == ["wrong-quotient: claims 27, but 84 ÷ 3 = 28 (off by 3.6 %)"]


def test_a_product_of_two_symbols_is_neither_of_them() -> None:
    assert errors("With k = 3 and α = 0.6 the bound kα + 1 = 2.8 holds.\n") == []


@pytest.mark.parametrize("text", [
    "Without offload this job needs an 80 GB card and fills it. With it, the same job fits on a 40 GB card.\n",
    "Length 128 fits in 57 GB; lengths 512 and 2,048 would take 230 GB and 900 GB against an 80 GB card.\n",
])  # fmt: skip
def test_a_card_is_no_need_and_another_run_need_not_fit(text: str) -> None:
    assert errors(text) == []


def test_what_a_table_numbers_its_lines_by_shows_no_sum() -> None:
    rows = "| 1 | 10 | 3 | canary |\n| 2 | 20 | 14 | half |\n| 3 | 30 | 30 | all moved |\n"

    assert errors(f"| Wave | Cards drained | Cards live (cumulative) | Gate |\n|---|---|---|---|\n{rows}") == []


def test_widths_are_no_parts_of_the_parameters_that_they_make() -> None:
    rows = "| Hidden size | 5,120 |\n| FFN size | 13,824 |\n| Attention parameters | 3.10B |\n| Expert parameters | 91.40B |\n"

    assert errors(f"| Quantity | Value |\n|---|---|\n{rows}| Sum | 94.50B total, 12B active |\n") == []


def test_what_a_number_is_divisible_by_is_no_limit() -> None:
    row = "| Tokens per rank | divisible by 4 | 16,384 | ✅ |\n| Peak | 70 GB | 61 GB | ✅ |\n"

    assert errors(f"| Check | Limit | Value | OK |\n|---|---|---|---|\n{row}") == []


@pytest.mark.parametrize("text", ["DP16 and EP16: two 8-GPU servers form one instance.\n", "DP16 + EP16，两台 8 卡服务器组成一个实例。\n"])
def test_the_cards_of_one_server_are_not_all(text: str) -> None:
    assert errors(text) == []
