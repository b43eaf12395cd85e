"""What `stratlint schema` publishes holds for everything that is printed, and is strict: a field that is renamed or gone breaks it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import stratlint
from stratlint.cli import main
from stratlint.config import describe
from stratlint.readers.file import VERSION as READINGS_VERSION
from stratlint.readers.file import BlockReadings, Objection, Reading, ReadingsFile, dump_file
from stratlint.report import RenderOptions, render
from stratlint.report.baseline import VERSION as BASELINE_VERSION
from stratlint.report.json import SCHEMA_VERSION
from stratlint.report.outcome import Report
from stratlint.resources import parse_yaml
from stratlint.rules.registry import load_rules
from stratlint.schemas import SCHEMAS, schema

FIXTURES = Path(__file__).parents[2] / "fixtures"
# Their keys are the documents', not ours.
FREE = ("not_checked", "documents")
RICH = """\
# Plan

- Weights: 30B × 2 bytes = 80 GB
- Attention: 2 × 64 × 4,096 × 4,096 × 4 = 8.6 TFLOP per layer
- ✅ Memory check: 52.4 GB needed vs 48 GB per GPU available
- Cache: 4 × 16 GB = 64 GB

Ada had 17, Bob asked for 24. Nobody expected 418.
"""


def validator(name: str) -> jsonschema.protocols.Validator:
    rules = schema(name)
    kind = jsonschema.validators.validator_for(rules)
    assert kind is jsonschema.Draft202012Validator
    kind.check_schema(rules)
    return kind(rules, format_checker=kind.FORMAT_CHECKER)


def objections(name: str, value: Any) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator(name).iter_errors(value)]


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Real output under each name, of a page that has as much as a page can have: repairs, readings, what is disputed and rejected."""
    from stratlint.document import parse
    from stratlint.readers.blocks import page_blocks

    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    Path("plan.md").write_text(RICH, encoding="utf-8")
    block = page_blocks(parse(RICH))[0]
    entries = (Reading(8, "418", "=", "17 × 24", "product", "boxes"), Reading(3, "99", "=", "3"))
    readings = ReadingsFile((BlockReadings(block.hash, 1, entries, (Objection(8, "418", "quoted"),)),), "1", "openai:some-model")
    file = Path(".stratlint/readings/plan.md.yaml")
    file.parent.mkdir(parents=True)
    file.write_text(dump_file(readings), encoding="utf-8")

    def said(*argv: str) -> str:
        capsys.readouterr()
        main([*argv])
        return capsys.readouterr().out

    found = {
        "json": json.loads(said("check", "plan.md", "absent.md", "--output-format", "json")),
        "jsonl": json.loads(said("check", "plan.md", "--output-format", "jsonl", "--select", "magnitude-slip")),
        "claims": json.loads(said("claims", "plan.md", "--output-format", "json")),
        "claims-jsonl": json.loads(said("claims", "plan.md", "--output-format", "jsonl").splitlines()[0]),
        "rules": json.loads(said("rules", "--output-format", "json")),
        "readings": parse_yaml(file.read_bytes()),
        "readings-jsonl": {"line": 3, "claim": "80 GB", "op": "=", "expr": "30 × 2", "kind": "product", "why": "weights"},
        "configuration": {
            "assumptions": {"gigabyte": "binary"},
            "select": ["SL102"],
            "waivers": [{"rule": "a", "path": "b", "reason": "c"}],
        },
    }
    said("baseline", "plan.md")
    return {**found, "baseline": json.loads(Path("stratlint-baseline.json").read_text(encoding="utf-8"))}


