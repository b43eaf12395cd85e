"""Figures of named accelerators: whose they are, and when the page leaves that open."""

from __future__ import annotations

from pathlib import Path

import pytest

import stratlint
from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.facts.resolve import resolve
from stratlint.resources import data_folder
from stratlint.rules.engine import run_rules
from stratlint.rules.finding import Finding, Severity
from stratlint.rules.rule import load_rule_files


def findings(text: str, file: str = "hardware.yaml") -> list[Finding]:
    """What the rules of one file say of *text*."""
    rules = load_rule_files([Path(data_folder("rules")) / file])
    found = run_rules(resolve(extract(parse(text, "page.md"))), rules, {}).findings
    return list(found)


@pytest.mark.parametrize(
    "text",
    [
        "| Item | Value |\n|---|---|\n| Device | A100-SXM4-80GB |\n| HBM bandwidth | 3.35 TB/s |\n",
        "# Port to TPU v5p\n\n| per chip | |\n|---|---|\n| HBM | 95 GB with 819 GB/s |\n",
        "| | H100 SXM | B200 |\n|---|---|---|\n| HBM bandwidth of a GPU | 3.35 TB/s | 1.8 TB/s |\n",
        "# Serving on MI300X\n\n| Quantity | Per GPU |\n|---|---|\n| Dense BF16 | 2,614.9 TFLOPS |\n",
        "- Cluster: 1,024 × A100-SXM4-80GB\n- Peak of each 8-GPU node: 312 TFLOPS dense BF16.\n",
        "- GPUs: 8 × NVIDIA H100 SXM\n- Interconnect: NVLink 900 Gbps\n",
    ],
)
def test_figure_of_something_else_is_an_error(text: str) -> None:
    (found,) = findings(text)
    assert (found.rule, found.severity) == ("device-figure", Severity.ERROR)
    assert any(place.role.startswith("named") for place in found.related)
    assert any(place.path == "" and "catalog" in place.text for place in found.related)


@pytest.mark.parametrize("label", ["One peer NVLink", "Hopper-to-Hopper NVLink"])
def test_what_a_card_has_for_one_neighbour_is_not_what_it_has_in_all(label: str) -> None:
    page = "# Ceilings of a GH200\n\n| Item | Value |\n|---|---|\n| {} | 150 GB/s |\n"
    assert not findings(page.format(label))
    assert [each.rule for each in findings(page.format("NVLink"))] == ["device-figure"]


def test_the_message_says_whose_figure_it_is() -> None:
    (found,) = findings("| Item | Value |\n|---|---|\n| Device | A100-SXM4-80GB |\n| HBM bandwidth | 3.35 TB/s |\n")
    assert found.message == (
        "claims 3.35 TB/s memory bandwidth for A100-SXM4-80GB; the catalog has 2.039 TB/s "
        "(3.35 TB/s is the memory bandwidth of H100-SXM5-80GB)"
    )


@pytest.mark.parametrize(
    "text",
    [
        # every build that a short name fits
        "- GPU: H100\n- HBM bandwidth: 2 TB/s\n",
        "- GPU: H100\n- HBM bandwidth: 3.9 TB/s\n",
        # sparse and FP8 peaks, where nothing says dense
        "- GPU: H100 SXM\n- BF16 peak: 1,979 TFLOPS\n",
        "- GPU: H100 SXM\n- FP8 peak: 1,979 TFLOPS\n",
        # several devices in reach
        "# A100 and H100\n\n- HBM bandwidth: 1.2 TB/s\n",
        # measured, reserved and pooled amounts
        "- GPU: H100 SXM\n- Achieved HBM bandwidth: 2.6 TB/s\n",
        "- GPU: H100 SXM\n- Available HBM: 72 GB\n",
        "- GPU: H100 SXM\n- Total HBM bandwidth of the node: 26.8 TB/s\n",
        # another chip, a derived name, a mistake that is quoted
        "# Sohu against H100\n\n- Sohu: 144 GB HBM3E\n",
        "- GPU: an H100-like card\n- HBM bandwidth: 1.2 TB/s\n",
        "> GPU: H100 SXM, HBM bandwidth 1.2 TB/s\n",
        # no device at all
        "- HBM bandwidth: 1.8 TB/s\n- Peak: 400 TFLOPS\n",
    ],
)
def test_silence_where_a_reading_fits_or_none_is_certain(text: str) -> None:
    assert findings(text) == []


