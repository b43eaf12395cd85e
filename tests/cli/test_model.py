"""`stratlint model` on every published config that the physics tests have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stratlint.cli import main

CONFIGS = sorted((Path(__file__).parent.parent / "physics" / "configs").glob("*.json"))


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_text_and_json_agree(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Components add up, the text is aligned, and both formats show the same figures."""
    assert main(["model", str(path), "--precision", "fp8"]) == 0
    text = capfd.readouterr().out
    assert main(["model", str(path), "--precision", "fp8", "--output-format", "json"]) == 0
    data = json.loads(capfd.readouterr().out)
    assert data["total"] == sum(data["parameters"].values()) and data["weight_bytes"] == data["total"]
    assert data["kv_bytes_per_token"] > 0 and data["forward_flops_per_token"] > 0
    for count in (data["total"], *data["active"].values()):
        assert f"{count:,}" in text
    for words in ("weights in fp8", "KV cache per token", "forward FLOP per token", "active"):
        assert words in text
    rows = [line for line in text.splitlines() if line.strip()]
    assert len({len(row) - len(row.rstrip().rsplit("  ", 1)[1]) for row in rows}) == 1, "one column of values"


def test_unknown_architecture(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """It is named, with what is known, in one line."""
    (tmp_path / "c.json").write_text('{"architectures": ["FooForCausalLM"]}', encoding="utf-8")
    assert main(["model", str(tmp_path / "c.json")]) == 2
    err = capfd.readouterr().err
    assert "FooForCausalLM" in err and "LlamaForCausalLM" in err and len(err.splitlines()) == 1
