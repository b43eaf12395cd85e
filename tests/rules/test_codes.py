"""Codes of rules: one for each, for good; whatever names a rule takes its code as well."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import stratlint
from stratlint import Settings
from stratlint.cli import main
from stratlint.config.loading import load
from stratlint.config.selection import OWN_RULES, active_rules, check_selectors, families_of
from stratlint.config.settings import Waiver
from stratlint.report.baseline import read_baseline
from stratlint.resources import data_folder
from stratlint.rules import successors
from stratlint.rules.finding import Severity
from stratlint.rules.registry import load_rules

GIVEN = Path(__file__).parent / "codes.txt"
WRONG = "2 × 3 = 7 GPUs\n"
RULE, CODE = "wrong-product", "SL102"


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A rule that went: its code, SL99, means `wrong-product` now."""
    read = successors._read

    def with_one(name: str) -> dict:
        found = dict(read(name))
        return {**found, "retired": {"SL99": [RULE], "SL98": []}} if name == "codes" else found

    for each in (successors.successors, successors._former):
        each.cache_clear()
    monkeypatch.setattr(successors, "_read", with_one)
    yield
    for each in (successors.successors, successors._former):
        each.cache_clear()


def test_every_rule_has_one_code_and_every_code_one_rule() -> None:
    """As the text says it: YAML would take the last of two lines with one key."""
    text = (data_folder("rules") / "judge" / "codes.yaml").read_text(encoding="utf-8")
    lines = [tuple(each) for each in re.findall(r"^  (SL\d{3}): ([a-z0-9-]+)$", text.partition("retired:")[0], re.MULTILINE)]
    assert dict(lines) == successors.codes()
    assert sorted(name for _, name in lines) == sorted({*load_rules().names, *OWN_RULES})
    assert len({code for code, _ in lines}) == len(lines)


def test_no_code_is_given_twice_or_forgotten() -> None:
    """What was ever given is a rule's, or retired with its successors; to write one here without a rule is a mistake, too."""
    given = GIVEN.read_text(encoding="utf-8").split()
    retired = {name for name in successors.successors() if re.fullmatch(r"SL\d+", name)}
    assert len(given) == len(set(given))
    assert retired.isdisjoint(successors.codes())
    assert set(given) == {*successors.codes(), *retired}


def test_successors_are_rules_of_today() -> None:
    known = {*load_rules().names, *OWN_RULES}
    assert {rule for rules in successors.successors().values() for rule in rules} <= known
    assert known.isdisjoint(successors.successors())


@pytest.mark.usefixtures("gone")
def test_a_retired_code_means_its_successors() -> None:
    assert successors.meant_by("SL99") == (RULE,)
    assert "SL99" in successors.names_of(RULE) and CODE in successors.names_of(RULE)
    assert stratlint.check_text(WRONG, Settings(ignore=("SL99",))).findings == ()
    families = families_of(load_rules().families)
    assert check_selectors([("SL99", "stratlint.toml", 3), (CODE, "", 0)], families) == (
        'stratlint.toml:3: rule "SL99" is now `wrong-product`',
    )
    assert successors.note_on("SL98") == 'rule "SL98" is no more, nothing replaces it'


@pytest.mark.parametrize("name", [RULE, CODE])
def test_selection_and_severity_take_a_code(name: str) -> None:
    families = families_of(load_rules().families)
    assert active_rules(Settings(select=(name,)), "x.md", families) == {RULE}
    assert RULE not in active_rules(Settings(ignore=(name,)), "x.md", families)
    assert RULE in active_rules(Settings(ignore=("arithmetic",), extend_select=(name,)), "x.md", families)
    assert RULE not in active_rules(Settings(per_file_ignores={"*.md": (name,)}), "x.md", families)
    (found,) = stratlint.check_text(WRONG, Settings(severity={name: Severity.INFO})).findings
    assert found.severity is Severity.INFO


