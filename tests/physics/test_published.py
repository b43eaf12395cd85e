"""Published rows, recomputed with the functions of the package: each relation holds or fails as it was recorded.

A figure is exact, or a value with the half-width of its rounding interval; every corner of the intervals is evaluated.
"""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import pytest

from stratlint.physics import compute, memory, parameters, schedule
from stratlint.physics.activations import Recompute

Figures = Mapping[str, float]
HOUR, DAY = 3600, 86400

MASTER_IN_FP32 = memory.StateLayout("fp16 gradients kept in fp32 too", 2, 6, 12)
DOCUMENTED = memory.StateLayout("as the ZeRO-2 page counts", 4, 4, 12)
EIGHTEEN = next(layout for layout in memory.STATE_LAYOUTS if layout.total == 18)


def _mfu(f: Figures, per_token: float, rate: float, gpus: float) -> float:
    return 100 * compute.model_flops_utilization(per_token, rate, gpus, f["peak_tflops"] * 1e12)


def _selective(f: Figures) -> float:
    return 100 * compute.hfu_from_mfu(
        f["mfu_pct"] / 100,
        Recompute.SELECTIVE,
        sequence=f["seq"],
        hidden=f["hidden"],
        layers=f["layers"],
        vocab=f["vocab"],
    )


def _mosaic(f: Figures) -> float:
    per_token = 3 * (2 * f["params"] + 4 * f["layers"] * f["hidden"] * f["seq"])
    assert per_token == compute.palm_flops_per_token(f["params"], f["layers"], 1, f["hidden"], f["seq"])
    return _mfu(f, per_token, f["tokens_per_s"], f["gpus"])


def _days(f: Figures, params: str) -> float:
    flops = compute.training_flops(f[params], f["tokens"], flops_per_parameter=8)
    return compute.time_to_train(flops, f["gpus"], f["tflops"] * 1e12, 1) / DAY


def _micro_batches(f: Figures) -> float:
    dp = f["gpus"] / (f["tp"] * f["pp"] * f["cp"])
    return schedule.accumulation_steps(f["global_batch"], f["micro_batch"], dp)


LAWS: dict[str, Callable[[Figures], float]] = {
    "params.gpt_closed_form": lambda f: parameters.gpt_parameters(f["layers"], f["hidden"], f["vocab"], f["seq"]) / 1e9,
    "params.gpt_exact": lambda f: parameters.gpt_parameters_exact(int(f["layers"]), int(f["hidden"]), 50368, int(f["seq"])),
    "compute.6nd": lambda f: compute.training_flops(f["params"], f["tokens"]),
    "compute.aggregate": lambda f: compute.aggregate_flops(f["gpus"], f["tflops_per_gpu"]) / 1000,
    "compute.mfu_palm": lambda f: _mfu(
        f,
        compute.palm_flops_per_token(f["params"], f["layers"], f["heads"], f["head_dim"], f["seq"]),
        f["tok_s"],
        f["chips"],
    ),
    "compute.mfu_torchtitan": lambda f: _mfu(
        f,
        compute.palm_flops_per_token(f["params"] - f["embedding_params"], f["layers"], 1, f["hidden"], f["seq"]),
        f["tokens_per_s_gpu"],
        1,
    ),
    "compute.mfu_mosaic": _mosaic,
    "compute.hfu_full_recompute": lambda f: (
        100 * compute.hfu_from_mfu(f["mfu_pct"] / 100, Recompute.FULL if f["hfu_factor"] > 1 else Recompute.NONE)
    ),
    "compute.hfu_selective_paper": _selective,
    "compute.sc21_flops": lambda f: (
        compute.achieved_flops_per_gpu(
            compute.sc21_flops_per_iteration(f["batch"], f["seq"], f["layers"], f["hidden"], f["vocab"]),
            f["iter_s"],
            f["gpus"],
        )
        / 1e12
    ),
    "compute.model_flops": lambda f: compute.aggregate_flops(f["tokens_per_s_gpu"], f["flop_per_token"]) / 1e12,
    "batch.grad_accum": _micro_batches,
    "batch.tokens": lambda f: schedule.tokens_per_step(f["global_batch"], f["seq"]),
    "time.8ndp": lambda f: _days(f, "params"),
    "time.8ndp_as_printed": lambda f: _days(f, "params_as_printed"),
    "time.from_throughput": lambda f: schedule.steps(f["tokens"], f["gpus"] * f["tok_s"]) / DAY,
    "energy.mwh": lambda f: compute.energy(f["gpu_hours"], f["watts"], f["pue"]) / HOUR / 1e6,
    "energy.carbon": lambda f: compute.carbon(compute.energy(f["gpu_hours"], f["watts"], f["pue"]), f["kg_per_kwh"]) / 1000,
    "memory.weights_gb": lambda f: memory.weight_bytes(f["params"], 2) / memory.GB,
    "memory.weights_gib": lambda f: memory.weight_bytes(f["params"], 2) / memory.GIB,
    "memory.checkpoint_tib": lambda f: memory.checkpoint_bytes(f["params"], with_optimizer=True) / 2**40,
    "memory.zero3": lambda f: memory.zero_bytes_per_gpu(f["params"], EIGHTEEN, 3, int(f["gpus"]), gathered=f["largest"]),
    "memory.zero2_doc": lambda f: memory.zero_bytes_per_gpu(f["params"], DOCUMENTED, 2, int(f["gpus"])),
    "memory.zero2_code": lambda f: memory.zero_bytes_per_gpu(f["params"], MASTER_IN_FP32, 2, int(f["gpus"])),
    "schedule.bubble_1f1b": lambda f: schedule.bubble_time_1f1b(int(f["pp"]), f["f"], f["b"]),
    "schedule.bubble_zb1p": lambda f: schedule.bubble_time_zero_bubble(int(f["pp"]), f["f"], f["b"], f["w"]),
    "schedule.bubble_dualpipe": lambda f: schedule.bubble_time_dualpipe(int(f["pp"]), f["overlap_fb"], f["b"], f["w"]),
    "roofline.decode_lower_bound": lambda f: (
        1000 * schedule.decode_floor(memory.weight_bytes(f["params"], f["bytes"]), 0, f["chips"], f["bw"])
    ),
}


