"""Configs of Hugging Face with something wrong in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stratlint.physics.configs import ConfigError, model_report, read_config

HERE = Path(__file__).parent
SMALL = [
    json.loads(line)
    for name, step in (("small_models.jsonl", 7), ("small_hybrids.jsonl", 10))
    for line in (HERE / name).read_text(encoding="utf-8").splitlines()[::step]
]


@pytest.mark.parametrize("row", SMALL, ids=lambda row: str(row["config"]["architectures"][0]))
def test_a_broken_config_is_a_clear_error(row: dict[str, Any]) -> None:
    """Whatever a key holds, the answer is a report or an error that names the architecture."""
    name = row["config"]["architectures"][0]
    for key in row["config"]:
        if key == "architectures":
            continue
        for value in (None, -1, 0, "12", True, 1e300, 10**400, float("nan"), [], [10**18], {}, {"a": 1}):
            message = _error_of({**row["config"], key: value})
            assert message is None or name in message


def _error_of(config: dict[str, Any]) -> str | None:
    """The message of the error that a config is refused with, None when it is read."""
    try:
        model_report(read_config(config), sequence=4096)
    except ConfigError as error:
        return str(error)
    return None
