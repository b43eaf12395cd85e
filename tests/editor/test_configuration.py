"""The editor judges by what `check` judges by, and by what it says now."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from stratlint.cli import main

SLIP, PASSED = "magnitude-slip", "failing-comparison-passed"
Edit = Callable[..., Any]


def codes(found: list[types.Diagnostic]) -> list[str]:
    return [str(each.code) for each in found]


def test_a_changed_configuration_is_taken_up(edit: Edit, folder: Path) -> None:
    settings = folder / "stratlint.toml"

    async def session(editor: Any) -> None:
        async def with_settings(text: str) -> list[types.Diagnostic]:
            settings.write_text(text, encoding="utf-8")
            found: list[types.Diagnostic] = await editor.next_diagnostics("plan.md", lambda: editor.touch("stratlint.toml"))
            return found

        assert codes(await editor.open("plan.md")) == [SLIP, PASSED]
        assert codes(await with_settings('ignore = ["magnitude-slip"]\n')) == [PASSED]
        (found,) = await with_settings('select = ["magnitude-slip"]\nseverity = {"magnitude-slip" = "info"}\n')
        assert found.severity == types.DiagnosticSeverity.Information
        (found,) = await with_settings('select = ["magnitude-slip"]\nrule-pages = "https://example.com/{rule}.html"\n')
        assert found.code_description == types.CodeDescription("https://example.com/magnitude-slip.html")
        assert await with_settings('per-file-ignores = {"*.md" = ["ALL"]}\n') == []
        assert await with_settings('exclude = ["plan.md"]\n') == []
        waived = '[[waivers]]\nrule = "magnitude-slip"\npath = "*.md"\nclaim = "8.6 TFLOP"\nreason = "quoted"\n'
        assert codes(await with_settings(waived)) == [PASSED]
        settings.unlink()
        found = await editor.next_diagnostics("plan.md", lambda: editor.touch("stratlint.toml"))
        assert codes(found) == [SLIP, PASSED]

    edit(folder, session)


def test_a_configuration_that_cannot_be_used_is_said_and_forgotten_when_it_can(edit: Edit, folder: Path) -> None:
    settings = folder / "stratlint.toml"
    settings.write_text('ignore = ["magnitude-slap"]\n', encoding="utf-8")

    async def session(editor: Any) -> None:
        (found,) = await editor.open("plan.md")
        assert (found.code, found.severity) == ("unusable-configuration", types.DiagnosticSeverity.Error)
        assert 'stratlint.toml:1: unknown rule "magnitude-slap"; did you mean "magnitude-slip"?' in found.message
        await editor.until(lambda: any("magnitude-slap" in each for each in editor.log))
        assert await editor.hover("plan.md", "52.4") == ""
        assert await editor.actions("plan.md", "52.4") == {}
        settings.write_text("ignore = [\n", encoding="utf-8")
        (found,) = await editor.next_diagnostics("plan.md", lambda: editor.touch("stratlint.toml"))
        assert "not valid TOML" in found.message
        settings.write_text("", encoding="utf-8")
        assert codes(await editor.next_diagnostics("plan.md", lambda: editor.touch("stratlint.toml"))) == [SLIP, PASSED]

    edit(folder, session)


def test_an_editor_that_watches_nothing_sees_it_when_the_document_is_changed_or_saved(edit: Edit, folder: Path) -> None:
    async def session(editor: Any) -> None:
        await editor.open("plan.md")
        (folder / "stratlint.toml").write_text('ignore = ["magnitude-slip"]\n', encoding="utf-8")
        assert codes(await editor.next_diagnostics("plan.md", lambda: editor.save("plan.md"))) == [PASSED]
        (folder / "stratlint.toml").write_text('select = ["magnitude-slip"]\n', encoding="utf-8")
        editor.type_over("plan.md", "# Plan", "# Our plan")
        assert codes(await editor.diagnostics("plan.md")) == [SLIP]

    edit(folder, session, like="neovim@v0.11")


def test_the_nearest_configuration_counts_for_each_document(edit: Edit, folder: Path, plan: str) -> None:
    (folder / "drafts").mkdir()
    (folder / "drafts" / "plan.md").write_text(plan, encoding="utf-8")
    (folder / "pyproject.toml").write_text('[tool.stratlint]\nignore = ["magnitude-slip"]\n', encoding="utf-8")
    (folder / "drafts" / ".stratlint.toml").write_text('select = ["magnitude-slip"]\n', encoding="utf-8")

    async def session(editor: Any) -> None:
        assert codes(await editor.open("plan.md")) == [PASSED]
        assert codes(await editor.open("drafts/plan.md")) == [SLIP]

    async def told(editor: Any) -> None:
        assert codes(await editor.open("drafts/plan.md")) == [SLIP, PASSED]

    edit(folder, session)
    edit(folder, told, "--isolated")


def test_what_the_baseline_has_is_not_shown(edit: Edit, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / "stratlint.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    assert main(["check", "--no-baseline", "plan.md", "--output-format", "json", "-o", "found.json"]) == 1
    assert main(["baseline", "--baseline", "known.json", "plan.md"]) == 0

    async def session(editor: Any) -> None:
        assert await editor.open("plan.md") == []
        editor.type_over("plan.md", "= 8.6 TFLOP", "= 8.7 TFLOP")
        assert await editor.diagnostics("plan.md") != []
        editor.type_over("plan.md", "= 8.7 TFLOP", "= 8.6 TFLOP")
        assert await editor.diagnostics("plan.md") == []
        recorded = json.loads((folder / "known.json").read_text(encoding="utf-8"))
        (folder / "known.json").write_text(json.dumps(recorded | {"documents": {}}), encoding="utf-8")
        assert codes(await editor.next_diagnostics("plan.md", lambda: editor.touch("known.json"))) == [SLIP, PASSED]

    edit(folder, session)


def test_readings_beside_the_project_are_judged_and_watched(edit: Edit, folder: Path) -> None:
    page = "# Fair\n\nAda had 17, Bob asked for 24. Nobody expected 418.\n"
    reading = {"line": 3, "claim": "418", "op": "=", "expr": "17 × 24"}
    kept = folder / ".stratlint" / "readings" / "fair.md.jsonl"
    kept.parent.mkdir(parents=True)
    (folder / "fair.md").write_text(page, encoding="utf-8")

    async def session(editor: Any) -> None:
        assert await editor.open("fair.md") == []
        kept.write_text(json.dumps(reading) + "\n", encoding="utf-8")
        name = ".stratlint/readings/fair.md.jsonl"
        assert codes(await editor.next_diagnostics("fair.md", lambda: editor.touch(name))) == ["wrong-product"]
        kept.write_text("no reading\n", encoding="utf-8")
        assert await editor.next_diagnostics("fair.md", lambda: editor.touch(name)) == []

    edit(folder, session)


def test_rules_of_the_project_are_read_again_when_they_change(edit: Edit, folder: Path) -> None:
    rule = """\