@pytest.mark.parametrize("precision", ["BF16", "FP16"])
def test_a_rate_above_the_dense_peak_is_an_error(precision: str) -> None:
    (found,) = findings(f"The fleet is 16 × H100 SXM. Best burst measured: 1,240 TFLOPS in {precision} on GPU 5.\n")
    assert found.rule == "rate-above-peak"


@pytest.mark.parametrize(
    "text",
    [
        "The fleet is 16 × H100 SXM. Best burst measured: 1,240 TFLOPS in FP8 on GPU 5.\n",
        "The fleet is 16 × H100 SXM. Measured on 2:4 sparse weights: 1,180 TFLOPS in BF16 per GPU.\n",
        "The fleet is 16 × H100 SXM. Measured: 5,240 TFLOPS in BF16 for the group of eight.\n",
        "The fleet is 16 × H100 SXM. The target is 1,240 TFLOPS in BF16 per GPU.\n",
    ],
)
def test_rates_that_may_be_right(text: str) -> None:
    assert findings(text) == []


@pytest.mark.parametrize(("rate", "wrong"), [("1,150", True), ("910", False)])
def test_the_device_itself_may_be_the_one_gpu_and_its_format_stand_before_the_unit(rate: str, wrong: bool) -> None:
    findings = stratlint.check_text(f"Each H100 sustains {rate} BF16 TFLOPS.").errors

    assert [finding.rule for finding in findings] == ["rate-above-peak"] * wrong
    assert stratlint.check_text(f"Each H100 node sustains {rate} BF16 TFLOPS.").errors == ()


def test_two_values_for_one_device_in_a_column_were_measured() -> None:
    """A table of runs gives the memory that each took, not that of the card."""
    text = "| Model | GPU | VRAM (GB) | RAM (MB) |\n|---|---|---|---|\n| small | A800 | 18.2 | 2,210 |\n| large | A800 | 40 | 9,120 |\n"
    assert findings(text) == []


@pytest.mark.parametrize("text", [
    "| GPU | NVLink (GB/s) |\n|---|---|\n| H100 PCIe | 600 |\n",  # by the bridge
    "## H200 SXM\n\n| Quantity | Sheet | Planned at |\n|---|---|---|\n| HBM bandwidth | 4.8 TB/s | 3.35 TB/s |\n",
    "## Planning values for the B200\n\n- HBM bandwidth: 8 TB/s\n- FP8 dense: 3,900 TFLOPS\n",
    "## Effective rates of the B200\n\n- HBM bandwidth: 6 TB/s\n",
    "# H200 plan\n\n## Old pool\n\n- HBM bandwidth: 3.35 TB/s\n",
    "# H200 plan\n\n## The legacy cards\n\n| Item | Value |\n|---|---|\n| HBM bandwidth | 3.35 TB/s |\n",
])  # fmt: skip
def test_a_bridge_planned_figures_and_those_of_an_older_pool_are_no_contradiction(text: str) -> None:
    assert not findings(text)


@pytest.mark.parametrize("text", [
    "## H200 SXM\n\n| Quantity | Sheet |\n|---|---|\n| HBM bandwidth | 3.35 TB/s |\n",
    "## The B200 by its data sheet\n\n- HBM bandwidth: 6 TB/s\n",
    "# H200 plan\n\n## New pool\n\n- HBM bandwidth: 3.35 TB/s\n",
])  # fmt: skip
def test_without_those_words_the_same_figures_are_refuted(text: str) -> None:
    assert [each.rule for each in findings(text)] == ["device-figure"]
