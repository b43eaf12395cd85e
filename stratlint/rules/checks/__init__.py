"""The machinery that rules name in `check:`. Each module offers checks `(rule, context) -> verdicts`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module

from stratlint.rules.context import Context, Verdict
from stratlint.rules.rule import Rule

Check = Callable[[Rule, Context], Iterator[Verdict]]

# What a rule may say in `check:` and the module and function behind it.
_CHECKS = {
    "judged": "judged:check_judged",
    "last_digit": "rounding:check_last_digit",
    "relation": "relations:check_relation",
    "world_size": "worlds:check_world_size",
    "expert_ranks": "worlds:check_expert_ranks",
    "statistics_in_order": "statistics:check_statistics_in_order",
    "experts_by_stage": "stages:check_experts_by_stage",
    "named_card": "cards:check_named_card",
    "rate_of_one_and_all": "replicas:check_rate_of_one_and_all",
    "rate_of_copies": "replicas:check_rate_of_copies",
    "total_against_each": "goals:check_total_against_each",
    "goal": "goals:check_goal",
    "demand": "demand:check_demand",
    "latency_over_copies": "replicas:check_latency_over_copies",
    "weights_over_replicas": "replicas:check_weights_over_replicas",
    "rate_of_stages": "replicas:check_rate_of_stages",
    "routed_load": "loads:check_routed_load",
    "equal_stages": "loads:check_equal_stages",
    "restated": "restatement:check_restated",
    "given": "givens:check_given",
    "layer_and_total": "scopes:check_layer_and_total",
    "strategy_name": "names:check_strategy_name",
    "settings": "names:check_settings",
    "command_against_configuration": "names:check_command_against_configuration",
    "batch_cap": "launches:check_batch_cap",
    "cache_format": "launches:check_cache_format",
    "launch_axes": "launches:check_axes",
    "launch_nodes": "names:check_launch_nodes",
    "relative_time": "options:check_relative_time",
    "above_any_card": "capacity:check_above_any_card",
    "unit_of_label": "labels:check_unit_of_label",
    "impossible_transfer": "labels:check_impossible_transfer",
    "attention_matrices": "attention:check_attention_matrices",
    "comparison_passed": "capacity:check_comparison_passed",
    "memory_over_capacity": "capacity:check_memory_over_capacity",
    "zero_time": "judgements:check_zero_time",
    "tiny_praised": "judgements:check_tiny_praised",
    "overall_verdict": "judgements:check_overall_verdict",
    "device_figure": "hardware:check_device_figure",
    "above_peak": "hardware:check_above_peak",
    "unsupported_format": "formats:check_unsupported_format",
    "model_figure": "models:check_model_figure",
    "weights_at_precision": "weights:check_weights_at_precision",
    "serving_format": "weights:check_serving_format",
    "training_state": "weights:check_training_state",
    "training_memory": "weights:check_training_memory",
    "memory_as_network": "network:check_memory_as_network",
    "decode_floor": "floors:check_decode_floor",
    "floor_column": "floors:check_floor_column",
    "stated_floor": "floors:check_stated_floor",
    "prefill_floor": "floors:check_prefill_floor",
    "work_floor": "floors:check_work_floor",
    "cache_heads": "cache:check_cache_heads",
    "count_restated": "wholes:check_count_restated",
    "run_time": "schedules:check_run_time",
    "utilisation_ratio": "schedules:check_utilisation_ratio",
}


@cache
def load_check(name: str) -> Check:
    """The check called *name*.

    Raises:
        KeyError: there is none; the message lists those there are.
    """
    if name not in _CHECKS:
        raise KeyError(f"unknown check `{name}`; there are: {', '.join(sorted(_CHECKS))}")
    module, _, function = _CHECKS[name].partition(":")
    check: Check = getattr(import_module(f"stratlint.rules.checks.{module}"), function)
    return check


def check_names() -> Mapping[str, str]:
    """All checks with the code behind them."""
    return dict(_CHECKS)
