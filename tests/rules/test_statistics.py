"""Statistics in their order, latencies over replicas, and premises that a device's name supplies."""

from __future__ import annotations

import pytest

import stratlint
from stratlint.rules.finding import Severity, Status

ORDER = "statistics-out-of-order"


def _rules(text: str) -> list[str]:
    return [finding.rule for finding in stratlint.check_text(text).findings]


@pytest.mark.parametrize(
    "text",
    [
        "The p50 latency is 220 ms and the p99 latency is 180 ms.",
        "TTFT: P50 500 ms, P99 400 ms.",
        "Mean 30 ms, max 20 ms.",
        "- Min latency: 30 ms\n- Average latency: 25 ms\n",
        "| Metric | P50 | P99 |\n|---|---|---|\n| TTFT | 300 ms | 250 ms |\n",
        "| Batch | P95 Latency | P99 Latency |\n|---|---|---|\n| 8 | 180 ms | 170 ms |\n",
        "| Statistic | TTFT |\n|---|---|\n| p50 | 120 ms |\n| p90 | 100 ms |\n",
        "- Expected MFU: 65 %\n- Theoretical MFU: 60 %\n",
        "The expected MFU is 65 % and the theoretical maximum MFU is 60 %.",
    ],
)
def test_statistics_in_the_wrong_order_are_found(text: str) -> None:
    assert _rules(text) == [ORDER]


@pytest.mark.parametrize(
    "text",
    [
        "TTFT p50 is 200 ms, TPOT p99 is 45 ms.",  # of two measurements
        "The p50 of the H100 is 220 ms, the p99 of the B200 is 180 ms.",
        "Throughput p50 400 tokens/s, p99 300 tokens/s.",  # counted from above
        "The p50 must stay below 500 ms and the p99 limit is 400 ms.",
        "- Average batch: 32\n- Max batch: 16\n",  # a setting
        "| Percentile | Change |\n|---|---|\n| p50 | +11 % |\n| p99 | +3 % |\n",
        "| Percentile | Speed-up |\n|---|---|\n| p50 | 1.4x |\n| max | 1.1x |\n",
        "- Expected latency: 30 ms\n- Theoretical latency: 20 ms\n",  # a floor
    ],
)
def test_what_has_no_order_is_left_alone(text: str) -> None:
    assert ORDER not in _rules(text)


def test_statistics_in_their_order_are_consistent_and_no_more() -> None:
    report = stratlint.check_text("- p50 latency: 180 ms\n- p99 latency: 220 ms\n").documents[0]
    status = {entry.location.text: entry.status for entry in report.ledger}
    assert (status["180 ms"], status["220 ms"]) == (Status.CONSISTENT, Status.CONSISTENT)


@pytest.mark.parametrize(
    "text",
    [
        "Latency: 120 ms / 4 replicas = 30 ms per request.",
        "- TPOT: 40 ms / 2 data-parallel copies = 20 ms\n",
    ],
)
def test_a_latency_is_not_shared_by_replicas(text: str) -> None:
    assert _rules(text) == ["latency-over-replicas"]


@pytest.mark.parametrize(
    "text",
    [
        "The effective latency is 120 ms / 4 replicas = 30 ms.",
        "A request ends every 120 ms / 4 replicas = 30 ms at this latency.",
        "Latency of a layer: 120 ms / 4 layers = 30 ms.",
        "Bandwidth-bound time: 120 ms / 4 instances = 30 ms.",
    ],
)
def test_other_times_may_be_divided(text: str) -> None:
    assert "latency-over-replicas" not in _rules(text)


# -- premises of a named device --------------------------------------------------------------------------------------

RATE = "- Parameters: 70B\n- GPUs: 8 H100\n- Throughput: 2,000,000 tokens/s\n"


def test_the_only_device_of_a_page_supplies_premises_that_say_where_they_are_from() -> None:
    (finding,) = stratlint.check_text(RATE).findings
    assert (finding.rule, finding.severity) == ("throughput-above-peak", Severity.ERROR)
    outside = [place.text for place in finding.related if not place.path]
    assert len(outside) == 1 and "H100" in outside[0] and "in the catalog" in outside[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2,000,000", "20,000"),
        ("- Parameters", "Compared with an A100.\n\n- Parameters"),
        ("- Parameters", "- Peak: 40,000 TFLOPS\n- Parameters"),
    ],
)
def test_a_device_supplies_nothing_beside_another_or_what_the_page_states_itself(old: str, new: str) -> None:
    assert "throughput-above-peak" not in _rules(RATE.replace(old, new))


def test_what_agrees_with_one_of_many_figures_is_not_verified_by_it() -> None:
    """An A100 has dense and sparse peaks from 312 to 1248 TFLOPS: sixty days agree with some of them."""
    text = "On the A100.\n\n- Training FLOPs: 8.4e22 FLOPs\n- GPUs: 64\n- MFU: 45 %\n- Training time: 60 days\n"
    ledger = {entry.location.text: entry.status for entry in stratlint.check_text(text).documents[0].ledger}
    assert ledger["60 days"] is Status.NOT_CHECKED
