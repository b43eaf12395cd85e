"""Rules are data that a person writes: every mistake is named with file, line, rule and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import stratlint
from stratlint.config.settings import Settings
from stratlint.rules.checks import check_names, load_check
from stratlint.rules.registry import load_rules
from stratlint.rules.rule import RuleError, builtin_rule_files, load_rule_files

GOOD: dict[str, Any] = {
    "name": "nodes-mismatch",
    "family": "house",
    "summary": "GPUs are not nodes times GPUs per node",
    "severity": "error",
    "check": "relation",
    "relates": {"gpus": "cluster.gpus", "nodes": "cluster.nodes", "each": "cluster.gpus_per_node"},
    "readings": [{"name": "whole nodes", "formula": "gpus == nodes * each", "source": "arithmetic"}],
    "why": "A reservation is made in nodes.",
    "contradicted": "- Nodes: 4\n- GPUs per node: 8\n- Total GPUs: 30\n",
    "consistent": "- Nodes: 4\n- GPUs per node: 8\n- Total GPUs: 32\n",
}


def write(path: Path, *rules: object) -> Path:
    path.write_text(yaml.safe_dump(list(rules), allow_unicode=True), encoding="utf-8")
    return path


def test_a_user_writes_a_rule_the_same_way(tmp_path: Path) -> None:
    """One YAML file outside the package adds a rule; its two examples hold."""
    settings = Settings(rules=(str(write(tmp_path / "house.yaml", GOOD)),))
    assert [f.rule for f in stratlint.check_text(GOOD["contradicted"], settings).errors] == ["nodes-mismatch"]
    assert stratlint.check_text(GOOD["consistent"], settings).errors == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"severity": "fatal"}, "severity is error, warning or info"),
        ({"summry": "typo"}, "unknown key `summry`; did you mean `summary`"),
        ({"why": None, "name": "x"}, "lacks"),
        ({"relates": {"gpus": "cluster.gpu"}}, "unknown kind `cluster.gpu`; did you mean `cluster.gpus`"),
        ({"readings": [{"name": "r", "formula": "gpus == nodes *", "source": "s"}]}, "cannot read"),
        ({"readings": [{"name": "r", "formula": "gpus == stages", "source": "s"}]}, "`stages` is not among what the rule relates"),
        ({"readings": [{"name": "r", "formula": "sqrt(gpus) == nodes", "source": "s"}]}, "unknown function `sqrt`"),
        ({"readings": [{"formula": "gpus == nodes"}]}, "nodes-mismatch"),
        (
            {
                "relates": {"gpus": "cluster.gpus", "memory": "gpu.memory"},
                "readings": [{"name": "r", "formula": "gpus == memory", "source": "s"}],
            },
            "joins a plain number and",
        ),
        ({"relates": {"both": {"kind": ["cluster.gpus", "gpu.memory"]}}, "readings": []}, "different dimensions"),
        ({"when": "gpus >"}, "cannot read"),
        ({"check": "no_such_check"}, "no_such_check"),
        ({"check": "relatoin"}, "unknown check `relatoin`; did you mean `relation`"),
        ({"options": {"digitz": 3}}, "unknown option `digitz`; did you mean `digits`"),
        ({"options": {"outright": "gpu"}}, "option `outright` names `gpu`, which `relates` does not have; did you mean `gpus`"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_rule(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    entry = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    path = write(tmp_path / "house.yaml", entry)
    with pytest.raises(RuleError, match=message) as caught:
        load_rule_files([path])
    assert str(caught.value).startswith(f"{path}:1: ")


@pytest.mark.parametrize(
    "text", ["name: x\n", "- 5\n", "- [", "a: &a [*a]\n", "- {name: x}\n", "- !!python/object/apply:os.system ['true']\n", ""]
)
def test_what_is_no_rule_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=r"rules\.yaml"):
        load_rule_files([path])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot be read"):
        load_rule_files([tmp_path / "absent.yaml"])


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    path = write(tmp_path / "house.yaml", GOOD, GOOD)
    with pytest.raises(RuleError, match="already defined"):
        load_rule_files([path])
    taken = write(tmp_path / "taken.yaml", {**GOOD, "name": "wrong-product"})
    with pytest.raises(RuleError, match="already defined"):
        load_rules((taken,))


def test_every_file_of_the_folder_is_a_family() -> None:
    """`rules/memory.yaml` holds the rules of the family `memory`: the folder is the table of contents."""
    for path in builtin_rule_files():
        families = {rule.family for rule in load_rule_files([path])}
        assert families == {path.stem}, path.name


def test_every_rule_names_a_check_that_exists_and_every_check_is_used() -> None:
    used = {rule.check for rule in load_rules()}
    assert used <= set(check_names())
    assert set(check_names()) <= used
    for name in check_names():
        assert load_check(name).__doc__, f"the check {name} does not say what it does"


def test_an_unknown_check_lists_those_there_are() -> None:
    with pytest.raises(KeyError, match="judged"):
        load_check("nothing")


def test_rules_are_loaded_once() -> None:
    assert load_rules() is load_rules()