def renamed(value: Any, root: Any, seen: set[tuple[str, ...]], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """*root* with one key of *value* called otherwise, for each key of ours, once for each place of its sort."""
    if isinstance(value, dict):
        for key in list(value):
            here = (*path, key)
            free = bool(path) and path[-1] in FREE
            if not free and here not in seen:
                seen.add(here)
                value[f"{key}_"] = value.pop(key)
                yield here, copy.deepcopy(root)
                value[key] = value.pop(f"{key}_")
            yield from renamed(value[key], root, seen, path if free else here)
    elif isinstance(value, list):
        for each in value:
            yield from renamed(each, root, seen, path)


def test_the_outputs_are_valid_and_have_what_a_page_can_have(outputs: dict[str, Any]) -> None:
    assert set(outputs) == set(SCHEMAS)
    assert {name: found for name, value in outputs.items() if (found := objections(name, value))} == {}
    read, unread = outputs["json"]["documents"]
    assert "error" in unread and read["readings"]["rejected"]
    assert any("suggestion" in row for row in read["findings"]) and any(row["read_by"] and row["disputed"] for row in read["findings"])


def test_a_field_that_is_renamed_is_noticed(outputs: dict[str, Any]) -> None:
    """In every output, in every object of it: no field of ours goes unnoticed."""
    missed = []
    tried = 0
    for name, value in outputs.items():
        if name == "configuration":
            continue
        checker = validator(name)
        seen: set[tuple[str, ...]] = set()
        for path, changed in renamed(value, value, seen):
            tried += 1
            # What is optional in lines of readings is whoever writes them's own; they may have more.
            if checker.is_valid(changed) and (name, path) not in {("readings-jsonl", ("kind",)), ("readings-jsonl", ("why",))}:
                missed.append((name, ".".join(path)))
    assert missed == []
    assert tried > 150


def test_every_contradicted_example_is_valid() -> None:
    documents = tuple(each for rule in load_rules() for each in stratlint.check_text(rule.contradicted).documents)
    data = json.loads(render("json", Report(documents), RenderOptions()))
    assert objections("json", data) == []
    assert len(data["documents"]) == len(load_rules().names)


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.md")), ids=lambda path: path.stem)
def test_every_fixture_is_valid(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = stratlint.check(path)
    assert objections("json", json.loads(render("json", report, RenderOptions()))) == []
    for line in render("jsonl", report, RenderOptions()).splitlines():
        assert objections("jsonl", json.loads(line)) == []


def test_each_schema_is_complete_and_has_its_own_versioned_name(capsys: pytest.CaptureFixture[str]) -> None:
    """No address: one that is in a schema has to be served for ever."""
    main(["schema"])
    listed = capsys.readouterr().out
    for name, published in SCHEMAS.items():
        main(["schema", name])
        text = capsys.readouterr().out
        data = json.loads(text)
        assert data == schema(name)
        assert data["$id"] == f"urn:stratlint:schema:{name}:{published.version}"
        assert data["$id"] in listed
        assert set(data.get("$defs", ())) == set(references(data))
        assert "://" not in text.replace("https://json-schema.org/draft/2020-12/schema", "").replace("https?://", "")


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (node["$ref"].removeprefix("#/$defs/"),) if "$ref" in node else ()
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def test_versions_are_those_of_the_formats() -> None:
    versions = {"json": SCHEMA_VERSION, "baseline": BASELINE_VERSION, "readings": READINGS_VERSION}
    assert {name: SCHEMAS[name].version for name in versions} == versions


def test_an_unknown_schema_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "jsnl"]) == 2
    assert 'no schema "jsnl"; did you mean "jsonl"?; `stratlint schema` lists them' in capsys.readouterr().err


def test_the_configuration_schema_is_the_one_of_config_schema(capsys: pytest.CaptureFixture[str]) -> None:
    main(["config", "schema"])
    assert json.loads(capsys.readouterr().out) == schema("configuration")
    assert describe.schema().items() <= schema("configuration").items()


@pytest.mark.parametrize(
    "wrong",
    [{"selct": []}, {"fail-on": "fatal"}, {"assumptions": {"gigabytes": "binary"}}, {"waivers": [{"rule": "x"}]}, {"min-coverage": 101}],
)
def test_the_configuration_schema_refuses_what_loading_refuses(wrong: dict[str, Any]) -> None:
    assert objections("configuration", wrong)
