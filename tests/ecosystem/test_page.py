"""The page of all findings over a folder: complete, harmless, and it shows what a change of behaviour changed."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "ecosystem.py"


@pytest.fixture(scope="module")
def ecosystem() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ecosystem", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["ecosystem"] = module  # its functions go to other processes by name
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    (docs / "deeper").mkdir(parents=True)
    (docs / "wrong.md").write_text("# Plan\n\nEach node: 8 × 8 = 99 GPUs\n", encoding="utf-8")
    (docs / "deeper" / "right.md").write_text("8 × 8 = 64\n", encoding="utf-8")
    (docs / "image.png").write_bytes(b"8 x 8 = 99")
    return docs


def run(ecosystem: ModuleType, docs: Path) -> tuple[list[dict[str, object]], str]:
    out = docs.parent / "out"
    assert ecosystem.main([str(docs), "--out", str(out), "-j", "1"]) == 0
    rows = [json.loads(line) for line in (out / "findings.jsonl").read_text(encoding="utf-8").splitlines()]
    return rows, (out / "index.html").read_text(encoding="utf-8")


def test_every_document_below_the_folder_is_read(ecosystem: ModuleType, folder: Path) -> None:
    rows, page = run(ecosystem, folder)
    assert [(row["path"], row["line"], row["rule"]) for row in rows] == [("wrong.md", 3, "wrong-product")]
    assert "1 errors, 0 warnings in 2 documents" in page
    assert "Each node: 8 × 8 = 99 GPUs" in page
    assert "nothing to compare with" in page


def test_the_next_run_shows_what_changed(ecosystem: ModuleType, folder: Path) -> None:
    run(ecosystem, folder)
    (folder / "wrong.md").write_text("\n\n\nEach node: 8 × 8 = 99 GPUs\n", encoding="utf-8")
    (folder / "deeper" / "right.md").write_text("8 × 8 = 77\n", encoding="utf-8")
    _, page = run(ecosystem, folder)
    assert "New since the last run: 1" in page
    assert "Gone since the last run: 0" in page
    (folder / "wrong.md").write_text("gone\n", encoding="utf-8")
    _, page = run(ecosystem, folder)
    assert "New since the last run: 0" in page
    assert "Gone since the last run: 1" in page


def test_the_same_documents_give_the_same_page(ecosystem: ModuleType, folder: Path) -> None:
    run(ecosystem, folder)
    _, second = run(ecosystem, folder)
    _, third = run(ecosystem, folder)
    assert second == third


def test_document_text_cannot_act_on_the_page(ecosystem: ModuleType, folder: Path) -> None:
    (folder / "evil <b>.md").write_text("<script>x</script> \u202e\x1b[31m 8 × 8 = 99\n", encoding="utf-8")
    _, page = run(ecosystem, folder)
    assert "<script" not in page
    assert "evil <b>" not in page
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_what_cannot_be_read_is_listed(ecosystem: ModuleType, folder: Path) -> None:
    (folder / "bytes.md").write_bytes(b"\xff\xfe\x00\xd8 8 \x80")
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    rows, _ = run(ecosystem, folder)
    assert {row["rule"] for row in rows if row["path"] in ("bytes.md", "gone.md")} <= {"not-read"}
    assert ecosystem.rows_of(folder / "nowhere.md", "nowhere.md")[0]["rule"] == "not-read"


def test_an_empty_folder_is_refused(ecosystem: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        ecosystem.main([str(tmp_path)])


def test_a_judged_line_carries_its_judgement_whatever_rule_finds_it(ecosystem: ModuleType, folder: Path) -> None:
    judgements = folder.parent / "judgements.yaml"
    judgements.write_text('"wrong.md":\n  3: {judgement: true, rules: [a-former-name], why: "64 <GPUs>"}\n', encoding="utf-8")
    out = folder.parent / "out"
    ecosystem.main([str(folder), "--out", str(out), "--judgements", str(judgements), "-j", "1"])
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "judged true: 64 &lt;GPUs&gt;" in page
    rows, page = run(ecosystem, folder)
    assert rows[0]["judgement"] == ""
    assert "judged" not in page


def test_a_renamed_rule_is_no_change(ecosystem: ModuleType, folder: Path) -> None:
    rows, _ = run(ecosystem, folder)
    renamed = [{**row, "rule": "another-name"} for row in rows]
    assert ecosystem.difference(rows, renamed) == ([], [])
    moved = [{**row, "path": "elsewhere.md"} for row in rows]
    assert ecosystem.difference(rows, moved) == (moved, rows)
