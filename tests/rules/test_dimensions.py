"""Every formula is added up dimensionally with pint when its rule is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratlint.claims.units import registry
from stratlint.facts.kinds import load_kinds
from stratlint.rules.formula import FormulaError, check_dimensions, parse_formula
from stratlint.rules.registry import load_rules
from stratlint.rules.rule import Rule, RuleError, builtin_rule_files, load_rule_files

RULES = tuple(rule for rule in load_rules() if rule.readings)
DIMENSIONS = {
    "memory": "byte", "link": "byte/second", "time": "second", "work": "flop", "peak": "flop/second", "gpus": "",
}  # fmt: skip
FILE = """\
- name: first
  family: ours
  summary: fine
  severity: error
  check: relation
  relates: {{gpus: cluster.gpus, nodes: cluster.nodes, per: cluster.gpus_per_node}}
  readings: [{{name: product, formula: "gpus == nodes * per", source: us}}]
  why: It must.
  help: count
  contradicted: "x"
  consistent: "x"

- name: second
  family: ours
  summary: {summary}
  severity: error
  check: relation
  relates: {{time: latency.communication, volume: communication.volume, link: link.bandwidth, memory: gpu.memory}}
  readings: [{{name: wire time, formula: "{formula}", source: us}}]
  why: It must.
  help: count
  contradicted: "x"
  consistent: "x"
"""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.name))
def test_built_in_formulas_type_check(rule: Rule) -> None:
    """Loading has checked them; here again, with a unit for the measure that each kind lists first."""
    first = load_kinds().dimensions
    units = {
        "bytes": "byte", "bandwidth": "byte/second", "work": "flop", "speed": "flop/second", "time": "second",
        "rate": "1/second", "money": "dollar", "power": "watt", "energy": "joule", "device_time": "second",
    }  # fmt: skip
    known = {variable.name: next((units[first[k]] for k in variable.kinds if first.get(k) in units), "") for variable in rule.variables}
    for formula in (*(reading.formula for reading in rule.readings), *([rule.when] if rule.when else [])):
        check_dimensions(formula, known, registry())


def test_every_built_in_file_loads() -> None:
    """One rule file more or less is no matter; none may be refused."""
    assert len(load_rule_files(builtin_rule_files(), check_all=True).names) >= 30


def _load(tmp_path: Path, formula: str) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(FILE.format(summary="whatever", formula=formula), encoding="utf-8")
    load_rule_files([path])


@pytest.mark.parametrize("formula", ["time == volume / link", "time >= (volume + memory) / link", "time * link <= 2 * volume"])
def test_a_right_formula_is_accepted(tmp_path: Path, formula: str) -> None:
    """The same file with formulas that add up."""
    _load(tmp_path, formula)


@pytest.mark.parametrize(
    ("formula", "dimensions"),
    [
        ("time == volume * link", ("[time]", "[information] ** 2 / [time]")),
        ("time == volume", ("[time]", "[information]")),
        ("volume + time == memory", ("[information]", "[time]")),
        ("link == memory", ("[information] / [time]", "[information]")),
        ("max(time, link) == time", ("[time]", "[information] / [time]")),
        ("time == 8", ("[time]", "a plain number")),
        ("time == volume / link and memory == link", ("[information]", "[information] / [time]")),
    ],
)
def test_a_wrong_formula_is_rejected(tmp_path: Path, formula: str, dimensions: tuple[str, str]) -> None:
    """File, line, rule, formula and both dimensions."""
    with pytest.raises(RuleError) as refused:
        _load(tmp_path, formula)
    message = str(refused.value)
    assert f"{tmp_path / 'ours.yaml'}:13" in message
    assert "`second`" in message and f"`{formula}`" in message
    for dimension in dimensions:
        assert dimension in message


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("time == volume / links", "`links` is not among what the rule relates"),
        ("time = volume", "cannot read"),
        ("sqrt(time) == time", "unknown function `sqrt`"),
        ("__import__('os').system('id') == time", "cannot read"),
    ],
)
def test_a_formula_of_other_things_is_rejected(tmp_path: Path, formula: str, words: str) -> None:
    """Unknown names and functions, and what is no formula at all."""
    with pytest.raises(RuleError, match=r"ours\.yaml:13") as refused:
        _load(tmp_path, formula)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("formula", "fine"),
    [
        ("time >= work / (gpus * peak)", True),
        ("time >= work / peak / link", False),
        ("memory == link * time", True),
        ("memory == link / time", False),
        ("time >= 0", True),
        ("memory ^ 2 == memory * memory", True),
        ("memory ^ 2 == memory", False),
        ("ceil(memory) == memory", True),
        ("memory % memory == 0", True),
        ("memory % time == 0", False),
        ("memory == 2 * gpus * byte", True),
        ("memory == 2 * gpus * flop", False),
        ("time <= work / peak + 8 * hour", True),
        ("time <= work / peak + 8", False),
    ],
)
def test_dimensions_of_operators(formula: str, fine: bool) -> None:
    """Each operator adds up its dimensions; zero has any."""
    parsed = parse_formula(formula)
    if fine:
        check_dimensions(parsed, DIMENSIONS, registry())
    else:
        with pytest.raises(FormulaError):
            check_dimensions(parsed, DIMENSIONS, registry())