- name: nodes-mismatch
  family: house
  summary: the GPUs are not nodes times GPUs per node
  severity: SEVERITY
  check: relation
  relates: {gpus: cluster.gpus, nodes: cluster.nodes, each: cluster.gpus_per_node}
  readings:
    - {name: whole nodes, formula: "gpus == nodes * each", source: arithmetic}
  why: A reservation is made in nodes.
  help: recompute nodes × GPUs per node
  contradicted: "- Nodes: 4\\n- GPUs per node: 8\\n- Total GPUs: 30\\n"
  consistent: "- Nodes: 4\\n- GPUs per node: 8\\n- Total GPUs: 32\\n"
"""
    house = folder / "house.yaml"
    house.write_text(rule.replace("SEVERITY", "error"), encoding="utf-8")
    (folder / "stratlint.toml").write_text('rules = ["house.yaml"]\nselect = ["house"]\n', encoding="utf-8")

    async def session(editor: Any) -> None:
        (found,) = await editor.open("plan.md", "- Nodes: 4\n- GPUs per node: 8\n- Total GPUs: 30\n")
        assert (found.code, found.severity) == ("nodes-mismatch", types.DiagnosticSeverity.Error)
        assert "the GPUs are not nodes times GPUs per node" in await editor.hover("plan.md", "30")
        house.write_text(rule.replace("SEVERITY", "warning"), encoding="utf-8")
        (found,) = await editor.next_diagnostics("plan.md", lambda: editor.touch("house.yaml"))
        assert found.severity == types.DiagnosticSeverity.Warning
        house.write_text("- nonsense\n", encoding="utf-8")
        (found,) = await editor.next_diagnostics("plan.md", lambda: editor.touch("house.yaml"))
        assert found.code == "unusable-configuration"

    edit(folder, session)


def test_files_that_nothing_depends_on_cost_nothing(edit: Edit, folder: Path) -> None:
    async def session(editor: Any) -> None:
        await editor.open("plan.md")
        editor.touch("package.json", "other/notes.md", "data.yaml")
        await editor.hover("plan.md", "52.4")
        assert editor.count[editor.uri("plan.md")] == 1

    edit(folder, session)
