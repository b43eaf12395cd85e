"""What the README shows is what happens."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import stratlint
from stratlint.cli.commands import COMMAND_NAMES
from stratlint.config.settings import Settings
from stratlint.rules.registry import load_rules

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/README.md"]


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.S | re.M)


def test_the_output_shown_is_the_output() -> None:
    """When this fails because the output became better: `make readme`."""
    assert script("readme").rendered(README) == README


def test_there_are_two_commands_that_do_all_their_own_set_up() -> None:
    """`.ci/run` runs the two, as they are printed, in a fresh checkout."""
    run, test = blocks("sh")
    assert "venv" in run
    assert "check fixtures" in run
    assert "venv" in test
    assert "pytest" in test


def test_the_rule_shown_works_as_it_is_printed(tmp_path: Path) -> None:
    text = next(block for block in blocks("yaml") if "contradicted:" in block)
    path = tmp_path / "house.yaml"
    path.write_text(text, encoding="utf-8")
    (entry,) = yaml.safe_load(text)
    settings = Settings(rules=(str(path),))
    assert [f.rule for f in stratlint.check_text(entry["contradicted"], settings).errors] == [entry["name"]]
    assert stratlint.check_text(entry["consistent"], settings).errors == ()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_files_and_rules_that_are_named_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for command in re.findall(r"`stratlint ([a-z]+)", text):
        assert command in COMMAND_NAMES
    for path in re.findall(r"`((?:stratlint|grammar|rules|fixtures|tests|scripts)/[\w./-]*)`", text):
        assert (ROOT / path).exists(), path
    for target in re.findall(r"^make (\w+)|`make (\w+)", text):
        assert f"{target[0] or target[1]}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
    for rule in re.findall(r"ignore\[([a-z-]+)\]", text):
        assert rule in load_rules().names


@pytest.mark.parametrize("name", DOCUMENTS)
def test_our_own_documents_are_right(name: str) -> None:
    """Checked as any other; the example of the README stands in a fence of its own and is told apart by that."""
    text = re.sub(r"^```(?:markdown|text|yaml)\n.*?^```$", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.S | re.M)
    assert stratlint.check_text(text).errors == ()