@pytest.mark.parametrize("name", [RULE, CODE])
def test_comments_and_waivers_take_a_code(name: str) -> None:
    assert stratlint.check_text(f"2 × 3 = 7 GPUs <!-- stratlint: ignore[{name}]: measured -->\n").findings == ()
    block = f"<!-- stratlint: disable[{name}]: old -->\n\n{WRONG}\n<!-- stratlint: enable[{RULE}] -->\n\n3 × 3 = 10 GPUs\n"
    assert [each.claimed for each in stratlint.check_text(block).findings] == ["10 GPUs"]
    waiver = Waiver(name, "*", "measured", where="here")
    assert stratlint.check_text(WRONG, Settings(waivers=(waiver,))).findings == ()


def test_a_code_that_silences_nothing_or_is_none_is_told() -> None:
    (unused,) = stratlint.check_text(f"2 × 3 = 6 GPUs <!-- stratlint: ignore[{CODE}]: measured -->\n").findings
    assert unused.rule == "unused-suppression"
    (unknown,) = stratlint.check_text("8 <!-- stratlint: ignore[sl102]: x -->\n").findings
    assert unknown.rule == "unknown-suppression" and 'did you mean "SL102"?' in unknown.message


def test_the_command_line_takes_and_shows_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.md").write_text(WRONG, encoding="utf-8")
    Path("stratlint.toml").write_text(f'ignore = ["{CODE}"]\n', encoding="utf-8")
    assert main(["check", "plan.md"]) == 0
    assert main(["check", "plan.md", "--extend-select", RULE]) == 1
    assert main(["check", "plan.md", "--select", "sl102"]) == 2
    assert 'did you mean "SL102"?' in capsys.readouterr().err
    assert main(["check", "plan.md", "--isolated", "--output-format", "jsonl"]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == CODE
    main(["check", "plan.md", "--isolated", "--output-format", "sarif"])
    rules = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]["rules"]
    (shown,) = [each for each in rules if each["id"] == RULE]
    assert shown["properties"] == {"code": CODE} and "run-cost" in shown["deprecatedIds"]
    main(["explain", CODE])
    assert capsys.readouterr().out.startswith(f"{RULE}\n")
    main(["explain", "SL901"])
    assert "SL901, warning" in capsys.readouterr().out
    main(["rules"])
    assert re.search(rf"^{RULE} +{CODE} +error", capsys.readouterr().out, re.MULTILINE)


def test_the_list_of_rules_has_every_code(capsys: pytest.CaptureFixture[str]) -> None:
    main(["rules", "--output-format", "json"])
    assert {row["code"]: row["name"] for row in json.loads(capsys.readouterr().out)} == dict(successors.codes())


def test_a_baseline_writes_and_reads_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who keeps the file by hand may write the code alone; a rule without one, a team's own, has its name."""
    monkeypatch.chdir(tmp_path)
    Path("plan.md").write_text(WRONG, encoding="utf-8")
    assert main(["baseline", "plan.md", "-q"]) == 0
    data = json.loads(Path("stratlint-baseline.json").read_text(encoding="utf-8"))
    (entry,) = data["documents"]["plan.md"].values()
    assert (entry["rule"], entry["code"]) == (RULE, CODE)
    entry["rule"] = entry.pop("code")
    Path("stratlint-baseline.json").write_text(json.dumps(data), encoding="utf-8")
    assert read_baseline("stratlint-baseline.json").rules == {RULE}
    assert main(["check", "plan.md", "--baseline", "stratlint-baseline.json", "-q"]) == 0
    assert main(["baseline", "plan.md", "-q"]) == 0


def test_an_expired_waiver_by_code_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.md").write_text("2 × 3 = 6 GPUs\n", encoding="utf-8")
    table = f'[[waivers]]\nrule = "{CODE}"\npath = "plan.md"\nreason = "measured"\n'
    Path("stratlint.toml").write_text(table, encoding="utf-8")
    assert load(Path("stratlint.toml")).settings.waivers[0].rule == CODE
    main(["check", "plan.md", "--output-format", "concise"])
    assert "silences nothing" in capsys.readouterr().out
    Path("stratlint.toml").write_text(f"{table}expires = {date(2020, 1, 1)}\n", encoding="utf-8")
    main(["check", "plan.md", "--output-format", "concise"])
    assert "expired on 2020-01-01" in capsys.readouterr().out
