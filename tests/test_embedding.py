"""`stratlint.check` and `check_text` are all that an embedder needs; what docs/api.md and the package's docstring show is true."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import stratlint
from stratlint import Settings, Severity

ROOT = Path(__file__).parents[1]
WRONG = "Weights: 30B × 2 bytes = 80 GB"


def test_the_example_of_the_package_runs() -> None:
    result = doctest.testmod(stratlint)
    assert result.attempted >= 2
    assert result.failed == 0


def test_the_page_of_the_api_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an empty folder, in which it names no file."""
    monkeypatch.chdir(tmp_path)
    result = doctest.testfile(str(ROOT / "docs" / "api.md"), module_relative=False, encoding="utf-8")
    assert result.attempted >= 20
    assert result.failed == 0


def test_the_page_of_the_api_names_all_that_is_exported() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert [name for name in stratlint.__all__ if f"`{name}`" not in text and f"`stratlint.{name}`" not in text] == ["__version__"]


def test_what_is_exported_is_there_and_nothing_else() -> None:
    assert {name for name in stratlint.__all__ if getattr(stratlint, name) is None} == set()
    assert set(stratlint.__all__) <= set(dir(stratlint))
    with pytest.raises(AttributeError, match="Finder"):
        _ = stratlint.Finder


def test_importing_the_package_loads_nothing_else_of_it() -> None:
    code = "import sys, stratlint; print([name for name in sys.modules if name.startswith('stratlint.')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_text_in_a_report_out() -> None:
    report = stratlint.check_text(WRONG)
    (finding,) = report.errors
    assert isinstance(report, stratlint.Report) and isinstance(finding, stratlint.Finding)
    assert (finding.rule, finding.severity) == ("wrong-product", Severity.ERROR)
    assert finding.computed == "60 GB"
    assert (finding.location.line, finding.location.column) == (1, 26)
    assert finding.location.text == "80 GB"
    assert report.coverage.contradicted == 1


def test_a_text_that_only_looks_like_a_path_is_a_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert stratlint.check_text("README.md").documents[0].path == "-"
    assert stratlint.check_text("8 × 8 = 65 GPUs in /etc/passwd").coverage.seen == 3
    assert stratlint.check_text("a\0b " * 2000).findings == stratlint.check_text("\0").findings == stratlint.check_text("").findings == ()


def test_a_text_that_names_a_file_is_refused_with_what_to_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.md").write_text(WRONG, encoding="utf-8")
    with pytest.raises(ValueError, match=r"'plan.md' is a file: check\(Path\('plan.md'\)\)"):
        stratlint.check_text("plan.md")
    with pytest.raises(TypeError, match=r"takes the text of a document, not \w+Path"):
        stratlint.check_text(Path("plan.md"))  # type: ignore[arg-type]


def test_a_string_is_no_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it names a file decides which hint is given."""
    monkeypatch.chdir(tmp_path)
    Path("plan.md").write_text(WRONG, encoding="utf-8")
    for given, hint in (("plan.md", r"check\(Path\('plan.md'\)\)"), (WRONG, r"check_text\(\) takes a text"), (8, "not int")):
        with pytest.raises(TypeError, match=hint):
            stratlint.check(given)  # type: ignore[arg-type]


def test_a_path_is_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_bytes("\ufeff30B × 2 bytes = 80 GB\r\n".encode())
    (document,) = stratlint.check(path).documents
    assert document.path == str(path)
    assert document.findings[0].location.path == str(path)


def test_a_path_that_cannot_be_read_is_an_error_of_its_document(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.md", Path("a\0b")):
        assert stratlint.check(path).documents[0].error


def test_settings_add_rules_and_nothing_is_global() -> None:
    before = stratlint.check_text("8 × 8 = 64").coverage
    stratlint.check_text("8 × 8 = 64", Settings())
    assert stratlint.check_text("8 × 8 = 64").coverage == before


def test_running_as_a_module_and_as_a_command_say_the_same() -> None:
    path = ROOT / "fixtures" / "generated_strategy.md"
    runs = [
        subprocess.run([sys.executable, *command, "check", "--output-format", "concise", str(path)], capture_output=True, text=True)
        for command in (["-m", "stratlint"], ["-c", "import sys; from stratlint.cli import main; sys.exit(main())"])
    ]
    assert runs[0].returncode == runs[1].returncode == 1
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stdout.count("error[") >= 8
