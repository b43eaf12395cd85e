"""Relations of a plan that gives everything once: contradictions, admissible readings, silence."""

from __future__ import annotations

import pytest

import stratlint

PLAN = {
    "Layers": "32", "KV heads": "8", "Head dimension": "128", "KV cache per token": "131 KB",
    "Total GPUs": "64", "Nodes": "8",
    "GPUs per node": "8", "GPU memory": "80 GB", "Memory used per GPU": "60 GB", "Headroom": "20 GB",
}  # fmt: skip


def page(**changed: str) -> str:
    """The plan as a list; a changed line replaces the one with its label, words joined by underscores."""
    plan = {**PLAN, **{label.replace("_", " "): value for label, value in changed.items()}}
    return "# Plan\n\n" + "".join(f"- {label}: {value}\n" for label, value in plan.items())


def found(text: str) -> list[str]:
    return [finding.rule for finding in stratlint.check_text(text).findings]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (page(KV_cache_per_token="524 KB"), "cache-per-token"),
        (page(KV_cache_per_token="196 KB"), "cache-per-token"),
        (page(Headroom="38 GB"), "headroom-exceeds-rest"),
        (page(Nodes="4"), "nodes-and-gpus"),
        ("- Total GPUs: 100\n- Nodes: 16\n- GPUs per node: 8\n", "nodes-and-gpus"),
        ("- Parameters: 70B\n- Total GPUs: 8\n- Weights per GPU: 2.2 GB\n", "weights-below-floor"),
        ("- Peak: 989 TFLOPS\n- Achieved: 400 TFLOPS\n- MFU: 52.3 %\n", "utilisation-not-of-peak"),
        ("- Total GPUs: 512\n- Training time: 20 days\n- Compute used: 24,576 GPU-hours\n", "device-hours"),
        ("- Layers: 32\n- Latency per layer: 2.5 ms\n- Total latency: 40 ms\n", "latency-of-layers"),
        ("- Layers: 64\n- Latency per layer: 2.5 ms\n- PP: 4\n- Total latency: 25 ms\n", "latency-of-layers"),
        ("- KV heads: 8\n- TP: 16\n- KV heads per GPU: 2\n", "kv-heads-per-gpu"),
        ("- Parameters: 7.0B\n- Layers: 32\n- Parameters per layer: 420M\n", "parameters-of-layers"),
    ],
)
def test_a_contradiction_is_found_once(text: str, rule: str) -> None:
    assert found(text) == [rule]


@pytest.mark.parametrize(
    "text",
    [
        page(),
        page(KV_cache_per_token="128 KiB"),
        page(KV_cache_per_token="65.5 KB"),
        page(KV_cache_per_token="262 KB"),
        page(KV_cache_per_token="9.2 KB"),  # latent attention, or a share
        page(Headroom="12 GB"),  # a part is reserved
        page(Headroom="25 GB"),  # 80 GiB and 60 GB
        page(Total_GPUs="62"),
        page(Total_GPUs="32"),  # nodes stay free
        "- Peak: 1,979 TFLOPS\n- Achieved: 400 TFLOPS\n- MFU: 40.4 %\n",  # the sparse peak
        "- Peak: 312 TFLOPS\n- Achieved: 200 TFLOPS\n- MFU: 48.1 %\n",  # recomputation counted in the rate
        "- Peak: 989 TFLOPS\n- GEMM: 700 TFLOPS\n- MFU: 42.0 %\n",  # a kernel is faster than the run
        "- Memory used per GPU: 20 GB\n- Available per GPU: 60 GB\n- Headroom: 60 GB\n",
        "- Batch size: 8\n- Sequence length: 4,096\n- Training steps: 100,000\n- Training tokens: 210B\n",  # per device
        "- Batch size: 1,024\n- Sequence length: 4,096\n- Training steps: 100,000\n- Training tokens: 140B\n",
        "- Parameters: 400B\n- Layers: 48\n- Experts per layer: 128\n- Parameters per layer: 16.3B\n",  # MoE
        "- Total GPUs: 512\n- Training time: 20 days\n- Compute used: 310,000 GPU-hours\n",  # restarts
        "- Layers: 64\n- Latency per layer: 2.5 ms\n- PP: 4\n- Total latency: 41 ms\n",  # one stage
        "- KV heads: 8\n- TP: 16\n- KV heads per GPU: 1\n",  # replicated
        "- Experts per layer: 256\n- Redundant experts: 32\n- EP: 144\n- Slots per GPU: 2\n",
        "- Parameters: 671B\n- Active parameters: 37B\n- Training tokens: 14,800B\n- Training FLOPs: 3.3e24 FLOPs\n",
    ],
)
def test_an_admissible_reading_is_no_finding(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        page(Headroom="38 GB") + "\n## Decode, other cards\n\n- GPU memory: 141 GB\n",
        page(KV_cache_per_token="524 KB") + "\nThe draft model:\n\n- Layers: 8\n",
        "| | A | B |\n|---|---|---|\n| Peak | 989 TFLOPS | 312 TFLOPS |\n| Achieved | 400 TFLOPS | 200 TFLOPS |\n\n- MFU: 52.3 %\n",
    ],
)
def test_a_page_with_several_configurations_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_all_readings_are_shown_with_their_sources() -> None:
    (finding,) = stratlint.check_text("- Peak: 989 TFLOPS\n- Achieved: 400 TFLOPS\n- MFU: 52.3 %\n").findings
    assert len(finding.readings) == 7
    assert all(reading.source and not reading.fits for reading in finding.readings)
    assert finding.message == "an MFU of 52.3 %, but 400 TFLOPS of 989 TFLOPS are 40.44 %"
