"""The shipped catalog: complete against the measured data, consistent in itself, and strict about mistakes."""

from pathlib import Path
from typing import Any

import pytest

from stratlint.physics.catalog import (
    Accelerator,
    CatalogError,
    Model,
    load_accelerators,
    load_models,
    lookup,
    name_finder,
    normalise_name,
)


def test_models_have_the_measured_totals(shared_models: list[dict[str, Any]], catalog_models: dict[str, Model]) -> None:
    wrong = []
    for row in shared_models:
        model, published = catalog_models[row["name"]], row["published"]
        if model.total_parameters != row["computed"]["total"]:
            wrong.append(f"{row['name']}: {model.total_parameters}, measured {row['computed']['total']}")
        exact = published["total"] if "total" in published and not published.get("rounded") else None
        if model.published_total != exact:
            wrong.append(f"{row['name']}: published {model.published_total}, measured data says {exact}")
        if row["computed"].get("active", model.total_parameters) != model.active_parameters.with_embedding_and_head:
            wrong.append(f"{row['name']}: active {model.active_parameters}")
    assert wrong == []


def test_accelerators_have_the_measured_figures(
    shared_accelerators: list[dict[str, Any]], catalog_accelerators: dict[str, Accelerator]
) -> None:
    devices = lookup(catalog_accelerators.values())
    wrong = []
    for row in shared_accelerators:
        device = devices[normalise_name(row["name"].split(" (")[0])][0]
        link = row["interconnect"]
        wanted = {
            "memory": row["memory_gb"] in device.memory_gb,
            "bandwidth": row["memory_bandwidth_gb_s"] in device.bandwidth_gb_s,
            "peaks": all(row["peak_dense_tflops"][key] in device.peak_tflops[key] for key in row["peak_dense_tflops"]),
            "reported": row.get("memory_bytes_reported") in (*device.memory_reported, None),
            "tdp": row.get("tdp_w") in (*device.tdp_w, None),
            "link": (link["per_direction_gb_s"], link["total_gb_s"]) == (device.link_gb_s or (None, None)),
        }
        wrong += [f"{row['name']}: {what}" for what, right in wanted.items() if not right]
    assert wrong == []


def test_announced_sizes_are_near_the_exact_ones(catalog_models: dict[str, Model]) -> None:
    # The widest honest gap on record is Gemma-2-2B: 2.61B are called 2B.
    for model in catalog_models.values():
        assert model.announced_total is not None, model.name
        assert 0.8 < model.total_parameters / model.announced_total < 1.31, model.name
        if model.announced_active is not None:
            largest, _, least = model.active_parameters.readings
            assert least * 0.9 < model.announced_active < largest * 1.1, model.name


def test_every_entry_gives_its_sources(catalog_models: dict[str, Model], catalog_accelerators: dict[str, Accelerator]) -> None:
    for model in catalog_models.values():
        assert model.sources["fields"], model.name
        assert model.published_total is None or model.sources["total"], model.name
    for device in catalog_accelerators.values():
        assert {"memory", "peak"} <= set(device.sources), device.name


def test_figures_of_one_device_agree_with_each_other(catalog_accelerators: dict[str, Accelerator]) -> None:
    for device in catalog_accelerators.values():
        if device.link_gb_s is not None:
            one_way, total = device.link_gb_s
            assert total == pytest.approx(2 * one_way), device.name
        for precision in device.precisions:
            assert device.supports(precision) is True, (device.name, precision)
        for reported in device.memory_reported:
            assert any(0.97 < reported / value < 1.12 for value in device.memory_bytes()), device.name


def test_readings_of_an_h100(catalog_accelerators: dict[str, Accelerator]) -> None:
    device = catalog_accelerators["H100-SXM5-80GB"]
    assert {80e9, 80 * 2**30} <= set(device.memory_bytes())
    assert 3.35e12 in device.bandwidth
    assert 989.4e12 in device.peaks("BF16")
    assert 2 * 989.4e12 in device.sparse_peaks("bfloat16")
    assert device.peaks("int4") == ()
    assert device.supports("fp4") is False and device.supports("fp8") is True and device.supports("int4") is None
    assert (device.link_per_direction, device.link_total) == (450e9, 900e9)
    with pytest.raises(ValueError, match="fp7"):
        device.peaks("fp7")