# Laws of memory give bytes; their rows print binary units under the name of the unit.
UNITS = {"gib": 2**30, "mib": 2**20}


def _interval(figure: Any) -> tuple[float, float]:
    if isinstance(figure, list):
        value, half = figure
        return value - half, value + half
    return figure, figure


def _corners(figures: Mapping[str, Any]) -> list[dict[str, float]]:
    names = [name for name, figure in figures.items() if not isinstance(figure, str)]
    uncertain = [name for name in names if isinstance(figures[name], list)]
    fixed = {name: _interval(figures[name])[0] for name in names if name not in uncertain}
    choices = product(*(_interval(figures[name]) for name in uncertain))
    return [fixed | dict(zip(uncertain, choice, strict=True)) for choice in choices]


class _Recorder(dict[str, float]):
    """Figures that remember which of them a law read, so that only those are varied."""

    def __init__(self, figures: Mapping[str, float]) -> None:
        super().__init__(figures)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> float:
        self.read.add(key)
        return super().__getitem__(key)


def _verdict(law: str, figures: Mapping[str, Any], check: Mapping[str, Any]) -> str:
    recorder = _Recorder(_corners({k: v[0] if isinstance(v, list) else v for k, v in figures.items()})[0])
    LAWS[law](recorder)
    values = [LAWS[law](corner) for corner in _corners({name: figures[name] for name in recorder.read})]
    target = figures[check["target"]] if isinstance(check["target"], str) else check["target"]
    low, high = (bound * UNITS.get(str(check["target"]), 1) for bound in _interval(target))
    slack = check.get("slack", 0) * max(abs(low), abs(high)) + 1e-12 * abs(high)
    return "consistent" if min(values) <= high + slack and max(values) >= low - slack else "inconsistent"


@pytest.mark.parametrize("law", sorted(LAWS))
def test_published_rows_are_judged_as_recorded(law: str, published_rows: list[dict[str, Any]]) -> None:
    checks = [
        (row, check)
        for row in published_rows
        for check in row["checks"]
        if check["law"] == law and (law != "batch.tokens" or "global_batch" in row["figures"])
    ]
    assert checks, f"no published row exercises {law}"
    wrong = [
        f"{row['id']}: recorded {check['result']}, found {verdict}"
        for row, check in checks
        if (verdict := _verdict(law, row["figures"], check)) != check["result"]
    ]
    assert wrong == []
