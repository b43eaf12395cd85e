"""The tools say what the commands of the same name say, as data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stratlint.agent.folder import Refusal
from stratlint.agent.tools import TEXT, Tools
from stratlint.cli import main
from stratlint.cli.outcome import Usage
from stratlint.config.errors import ConfigError


def test_check_finds_what_the_command_finds(tools: Tools, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "plan.md", "--output-format", "json"])
    (document,) = json.loads(capsys.readouterr().out)["documents"]
    answer = tools.check("plan.md")
    assert [(each.line, each.rule, each.message, each.fingerprint) for each in answer.findings] == [
        (each["line"], each["rule"], each["message"], each["fingerprint"]) for each in document["findings"]
    ]
    assert (answer.path, answer.clean, answer.errors) == ("plan.md", False, 1)
    assert "### 1. Error in line 3" in answer.instructions
    assert [(each.line, each.text) for each in answer.findings[0].premises] == [(3, "17"), (3, "24")]


def test_nothing_of_a_call_reaches_the_streams_of_the_process(tools: Tools, capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output belongs to the protocol."""
    tools.check("plan.md")
    tools.claims("plan.md")
    tools.explain("wrong-sum")
    assert capsys.readouterr() == ("", "")


def test_a_text_is_checked_like_a_document(tools: Tools) -> None:
    answer = tools.check(text="Weights: 30B × 2 bytes = 80 GB\n")
    assert (answer.path, answer.errors, answer.findings[0].computed) == (TEXT, 1, "60 GB")
    assert tools.check(text="Weights: 30B × 2 bytes = 60 GB\n").clean


def test_the_configuration_of_the_folder_holds_unless_it_is_isolated(folder: Path, tools: Tools) -> None:
    (folder / "stratlint.toml").write_text('ignore = ["wrong-product"]\n')
    assert tools.check("plan.md").clean
    assert not Tools(folder, isolated=True).check("plan.md").clean
    assert not Tools(folder, ['severity = {"wrong-product" = "error"}', "ignore = []"]).check("plan.md").clean


def test_a_configuration_that_cannot_be_used_is_told(folder: Path, tools: Tools) -> None:
    (folder / "stratlint.toml").write_text("fail-on = 7\n")
    with pytest.raises(ConfigError, match=r"stratlint.toml:1"):
        tools.check("plan.md")


def test_findings_below_the_floor_leave_a_page_clean(folder: Path, tools: Tools) -> None:
    (folder / "stratlint.toml").write_text('severity = {"wrong-product" = "warning"}\n')
    answer = tools.check("plan.md")
    assert (answer.clean, answer.warnings) == (True, 1)


@pytest.mark.parametrize(("path", "text"), [("", ""), ("plan.md", "8 × 8 = 64")])
def test_a_path_or_a_text_and_not_both(path: str, text: str, tools: Tools) -> None:
    with pytest.raises(Refusal, match="one of the two"):
        tools.check(path, text)


def test_what_is_no_text_is_refused(folder: Path, tools: Tools) -> None:
    (folder / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 40)
    with pytest.raises(Refusal, match=r"picture.md"):
        tools.check("picture.md")


def test_claims_are_those_not_understood_with_their_lines(tools: Tools) -> None:
    answer = tools.claims("plan.md")
    told = {each.text: each for each in answer.claims}
    assert told["17"].context == "The hall has 17 rows of 24 cabinets, 418 cabinets in all."
    assert told["17"].reason.startswith("no known word says")
    assert "418" not in told
    assert "418" in {each.text for each in tools.claims("plan.md", everything=True).claims}


def test_claims_come_in_pages(tools: Tools) -> None:
    everything = tools.claims("plan.md", everything=True).claims
    first = tools.claims("plan.md", everything=True, limit=2)
    rest = tools.claims("plan.md", everything=True, offset=2)
    assert [*first.claims, *rest.claims] == everything
    assert (first.left, rest.left) == (len(everything) - 2, 0)


def test_explain_has_the_page_of_a_rule_and_the_nearest_name(tools: Tools) -> None:
    assert tools.explain("wrong-sum").page.startswith("wrong-sum\n====")
    with pytest.raises(Usage, match='"wrong-sun"'):
        tools.explain("wrong-sun")
    with pytest.raises(Usage):
        tools.explain("--help")


def test_model_counts_what_a_configuration_says(folder: Path, tools: Tools) -> None:
    sizes = {"hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32}
    more = {"model_type": "llama", "num_key_value_heads": 8, "vocab_size": 128256, "tie_word_embeddings": False}
    (folder / "config.json").write_text(json.dumps(sizes | more))
    assert tools.model("config.json", "bf16", "", 0).total == 8_030_261_248
    with pytest.raises(Usage, match=r"config.json"):
        tools.model("config.json", "fp1", "", 0)
    with pytest.raises(Refusal):
        tools.model("../config.json", "bf16", "", 0)