def test_sparse_peaks_without_a_common_factor(catalog_accelerators: dict[str, Accelerator]) -> None:
    assert 18e15 in catalog_accelerators["B300-SXM"].sparse_peaks("fp4")
    assert catalog_accelerators["V100-SXM2-32GB"].sparse_peaks("fp16") == ()
    assert catalog_accelerators["H100-SXM5-80GB"].sparse_peaks("fp32") == ()


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("A100", {"A100-SXM4-40GB", "A100-SXM4-80GB", "A100-PCIe-40GB", "A100-PCIe-80GB"}),
        ("H100", {"H100-SXM5-80GB", "H100-PCIe-80GB", "H100-NVL-94GB"}),
        ("h100_sxm", {"H100-SXM5-80GB"}),
        ("H100-80GB", {"H100-SXM5-80GB", "H100-PCIe-80GB"}),
        ("A100 80GB", {"A100-SXM4-80GB", "A100-PCIe-80GB"}),
        ("A100-SXM4-80GB", {"A100-SXM4-80GB"}),
        ("H800", {"H800-SXM5-80GB"}),
        ("MI300X", {"MI300X"}),
        ("TPU v5p", {"TPU v5p"}),
        ("L4", {"L4"}),
    ],
)
def test_accelerators_are_found_as_written(written: str, names: set[str], catalog_accelerators: dict[str, Accelerator]) -> None:
    found = lookup(catalog_accelerators.values())[normalise_name(written)]
    assert {device.name for device in found} == names


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Mixtral 8x7B", {"mixtral-8x7b"}),
        ("mistralai/Mixtral-8x7B", {"mixtral-8x7b"}),
        ("DeepSeek-V3", {"deepseek-v3"}),
        ("DeepSeek-R1", {"deepseek-r1"}),
        ("Qwen3-235B-A22B", {"qwen3-235b-a22b"}),
        ("Llama-3.1-70B", {"llama-3.1-70b"}),
        ("Llama 3 70B", {"llama-3.1-70b"}),
        ("Meta-Llama-3.1-405B", {"llama-3.1-405b"}),
        ("Llama 70B", {"llama-2-70b", "llama-3.1-70b", "llama-3.3-70b"}),
    ],
)
def test_models_are_found_as_written(written: str, names: set[str], catalog_models: dict[str, Model]) -> None:
    assert {model.name for model in lookup(catalog_models.values())[normalise_name(written)]} == names


def test_r1_is_v3(catalog_models: dict[str, Model]) -> None:
    assert catalog_models["deepseek-r1"].architecture == catalog_models["deepseek-v3"].architecture


def test_names_are_found_whole_and_longest_in_text(catalog_accelerators: dict[str, Accelerator], catalog_models: dict[str, Model]) -> None:
    devices = name_finder(catalog_accelerators.values())
    text = "8x H100-80GB, GH200 and XH100; L4 cache of an H100X"
    assert [text[start:end] for start, end in devices.find(text)] == ["H100-80GB", "GH200"]
    text = "an L4 GPU, an L4"
    weak = name_finder(catalog_accelerators.values(), weak=True)
    assert [text[start:end] for start, end in weak.find(text)] == ["L4 GPU", "L4"]
    models = name_finder(catalog_models.values())
    text = "DeepSeek-V3.2, DeepSeek-R1-Distill-Qwen-32B, GLM-4.5-Air, meta-llama/Llama-3.1-70B-Instruct, GPT-4"
    found = [text[start:end] for start, end in models.find(text)]
    assert found == ["DeepSeek-R1-Distill-Qwen-32B", "GLM-4.5-Air", "Llama-3.1-70B"]


_DEVICE = "vendor: X, memory_gb: 80, bandwidth_gb_s: 2000, peak_tflops: {bf16: 300}, source: {memory: seen}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("accelerators: [", "not YAML"),
        ("devices: []", "needs a list 'accelerators'"),
        ("accelerators: [{vendor: X}]", "entry 1: 'name'"),
        (f"accelerators: [{{name: Z, {_DEVICE}, memroy: 3}}]", "Z: unknown field 'memroy'"),
        (f"accelerators: [{{name: Z, {_DEVICE.replace('80', 'lots')}}}]", "Z: 'memory_gb' must be a positive number"),
        (f"accelerators: [{{name: Z, {_DEVICE.replace('bf16', 'bf61')}}}]", "Z: peak_tflops: unknown precision 'bf61'"),
        (f"accelerators: [{{name: Z, {_DEVICE}}}, {{name: z, {_DEVICE}}}]", "z: the name occurs twice"),
        (f"accelerators: [{{name: Z, {_DEVICE}, unsupported: [bf16]}}]", "both unsupported and given a peak"),
        (f"accelerators: [{{name: Z, {_DEVICE}, link_gb_s: 4}}]", "one direction"),
        (f"accelerators: [{{name: Z, {_DEVICE.replace('source: {memory: seen}', 'tdp_w: 3')}}}]", "'source'"),
    ],
)
def test_a_broken_accelerator_file_is_located(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "devices.yaml"
    path.write_text(text)
    with pytest.raises(CatalogError) as caught:
        load_accelerators(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


_MODEL = "display: 1B, layers: 2, hidden: 8, heads: 2, ffn: 16, vocab: 10, source: {fields: seen}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"models: [{{name: M, {_MODEL}, total: 7}}]", "M: the fields give"),
        (f"models: [{{name: M, {_MODEL}, heds: 7}}]", "M: unknown field 'heds'"),
        (f"models: [{{name: M, {_MODEL.replace('layers: 2, ', '')}}}]", "M: 'layers' must be an integer"),
        (f"models: [{{name: M, {_MODEL}, norm: group}}]", "M: 'group' is not a valid Norm"),
        (f"models: [{{name: M, {_MODEL}, tied: 1}}]", "M: 'tied' must be true or false"),
        (f"models: [{{name: M, {_MODEL}, kv_heads: 3}}]", "M: heads 2 must be a multiple"),
    ],
)
def test_a_broken_model_file_is_located(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "models.yaml"
    path.write_text(text)
    with pytest.raises(CatalogError) as caught:
        load_models(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"absent\.yaml"):
        load_models(tmp_path / "absent.yaml")
