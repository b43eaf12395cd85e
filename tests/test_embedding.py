"""`stratlint.check` is all that an embedder needs; what the README and the package's docstring show is true."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import stratlint
from stratlint.config.settings import Settings
from stratlint.rules.finding import Severity

ROOT = Path(__file__).parents[1]


def test_the_example_of_the_package_runs() -> None:
    result = doctest.testmod(stratlint)
    assert result.attempted >= 2
    assert result.failed == 0


def test_a_text_in_a_report_out() -> None:
    report = stratlint.check("Weights: 30B × 2 bytes = 80 GB")
    (finding,) = report.errors
    assert (finding.rule, finding.severity) == ("wrong-product", Severity.ERROR)
    assert finding.computed == "60 GB"
    assert (finding.location.line, finding.location.column) == (1, 26)
    assert finding.location.text == "80 GB"
    assert report.coverage.contradicted == 1


def test_a_text_that_looks_like_a_path_is_a_text() -> None:
    assert stratlint.check("README.md").documents[0].path == "-"
    assert stratlint.check("8 × 8 = 65 GPUs in /etc/passwd").coverage.seen == 3


def test_a_path_is_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_bytes("\ufeff30B × 2 bytes = 80 GB\r\n".encode())
    (document,) = stratlint.check(path).documents
    assert document.path == str(path)
    assert document.findings[0].location.path == str(path)


def test_settings_add_rules_and_nothing_is_global() -> None:
    before = stratlint.check("8 × 8 = 64").coverage
    stratlint.check("8 × 8 = 64", Settings())
    assert stratlint.check("8 × 8 = 64").coverage == before


def test_running_as_a_module_and_as_a_command_say_the_same() -> None:
    path = ROOT / "fixtures" / "generated_strategy.md"
    runs = [
        subprocess.run([sys.executable, *command, "check", "--output-format", "concise", str(path)], capture_output=True, text=True)
        for command in (["-m", "stratlint"], ["-c", "import sys; from stratlint.cli import main; sys.exit(main())"])
    ]
    assert runs[0].returncode == runs[1].returncode == 1
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stdout.count("error[") >= 8
